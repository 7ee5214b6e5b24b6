/* SPDX-License-Identifier: MIT */
/* Makes lines of the records of logs, each by the dictionary of its ring. */
#ifndef TOOLS_LOG_LINES_H
#define TOOLS_LOG_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/log_reader.h"
#include "mapring/mapring.h"
#include "recording.h"

struct log_lines {
    enum mapring_scope scope;
    uint32_t least;   /* level of the lines that are wanted; 0: all */
    const char *ring; /* whose record was read last, */
    bool is_line;     /* whether it is a line of a log: */
    struct mapring_log_line line;

    /* The rest is private to log_lines.c. */
    struct log_ring *rings, *current;
    uint64_t damaged; /* lines that could not be read; */
    bool told;        /* why, of the first one */
};

/* From now on, records are of the ring of that name, of the file, or of the image. Its dictionary is
 * opened the first time: call it while the ring is there. Returns whether it is a log. */
bool log_lines_of(struct log_lines *lines, const char *ring);

/* The same for a ring that is not there, but was recorded: what its dictionary had is defined entry by
 * entry, from the beginning each time that the recording tells of the ring. */
void log_lines_begin_recorded(struct log_lines *lines, const struct recorded_ring *ring);
void log_lines_define(struct log_lines *lines, const char *ring,
                      const struct mapring_entry *entry);

/* The ring is gone: the next one of that name is a different one. */
void log_lines_forget(struct log_lines *lines, const char *ring);

/* Makes a line of the record. Returns a record with the line's text as its payload, which is kept
 * in *text; of a ring that is no log, returns the record itself. */
const struct mapring_record *log_lines_read(struct log_lines *lines,
                                            const struct mapring_record *record,
                                            struct mapring_record *text);

/* Whether the record that was read last is not a line below the wanted level. A line whose level is
 * not known is wanted: nothing disappears without a reason. */
bool log_lines_wants(const struct log_lines *lines);

/* The same records are read again from the beginning. */
void log_lines_again(struct log_lines *lines);

/* Tells how many lines could not be read, and returns the exit status: `status` if there were
 * none. */
int log_lines_end(struct log_lines *lines, int status);

#endif
