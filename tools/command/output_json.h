/* SPDX-License-Identifier: MIT */
/* Writes records as JSON, one object per line: UTF-8 text as a string, anything else in base64. */
#ifndef TOOLS_OUTPUT_JSON_H
#define TOOLS_OUTPUT_JSON_H

#include "lost.h"
#include "mapring/mapring.h"
#include "output_buffer.h"

void output_json_record(struct output *output, const struct mapring_record *record);
void output_json_lost(struct output *output, const struct mapring_record *lost,
                      const struct loss_bounds *bounds);

#endif
