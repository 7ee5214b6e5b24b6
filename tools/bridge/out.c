/* SPDX-License-Identifier: MIT */
/* Carries a ring into a stream. The stream's last message says where to go on; messages follow, each
 * cut as the journal says if it was decided before, and numbered so that the server refuses what
 * does not fit; the ring keeps all that is not stored. When something is wrong, all begins anew,
 * after a pause: connection, last message, and the consumer, which gets again what it has not
 * released. */
#include "out.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch_builder.h"
#include "contact.h"
#include "copy.h"
#include "journal.h"
#include "origin.h"
#include "position.h"
#include "remains.h"
#include "shared/message.h"
#include "shared/os.h"
#include "tap.h"

#define SLICE_NS INT64_C(100000000)
#define ANSWER_NS \
    INT64_C(1000000) /* how long answers are waited for before the ring is looked at */
#define LOOK_NS INT64_C(1000000000)
#define LAST_NS INT64_C(5000000000) /* how long a signal leaves for what is in flight */

enum { FLIGHTS = 2 * ENGINE_IN_FLIGHT, SHARE = 8 };

/* A message that was published: when it is stored, the ring is released up to the mark. */
struct flight {
    uint64_t number, sequence, records, bytes, lost;
    struct mapring_mark mark;
};

struct out {
    const struct out_settings *settings;
    const char *name, *stream;
    char consumer[MAPRING_NAME_BYTES];
    struct tap_settings tap_settings;
    mapring_ring *ring;
    struct mapring_stat stat; /* of that which the tap reads */
    struct batch_origin origin;
    struct mapring_repetition repetition; /* of another ring by this one, if it is one */
    struct copy *copy;       /* NULL: the ring itself is carried, since it does not overwrite */
    mapring_ring *copy_ring; /* NULL: the same */
    struct journal journal;
    bool has_journal;
    struct engine *engine;
    struct batch_builder *builder;
    struct tap *tap;
    struct contact contact;
    uint64_t number;                /* of the last message that was published, or is stored */
    uint64_t stored;                /* number up to which the ring was released */
    struct batch_position position; /* behind that message */
    struct flight flight[FLIGHTS];
    uint64_t records, bytes, lost; /* in the message that is being filled */
    int64_t looked_ns;
    bool is_full;   /* the stream was, when it was asked last */
    bool has_ended; /* what was taken last was the end of a run */
    bool died;      /* that run did not close */
};

/* ---- What is told ---- */

static const struct mapring_consumer_stat *own_row(const struct out *out)
{
    for (unsigned i = 0; i < out->stat.consumers; i++)
        if (strcmp(out->stat.consumer[i].name, out->consumer) == 0)
            return &out->stat.consumer[i];
    return NULL;
}

static bool measure(struct out *out, struct trouble *trouble)
{
    return mapring_stat(out->copy ? out->copy_ring : out->ring, &out->stat) == MAPRING_OK ||
           trouble_ring(trouble);
}

/* Records that the ring has and its copy has not. */
static uint64_t count_uncopied(const struct out *out)
{
    struct mapring_stat stat;
    bool is_known = out->copy && mapring_stat(out->ring, &stat) == MAPRING_OK;
    return is_known && stat.sequence > out->stat.sequence ? stat.sequence - out->stat.sequence : 0;
}

/* Once a second. */
static bool look(struct out *out, struct trouble *trouble)
{
    int64_t now_ns = os_now_ns();
    if (now_ns - out->looked_ns < LOOK_NS)
        return true;
    out->looked_ns = now_ns;
    if (!measure(out, trouble) || (out->copy && !copy_is_well(out->copy, trouble)))
        return false;
    const struct mapring_consumer_stat *row = own_row(out);
    struct status *now = &out->contact.status.now;
    now->lag_records = (row ? row->pending_records : 0) + count_uncopied(out);
    now->lag_bytes = row ? row->pending_bytes : 0;
    now->lag_ns = row ? row->lag_ns : 0;
    status_tell(&out->contact.status);
    return true;
}

/* ---- Where to go on ---- */

static bool is_done(struct out *out, enum engine_result result, struct trouble *trouble)
{
    out->is_full = result == ENGINE_FULL;
    return trouble_engine(trouble, out->engine, result);
}

