/* SPDX-License-Identifier: MIT */
/* A table of options: reads them from the command line, and prints their help. */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stdbool.h>

#include "values.h"

struct option_row {
    const char *name;     /* without the dashes; NULL ends the table */
    const char *argument; /* its name in the help; NULL: the option is a flag */
    const char *(*read)(const char *text, void *value); /* NULL: a flag, *value is a bool */
    void *value;
    const char *help;
};

enum options_result { OPTIONS_READ, OPTIONS_HELP, OPTIONS_WRONG };

/* Reads the options and moves the other arguments to the end of argv, where they begin at *first.
 * Prints a message if an option is wrong. */
enum options_result options_read(const struct option_row *rows, int argc, char **argv, int *first);

/* Writes a paragraph to stdout in lines of at most 79 columns. The first line continues at
 * `column`, the others begin at `indent`. Newlines in the text are kept. */
void print_wrapped(const char *text, int column, int indent);

void options_help(const struct option_row *rows);

/* Rows that several commands share. */
#define OPTION_SCOPE(target)                                            \
    {                                                                   \
        "scope", "local|global", value_scope, target,                   \
            "whose NAME: this user's (default), or the whole machine's" \
    }
#define OPTION_PROGRESS(target)                                            \
    {                                                                      \
        "progress", NULL, NULL, target,                                    \
            "show records, bytes and rate on stderr if that is a terminal" \
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
#define OPTION_PREFAULT(target)                                                                    \
    {                                                                                              \
        "prefault", NULL, NULL, target,                                                            \
            "map all pages of the ring at the beginning, so that its first lap is as fast as the " \
            "others"                                                                               \
    }
#define OPTION_HUGE(target)                                                        \
    {                                                                              \
        "huge", NULL, NULL, target,                                                \
            "keep the records in huge pages of 2 MiB if any are available (Linux)" \
    }
#define OPTION_NUMA_NODE(options)                                                              \
    {                                                                                          \
        "numa-node", "N", value_numa_node, options,                                            \
            "keep the records of a new ring in the memory of NUMA node N, as numactl numbers " \
            "them (default: the system chooses)"                                               \
    }
#define OPTIONS_NEW_RING(options)                                                                  \
    {"capacity", "SIZE", value_capacity, &(options).capacity_bytes,                                \
     "bytes for records: a power of two from 64K to 64T (default 1M); K, M, G and T are powers "   \
     "of 1024. A record may take up to half of it"},                                               \
        {"slot-bytes", "N", value_slot, &(options).slot_bytes,                                     \
         "unit in which space is allocated to records: a power of two from 8 to 256 (default "     \
         "16)"},                                                                                   \
        {"when-full", "block|drop|overwrite", value_when_full, &(options).when_full,               \
         "block: wait for the slowest consumer (default); drop: drop the new record, and tell "    \
         "readers how many are missing; overwrite: overwrite the oldest records without waiting; " \
         "every reader is then an observer"},                                                      \
        OPTION_SCOPE(&(options).scope),                                                            \
    {                                                                                              \
        "mode", "OCTAL", value_mode, &(options).mode,                                              \
            "who may use the ring, as for chmod (default 0600)"                                    \
    }

#endif
