/* SPDX-License-Identifier: MIT */
/* Which sizes a ring can have. */
#ifndef MAPRING_GEOMETRY_H
#define MAPRING_GEOMETRY_H

#include <stdbool.h>
#include <stdint.h>

bool capacity_is_valid(uint64_t capacity_bytes);
bool slot_size_is_valid(uint32_t slot_bytes);
bool policy_is_valid(uint32_t when_full);

/* Largest payload of a ring of that capacity: half of it with the commit word. */
uint64_t record_limit(uint64_t capacity_bytes);

#endif
