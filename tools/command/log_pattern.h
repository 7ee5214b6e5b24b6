/* SPDX-License-Identifier: MIT */
/* Writes lines of logs for people, by a pattern such as "{time} {level:5} {text}". */
#ifndef TOOLS_LOG_PATTERN_H
#define TOOLS_LOG_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "color.h"
#include "growing_text.h"
#include "mapring/log_reader.h"
#include "timestamp.h"

#define LOG_PATTERN "{time} {level:5} {origin}: {text} ({place})"

struct log_style {
    const char *pattern; /* a valid one; NULL: LOG_PATTERN */
    enum color color;
    enum time_form time; /* TIME_NONE: local time without its zone */
    bool has_colors;
    bool to_terminal; /* all control characters are escaped, and not only ends of lines */
};

/* The style that was asked for, for lines with times of that form, in the file `path` or, if that is
 * NULL, on standard output. */
struct log_style log_style_of(const struct log_style *wanted, enum time_form time,
                              const char *path);

/* Rows of a table of options. */
#define OPTIONS_LOG_STYLE(style)                                                               \
    {"format", "PATTERN", value_log_pattern, &(style).pattern,                                 \
     "of a log, what to write of each line: {time} {level} {text} {file} {line} {place} "      \
     "{function} {thread} {process} {program} {origin} {ring} {sequence} {fields}, and other " \
     "text (default: \"" LOG_PATTERN "\")"},                                                   \
    {                                                                                          \
        "color", "auto|always|never", value_color, &(style).color,                             \
            "of a log, colour the levels: auto: if standard output is a terminal, unless "     \
            "NO_COLOR is set (default)"                                                        \
    }

/* const char *. As the functions of shared/values.h, returns NULL or what it accepts. */
const char *value_log_pattern(const char *text, void *value);

/* Appends a line, without its end. `first_ns` is the time of the first one. */
void log_pattern_print(struct growing_text *text, const struct log_style *style,
                       const struct mapring_log_line *line, uint64_t first_ns);

#endif
