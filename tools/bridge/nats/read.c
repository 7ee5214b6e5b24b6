/* SPDX-License-Identifier: MIT */
/* Reading from the stream: single messages by number, or all of them in order. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bridge/engine.h"
#include "session.h"
#include "shared/os.h"

/* The server sends as much as fits into its window of 32 MiB before it waits for the reader. */
enum { QUEUE_BYTES = 128 << 20, HEARTBEAT_MS = 1000, SILENT_MS = 3500 };

const char *engine_header(const struct engine_message *message, const char *name)
{
    for (unsigned i = 0; i < message->header_count; i++)
        if (strcmp(message->headers[i].name, name) == 0)
            return message->headers[i].value;
    return NULL;
}

static enum engine_result describe(struct engine *engine, struct engine_message *message)
{
    if (session_describe(engine, message))
        return ENGINE_OK;
    return session_fail(engine, ENGINE_REFUSED,
                        "message %" PRIu64 " of the stream '%s' has too many headers",
                        message->number, engine->stream);
}

/* ---- One message ---- */

enum engine_result engine_get(struct engine *engine, uint64_t number,
                              struct engine_message *message)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    natsMsg *got = NULL;
    jsErrCode code = 0;
    natsStatus status =
        nats.js_GetMsg(&got, engine->jetstream, engine->stream, number, NULL, &code);
    if (code == JSNoMessageFoundErr || (status == NATS_NOT_FOUND && code == 0))
        return ENGINE_NOTHING;
    char what[64];
    snprintf(what, sizeof what, "get message %" PRIu64, number);
    if (status != NATS_OK)
        return session_explain(engine, what, status, code);
    session_hold(engine, got);
    *message = (struct engine_message){.number = nats.natsMsg_GetSequence(got),
                                       .time_ns = nats.natsMsg_GetTime(got)};
    return describe(engine, message);
}

enum engine_result engine_last(struct engine *engine, struct engine_message *message)
{
    struct engine_stream stream;
    enum engine_result result = engine_stream(engine, &stream);
    if (result != ENGINE_OK)
        return result;
    *message = (struct engine_message){.number = stream.last};
    return stream.messages > 0 ? engine_get(engine, stream.last, message) : ENGINE_NOTHING;
}

/* ---- All in order ---- */

/* An ephemeral consumer that lives in the server's memory, without acknowledgements. */
static natsStatus add_consumer(struct engine *engine, const char *inbox, uint64_t number,
                               jsErrCode *code)
{
    jsConsumerConfig config;
    nats.jsConsumerConfig_Init(&config);
    config.DeliverSubject = inbox;
    config.DeliverPolicy = js_DeliverByStartSequence;
    config.OptStartSeq = number > 0 ? number : 1;
    config.AckPolicy = js_AckNone;
    config.MaxDeliver = 1;
    config.FlowControl = true;
    config.Heartbeat = (int64_t)HEARTBEAT_MS * NS_PER_MS;
    config.MemoryStorage = true;
    config.Replicas = 1;
    jsConsumerInfo *info = NULL;
    natsStatus status =
        nats.js_AddConsumer(&info, engine->jetstream, engine->stream, &config, NULL, code);
    nats.jsConsumerInfo_Destroy(info);
    return status;
}

/* The consumer of an earlier engine_read() goes when nobody listens to it. */
static void forget_delivery(struct delivery *delivery)
{
    nats.natsSubscription_Destroy(delivery->messages);
    *delivery = (struct delivery){0};
}

enum engine_result engine_read(struct engine *engine, uint64_t number)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    struct delivery *delivery = &engine->delivery;
    forget_delivery(delivery);
    natsInbox *inbox = NULL;
    jsErrCode code = 0;
    natsStatus status = nats.natsInbox_Create(&inbox);
    if (status == NATS_OK)
        status = nats.natsConnection_SubscribeSync(&delivery->messages, engine->connection,
                                                   (const char *)inbox);
    if (status == NATS_OK)
        status = nats.natsSubscription_SetPendingLimits(delivery->messages, -1, QUEUE_BYTES);
    if (status == NATS_OK)
        status = add_consumer(engine, (const char *)inbox, number, &code);
    nats.natsInbox_Destroy(inbox);
    delivery->heard_ns = os_now_ns();
    return status == NATS_OK ? ENGINE_OK : session_explain(engine, "begin to read", status, code);
}

static bool begins(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

/* What is no message of the stream: signs of life, and the question whether we have read so far,
 * on whose answer the server waits before it sends more. */
static void answer_control(struct engine *engine, natsMsg *message)
{
    const char *answer_to = nats.natsMsg_GetReply(message);
    if (!answer_to || !*answer_to)
        nats.natsMsgHeader_Get(message, "Nats-Consumer-Stalled", &answer_to);
    if (answer_to && *answer_to)
        nats.natsConnection_Publish(engine->connection, answer_to, NULL, 0);
}

static enum engine_result out_of_order(struct engine *engine)
{
    return session_fail(engine, ENGINE_RETRY,
                        "messages of the stream '%s' were lost on the way from %s", engine->stream,
                        engine->server);
}

static enum engine_result take(struct engine *engine, natsMsg *got, struct engine_message *message)
{
    struct delivery *delivery = &engine->delivery;
    jsMsgMetaData *about = NULL;
    session_hold(engine, got);
    if (nats.natsMsg_GetMetaData(&about, got) != NATS_OK)
        return out_of_order(engine);
    *message = (struct engine_message){.number = about->Sequence.Stream,
                                       .time_ns = about->Timestamp,
                                       .pending = about->NumPending};
    engine->worked = true;
    bool in_order =
        about->Sequence.Consumer == delivery->count + 1 && about->Sequence.Stream > delivery->last;
    nats.jsMsgMetaData_Destroy(about);
    delivery->count++;
    delivery->last = message->number;
    return in_order ? describe(engine, message) : out_of_order(engine);
}

static enum engine_result nothing_came(struct engine *engine)
{
    if (session_permitted(engine) != ENGINE_OK)
        return engine->failed;
    if (os_now_ns() - engine->delivery.heard_ns > (int64_t)SILENT_MS * NS_PER_MS)
        return session_fail(engine, ENGINE_RETRY,
                            "the server %s no longer sends what comes into the stream '%s'",
                            engine->server, engine->stream);
    return ENGINE_NOTHING;
}

enum engine_result engine_next(struct engine *engine, int64_t timeout_ns,
                               struct engine_message *message)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    int64_t end_ns = session_end_ns(timeout_ns), left_ns = timeout_ns;
    do {
        natsMsg *got = NULL;
        natsStatus status = nats.natsSubscription_NextMsg(&got, engine->delivery.messages,
                                                          session_ms(left_ns > 0 ? left_ns : 0));
        if (status == NATS_TIMEOUT)
            return nothing_came(engine);
        if (status != NATS_OK)
            return session_explain(engine, "read the stream", status, 0);
        engine->delivery.heard_ns = os_now_ns();
        if (begins(nats.natsMsg_GetReply(got), "$JS.ACK."))
            return take(engine, got, message);
        answer_control(engine, got);
        nats.natsMsg_Destroy(got);
        left_ns = end_ns - os_now_ns();
    } while (left_ns > 0);
    return ENGINE_NOTHING;
}
