/* SPDX-License-Identifier: MIT */
/* What the parts of the engine share. */
#include "session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/os.h"

/* ---- What was wrong ---- */

static enum engine_result say(struct engine *engine, enum engine_result result, const char *format,
                              va_list values)
{
    vsnprintf(engine->problem, sizeof engine->problem, format, values);
    return result;
}

enum engine_result session_say(struct engine *engine, enum engine_result result, const char *format,
                               ...)
{
    va_list values;
    va_start(values, format);
    say(engine, result, format, values);
    va_end(values);
    return result;
}

enum engine_result session_fail(struct engine *engine, enum engine_result result,
                                const char *format, ...)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    va_list values;
    va_start(values, format);
    say(engine, result, format, values);
    va_end(values);
    return engine->failed = result;
}

enum engine_result session_refuse(struct engine *engine, const char *format, ...)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    va_list values;
    va_start(values, format);
    say(engine, ENGINE_OK, format, values);
    va_end(values);
    return engine->failed = engine->was_connected ? ENGINE_RETRY : ENGINE_REFUSED;
}

/* The server names the subject in quotes at the end of what it says. */
static const char *subject_of(const char *text)
{
    const char *first = strchr(text, '"');
    return first ? first : "\"?\"";
}

enum engine_result session_permitted(struct engine *engine)
{
    const char *text = NULL;
    if (!engine->connection ||
        nats.natsConnection_GetLastError(engine->connection, &text) != NATS_NOT_PERMITTED || !text)
        return ENGINE_OK;
    bool to_read = strstr(text, "Subscription") != NULL;
    return session_fail(engine, engine->worked ? ENGINE_RETRY : ENGINE_REFUSED,
                        "the server does not permit this user to %s %s",
                        to_read ? "read from" : "write to", subject_of(text));
}

static enum engine_result explain_code(struct engine *engine, const char *what, jsErrCode code)
{
    switch (code) {
    case JSNotEnabledErr:
        return session_refuse(engine,
                              "the server %s has no JetStream; start it with -js, or with "
                              "'jetstream' in its configuration",
                              engine->server);
    case JSNotEnabledForAccountErr:
        return session_refuse(engine,
                              "the server %s has no JetStream for this user; it needs "
                              "'jetstream' in its configuration, or in that of the account",
                              engine->server);
    case JSStreamNotFoundErr:
        return session_fail(engine, ENGINE_RETRY, "the stream '%s' was deleted", engine->stream);
    case JSClusterNotAvailErr:
    case JSClusterNotLeaderErr:
    case JSClusterNotAssignedErr:
    case JSStreamOfflineErr:
        return session_fail(engine, ENGINE_RETRY,
                            "cannot %s: the cluster has no leader for the stream '%s' at present",
                            what, engine->stream);
    default: return ENGINE_OK;
    }
}

/* The library begins with the place in its source: "(conn.c:733): ". */
const char *session_said(natsStatus status)
{
    const char *text = nats.nats_GetLastError(NULL);
    const char *end = text && *text == '(' ? strstr(text, "): ") : NULL;
    if (end)
        text = end + strlen("): ");
    return text && *text ? text : nats.natsStatus_GetText(status);
}

enum engine_result session_lost(struct engine *engine)
{
    const char *text = NULL;
    natsStatus status = nats.natsConnection_GetLastError(engine->connection, &text);
    bool known = status == NATS_ERR || status == NATS_CONNECTION_AUTH_FAILED;
    return session_fail(engine, ENGINE_RETRY, "the connection to %s was lost%s%s", engine->server,
                        known && text ? ": the server says " : "", known && text ? text : "");
}

enum engine_result session_explain(struct engine *engine, const char *what, natsStatus status,
                                   jsErrCode code)
{
    enum engine_result result = explain_code(engine, what, code);
    if (result == ENGINE_OK && code == 0)
        result = session_permitted(engine);
    if (result != ENGINE_OK)
        return result;
    if (status == NATS_TIMEOUT)
        return session_fail(engine, ENGINE_RETRY, "cannot %s: the server %s does not answer", what,
                            engine->server);
    if (status == NATS_CONNECTION_CLOSED || status == NATS_CONNECTION_DISCONNECTED ||
        status == NATS_IO_ERROR || status == NATS_STALE_CONNECTION)
        return session_lost(engine);
    if (code != 0)
        return session_refuse(engine, "cannot %s: the server says '%s' (%d)", what,
                              session_said(status), (int)code);
    return session_fail(engine, ENGINE_RETRY, "cannot %s: %s", what, session_said(status));
}

/* ---- Messages ---- */

void session_hold(struct engine *engine, natsMsg *message)
{
    free(engine->names);
    engine->names = NULL;
    nats.natsMsg_Destroy(engine->message);
    engine->message = message;
}

/* Those of the server are its own business. */
static void add_header(struct engine *engine, struct engine_message *message, const char *name)
{
    struct engine_header *header = &engine->headers[message->header_count];
    if (strncmp(name, "Nats-", 5) == 0)
        return;
    header->name = name;
    nats.natsMsgHeader_Get(engine->message, name, &header->value);
    message->header_count++;
}

bool session_describe(struct engine *engine, struct engine_message *message)
{
    int count = 0;
    natsStatus status = nats.natsMsgHeader_Keys(engine->message, &engine->names, &count);
    if ((status != NATS_OK && status != NATS_NOT_FOUND) || count > HEADERS_MOST)
        return false;
    message->headers = engine->headers;
    message->header_count = 0;
    for (int i = 0; i < count; i++)
        add_header(engine, message, engine->names[i]);
    message->payload = nats.natsMsg_GetData(engine->message);
    message->bytes = (size_t)nats.natsMsg_GetDataLength(engine->message);
    return true;
}

int64_t session_end_ns(int64_t timeout_ns)
{
    int64_t now_ns = os_now_ns();
    return timeout_ns > INT64_MAX - now_ns ? INT64_MAX : now_ns + timeout_ns;
}

int64_t session_ms(int64_t timeout_ns)
{
    return timeout_ns / NS_PER_MS + (timeout_ns % NS_PER_MS > 0);
}
