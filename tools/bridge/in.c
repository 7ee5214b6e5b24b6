/* SPDX-License-Identifier: MIT */
/* Carries a stream into a ring. The ring says where to go on; the stream's message is found by
 * bisection; then messages come one after the other, until something is wrong: then all begins
 * anew, after a pause. */
#include "in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contact.h"
#include "engine.h"
#include "follow.h"
#include "position.h"
#include "remains.h"
#include "replica.h"
#include "shared/message.h"
#include "shared/os.h"

#define SLICE_NS INT64_C(100000000)
#define LOOK_NS  INT64_C(1000000000)

struct in {
    const struct in_settings *settings;
    const char *stream;
    atomic_bool *has_begun; /* NULL: nobody wants to know */
    struct engine *engine;
    struct replica replica;
    struct follow follow;
    struct contact contact;
    uint64_t pending;  /* messages that the stream has behind the last one, as it was sent */
    int64_t looked_ns; /* when the lag was looked at */
};

/* ---- What is told ---- */

static uint64_t age_of(uint64_t time_ns, uint64_t now_ns)
{
    return time_ns > 0 && now_ns > time_ns ? now_ns - time_ns : 0;
}

/* Of messages that have not been read, only their number is known: their records are as many, and
 * as large, as those before. */
static void tell_lag(struct in *in, uint64_t messages, uint64_t message_bytes)
{
    struct status *now = &in->contact.status.now;
    double records = now->messages > 0 ? (double)now->records / (double)now->messages : 1;
    now->lag_messages = messages;
    now->lag_records = (uint64_t)((double)messages * records);
    now->lag_bytes = messages * message_bytes;
    now->lag_ns = messages > 0 ? age_of(in->replica.time_ns, now->updated_ns) : 0;
    status_tell(&in->contact.status);
}

/* Once a second. */
static bool look(struct in *in, struct trouble *trouble)
{
    struct engine_stream stream;
    int64_t now_ns = os_now_ns();
    if (now_ns - in->looked_ns < LOOK_NS)
        return true;
    in->looked_ns = now_ns;
    if (!replica_is_there(&in->replica, trouble))
        return false;
    if (in->pending == 0) {
        tell_lag(in, 0, 0);
        return true;
    }
    if (!trouble_engine(trouble, in->engine, engine_stream(in->engine, &stream)))
        return false;
    uint64_t behind = stream.last > in->follow.number ? stream.last - in->follow.number : 0;
    tell_lag(in, behind, stream.messages > 0 ? stream.bytes / stream.messages : 0);
    return true;
}

/* While the ring has no room. What is wrong with the connection is told when there is some. */
static bool look_meanwhile(void *in)
{
    struct trouble ignored;
    look(in, &ignored);
    return true;
}

/* ---- The ring ---- */

static bool goes_on(struct trouble *trouble)
{
    return os_interrupted() == 0 || trouble_ended(trouble, os_interrupted());
}

static bool check_start(const struct in *in, struct trouble *trouble)
{
    const struct start *start = &in->settings->start;
    const struct replica *replica = &in->replica;
    if (!in->settings->has_start || start->kind != START_SEQUENCE ||
        start->sequence == replica->first_sequence)
        return true;
    return trouble_final(trouble, EXIT_FAILED,
                         "the ring '%s' exists and begins with record %" PRIu64 ", not %" PRIu64
                         ": leave --from out to continue it, or remove the ring to begin anew",
                         replica->name, replica->first_sequence, start->sequence);
}

/* Waits for the first message of the stream, if there is none. */
static bool wait_for_message(struct in *in, struct trouble *trouble)
{
    struct engine_message message;
    enum engine_result result = engine_read(in->engine, 1);
    if (!trouble_engine(trouble, in->engine, result))
        return false;
    do {
        result = engine_next(in->engine, SLICE_NS, &message);
        status_tell(&in->contact.status);
        if (!goes_on(trouble))
            return false;
    } while (result == ENGINE_NOTHING);
    return trouble_engine(trouble, in->engine, result);
}

static bool check_origin(const struct in *in, const struct batch_origin *origin,
                         struct trouble *trouble)
{
    const struct in_settings *settings = in->settings;
    if (!settings->accepts || settings->accepts(origin, in->replica.name))
        return true;
    complain("the stream '%s' is left out: it holds the ring '%s', and not what '%s' would be",
             in->stream, origin->name, in->replica.name);
    return trouble_ended(trouble, EXIT_DONE);
}

static bool make_ring(struct in *in, struct trouble *trouble)
{
    const struct in_settings *settings = in->settings;
    struct batch_origin origin;
    uint64_t sequence = 0;
    for (bool found = false; !found;) {
        if (!start_find(&settings->start, in->engine, in->follow.reader, &origin, &sequence, &found,
                        trouble) ||
            (!found && !wait_for_message(in, trouble)))
            return false;
    }
    if (!check_origin(in, &origin, trouble) ||
        !replica_make(&in->replica, &origin, sequence, trouble))
        return false;
    status_permit(&in->contact.status, in->replica.name, settings->ring.scope);
    return true;
}