static bool is_empty(const struct position *last)
{
    return last->number > last->last;
}

static bool check_origin(const struct out *out, const struct position *last,
                         struct trouble *trouble)
{
    const struct batch_origin *there = &last->head.origin;
    if (strcmp(there->id, out->origin.id) == 0)
        return true;
    return trouble_final(trouble, EXIT_FAILED,
                         "the stream '%s' has the records of another ring, '%s' (%s): this one is "
                         "'%s' (%s). A ring that was removed and created again is another one. Use "
                         "another --stream",
                         out->stream, there->name, there->id, out->name, out->origin.id);
}

/* What another process has stored is not what the journal says, or is behind it. */
static bool check_writer(const struct out *out, const struct position *last,
                         struct trouble *trouble)
{
    struct batch_position decided;
    bool is_known = journal_ends(&out->journal, last->number, &decided);
    if (!out->contact.was_connected || last->number <= out->stored ||
        (is_known && batch_positions_equal(&decided, &last->head.end)))
        return true;
    return trouble_final(trouble, EXIT_FAILED,
                         "another bridge writes into the stream '%s': it has a message %" PRIu64
                         " that ends before record %" PRIu64
                         " and does not come from here. End one of the two",
                         out->stream, last->number, last->head.end.sequence);
}

/* The journal of a ring whose messages were stored is lost with files that somebody removed. */
static void tell_new_journal(struct out *out, const struct position *last)
{
    if (out->journal.is_new && !is_empty(last) && !out->contact.was_connected)
        complain(
            "ring '%s': it is not known any more how messages for the stream '%s' were cut; if "
            "a bridge that was killed just now has some on their way, records could be "
            "missing or come twice",
            out->name, out->stream);
}

/* A stream without messages is begun only if nothing of the ring was ever stored. */
static bool begin_stream(struct out *out, const struct position *last, struct trouble *trouble)
{
    struct mapring_mark mark;
    const struct mapring_consumer_stat *row = own_row(out);
    bool was_stored = last->last > 0 || (row && row->read_records + row->lost_records > 0);
    if (was_stored && !out->settings->anew)
        return trouble_final(
            trouble, EXIT_FAILED,
            "the stream '%s' is empty, though messages of the ring '%s' were sent "
            "to it: it was purged, or deleted and made anew. --anew begins it with "
            "what the ring still has",
            out->stream, out->name);
    out->tap = tap_open(&out->tap_settings, UINT64_MAX, trouble);
    if (!out->tap || !tap_mark(out->tap, &mark, trouble))
        return false;
    out->position = (struct batch_position){.sequence = mark.sequence};
    return true;
}

/* What the server had said to have stored, and has lost, the ring may still have. */
static bool go_back(struct out *out, struct trouble *trouble)
{
    struct mapring_mark mark;
    if (!tap_mark(out->tap, &mark, trouble))
        return false;
    if (mark.sequence <= out->position.sequence)
        return true;
    complain("ring '%s': the stream '%s' ends before record %" PRIu64
             ", though everything before %" PRIu64
             " had been stored: the server has lost it, and gets again what the ring still has",
             out->name, out->stream, out->position.sequence, mark.sequence);
    return tap_go_back(out->tap, out->position.sequence, trouble);
}

static bool go_on(struct out *out, const struct position *last, struct trouble *trouble)
{
    out->position = last->head.end;
    if (!check_origin(out, last, trouble) || !check_writer(out, last, trouble))
        return false;
    out->tap = tap_open(&out->tap_settings, out->position.sequence, trouble);
    return out->tap && go_back(out, trouble);
}

static bool find_place(struct out *out, struct trouble *trouble)
{
    struct position last;
    if (!position_last(&last, out->engine, trouble))
        return false;
    if (!(is_empty(&last) ? begin_stream(out, &last, trouble) : go_on(out, &last, trouble)))
        return false;
    tell_new_journal(out, &last);
    out->number = out->stored = last.last;
    out->has_ended = !is_empty(&last);
    return true;
}

/* ---- One connection ---- */

