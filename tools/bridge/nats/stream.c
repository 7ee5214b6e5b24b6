/* SPDX-License-Identifier: MIT */
/* The stream: whether it is there, and still the same one; making it. */
#include "stream.h"

#include <stdio.h>
#include <string.h>

#include "bridge/connection.h"

enum { MISSED_MOST = 3 };

/* ---- Finding it ---- */

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
    engine->missed = 0;
    return ENGINE_OK;
}

/* Right after its election, a leader of a cluster may not know yet of what is there. */
static enum engine_result miss_stream(struct engine *engine)
{
    if (engine->created_ns != 0 && ++engine->missed < MISSED_MOST)
        return session_fail(engine, ENGINE_RETRY, "there is no stream '%s' on %s any more",
                            engine->stream, engine->server);
    if (engine->created_ns != 0)
        return refuse_change(engine, "was deleted");
    return session_say(engine, ENGINE_MISSING, "there is no stream '%s' on %s", engine->stream,
                       engine->server);
}

static bool is_missing(natsStatus status, jsErrCode code)
{
    return code == JSStreamNotFoundErr || (status == NATS_NOT_FOUND && code == 0);
}

enum engine_result stream_find(struct engine *engine)
{
    jsErrCode code = 0;
    if (!connection_names_stream(engine->stream))
        return session_fail(engine, ENGINE_REFUSED,
                            "invalid name of a stream '%s': it must not be empty or contain "
                            "spaces, '.', '*', '>' or slashes",
                            engine->stream);
    natsStatus status =
        nats.js_GetStreamInfo(&engine->info, engine->jetstream, engine->stream, NULL, &code);
    if (status == NATS_OK)
        return keep_stream(engine);
    if (is_missing(status, code))
        return miss_stream(engine);
    return session_explain(engine, "look for the stream", status, code);
}

enum engine_result engine_has_stream(struct engine *engine, const char *stream)
{
    if (engine->failed != ENGINE_OK)
        return engine->failed;
    jsErrCode code = 0;
    jsStreamInfo *info = NULL;
    natsStatus status = nats.js_GetStreamInfo(&info, engine->jetstream, stream, NULL, &code);
    nats.jsStreamInfo_Destroy(info);
    if (status == NATS_OK)
        return ENGINE_OK;
    if (is_missing(status, code))
        return ENGINE_NOTHING;
    char what[200];
    snprintf(what, sizeof what, "look for the stream '%s'", stream);
    return session_explain(engine, what, status, code);
}

/* ---- Making it ---- */

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

/* ---- Its state ---- */

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
