/* SPDX-License-Identifier: MIT */
/* The engine by NATS JetStream: connecting, and the stream. Writing is in publish.c, reading in
 * read.c. */
#include "bridge/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "login.h"
#include "session.h"

static const int64_t dial_ns = INT64_C(10000000000);

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

/* ---- Connecting ---- */

static const char *urls(const struct engine *engine)
{
    return engine->settings->url ? engine->settings->url : CONNECTION_DEFAULT_URL;
}

/* OpenSSL's numbers, with which the library begins what it says about a certificate. */
static enum engine_result distrusted(struct engine *engine, int problem, const char *text)
{
    switch (problem) {
    case 9:
        return session_refuse(engine, "the certificate of %s is not valid yet; is the clock right?",
                              urls(engine));
    case 10: return session_refuse(engine, "the certificate of %s has expired", urls(engine));
    case 18:
    case 19:
    case 20:
    case 21:
        return session_refuse(engine,
                              "the certificate of %s comes from an authority that is not trusted; "
                              "name the right one with --tls-ca",
                              urls(engine));
    case 62:
    case 64:
        return session_refuse(engine,
                              "the certificate of %s is for another host; use the name in --url "
                              "that the certificate has",
                              urls(engine));
    default: return session_refuse(engine, "no TLS with %s: %s", urls(engine), text);
    }
}

static enum engine_result no_handshake(struct engine *engine, const char *text)
{
    static const char start[] = "SSL handshake error: ";
    const char *what = strncmp(text, start, strlen(start)) == 0 ? text + strlen(start) : text;
    return distrusted(engine, atoi(what), what);
}

/* A server that does not accept a client's certificate, or the lack of one, says so by an alert
 * after the handshake; the library does not tell more than that there was no answer. */
static enum engine_result no_answer(struct engine *engine, const char *text)
{
    const struct connection *settings = engine->settings;
    bool secure = settings->tls_ca || settings->tls_cert || strstr(urls(engine), "tls://");
    if (!secure || !strstr(text, "Expected 'PONG', got ''"))
        return session_fail(engine, ENGINE_RETRY, "cannot connect to %s: %s", urls(engine), text);
    return session_refuse(engine, "%s ended the connection at once: %s", urls(engine),
                          settings->tls_cert
                              ? "does it trust the authority that has signed this client's "
                                "certificate?"
                              : "if it wants a certificate of this client, use --tls-cert and "
                                "--tls-key");
}

static enum engine_result explain_dial(struct engine *engine, natsStatus status, const char *text)
{
    const char *url = urls(engine), *credentials = engine->settings->credentials;
    if (credentials && strstr(text, credentials))
        return session_refuse(engine, "'%s' holds no credentials of a user", credentials);
    switch (status) {
    case NATS_TIMEOUT: return session_fail(engine, ENGINE_RETRY, "%s does not answer", url);
    case NATS_CONNECTION_AUTH_FAILED:
        return session_refuse(engine, "%s does not let this user in (%s)", url, text);
    case NATS_SECURE_CONNECTION_WANTED:
        return session_refuse(engine,
                              "%s does not use TLS, which the options ask for (tls:, --tls-ca or "
                              "--tls-cert)",
                              url);
    case NATS_SSL_ERROR: return no_handshake(engine, text);
    case NATS_NO_SERVER:
        return session_fail(engine, ENGINE_RETRY,
                            "no server listens at %s, or there is no such host", url);
    default: return no_answer(engine, text);
    }
}