static bool connect_to_stream(struct out *out, struct trouble *trouble)
{
    enum engine_result result = engine_connect(out->engine);
    if (result == ENGINE_MISSING && out->settings->create)
        result = engine_create_stream(out->engine, &out->settings->new_stream);
    if (result == ENGINE_MISSING)
        return trouble_final(trouble, EXIT_FAILED, "%s; --create makes it",
                             engine_problem(out->engine));
    return is_done(out, result, trouble) && is_done(out, engine_write(out->engine), trouble);
}

/* In a small ring, there would be nothing left to send meanwhile. */
static uint64_t target_bytes(const struct out *out)
{
    uint64_t wanted = out->settings->batch_bytes, most = out->stat.capacity_bytes / SHARE;
    return wanted < most ? wanted : most;
}

/* The server may take other sizes than the last one. */
static bool make_builder(struct out *out, struct trouble *trouble)
{
    static const size_t least_bytes = 1024;
    struct batch_headers *longest = malloc(sizeof *longest);
    struct batch_settings settings = {.target_bytes = (size_t)target_bytes(out),
                                      .limit_bytes = BATCH_LIMIT_BYTES,
                                      .compress = out->settings->compress};
    if (longest) {
        batch_write_longest(longest, &out->origin);
        size_t room = engine_room(out->engine, longest->header, longest->count);
        settings.limit_bytes = room < BATCH_LIMIT_BYTES ? room : BATCH_LIMIT_BYTES;
        free(longest);
    }
    if (settings.limit_bytes < least_bytes)
        return trouble_final(trouble, EXIT_FAILED,
                             "the server takes only %zu bytes besides the headers of a message for "
                             "the stream '%s', and %zu are needed: raise max_payload or the "
                             "stream's max_msg_size",
                             settings.limit_bytes, out->stream, least_bytes);
    if (settings.target_bytes > settings.limit_bytes)
        settings.target_bytes = settings.limit_bytes;
    batch_builder_free(out->builder);
    out->builder = longest ? batch_builder_new(&out->origin, &settings) : NULL;
    return out->builder || trouble_final(trouble, EXIT_FAILED, "not enough memory");
}

static bool begin(struct out *out, struct trouble *trouble)
{
    tap_close(out->tap);
    out->tap = NULL;
    if (!connect_to_stream(out, trouble) || !make_builder(out, trouble) ||
        !find_place(out, trouble))
        return false;
    contact_made(&out->contact, out->engine);
    return true;
}

/* ---- Answers ---- */

static bool release(struct out *out, uint64_t number, struct trouble *trouble)
{
    const struct flight *last = &out->flight[number % FLIGHTS];
    struct status *now = &out->contact.status.now;
    for (; out->stored < number; out->stored++) {
        const struct flight *flight = &out->flight[(out->stored + 1) % FLIGHTS];
        now->records += flight->records;
        now->bytes += flight->bytes;
        now->lost += flight->lost;
        now->messages++;
    }
    now->next_sequence = last->sequence;
    return tap_release(out->tap, &last->mark, trouble);
}

static bool take_answers(struct out *out, int64_t timeout_ns, struct trouble *trouble)
{
    uint64_t number = out->stored;
    enum engine_result result = engine_acknowledged(out->engine, timeout_ns, &number);
    if (number > out->stored) {
        backoff_reset(&out->contact.backoff);
        if (!release(out, number, trouble))
            return false;
    }
    out->contact.status.now.in_flight = engine_in_flight(out->engine);
    status_tell(&out->contact.status);
    return result == ENGINE_NOTHING || is_done(out, result, trouble);
}

/* ---- Messages ---- */

static bool add(struct out *out, const struct tap_item *item)
{
    switch (item->kind) {
    case TAP_RECORD: return batch_add_record(out->builder, &item->record);
    case TAP_GAP: return batch_add_gap(out->builder, &item->record);
    case TAP_RUN_END: return batch_add_run_end(out->builder, item->record.run, item->died);
    case TAP_ENTRY: return batch_add_entry(out->builder, &item->entry);
    }
    return false;
}

static void count(struct out *out, const struct tap_item *item)
{
    out->has_ended = item->kind == TAP_RUN_END || (item->kind == TAP_ENTRY && out->has_ended);
    if (item->kind == TAP_RUN_END)
        out->died = item->died;
    if (item->kind == TAP_RECORD) {
        out->records++;
        out->bytes += item->record.bytes;
    }
    if (item->kind == TAP_GAP)
        out->lost += item->record.lost_records;
}

