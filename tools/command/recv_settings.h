/* SPDX-License-Identifier: MIT */
/* What mapring recv was asked for, and mapring record as far as it takes the same options. */
#ifndef TOOLS_RECV_SETTINGS_H
#define TOOLS_RECV_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "archive.h"
#include "filter.h"
#include "framing.h"
#include "log_lines.h"
#include "log_pattern.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "timestamp.h"

struct recv_settings {
    struct mapring_consumer_options ring;
    const char *name;
    const char *consumer; /* name of the durable consumer, or NULL */
    const char *label;
    enum mapring_from after_lap;
    struct framing framing;
    enum time_form time;
    struct filter filter;
    uint64_t count;
    int64_t timeout_ns;
    struct archive archive;
    struct log_lines log;
    struct log_style style;
    bool strip_cr;
    bool observe, json, prefix, follow, wait, progress;
    bool has_appeared; /* the ring was waited for, and so its producer has come with it */
};

#define RECV_SETTINGS_DEFAULT                                                    \
    {                                                                            \
        .filter = FILTER_ALL, .count = UINT64_MAX, .timeout_ns = MAPRING_FOREVER \
    }

/* Rows of a table of options. */
#define OPTIONS_READER(settings)                                                                   \
    {"from", "unread|oldest|newest|run|SEQUENCE", value_from, &(settings).ring,                    \
     "unread: begin with the first record that no consumer has read (default); oldest: with the "  \
     "oldest record that the ring still has; newest: with the next record to be sent; run: with "  \
     "the first record of the present producer or, if there is none, of the next; SEQUENCE: with " \
     "the record of that number"},                                                                 \
        {"consumer", "CONSUMER", value_consumer, &(settings).consumer,                             \
         "be a durable consumer: the ring keeps its place under that name until 'mapring "         \
         "consumer rm', and a record counts as read once it is written"},                                            \
        {"max-lag", "SIZE", value_size, &(settings).ring.max_lag_bytes,                            \
         "with --consumer: if this consumer is away and more than SIZE behind, the producer no "   \
         "longer "                                                                                 \
         "waits for it (default: it always waits)"},                                               \
        {"observe", NULL, NULL, &(settings).observe,                                               \
         "only observe: read permission is enough, the producer does not wait, and records may "   \
         "be "                                                                                     \
         "lost"},                                                                                  \
        {"after-lap", "oldest|newest", value_after_lap, &(settings).after_lap,                     \
         "where an observer continues after it has lost records (default: oldest)"},               \
        {"count", "N", value_count, &(settings).count, "end after N records were written"},        \
        {"timeout", "SECONDS", value_seconds, &(settings).timeout_ns,                              \
         "give up if no record arrives for that long or, with --wait, if no ring or no producer "  \
         "appears (default: wait for ever)"},                                                      \
        {"follow", NULL, NULL, &(settings).follow,                                                 \
         "when the producer closes or dies, continue and wait for the next one; when the ring is " \
         "removed, continue with the next ring of that name"},                                     \
    {                                                                                              \
        "wait", NULL, NULL, &(settings).wait,                                                      \
            "wait for a producer, even if there is no such ring yet, and do not end because an "   \
            "earlier "                                                                             \
            "producer has closed or died"                                                          \
    }

/* Whether it has to be a consumer, and cannot observe. */
bool reader_is_consumer(const struct recv_settings *settings);

/* False: they do not fit together; a message has been printed. */
bool reader_is_clear(const struct recv_settings *settings);

#endif
