/* SPDX-License-Identifier: MIT */
/* Where mapring recv gets its records: a consumer or an observer. */
#ifndef TOOLS_SOURCE_H
#define TOOLS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

enum { SOURCE_LIMIT = 1024 };

struct source {
    mapring_consumer *consumer; /* one of these two is open */
    mapring_observer *observer;
    struct mapring_record records[SOURCE_LIMIT];
    uint64_t first; /* sequence number of the first record wanted */

    /* The rest is for the observer only. */
    unsigned char *copy; /* copy of the current record */
    size_t copy_bytes;
    bool is_new;       /* nothing was read yet: whatever is missing from `first` on was lost */
    bool is_held_back; /* records[1] was read, but is returned only after the loss before it */
};

/* Return an enum mapring_result. */
int source_consume(struct source *source, const char *name,
                   const struct mapring_consumer_options *options);
int source_observe(struct source *source, const char *name,
                   const struct mapring_consumer_options *options, enum mapring_from after_lap);

/* Reads up to `limit` records, and returns what mapring_consumer_next_batch() returns. With
 * MAPRING_LOST, the first record describes the loss. */
int source_next(struct source *source, size_t limit, size_t *count, int64_t timeout_ns);

/* Releases what was read. */
int source_release(struct source *source);

/* Whether what was read since the last release is whole. */
bool source_is_good(const void *source);

void source_close(struct source *source);

#endif
