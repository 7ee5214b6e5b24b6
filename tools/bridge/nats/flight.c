/* SPDX-License-Identifier: MIT */
/* What was published and is not answered yet. */
#include "flight.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "shared/os.h"

enum { PERMISSION_SLICE_MS = 100 };

natsStatus flight_listen(struct engine *engine)
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
                            "the stream '%s' was sealed: it takes no more messages",
                            engine->stream);
    default:
        return session_fail(engine, ENGINE_RETRY,
                            "the stream '%s' stores nothing: the server says '%s' (%u)",
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

void flight_collect(struct engine *engine)
{
    while (engine->flight.first < engine->flight.next && collect(engine, 0))
        continue;
}

bool flight_await(struct engine *engine, int64_t end_ns)
{
    int64_t left_ms = session_ms(end_ns - os_now_ns());
    if (left_ms <= 0 || engine->failed != ENGINE_OK)
        return false;
    collect(engine, left_ms < PERMISSION_SLICE_MS ? left_ms : PERMISSION_SLICE_MS);
    return engine->failed == ENGINE_OK;
}