static enum engine_result open_connection(struct engine *engine)
{
    char text[400] = "";
    natsOptions *options;
    enum engine_result result = login_options(engine, &options);
    if (result != ENGINE_OK) {
        nats.natsOptions_Destroy(options);
        return result;
    }
    natsStatus status = dial(options, dial_ns, &engine->connection, text, sizeof text);
    return status == NATS_OK ? ENGINE_OK : explain_dial(engine, status, text);
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

/* ---- The stream ---- */

static enum engine_result refuse_change(struct engine *engine, const char *change)
{
    return session_fail(engine, ENGINE_REFUSED,
                        "the stream '%s' %s while it was in use: it no longer holds what was sent "
                        "into it before",
                        engine->stream, change);
}

static enum engine_result keep_stream(struct engine *engine)
{
    if (engine->created_ns != 0 && engine->created_ns != engine->info->Created)
        return refuse_change(engine, "was deleted and made anew");
    size_t limit = (size_t)nats.natsConnection_GetMaxPayload(engine->connection);
    int32_t of_stream = engine->info->Config->MaxMsgSize;
    engine->limit_bytes = of_stream > 0 && (size_t)of_stream < limit ? (size_t)of_stream : limit;
    engine->created_ns = engine->info->Created;
    engine->was_connected = true;
    return ENGINE_OK;
}

static enum engine_result miss_stream(struct engine *engine)
{
    if (engine->created_ns != 0)
        return refuse_change(engine, "was deleted");
    return session_say(engine, ENGINE_MISSING, "there is no stream '%s' on %s", engine->stream,
                       engine->server);
}

static bool is_name(const char *text)
{
    size_t length = strcspn(text, " \t\r\n.*>/\\");
    return length > 0 && text[length] == '\0';
}

static enum engine_result find_stream(struct engine *engine)
{
    jsErrCode code = 0;
    if (!is_name(engine->stream))
        return session_fail(engine, ENGINE_REFUSED,
                            "invalid name of a stream '%s': it must not be empty or contain "
                            "spaces, '.', '*', '>' or slashes",
                            engine->stream);
    natsStatus status =
        nats.js_GetStreamInfo(&engine->info, engine->jetstream, engine->stream, NULL, &code);
    if (status == NATS_OK)
        return keep_stream(engine);
    if (code == JSStreamNotFoundErr || (status == NATS_NOT_FOUND && code == 0))
        return miss_stream(engine);
    return session_explain(engine, "look for the stream", status, code);
}

enum engine_result engine_connect(struct engine *engine)
{
    disconnect(engine);
    engine->failed = ENGINE_OK;
    const char *missing = library_load();
    if (missing)
        return session_fail(engine, ENGINE_REFUSED, "%s", missing);
    enum engine_result result = open_connection(engine);
    if (result == ENGINE_OK)
        result = open_context(engine);
    return result == ENGINE_OK ? find_stream(engine) : result;
}

static enum engine_result explain_creation(struct engine *engine, const char *subject,
                                           natsStatus status, jsErrCode code)
{
    switch (code) {
    case JSStreamSubjectOverlapErr:
        return session_fail(engine, ENGINE_REFUSED,
                            "cannot make the stream '%s': the subject '%s' is taken by another "
                            "stream; name another one with --subject",
                            engine->stream, subject);
    case JSStreamNameExistErr:
        return session_fail(engine, ENGINE_REFUSED,
                            "cannot make the stream '%s': another program has just made one of "
                            "this name",
                            engine->stream);
    case JSStreamReplicasNotSupportedErr:
        return session_fail(engine, ENGINE_REFUSED,
                            "cannot make the stream '%s': the server %s is not in a cluster, and "
                            "has no replicas",
                            engine->stream, engine->server);
    default: break;
    }
    char what[200];
    snprintf(what, sizeof what, "make the stream '%s'", engine->stream);
    return session_explain(engine, what, status, code);
}

enum engine_result engine_create_stream(struct engine *engine,
                                        const struct engine_new_stream *stream)
{
    char subject[256];
    snprintf(subject, sizeof subject, "%s%s", engine->wanted_subject ? "" : "mapring.",
             engine->wanted_subject ? engine->wanted_subject : engine->stream);
    jsStreamConfig config;
    nats.jsStreamConfig_Init(&config);
    config.Name = engine->stream;
    config.Subjects = (const char *[]){subject};
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    config.Discard = js_DiscardNew;
    config.Replicas = stream->replicas ? stream->replicas : 1;
    config.MaxBytes = stream->max_bytes ? (int64_t)stream->max_bytes : -1;
    config.MaxAge = stream->max_age_ns;
    jsErrCode code = 0;
    natsStatus status = nats.js_AddStream(&engine->info, engine->jetstream, &config, NULL, &code);
    return status == NATS_OK ? keep_stream(engine)
                             : explain_creation(engine, subject, status, code);
}

static void describe_stream(const jsStreamInfo *info, struct engine_stream *stream)
{
    *stream = (struct engine_stream){
        .first = info->State.FirstSeq,
        .last = info->State.LastSeq,
        .messages = info->State.Msgs,
        .bytes = info->State.Bytes,
        .max_bytes = info->Config->MaxBytes > 0 ? (uint64_t)info->Config->MaxBytes : 0,
        .created_ns = info->Created,
        .replicas = (unsigned)info->Config->Replicas,
    };
    if (stream->messages == 0)
        stream->first = stream->last + 1;
}

enum engine_result engine_stream(struct engine *engine, struct engine_stream *stream)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    jsErrCode code = 0;
    jsStreamInfo *info = NULL;
    natsStatus status =
        nats.js_GetStreamInfo(&info, engine->jetstream, engine->stream, NULL, &code);
    if (status != NATS_OK)
        return session_explain(engine, "ask for the state of the stream", status, code);
    describe_stream(info, stream);
    nats.jsStreamInfo_Destroy(info);
    return ENGINE_OK;
}
