/* SPDX-License-Identifier: MIT */
/* Asks whether a server has further streams. */
#include "lookout.h"

#include "shared/message.h"

void lookout_end(struct lookout *lookout)
{
    engine_close(lookout->engine);
    lookout->engine = NULL;
}

static bool connect_to_server(struct lookout *lookout)
{
    if (lookout->engine)
        return true;
    lookout->engine = engine_make(lookout->connection, lookout->stream, NULL);
    if (lookout->engine && engine_connect(lookout->engine) == ENGINE_OK)
        return true;
    lookout_end(lookout);
    return false;
}

bool lookout_ask(struct lookout *lookout, const char *stream, bool *is_there)
{
    if (!connect_to_server(lookout))
        return false;
    enum engine_result result = engine_has_stream(lookout->engine, stream);
    *is_there = result == ENGINE_OK;
    if (result == ENGINE_OK || result == ENGINE_NOTHING) {
        lookout->has_complained = false;
        return true;
    }
    if (!lookout->has_complained)
        complain("cannot look for further rings of the log: %s; trying again",
                 engine_problem(lookout->engine));
    lookout->has_complained = true;
    lookout_end(lookout);
    return false;
}
