/* SPDX-License-Identifier: MIT */
/* Writing into the stream, with many messages in flight. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bridge/engine.h"
#include "session.h"
#include "shared/os.h"
#include "subject.h"

/* The library's own option sends nothing if the last number has to be 0. */
#define EXPECTED_LAST "Nats-Expected-Last-Sequence"

enum { PERMISSION_SLICE_MS = 100 };

/* ---- Beginning ---- */

static enum engine_result choose_subject(struct engine *engine)
{
    const jsStreamConfig *config = engine->info->Config;
    struct subject_choice choice =
        subject_choose(config->Subjects, config->SubjectsLen, engine->wanted_subject);
    engine->flight.subject = choice.subject;
    if (choice.subject)
        return ENGINE_OK;
    if (!engine->wanted_subject)
        return session_fail(engine, ENGINE_REFUSED,
                            "the stream '%s' takes messages of %s: name one with --subject",
                            engine->stream, choice.all);
    return session_fail(engine, ENGINE_REFUSED,
                        "the stream '%s' takes no messages of the subject '%s', but of %s",
                        engine->stream, engine->wanted_subject, choice.all);
}

static enum engine_result check_stream(struct engine *engine)
{
    const jsStreamConfig *config = engine->info->Config;
    if (config->Mirror)
        return session_fail(engine, ENGINE_REFUSED,
                            "the stream '%s' mirrors another one, and takes no messages",
                            engine->stream);
    if (config->Sealed)
        return session_fail(engine, ENGINE_REFUSED,
                            "the stream '%s' is sealed: it takes no more "
                            "messages",
                            engine->stream);
    if (config->NoAck)
        return session_fail(engine, ENGINE_REFUSED,
                            "the stream '%s' does not acknowledge messages (no_ack), so nobody "
                            "knows what it has stored",
                            engine->stream);
    return choose_subject(engine);
}

static natsStatus listen_for_answers(struct engine *engine)
{
    struct flight *flight = &engine->flight;
    natsInbox *inbox = NULL;
    char all[sizeof flight->inbox + 2];
    natsStatus status = nats.natsInbox_Create(&inbox);
    if (status != NATS_OK)
        return status;
    flight->inbox_length =
        (size_t)snprintf(flight->inbox, sizeof flight->inbox, "%s.", (const char *)inbox);
    nats.natsInbox_Destroy(inbox);
    snprintf(all, sizeof all, "%s*", flight->inbox);
    status = nats.natsConnection_SubscribeSync(&flight->answers, engine->connection, all);
    return status == NATS_OK ? nats.natsSubscription_SetPendingLimits(flight->answers, -1, -1)
                             : status;
}

enum engine_result engine_write(struct engine *engine)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    enum engine_result result = check_stream(engine);
    if (result != ENGINE_OK)
        return result;
    natsStatus status = listen_for_answers(engine);
    return status == NATS_OK ? ENGINE_OK : session_explain(engine, "begin to write", status, 0);
}

/* ---- Answers ---- */

static enum engine_result explain_error(struct engine *engine, const struct answer *answer)
{
    switch ((int)answer->code) {
    case JSStreamWrongLastSequenceErr:
        return session_fail(engine, ENGINE_CONFLICT,
                            "the stream '%s' does not end where this bridge left it (%s): another "
                            "bridge writes into it, or somebody has changed it",
                            engine->stream, answer->description);
    case JSStreamStoreFailedErr:
        return session_fail(engine, ENGINE_FULL, "the stream '%s' is full (%s)", engine->stream,
                            answer->description);
    case JSInsufficientResourcesErr:
    case JSStorageResourcesExceededErr:
    case JSAccountResourcesExceededErr:
        return session_fail(engine, ENGINE_FULL,
                            "the server %s has no room for the stream '%s' (%s)", engine->server,
                            engine->stream, answer->description);
    case JSStreamMessageExceedsMaximumErr:
        return session_fail(engine, ENGINE_REFUSED,
                            "the stream '%s' takes only smaller messages than it did before (%s)",
                            engine->stream, answer->description);
    case JSStreamSealedErr:
        return session_fail(engine, ENGINE_REFUSED,
                            "the stream '%s' was sealed: it takes no more "
                            "messages",
                            engine->stream);
    default:
        return session_fail(engine, ENGINE_RETRY,
                            "the stream '%s' stores nothing: the server says "
                            "'%s' (%u)",
                            engine->stream, answer->description, answer->code);
    }
}

