/* SPDX-License-Identifier: MIT */
/* Writes lines of logs as JSON, one object each. */
#ifndef TOOLS_LOG_JSON_H
#define TOOLS_LOG_JSON_H

#include "growing_text.h"
#include "mapring/log_reader.h"

/* Appends the object and the end of its line. */
void log_json_print(struct growing_text *text, const struct mapring_log_line *line);

#endif
