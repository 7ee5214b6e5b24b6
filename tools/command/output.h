/* SPDX-License-Identifier: MIT */
/* Records as they go to standard output. */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "mapring/mapring.h"
#include "output_buffer.h"

/* Most that is held in memory of a record that comes in parts, because its length stands first. */
#define OUTPUT_JOINED_LIMIT ((size_t)1 << 30)

void output_record(struct output *output, const struct mapring_record *record);

/* Says on stderr which records are missing, and in JSON also where they would stand. */
void output_lost(struct output *output, const struct mapring_record *lost);

/* No more parts come: ends what is open, and says that it is cut. */
void output_cut(struct output *output);

/* Whether there are parts that were not written, because the length of the whole stands first. */
bool output_holds_parts(const struct output *output);

/* The two options exclude each other. Returns whether they were used so; else says what is
 * wrong. */
bool output_is_clear(bool json, enum framing_kind framing);

#endif
