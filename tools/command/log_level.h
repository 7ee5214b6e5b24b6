/* SPDX-License-Identifier: MIT */
/* The levels of logs, as options and outputs name them. */
#ifndef TOOLS_LOG_LEVEL_H
#define TOOLS_LOG_LEVEL_H

#include <stdint.h>

/* A row of a table of options: only lines of at least that level. */
#define OPTION_LEAST_LEVEL(target)                                               \
    {                                                                            \
        "level", "trace|debug|info|warn|error|fatal", value_least_level, target, \
            "of a log, only lines of that level or a higher one (default: all)"  \
    }

/* enum mapring_level as uint32_t, in upper or lower case. As the functions of shared/values.h, they
 * return NULL or what they accept: all levels, or those that a line can have. */
const char *value_level(const char *text, void *value);
const char *value_least_level(const char *text, void *value);

/* "INFO"; "?" if there is no such level. */
const char *log_level_text(uint32_t level);

#endif
