/* SPDX-License-Identifier: MIT */
/*
 * Why a bridge does not go on. What can fail returns false and has filled in a trouble:
 *
 *     if (!position_find(...) || !replica_open(...))
 *         return trouble->kind == TROUBLE_AGAIN ? ... : ...;
 */
#ifndef BRIDGE_TROUBLE_H
#define BRIDGE_TROUBLE_H

#include <stdbool.h>

#include "engine.h"
#include "shared/message.h"

enum { TROUBLE_BYTES = 700 };

enum trouble_kind {
    TROUBLE_AGAIN, /* it may go on after another engine_connect() */
    TROUBLE_FINAL, /* it cannot */
    TROUBLE_ENDED  /* a signal came, or all is done: there is no text */
};

struct trouble {
    enum trouble_kind kind;
    int exit_status;          /* unless it may go on */
    char text[TROUBLE_BYTES]; /* one sentence, without secrets */
};

/* All but the first return false. */

/* True if the result is ENGINE_OK; otherwise what the engine says of it. */
bool trouble_engine(struct trouble *trouble, const struct engine *engine,
                    enum engine_result result);

__attribute__((format(__MINGW_PRINTF_FORMAT, 3, 4))) bool
trouble_final(struct trouble *trouble, int exit_status, const char *format, ...);

/* What the library says of its last failure. */
bool trouble_ring(struct trouble *trouble);

bool trouble_ended(struct trouble *trouble, int exit_status);

#endif
