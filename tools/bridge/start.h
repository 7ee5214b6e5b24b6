/* SPDX-License-Identifier: MIT */
/* Where a new ring begins to repeat a stream. */
#ifndef BRIDGE_START_H
#define BRIDGE_START_H

#include <stdbool.h>
#include <stdint.h>

#include "batch_reader.h"
#include "trouble.h"

enum start_kind { START_FIRST, START_NEW, START_SEQUENCE, START_TIME };

struct start {
    enum start_kind kind;
    uint64_t sequence; /* with START_SEQUENCE */
    uint64_t time_ns;  /* with START_TIME: the first record of that time or later */
};

/* Whether the stream has a message that says what the ring is and, unless it is to begin with new
 * ones, where it begins: then stores that. */
bool start_find(const struct start *start, struct engine *engine, struct batch_reader *reader,
                struct batch_origin *origin, uint64_t *sequence, bool *found,
                struct trouble *trouble);

#endif