/* How long the next item may be waited for. What was sent before is still in the ring. */
static int64_t patience(const struct out *out, const struct batch_position *until, int64_t end_ns)
{
    if (until)
        return SLICE_NS;
    if (batch_is_empty(out->builder))
        return engine_in_flight(out->engine) > 0 ? 0 : SLICE_NS;
    int64_t left_ns = end_ns - os_now_ns();
    return left_ns > 0 && os_interrupted() == 0 ? left_ns : 0;
}

/* What was defined since a message was decided comes after it, and what was defined since a piece of
 * a record was sent comes after the rest of that record. */
static uint64_t entry_limit(const struct out *out, const struct batch_position *until)
{
    const struct batch_position *end = batch_end(out->builder);
    if (end->piece_bytes > 0 && !end->piece_is_entry)
        return end->dictionary;
    if (!until)
        return UINT64_MAX;
    return until->dictionary + (until->piece_is_entry && until->piece_bytes > 0);
}

/* The end of a run is the last item of its message. */
static bool ends_with_run(const struct out *out)
{
    return batch_end(out->builder)->run > out->position.run;
}

/* Fills a message until it has its size or, if it was decided, ends there; or until nothing has come
 * within the delay. */
static bool fill(struct out *out, const struct batch_position *until, struct trouble *trouble)
{
    const struct tap_item *item;
    int64_t end_ns = 0;
    out->records = out->bytes = out->lost = 0;
    while (!batch_is_full(out->builder) && !ends_with_run(out)) {
        bool is_first = batch_is_empty(out->builder);
        int64_t began_ns = is_first ? os_now_ns() : 0;
        int64_t timeout_ns = tap_waits(out->tap) ? patience(out, until, end_ns) : 0;
        if (!tap_look(out->tap, timeout_ns, entry_limit(out, until), &item, trouble))
            return false;
        if (!item)
            return true;
        if (is_first) /* a consumer that slept has let records gather */
            end_ns = os_now_ns() - began_ns < out->settings->batch_delay_ns
                         ? began_ns + out->settings->batch_delay_ns
                         : 0;
        if (!add(out, item))
            return true;
        count(out, item);
        tap_take(out->tap);
    }
    return true;
}

static bool publish(struct out *out, const struct engine_message *message, struct trouble *trouble)
{
    enum engine_result result;
    do {
        result = engine_publish(out->engine, message, out->number, SLICE_NS);
        if (!look(out, trouble))
            return false;
        if (result == ENGINE_NOTHING && os_interrupted() != 0)
            return trouble_ended(trouble, os_interrupted());
    } while (result == ENGINE_NOTHING);
    return is_done(out, result, trouble);
}

/* Decides the message, sends it, and notes what its answer will release. */
static bool send_message(struct out *out, bool is_decided, struct trouble *trouble)
{
    const struct batch_position *end = batch_end(out->builder);
    const struct engine_message *message = batch_finish(out->builder);
    struct flight flight = {.number = out->number + 1,
                            .sequence = end->sequence,
                            .records = out->records,
                            .bytes = out->bytes,
                            .lost = out->lost};
    if (!message)
        return trouble_final(trouble, EXIT_FAILED, "not enough memory");
    if (!tap_mark(out->tap, &flight.mark, trouble))
        return false;
    const struct journal_cut cut = {.to = *end, .died = out->died};
    if (!is_decided && !journal_decide(&out->journal, flight.number, &out->position, &cut))
        return trouble_final(trouble, EXIT_FAILED, "cannot write the journal of the ring '%s': %s",
                             out->name, os_error());
    out->flight[flight.number % FLIGHTS] = flight;
    if (!publish(out, message, trouble))
        return false;
    out->position = *end;
    out->number = flight.number;
    return take_answers(out, 0, trouble);
}

/* What is in the stream already was taken, too. */
static bool release_all(struct out *out, struct trouble *trouble)
{
    struct mapring_mark mark;
    return tap_mark(out->tap, &mark, trouble) && tap_release(out->tap, &mark, trouble);
}

/* The end of a run that a consumer was told when it came is not told again if another run has begun
 * since, and the ring has had no room for a note of it. */