/* ---- One connection ---- */

static bool is_there(const struct position *position)
{
    return position->number <= position->last;
}

/* The server may have lost what it had acknowledged. */
static void tell_behind(struct in *in, const struct position *last)
{
    char text[TROUBLE_BYTES];
    if (!is_there(last) || last->head.end.sequence >= in->replica.end.sequence)
        return;
    snprintf(text, sizeof text,
             "the stream ends before record %" PRIu64
             ", and the ring '%s' has those before %" PRIu64
             " already: the server has lost what it had stored, or the stream was made anew. "
             "Waiting for the stream to come there again",
             last->head.end.sequence, in->replica.name, in->replica.end.sequence);
    complain("%s", text);
    status_error(&in->contact.status, text);
}

/* Sets *number to that of the message to begin with. */
static bool find_place(struct in *in, uint64_t *number, struct trouble *trouble)
{
    struct replica *replica = &in->replica;
    struct position position, last;
    if (!position_last(&last, in->engine, trouble) ||
        (is_there(&last) && !follow_is_of_origin(&in->follow, &last.head, last.number, trouble)) ||
        !position_behind(&position, in->engine, &replica->end, trouble))
        return false;
    *number = position.number;
    in->pending = position.last + 1 - position.number;
    tell_behind(in, &last);
    return !is_there(&last) || last.head.end.dictionary <= replica->end.dictionary ||
           follow_dictionary(&in->follow, position.number, trouble);
}

static bool begin_to_read(struct in *in, struct trouble *trouble)
{
    uint64_t number = 0;
    if (!trouble_engine(trouble, in->engine, engine_connect(in->engine)))
        return false;
    if (!in->replica.producer && !make_ring(in, trouble))
        return false;
    follow_begin(&in->follow);
    if (!find_place(in, &number, trouble))
        return false;
    if (in->settings->until_end && in->pending == 0 && !follow_look_at_end(&in->follow, trouble))
        return false;
    if (!trouble_engine(trouble, in->engine, engine_read(in->engine, number)))
        return false;
    contact_made(&in->contact, in->engine);
    if (in->has_begun)
        *in->has_begun = true;
    return true;
}

static bool is_done(const struct in *in)
{
    return in->settings->until_end && in->pending == 0 && in->follow.has_ended;
}

static bool read_on(struct in *in, struct trouble *trouble)
{
    struct engine_message message;
    while (!is_done(in)) {
        if (!goes_on(trouble) || !look(in, trouble))
            return false;
        enum engine_result result = engine_next(in->engine, SLICE_NS, &message);
        if (result == ENGINE_NOTHING)
            continue;
        if (!trouble_engine(trouble, in->engine, result) ||
            !follow_message(&in->follow, &message, trouble))
            return false;
        in->pending = message.pending;
        backoff_reset(&in->contact.backoff);
    }
    return trouble_ended(trouble, EXIT_DONE);
}

/* ---- All connections ---- */

static void carry(struct in *in, struct trouble *trouble)
{
    if (!replica_open(&in->replica, trouble) || (in->replica.producer && !check_start(in, trouble)))
        return;
    status_permit(&in->contact.status, in->replica.name, in->settings->ring.scope);
    do {
        if (begin_to_read(in, trouble))
            read_on(in, trouble);
    } while (contact_try_again(&in->contact, STATUS_AWAY, trouble));
}

static int end(struct in *in, const struct trouble *trouble)
{
    contact_end(&in->contact, trouble);
    replica_close(&in->replica);
    engine_close(in->engine);
    batch_reader_free(in->follow.reader);
    status_close(&in->contact.status, trouble->kind == TROUBLE_FINAL);
    if (trouble->exit_status == EXIT_PEER_DIED)
        remains_settle(in->replica.name, in->settings->ring.scope);
    free(in);
    return trouble->exit_status;
}

int in_run(const struct in_settings *settings, const char *name, const char *stream,
           atomic_bool *has_begun)
{
    struct trouble trouble = {0};
    const char *url = settings->connection.url ? settings->connection.url : CONNECTION_DEFAULT_URL;
    struct in *in = calloc(1, sizeof *in);
    if (!in) {
        complain("not enough memory");
        return EXIT_FAILED;
    }
    in->settings = settings;
    in->stream = stream;
    in->has_begun = has_begun;
    in->contact.ring = name;
    in->replica = (struct replica){.name = name,
                                   .options = settings->ring,
                                   .status = &in->contact.status,
                                   .waits = look_meanwhile,
                                   .context = in};
    in->engine = engine_make(&settings->connection, stream, NULL);
    in->follow = (struct follow){
        .engine = in->engine, .replica = &in->replica, .reader = batch_reader_new()};
    status_open(&in->contact.status, name, settings->ring.scope, STATUS_IN, url, stream);
    if (in->engine && in->follow.reader)
        carry(in, &trouble);
    else
        trouble_final(&trouble, EXIT_FAILED, "not enough memory");
    return end(in, &trouble);
}