static void note_stored(struct flight *flight, uint64_t number)
{
    flight->stored[number % ENGINE_IN_FLIGHT] = true;
    while (flight->first < flight->next && flight->stored[flight->first % ENGINE_IN_FLIGHT])
        flight->stored[flight->first++ % ENGINE_IN_FLIGHT] = false;
}

static void take_answer(struct engine *engine, natsMsg *message)
{
    struct flight *flight = &engine->flight;
    uint64_t number = strtoull(nats.natsMsg_GetSubject(message) + flight->inbox_length, NULL, 10);
    struct answer answer;
    if (number < flight->first || number >= flight->next)
        return;
    if (!answer_read(&answer, nats.natsMsg_GetData(message),
                     (size_t)nats.natsMsg_GetDataLength(message)))
        session_fail(engine, ENGINE_RETRY, "the server %s gives an answer that makes no sense",
                     engine->server);
    else if (answer.code != 0)
        explain_error(engine, &answer);
    else if (answer.number != number)
        session_fail(engine, ENGINE_CONFLICT,
                     "message %" PRIu64 " was stored as message %" PRIu64 ": the subject '%s' is "
                     "taken by another stream than '%s'",
                     number, answer.number, flight->subject, engine->stream);
    else {
        engine->worked = true;
        note_stored(flight, number);
    }
}

unsigned engine_in_flight(const struct engine *engine)
{
    return (unsigned)(engine->flight.next - engine->flight.first);
}

/* Whoever may not publish gets no answer. */
static void check_silence(struct engine *engine)
{
    const struct flight *flight = &engine->flight;
    if (flight->first == flight->next || session_permitted(engine) != ENGINE_OK)
        return;
    int64_t silent_ns = os_now_ns() - flight->sent_ns[flight->first % ENGINE_IN_FLIGHT];
    if (silent_ns > (int64_t)ANSWER_MS * NS_PER_MS)
        session_fail(engine, ENGINE_RETRY,
                     "the server %s does not acknowledge what is sent to the stream '%s'",
                     engine->server, engine->stream);
}

/* Takes one answer. False: none came in that time, or the connection failed. */
static bool collect(struct engine *engine, int64_t milliseconds)
{
    natsMsg *message = NULL;
    natsStatus status =
        nats.natsSubscription_NextMsg(&message, engine->flight.answers, milliseconds);
    if (status == NATS_OK)
        take_answer(engine, message);
    else if (status == NATS_TIMEOUT)
        check_silence(engine);
    else if (status == NATS_NO_RESPONDERS)
        session_fail(engine, ENGINE_RETRY,
                     "nobody takes messages for the stream '%s': it was deleted, or has no leader "
                     "at present",
                     engine->stream);
    else
        session_explain(engine, "wait for acknowledgements", status, 0);
    nats.natsMsg_Destroy(message);
    return status == NATS_OK && engine->failed == ENGINE_OK;
}

static void collect_all(struct engine *engine)
{
    while (engine->flight.first < engine->flight.next && collect(engine, 0))
        continue;
}

/* Waits for an answer. False: the time is over, or something failed. */
static bool await_answer(struct engine *engine, int64_t end_ns)
{
    int64_t left_ms = session_ms(end_ns - os_now_ns());
    if (left_ms <= 0 || engine->failed != ENGINE_OK)
        return false;
    collect(engine, left_ms < PERMISSION_SLICE_MS ? left_ms : PERMISSION_SLICE_MS);
    return engine->failed == ENGINE_OK;
}

static uint64_t stored_number(const struct flight *flight)
{
    return flight->first > flight->after + 1 ? flight->first - 1 : 0;
}

