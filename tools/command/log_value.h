/* SPDX-License-Identifier: MIT */
/* The values of lines of logs as text. */
#ifndef TOOLS_LOG_VALUE_H
#define TOOLS_LOG_VALUE_H

#include "mapring/log_reader.h"

enum { LOG_NUMBER_BYTES = 40 };

/* Of any type but text. */
const char *log_number_text(const struct mapring_log_value *value, char text[LOG_NUMBER_BYTES]);

#endif
