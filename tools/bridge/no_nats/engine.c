/* SPDX-License-Identifier: MIT */
/* Stands in for the engine where the build has no library for it. */
#include "bridge/engine.h"

const char *engine_missing(void)
{
    return "this mapring was built without NATS JetStream, which needs libnats (Debian: "
           "libnats-dev; there is none for Windows); build it again with -Dnats=enabled";
}

struct engine *engine_make(const struct connection *connection, const char *stream,
                           const char *subject)
{
    (void)connection, (void)stream, (void)subject;
    return NULL;
}

void engine_close(struct engine *engine)
{
    (void)engine;
}

const char *engine_problem(const struct engine *engine)
{
    (void)engine;
    return engine_missing();
}

const char *engine_server(const struct engine *engine)
{
    (void)engine;
    return "";
}

enum engine_result engine_connect(struct engine *engine)
{
    (void)engine;
    return ENGINE_REFUSED;
}

enum engine_result engine_create_stream(struct engine *engine,
                                        const struct engine_new_stream *stream)
{
    (void)engine, (void)stream;
    return ENGINE_REFUSED;
}

enum engine_result engine_stream(struct engine *engine, struct engine_stream *stream)
{
    (void)engine, (void)stream;
    return ENGINE_REFUSED;
}

enum engine_result engine_has_stream(struct engine *engine, const char *stream)
{
    (void)engine, (void)stream;
    return ENGINE_REFUSED;
}

enum engine_result engine_write(struct engine *engine)
{
    (void)engine;
    return ENGINE_REFUSED;
}

size_t engine_room(const struct engine *engine, const struct engine_header *headers,
                   unsigned header_count)
{
    (void)engine, (void)headers, (void)header_count;
    return 0;
}

enum engine_result engine_publish(struct engine *engine, const struct engine_message *message,
                                  uint64_t after, int64_t timeout_ns)
{
    (void)engine, (void)message, (void)after, (void)timeout_ns;
    return ENGINE_REFUSED;
}

enum engine_result engine_acknowledged(struct engine *engine, int64_t timeout_ns, uint64_t *number)
{
    (void)engine, (void)timeout_ns, (void)number;
    return ENGINE_REFUSED;
}

unsigned engine_in_flight(const struct engine *engine)
{
    (void)engine;
    return 0;
}

enum engine_result engine_last(struct engine *engine, struct engine_message *message)
{
    (void)engine, (void)message;
    return ENGINE_REFUSED;
}

enum engine_result engine_get(struct engine *engine, uint64_t number,
                              struct engine_message *message)
{
    (void)engine, (void)number, (void)message;
    return ENGINE_REFUSED;
}

enum engine_result engine_read(struct engine *engine, uint64_t number)
{
    (void)engine, (void)number;
    return ENGINE_REFUSED;
}

enum engine_result engine_next(struct engine *engine, int64_t timeout_ns,
                               struct engine_message *message)
{
    (void)engine, (void)timeout_ns, (void)message;
    return ENGINE_REFUSED;
}

const char *engine_header(const struct engine_message *message, const char *name)
{
    (void)message, (void)name;
    return NULL;
}
