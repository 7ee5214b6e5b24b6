/* SPDX-License-Identifier: MIT */
/* The engine by NATS JetStream: connecting. The stream is in stream.c, writing in publish.c, and
 * reading in read.c. */
#include "bridge/engine.h"

#include <stdlib.h>

#include "reach.h"
#include "session.h"
#include "stream.h"

const char *engine_missing(void)
{
    return library_load();
}

struct engine *engine_make(const struct connection *connection, const char *stream,
                           const char *subject)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine) {
        engine->settings = connection;
        engine->stream = stream;
        engine->wanted_subject = subject;
    }
    return engine;
}

static void disconnect(struct engine *engine)
{
    if (!engine->connection)
        return;
    session_hold(engine, NULL);
    nats.natsSubscription_Destroy(engine->flight.answers);
    nats.natsSubscription_Destroy(engine->delivery.messages);
    nats.jsStreamInfo_Destroy(engine->info);
    nats.jsCtx_Destroy(engine->jetstream);
    nats.natsConnection_Destroy(engine->connection);
    engine->flight = (struct flight){0};
    engine->delivery = (struct delivery){0};
    engine->info = NULL;
    engine->jetstream = NULL;
    engine->connection = NULL;
}

void engine_close(struct engine *engine)
{
    if (engine)
        disconnect(engine);
    free(engine);
}

const char *engine_problem(const struct engine *engine)
{
    return engine->problem;
}

const char *engine_server(const struct engine *engine)
{
    return engine->server;
}

static enum engine_result open_context(struct engine *engine)
{
    jsOptions options;
    nats.jsOptions_Init(&options);
    options.Wait = ANSWER_MS;
    nats.natsConnection_GetConnectedUrl(engine->connection, engine->server, sizeof engine->server);
    natsStatus status =
        nats.natsConnection_JetStream(&engine->jetstream, engine->connection, &options);
    return status == NATS_OK ? ENGINE_OK : session_explain(engine, "use JetStream", status, 0);
}

enum engine_result engine_connect(struct engine *engine)
{
    disconnect(engine);
    engine->failed = ENGINE_OK;
    const char *missing = library_load();
    if (missing)
        return session_fail(engine, ENGINE_REFUSED, "%s", missing);
    enum engine_result result = reach(engine);
    if (result == ENGINE_OK)
        result = open_context(engine);
    return result == ENGINE_OK ? stream_find(engine) : result;
}
