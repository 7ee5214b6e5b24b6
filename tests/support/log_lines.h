/* SPDX-License-Identifier: MIT */
/* Lines of a log that check themselves: what a line says follows from its number. */
#ifndef MAPRING_TESTS_LOG_LINES_H
#define MAPRING_TESTS_LOG_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/log.h"

enum { LINE_SITES = 2 };

/* Writes a line at one of two places in the source. */
void line_write(mapring_log *log, uint32_t writer, uint32_t number, unsigned site);

/* A line that was read, or what is wrong with it. */
struct line {
    uint32_t writer, number;
    const char *wrong; /* NULL: it is whole */
};

/* How many rings a log has, and how many lines they have ever had. */
struct line_totals {
    uint32_t rings;
    uint64_t records;
};

/* The path of ring `index` of a log in a file: PATH.ring, PATH.1.ring and so on. */
void line_ring(char *path, size_t bytes, const char *log, unsigned index);

/* Gives all whole lines that the rings of a log in files have to `note`, ring by ring. Returns NULL,
 * or what is wrong; `note` does, too. */
typedef const char *line_note(void *context, const struct line *line);
const char *lines_each(const char *log, line_note *note, void *context, struct line_totals *totals);

/* The lines of a writer that are there, by their numbers. */
enum { LINES_LIMIT = 8192 };
struct lines {
    uint32_t writer;
    uint32_t count;
    struct line_totals totals;
    bool seen[LINES_LIMIT];
};

/* The same for the lines of one writer. */
const char *lines_read(struct lines *lines, const char *log);

#endif
