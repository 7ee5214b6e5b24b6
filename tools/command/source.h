/* SPDX-License-Identifier: MIT */
/* Where the records of mapring recv come from: a consumer's place in the ring, or an observer. */
#ifndef TOOLS_SOURCE_H
#define TOOLS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

enum { SOURCE_LIMIT = 1024 };

struct source {
    mapring_consumer *consumer; /* one of the two is open */
    mapring_observer *observer;
    struct mapring_record records[SOURCE_LIMIT];
    uint64_t first; /* number of the first record wanted */

    /* The rest is the observer's. */
    unsigned char *copy; /* the record that it looks at */
    size_t copy_bytes;
    bool is_new;       /* nothing was read yet: what is missing from `first` on was lost */
    bool is_held_back; /* the second record was read, but others before it are lost */
};

/* Return an enum mapring_result. */
int source_consume(struct source *source, const char *name,
                   const struct mapring_consumer_options *options);
int source_observe(struct source *source, const char *name,
                   const struct mapring_consumer_options *options, enum mapring_from after_lap);

/* At most `limit` records, and what mapring_consumer_next_batch() answers. With MAPRING_LOST, the
 * first record says what. */
int source_next(struct source *source, size_t limit, size_t *count, int64_t timeout_ns);

/* Gives back what was read. */
int source_release(struct source *source);

void source_close(struct source *source);

#endif
