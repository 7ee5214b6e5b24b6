/* SPDX-License-Identifier: MIT */
/* The options of a command as a table: read from the command line, and told in its help. */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stdbool.h>

#include "values.h"

struct option_row {
    const char *name;     /* without its dashes; NULL ends the table */
    const char *argument; /* what the help calls it; NULL: a flag */
    const char *(*read)(const char *text, void *value); /* NULL: a flag, *value is a bool */
    void *value;
    const char *help;
};

enum options_result { OPTIONS_READ, OPTIONS_HELP, OPTIONS_WRONG };

/* Reads the options and moves the other arguments to the end of argv: they begin at *first. When
 * something is wrong, says what. */
enum options_result options_read(const struct option_row *rows, int argc, char **argv, int *first);

/* Writes a paragraph to stdout in lines of at most 79 columns. The first line goes on at `column`,
 * the others begin at `indent`. A newline in the text is kept. */
void print_wrapped(const char *text, int column, int indent);

void options_help(const struct option_row *rows);

/* Rows that several commands have. */
#define OPTION_SCOPE(target)                                            \
    {                                                                   \
        "scope", "local|global", value_scope, target,                   \
            "whose NAME: this user's (default), or the whole machine's" \
    }
#define OPTION_PROGRESS(target)                                              \
    {                                                                        \
        "progress", NULL, NULL, target,                                      \
            "show records, bytes and rate on stderr when that is a terminal" \
    }
#define OPTION_JSON(target)                      \
    {                                            \
        "json", NULL, NULL, target, "write JSON" \
    }
#define OPTION_FRAMING(target)                                                             \
    {                                                                                      \
        "framing", "line|length|block", value_framing, target,                             \
            "line: a newline after each record (default); length: its length in 4 bytes, " \
            "little-endian, before each; block: nothing between them"                      \
    }
#define OPTION_JSON_RECORDS(target)                                                                \
    {                                                                                              \
        "json", NULL, NULL, target, "write one JSON object per line, for each record and each gap" \
    }
#define OPTION_PREFAULT(target)                                                               \
    {                                                                                         \
        "prefault", NULL, NULL, target,                                                       \
            "map all of the ring's pages now, so that its first lap is as fast as the others" \
    }
#define OPTION_HUGE(target)                                                     \
    {                                                                           \
        "huge", NULL, NULL, target,                                             \
            "keep records in pages of 2 MiB if the system has any left (Linux)" \
    }
#define OPTION_NUMA_NODE(options)                                                           \
    {                                                                                       \
        "numa-node", "N", value_numa_node, options,                                         \
            "keep a new ring in the memory of that node, as numactl counts them (default: " \
            "where the system likes)"                                                       \
    }
#define OPTIONS_NEW_RING(options)                                                                  \
    {"capacity", "SIZE", value_capacity, &(options).capacity_bytes,                                \
     "bytes for records: a power of two from 64K to 64T (default 1M); K, M, G and T are powers "   \
     "of 1024. A record may take half of it"},                                                     \
        {"slot-bytes", "N", value_slot, &(options).slot_bytes,                                     \
         "unit of space: a power of two from 8 to 256 (default 16)"},                              \
        {"when-full", "block|drop|overwrite", value_when_full, &(options).when_full,               \
         "block: wait for the slowest consumer (default); drop: drop the new record and tell the " \
         "consumers; overwrite: overwrite the oldest ones, waiting for nobody: all readers are "   \
         "observers"},                                                                             \
        OPTION_SCOPE(&(options).scope),                                                            \
    {                                                                                              \
        "mode", "OCTAL", value_mode, &(options).mode,                                              \
            "who may use the ring, as for chmod (default 0600)"                                    \
    }

#endif
