/* SPDX-License-Identifier: MIT */
/*
 * Makes the messages of a stream from what a ring has, one after the other:
 *
 *     batch_begin(builder, &position, NULL);
 *     while (!batch_is_full(builder))
 *         batch_add_record(builder, &record);
 *     message = batch_finish(builder);
 *     position = *batch_end(builder);
 */
#ifndef TOOLS_BRIDGE_BATCH_BUILDER_H
#define TOOLS_BRIDGE_BATCH_BUILDER_H

#include "batch.h"

struct batch_settings {
    size_t target_bytes; /* a message with a payload of this size is full */
    size_t limit_bytes;  /* no payload is larger: engine_room() */
    bool compress;
};

struct batch_builder;

/* NULL if memory is exhausted. */
struct batch_builder *batch_builder_new(const struct batch_origin *origin,
                                        const struct batch_settings *settings);
void batch_builder_free(struct batch_builder *builder); /* NULL is accepted */

/* Whether this build can compress. */
bool batch_can_compress(void);

/* Begins a message at a position. With `until`, makes the same cut as before: the message goes on
 * to that position, whatever its size. */
void batch_begin(struct batch_builder *builder, const struct batch_position *from,
                 const struct batch_position *until);

/* Add what the ring has next. What is in the stream already is left out. False if the message
 * cannot take it, or not all of it: then finish the message, begin another one where it ended, and
 * add the same again. A record or a loss must not begin after the position. */
bool batch_add_record(struct batch_builder *builder, const struct mapring_record *record);
bool batch_add_gap(struct batch_builder *builder, const struct mapring_record *lost);
bool batch_add_run_end(struct batch_builder *builder, uint64_t run, bool died);
bool batch_add_entry(struct batch_builder *builder, const struct mapring_entry *entry);

/* Where the message ends by now. */
const struct batch_position *batch_end(const struct batch_builder *builder);

bool batch_is_empty(const struct batch_builder *builder);

/* Whether it has its size or, with `until`, has come there. */
bool batch_is_full(const struct batch_builder *builder);

/* The message, valid until the next call of batch_begin(). NULL if memory is exhausted: nothing of
 * it can be sent. */
const struct engine_message *batch_finish(struct batch_builder *builder);

#endif