static void add_end_of_run(struct out *out, const struct journal_cut *cut)
{
    const struct batch_position *end = batch_end(out->builder);
    if (end->sequence != cut->to.sequence || end->run >= cut->to.run)
        return;
    batch_add_run_end(out->builder, cut->to.run, cut->died);
    out->died = cut->died;
    out->has_ended = true;
}

/* What was decided was in the ring then, and is there until it is stored. */
static bool pass_decided(struct out *out, const struct journal_cut *cut, struct trouble *trouble)
{
    batch_begin(out->builder, &out->position, &cut->to);
    if (!fill(out, &cut->to, trouble) || !look(out, trouble))
        return false;
    if (!batch_is_full(out->builder))
        add_end_of_run(out, cut);
    if (batch_is_full(out->builder))
        return send_message(out, true, trouble);
    if (os_interrupted() != 0)
        return true;
    return trouble_final(trouble, EXIT_FAILED,
                         "the ring '%s' no longer has what was sent to the stream '%s' and not "
                         "confirmed: message %" PRIu64 " went on to record %" PRIu64
                         ", and the ring to %" PRIu64
                         ". Was its consumer '%s' moved or removed? Without the journal "
                         "('NAME...+bridge-%s.USER'), the bridge goes on with what there is",
                         out->name, out->stream, out->number + 1, cut->to.sequence,
                         batch_end(out->builder)->sequence, out->consumer, out->stream);
}

static bool pass_new(struct out *out, struct trouble *trouble)
{
    batch_begin(out->builder, &out->position, NULL);
    if (!fill(out, NULL, trouble) || !look(out, trouble))
        return false;
    if (!batch_is_empty(out->builder))
        return send_message(out, false, trouble);
    return engine_in_flight(out->engine) > 0 ? take_answers(out, ANSWER_NS, trouble)
                                             : release_all(out, trouble);
}

static bool pass_message(struct out *out, struct trouble *trouble)
{
    struct journal_cut cut;
    return journal_find(&out->journal, out->number + 1, &out->position, &cut)
               ? pass_decided(out, &cut, trouble)
               : pass_new(out, trouble);
}

/* ---- The end ---- */

static bool run_has_ended(struct out *out)
{
    if (!out->settings->until_end || !out->has_ended)
        return false;
    struct mapring_stat stat;
    if (mapring_stat(out->ring, &stat) != MAPRING_OK)
        return false;
    enum mapring_producer_state state = stat.producer_state;
    return (state == MAPRING_PRODUCER_HAS_CLOSED || state == MAPRING_PRODUCER_HAS_DIED) &&
           out->position.sequence >= stat.sequence &&
           (out->position.run >= stat.run || out->repetition.origin[0] != '\0');
}

/* All that the ring had is stored. */
static bool check_end(struct out *out, struct trouble *trouble)
{
    if (engine_in_flight(out->engine) > 0 || !batch_is_empty(out->builder))
        return true;
    if (tap_is_removed(out->tap))
        return trouble_final(trouble, EXIT_PEER_DIED,
                             "the ring '%s' was removed; all that it had is in the stream '%s'",
                             out->name, out->stream);
    return !run_has_ended(out) || trouble_ended(trouble, EXIT_DONE);
}

/* After a signal, nothing more is sent; answers to what was sent come within the time limit. */
static bool finish(struct out *out, struct trouble *trouble)
{
    int64_t end_ns = os_now_ns() + LAST_NS;
    while (engine_in_flight(out->engine) > 0 && os_now_ns() < end_ns)
        if (!take_answers(out, SLICE_NS, trouble))
            break;
    return trouble_ended(trouble, os_interrupted());
}

static bool send_on(struct out *out, struct trouble *trouble)
{
    while (os_interrupted() == 0)
        if (!pass_message(out, trouble) || !check_end(out, trouble))
            return false;
    return finish(out, trouble);
}

/* ---- All connections ---- */

static bool open_journal(struct out *out, struct trouble *trouble)
{
    switch (
        journal_open(&out->journal, out->name, out->settings->scope, out->stream, out->origin.id)) {
    case JOURNAL_OPEN: out->has_journal = true; return true;
    case JOURNAL_IS_TAKEN:
        return trouble_final(trouble, EXIT_FAILED,
                             "another bridge of this machine carries the ring '%s' into the stream "
                             "'%s'",
                             out->name, out->stream);
    default:
        return trouble_final(trouble, EXIT_FAILED,
                             "cannot open the journal beside the ring '%s': %s", out->name,
                             os_error());
    }
}

