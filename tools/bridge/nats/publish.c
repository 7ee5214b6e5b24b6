/* SPDX-License-Identifier: MIT */
/* Writing into the stream, with many messages in flight. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bridge/engine.h"
#include "flight.h"
#include "session.h"
#include "shared/os.h"
#include "subject.h"

/* The library's own option sends nothing if the last number has to be 0. */
#define EXPECTED_LAST "Nats-Expected-Last-Sequence"

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
                            "the stream '%s' is sealed: it takes no more messages", engine->stream);
    if (config->NoAck)
        return session_fail(engine, ENGINE_REFUSED,
                            "the stream '%s' does not acknowledge messages (no_ack), so nobody "
                            "knows what it has stored",
                            engine->stream);
    return choose_subject(engine);
}

enum engine_result engine_write(struct engine *engine)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    enum engine_result result = check_stream(engine);
    if (result != ENGINE_OK)
        return result;
    natsStatus status = flight_listen(engine);
    return status == NATS_OK ? ENGINE_OK : session_explain(engine, "begin to write", status, 0);
}

/* ---- What is stored ---- */

unsigned engine_in_flight(const struct engine *engine)
{
    return (unsigned)(engine->flight.next - engine->flight.first);
}

static uint64_t stored_number(const struct flight *flight)
{
    return flight->first > flight->after + 1 ? flight->first - 1 : 0;
}

enum engine_result engine_acknowledged(struct engine *engine, int64_t timeout_ns, uint64_t *number)
{
    const struct flight *flight = &engine->flight;
    uint64_t before = *number;
    int64_t end_ns = session_end_ns(timeout_ns);
    do {
        if (engine->failed == ENGINE_OK)
            flight_collect(engine);
    } while (stored_number(flight) <= before && flight->first < flight->next &&
             flight_await(engine, end_ns));
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
    int64_t end_ns = session_end_ns(timeout_ns);
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    assert(flight->answers && (!flight->begun || after + 1 == flight->next));
    flight_collect(engine);
    while (engine_in_flight(engine) == ENGINE_IN_FLIGHT && flight_await(engine, end_ns))
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
