/* SPDX-License-Identifier: MIT */
/* The text of a line. */
#ifndef MAPRING_LOG_FORMAT_H
#define MAPRING_LOG_FORMAT_H

#include "log/text.h"
#include "log/values.h"

/* Appends the values as the format says, and gives each the name that it has there. */
void format_line(struct text *text, const char *format, struct values *values);

#endif
