/* SPDX-License-Identifier: MIT */
/* Rows of options that several commands share. */
#ifndef TOOLS_RING_OPTIONS_H
#define TOOLS_RING_OPTIONS_H

#include "ring_values.h"
#include "shared/options.h"
#include "time_value.h"

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
#define OPTIONS_FILTER(filter)                                                                   \
    {"since", "TIME|SEQUENCE", value_bound, &(filter).since,                                     \
     "begin with the first record of that time or later: 2026-11-27T23:13:09Z, without Z local " \
     "time; 2026-11-27; 23:13 today; @SECONDS since 1970; 10m, 2h, 1.5s or 3d ago; a plain "     \
     "number is a sequence number"},                                                             \
        {"until", "TIME|SEQUENCE", value_bound, &(filter).until,                                 \
         "end before the first record that is later"},                                           \
    {                                                                                            \
        "grep", "TEXT", value_grep, &(filter).grep.text, "only records that contain TEXT"        \
    }
#define OPTION_TIME(target)                                                                      \
    {                                                                                            \
        "time", "[=iso|local|epoch|relative]", value_time_form, target,                          \
            "begin each line with the record's time: iso: in UTC (default); local: local time; " \
            "epoch: seconds since 1970; relative: seconds since the first record"                \
    }
#define OPTION_PREFIX(target)                                                               \
    {                                                                                       \
        "prefix", NULL, NULL, target, "begin each line with the name of its ring: 'NAME: '" \
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
        {"max-lag-attached", "SIZE", value_size, &(options).max_lag_attached_bytes,                \
         "let an attached consumer go that is further behind than SIZE when the ring is full, "    \
         "rather than wait for it; for a new ring that blocks (default: 0, never)"},               \
        {"content", "TEXT", value_text, &(options).content,                                        \
         "what the records of a new ring are, such as text/plain; for programs that read them"},   \
        {"dictionary", "SIZE", value_size, &(options).dictionary_bytes,                            \
         "bytes of a new ring for what its producers define (default: none)"},                     \
        {"times", NULL, NULL, &(options).times,                                                    \
         "note in each record when it was sent (8 bytes more)"},                                   \
        {"group", "GROUP", value_text, &(options).group,                                            \
         "whom a new ring belongs to besides its user; global, or in a file (Linux)"},             \
        OPTION_SCOPE(&(options).scope),                                                            \
    {                                                                                              \
        "mode", "OCTAL", value_mode, &(options).mode,                                              \
            "who may use the ring, as for chmod (default 0600, with --group 0660)"                 \
    }

#endif