enum engine_result engine_acknowledged(struct engine *engine, int64_t timeout_ns, uint64_t *number)
{
    const struct flight *flight = &engine->flight;
    uint64_t before = *number;
    int64_t end_ns = os_now_ns() + timeout_ns;
    do {
        if (engine->failed == ENGINE_OK)
            collect_all(engine);
    } while (stored_number(flight) <= before && flight->first < flight->next &&
             await_answer(engine, end_ns));
    *number = stored_number(flight);
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    return *number > before || flight->first == flight->next ? ENGINE_OK : ENGINE_NOTHING;
}

/* ---- Publishing ---- */

static size_t header_bytes(const char *name, size_t value_length)
{
    return strlen(name) + strlen(": \r\n") + value_length;
}

size_t engine_room(const struct engine *engine, const struct engine_header *headers,
                   unsigned header_count)
{
    size_t bytes = strlen("NATS/1.0\r\n\r\n") + header_bytes(EXPECTED_LAST, 20);
    for (unsigned i = 0; i < header_count; i++)
        bytes += header_bytes(headers[i].name, strlen(headers[i].value));
    return bytes < engine->limit_bytes ? engine->limit_bytes - bytes : 0;
}

static enum engine_result too_large(struct engine *engine, const struct engine_message *message)
{
    return session_say(engine, ENGINE_TOO_LARGE,
                       "a message of %zu bytes is too large for the stream '%s': it takes %zu, "
                       "with headers",
                       message->bytes, engine->stream, engine->limit_bytes);
}

static natsStatus fill(natsMsg *filled, const struct engine_message *message, uint64_t after)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, after);
    natsStatus status = nats.natsMsgHeader_Set(filled, EXPECTED_LAST, number);
    for (unsigned i = 0; status == NATS_OK && i < message->header_count; i++)
        status =
            nats.natsMsgHeader_Set(filled, message->headers[i].name, message->headers[i].value);
    return status;
}

static natsStatus send_message(struct engine *engine, const struct engine_message *message,
                               uint64_t after)
{
    char answer_to[sizeof engine->flight.inbox + 24];
    natsMsg *filled = NULL;
    snprintf(answer_to, sizeof answer_to, "%s%" PRIu64, engine->flight.inbox, after + 1);
    natsStatus status = nats.natsMsg_Create(&filled, engine->flight.subject, answer_to,
                                            message->payload, (int)message->bytes);
    if (status == NATS_OK)
        status = fill(filled, message, after);
    if (status == NATS_OK)
        status = nats.natsConnection_PublishMsg(engine->connection, filled);
    nats.natsMsg_Destroy(filled);
    return status;
}

static void note_sent(struct flight *flight, uint64_t number)
{
    if (!flight->begun) {
        flight->after = number - 1;
        flight->first = number;
    }
    flight->begun = true;
    flight->next = number + 1;
    flight->sent_ns[number % ENGINE_IN_FLIGHT] = os_now_ns();
}

enum engine_result engine_publish(struct engine *engine, const struct engine_message *message,
                                  uint64_t after, int64_t timeout_ns)
{
    struct flight *flight = &engine->flight;
    int64_t end_ns = os_now_ns() + timeout_ns;
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    assert(flight->answers && (!flight->begun || after + 1 == flight->next));
    collect_all(engine);
    while (engine_in_flight(engine) == ENGINE_IN_FLIGHT && await_answer(engine, end_ns))
        continue;
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    if (engine_in_flight(engine) == ENGINE_IN_FLIGHT)
        return ENGINE_NOTHING;
    if (message->bytes > engine_room(engine, message->headers, message->header_count))
        return too_large(engine, message);
    natsStatus status = send_message(engine, message, after);
    if (status == NATS_MAX_PAYLOAD)
        return too_large(engine, message);
    if (status != NATS_OK)
        return session_explain(engine, "send a message", status, 0);
    note_sent(flight, after + 1);
    return ENGINE_OK;
}
