/* SPDX-License-Identifier: MIT */
/* Finds messages of a stream by what their headers say, which grows from message to message. */
#ifndef BRIDGE_POSITION_H
#define BRIDGE_POSITION_H

#include <stdbool.h>
#include <stdint.h>

#include "batch.h"
#include "engine.h"
#include "trouble.h"

/* A message and its headers. */
struct position {
    uint64_t number; /* one more than that of the last message: there is none yet */
    int64_t stored_ns;
    struct batch_head head; /* only of a message that is there */
    uint64_t first, last;   /* numbers of the stream's messages; it is empty: first == last + 1 */
};

/* The first message of the stream. */
bool position_first(struct position *position, struct engine *engine, struct trouble *trouble);

/* The last one. */
bool position_last(struct position *position, struct engine *engine, struct trouble *trouble);

/* The first message that has something behind a place: a record, a loss, the end of a run, an entry
 * of the dictionary, or a piece of one of these. */
bool position_behind(struct position *position, struct engine *engine,
                     const struct batch_position *place, struct trouble *trouble);

/* The first message that has something of the dictionary behind an offset. */
bool position_of_entry(struct position *position, struct engine *engine, uint64_t offset,
                       struct trouble *trouble);

/* The first message that begins with a record of that time or a later one or, if the ring has no
 * times, was stored then or later. */
bool position_of_time(struct position *position, struct engine *engine, uint64_t time_ns,
                      struct trouble *trouble);

#endif
