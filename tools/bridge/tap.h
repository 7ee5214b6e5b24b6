/* SPDX-License-Identifier: MIT */
/*
 * What a ring has for a bridge, item by item: records, losses, ends of runs, and entries of the
 * dictionary, which come before the records that may refer to them. Its consumer is durable, so the
 * ring keeps what is not released.
 *
 *     while (tap_look(tap, timeout_ns, UINT64_MAX, &item, trouble) && item)
 *         if (add(item))
 *             tap_take(tap);
 */
#ifndef BRIDGE_TAP_H
#define BRIDGE_TAP_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/mapring.h"
#include "trouble.h"

enum tap_kind { TAP_RECORD, TAP_GAP, TAP_RUN_END, TAP_ENTRY };

struct tap_item {
    enum tap_kind kind;
    bool died;                    /* TAP_RUN_END */
    struct mapring_record record; /* TAP_RECORD, _GAP; of TAP_RUN_END the run */
    struct mapring_entry entry;   /* TAP_ENTRY */
    struct mapring_mark before;   /* not of TAP_ENTRY */
};

struct tap_settings {
    const char *ring, *consumer;
    enum mapring_scope scope;
    uint64_t wake_bytes;   /* see struct mapring_consumer_options */
    int64_t wake_delay_ns; /* see there */
    bool has_dictionary;   /* the ring has one */
};

struct tap;

/* Comes as a consumer of that name or, if there is one, as the same. A new one begins with record
 * `sequence`, or with the oldest that the ring has, if that is not wanted (UINT64_MAX). NULL:
 * failed. */
struct tap *tap_open(const struct tap_settings *settings, uint64_t sequence,
                     struct trouble *trouble);
void tap_close(struct tap *tap); /* NULL is accepted */

/* Whether the next item may have to be waited for. */
bool tap_waits(const struct tap *tap);

/* The next item, which stays the same until it is taken; NULL: none came within the timeout. Entries
 * from offset `entry_limit` on are kept for later. */
bool tap_look(struct tap *tap, int64_t timeout_ns, uint64_t entry_limit,
              const struct tap_item **item, struct trouble *trouble);
void tap_take(struct tap *tap);

/* The place before the next item; releases everything before such a place. */
bool tap_mark(struct tap *tap, struct mapring_mark *mark, struct trouble *trouble);
bool tap_release(struct tap *tap, const struct mapring_mark *mark, struct trouble *trouble);

/* Goes back to a record that was released before, if the ring still has it. Before the first
 * item. */
bool tap_go_back(struct tap *tap, uint64_t sequence, struct trouble *trouble);

/* Whether it found the ring removed: all items that were left have come. */
bool tap_is_removed(const struct tap *tap);

#endif