static void open_status(struct out *out)
{
    const struct out_settings *settings = out->settings;
    const char *url = settings->connection.url ? settings->connection.url : CONNECTION_DEFAULT_URL;
    status_open(&out->contact.status, out->name, settings->scope, STATUS_OUT, url, out->stream);
}

/* A name that was cut off would be that of other streams, too. */
static bool name_consumer(struct out *out, struct trouble *trouble)
{
    const char *chosen = out->settings->consumer;
    int length = snprintf(out->consumer, sizeof out->consumer, "%s%s", chosen ? chosen : "bridge ",
                          chosen ? "" : out->stream);
    return length < MAPRING_NAME_BYTES ||
           trouble_final(trouble, EXIT_USAGE,
                         "'bridge %s' is too long for the name of a consumer of the ring '%s', of "
                         "which it may have %d bytes: choose one by --consumer",
                         out->stream, out->name, MAPRING_NAME_BYTES - 1);
}

/* What was sent must be sent again if nobody confirmed it, and may be overwritten by then. */
static bool open_copy(struct out *out, struct trouble *trouble)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    const struct copy_settings settings = {.ring = out->name,
                                           .stream = out->stream,
                                           .scope = out->settings->scope,
                                           .origin = &out->origin,
                                           .first_sequence = out->repetition.first_sequence};
    out->copy = copy_begin(&settings, trouble);
    if (!out->copy)
        return false;
    out->tap_settings.ring = copy_name(out->copy);
    return mapring_open(&out->copy_ring, out->tap_settings.ring, &attach) == MAPRING_OK
               ? measure(out, trouble)
               : trouble_ring(trouble);
}

static bool open_ring(struct out *out, struct trouble *trouble)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = out->settings->scope};
    if (mapring_open(&out->ring, out->name, &attach) != MAPRING_OK || !measure(out, trouble))
        return trouble_ring(trouble);
    open_status(out);
    if (!name_consumer(out, trouble))
        return false;
    if (!origin_of(&out->origin, &out->repetition, out->ring, out->name, &out->stat, trouble))
        return false;
    out->tap_settings.wake_bytes = target_bytes(out);
    out->tap_settings.has_dictionary = out->stat.dictionary_bytes > 0;
    return open_journal(out, trouble) &&
           (out->stat.when_full != MAPRING_OVERWRITE || open_copy(out, trouble));
}

static void carry(struct out *out, struct trouble *trouble)
{
    if (!open_ring(out, trouble))
        return;
    do {
        if (begin(out, trouble))
            send_on(out, trouble);
    } while (contact_try_again(&out->contact, out->is_full ? STATUS_FULL : STATUS_AWAY, trouble));
}

static int end(struct out *out, const struct trouble *trouble)
{
    int status = trouble->exit_status;
    contact_end(&out->contact, trouble);
    tap_close(out->tap);
    batch_builder_free(out->builder);
    engine_close(out->engine);
    mapring_close(out->copy_ring);
    copy_end(out->copy);
    if (out->has_journal)
        journal_close(&out->journal);
    mapring_close(out->ring);
    status_close(&out->contact.status, trouble->kind == TROUBLE_FINAL);
    if (status == EXIT_PEER_DIED)
        remains_settle(out->name, out->settings->scope);
    free(out);
    return status;
}

int out_run(const struct out_settings *settings, const char *ring, const char *stream,
            const char *subject)
{
    struct trouble trouble = {0};
    struct out *out = calloc(1, sizeof *out);
    if (!out) {
        complain("not enough memory");
        return EXIT_FAILED;
    }
    out->settings = settings;
    out->name = out->contact.ring = ring;
    out->stream = stream;
    out->tap_settings = (struct tap_settings){.ring = ring,
                                              .consumer = out->consumer,
                                              .scope = settings->scope,
                                              .wake_delay_ns = settings->batch_delay_ns};
    out->engine = engine_make(&settings->connection, stream, subject);
    if (out->engine)
        carry(out, &trouble);
    else
        trouble_final(&trouble, EXIT_FAILED, "not enough memory");
    return end(out, &trouble);
}
