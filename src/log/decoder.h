/* SPDX-License-Identifier: MIT */
/* The steps of decoding a record, for the reader of logs. */
#ifndef MAPRING_LOG_DECODER_H
#define MAPRING_LOG_DECODER_H

#include "mapring/log_reader.h"
#include "ring/ring.h"

/* Makes a decoder for a ring that another handle has open, as dictionary_of(). */
int decoder_of(mapring_log_decoder **decoder, const struct ring *ring);
void decoder_turn_to(mapring_log_decoder *decoder, const struct ring *ring);

/* Copies a record and finds its site. Returns its level; MAPRING_LEVEL_UNSET if it has none, of
 * which decoder_finish() then tells. */
uint32_t decoder_begin(mapring_log_decoder *decoder, const struct mapring_record *record);

/* Makes the line of the record; its ring is not set. As mapring_log_decode(). */
int decoder_finish(mapring_log_decoder *decoder, struct mapring_log_line *line);

/* A line about a record, or about what is missing in its place, of which nothing else is known. */
void line_begin(struct mapring_log_line *line, const struct mapring_record *record);

#endif
