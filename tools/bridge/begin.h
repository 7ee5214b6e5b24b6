/* SPDX-License-Identifier: MIT */
/* Where a new ring begins to repeat a stream. */
#ifndef BRIDGE_BEGIN_H
#define BRIDGE_BEGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "batch_reader.h"
#include "trouble.h"

enum begin_kind { BEGIN_FIRST, BEGIN_NEW, BEGIN_SEQUENCE, BEGIN_TIME };

struct begin {
    enum begin_kind kind;
    uint64_t sequence; /* with BEGIN_SEQUENCE */
    uint64_t time_ns;  /* with BEGIN_TIME: the first record of that time or later */
};

/* Whether the stream has a message that says what the ring is and, unless it is to begin with new
 * ones, where it begins: then stores that. */
bool begin_find(const struct begin *begin, struct engine *engine, struct batch_reader *reader,
                struct batch_origin *origin, uint64_t *sequence, bool *found,
                struct trouble *trouble);

#endif
