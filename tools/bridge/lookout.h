/* SPDX-License-Identifier: MIT */
/* Asks whether a server has further streams, on a connection of its own, so that whatever is wrong
 * with that holds up no ring. */
#ifndef BRIDGE_LOOKOUT_H
#define BRIDGE_LOOKOUT_H

#include <stdbool.h>

#include "connection.h"
#include "engine.h"

struct lookout {
    const struct connection *connection;
    const char *stream; /* one that is there */

    struct engine *engine; /* the rest is private; NULL: not connected */
    bool has_complained;
};

/* False: it cannot be asked now. Says so once if that is not because there is no server, of which
 * the ring of the stream that is there tells. */
bool lookout_ask(struct lookout *lookout, const char *stream, bool *is_there);

void lookout_end(struct lookout *lookout);

#endif
