/* SPDX-License-Identifier: MIT */
/* Geometry that a ring can have, and making a new one. */
#ifndef MAPRING_CREATE_H
#define MAPRING_CREATE_H

#include <stdbool.h>

#include "ring.h"

bool capacity_is_valid(uint64_t capacity_bytes);
bool slot_size_is_valid(uint32_t slot_bytes);
bool policy_is_valid(uint32_t when_full);

/* Largest payload of a ring of that capacity: half of it with the commit word. */
uint64_t record_limit(uint64_t capacity_bytes);

/* Whether the options name something that can be made or found. */
int options_check(const struct mapring_options *options, const struct ring_name *name);

/* With ROLE_CREATOR held: whether there is no ring yet, or one whose creator died over it. */
int ring_is_blank(struct ring *ring, bool *blank);

/* With ROLE_CREATOR held: makes the ring, but for declaring it ready: ring->unready. */
int ring_create(struct ring *ring, const struct mapring_options *options);

/* The state of an object, and its identity as far as it has one: whatever is neither empty nor a
 * half-made ring counts as ready, to be judged by its identity. */
int ring_peek(struct ring *ring, struct ring_identity *identity, enum ring_state *state);

#endif
