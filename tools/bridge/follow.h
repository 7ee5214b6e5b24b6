/* SPDX-License-Identifier: MIT */
/*
 * Takes over what the messages of a stream say, one after the other. Each must begin where the one
 * before it ended, and the first one not behind the end of the ring: otherwise nothing of it is
 * written, and the bridge stops. What the server has removed from the beginning of the stream,
 * because it was to keep only so much, becomes a loss, counted exactly.
 */
#ifndef BRIDGE_FOLLOW_H
#define BRIDGE_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "batch_reader.h"
#include "replica.h"
#include "trouble.h"

struct follow {
    struct engine *engine;
    struct replica *replica;
    struct batch_reader *reader;
    uint64_t number;           /* of the last message; 0: none yet */
    struct batch_position end; /* of the last message */
    bool is_behind_loss;       /* what is missing before the next message was removed */
    bool has_ended;            /* what came last is the end of a run */
};

/* The next message will be the first one. */
void follow_begin(struct follow *follow);

/* Whether a message is one of the ring that is repeated. */
bool follow_is_of_origin(const struct follow *follow, const struct batch_head *head,
                         uint64_t number, struct trouble *trouble);

bool follow_message(struct follow *follow, const struct engine_message *message,
                    struct trouble *trouble);

/* Adds what the dictionary has before the message of that number. */
bool follow_dictionary(struct follow *follow, uint64_t number, struct trouble *trouble);

/* Finds out whether the stream ends with the end of a run now. */
bool follow_look_at_end(struct follow *follow, struct trouble *trouble);

#endif
