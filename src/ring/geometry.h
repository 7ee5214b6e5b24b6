/* SPDX-License-Identifier: MIT */
/* Which geometries a ring can have. */
#ifndef MAPRING_GEOMETRY_H
#define MAPRING_GEOMETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool capacity_is_valid(uint64_t capacity_bytes);
bool slot_size_is_valid(uint32_t slot_bytes);
bool policy_is_valid(uint32_t when_full);
bool dictionary_size_is_valid(uint64_t bytes);

/* The size that a dictionary for that many bytes gets. */
uint64_t dictionary_size(uint64_t bytes);

/* Whether the text is printable UTF-8 that has a terminator within so many bytes. */
bool text_is_valid(const char *text, size_t limit);

/* The largest payload in a ring of that capacity: with its header, at most half of it. */
uint64_t record_limit(uint64_t capacity_bytes, uint64_t record_header_bytes);

#endif
