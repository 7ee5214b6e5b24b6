/* SPDX-License-Identifier: MIT */
/* The file of --output: it is appended to, rotated, and opened again when its name leads to another
 * file. */
#ifndef TOOLS_ARCHIVE_H
#define TOOLS_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "compressor.h"
#include "rotation.h"
#include "shared/values.h"

struct archive {
    const char *path; /* NULL: standard output, for which all functions do nothing */
    struct rotation rotation;
    uint64_t keep; /* how many older files; 0: all */
    bool compress;

    /* The rest is private to archive.c. */
    int file;
    uint64_t bytes;   /* in the file */
    uint64_t next_ns; /* when to rotate by time: nanoseconds since 1970 */
    int64_t look_ns;  /* when to look at the name again, and */
    int64_t retry_ns; /* when to try again to rotate: as os_now_ns() */
    struct compressor compressor;
};

/* A row of a table of options each; `archive` is a structure. */
#define OPTIONS_ARCHIVE(archive)                                                                 \
    {"output", "FILE", value_archive, &(archive).path,                                           \
     "append to FILE instead of writing to standard output; opened again on SIGHUP, and when "   \
     "its name leads to another file"},                                                          \
        {"rotate", "SIZE|TIME", value_rotation, &(archive).rotation,                             \
         "with --output: when FILE would exceed SIZE, or each 15min, 1h, 1d (daily) of the "     \
         "local clock, rename it to FILE.1, FILE.1 to FILE.2 and so on"},                        \
        {"keep", "N", value_count, &(archive).keep,                                              \
         "with --rotate: keep N older files (default: all)"},                                    \
    {                                                                                            \
        "compress", NULL, NULL, &(archive).compress, "with --rotate: compress older files (.gz)" \
    }

/* A path; "-" stands for standard output. */
const char *value_archive(const char *text, void *value);

/* Whether the options fit together; if not, a message has been printed. */
bool archive_is_clear(const struct archive *archive);

/* Opens the file. Returns an exit status; on failure a message has been printed. */
int archive_open(struct archive *archive);

/* The descriptor to write to. */
int archive_file(const struct archive *archive);

enum archive_change { ARCHIVE_SAME, ARCHIVE_NEW, ARCHIVE_FAILED };

/* Call between records, before `bytes` bytes are written: rotates the file, or opens it again, if
 * it is time to. ARCHIVE_NEW: it is another file now. ARCHIVE_FAILED: there is no file to write to;
 * os_error() says why. */
enum archive_change archive_tend(struct archive *archive, uint64_t bytes);

/* How many bytes may be written before the file is to be rotated. */
uint64_t archive_room(const struct archive *archive);

bool archive_is_empty(const struct archive *archive);

/* Truncates the file, after it was read. False: os_error() says why. */
bool archive_cut(struct archive *archive, uint64_t bytes);

void archive_wrote(struct archive *archive, uint64_t bytes);

/* Waits until older files are compressed, unless a signal came. */
void archive_close(struct archive *archive);

#endif
