/* SPDX-License-Identifier: MIT */
/* Writes records to standard output. */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "lost.h"
#include "mapring/mapring.h"
#include "output_buffer.h"

/* Most bytes of a record in parts that are kept in memory, because its length has to be written
 * first. */
#define OUTPUT_JOINED_LIMIT ((size_t)1 << 30)

void output_record(struct output *output, const struct mapring_record *record);

/* Prints to stderr which records are missing and, with JSON, writes an object in their place. */
void output_lost(struct output *output, const struct mapring_record *lost,
                 const struct loss_bounds *bounds);

/* No more parts come: ends the incomplete record, and prints that it is incomplete. */
void output_cut(struct output *output);

/* The producer of the ring has ended, or the ring is no longer read: the result says how. */
void output_end(struct output *output, int result);

/* Whether there are parts that are not written yet because the total length has to come first. */
bool output_holds_parts(const struct output *output);

/* False: --json, --time or another framing than lines exclude each other; a message has been
 * printed. */
bool output_is_clear(bool json, enum framing_kind framing, enum time_form time);

/* Prints that times were asked for and the ring has none. Returns EXIT_FAILED. */
int output_lacks_times(const char *name);

/* False: --prefix was used together with another framing than lines; a message has been printed. */
bool prefix_is_clear(bool prefix, enum framing_kind framing);

#endif
