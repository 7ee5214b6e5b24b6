/* SPDX-License-Identifier: MIT */
/* The ring that repeats another one. It is itself the account of how far it has come: whatever
 * happens to the bridge, the next one goes on where the ring ends. */
#ifndef BRIDGE_REPLICA_H
#define BRIDGE_REPLICA_H

#include <stdbool.h>
#include <stdint.h>

#include "batch.h"
#include "mapring/mapring.h"
#include "status.h"
#include "trouble.h"

struct replica {
    const char *name;
    struct mapring_options options; /* as the user wants it; 0: as the origin */
    struct status_writer *status;
    bool (*waits)(void *context); /* called some ten times a second while there is no room; false:
                                     give up, as after a signal */
    void *context;
    mapring_producer *producer;        /* NULL: it is not open */
    char origin[MAPRING_ORIGIN_BYTES]; /* the ring that it repeats */
    uint64_t first_sequence;
    struct batch_position end; /* what it has; `run` and all else are 0 in a new one */
    uint64_t time_ns;          /* of the last record or loss that was written; 0: not known */
};

/* Opens the ring if there is one; without one, it stays closed. */
bool replica_open(struct replica *replica, struct trouble *trouble);

/* Makes a ring like the origin that begins with that sequence number. */
bool replica_make(struct replica *replica, const struct batch_origin *origin,
                  uint64_t first_sequence, struct trouble *trouble);

void replica_close(struct replica *replica);

/* Whether the ring is still there. */
bool replica_is_there(struct replica *replica, struct trouble *trouble);

/* Write what comes next, and wait for room as long as it takes. Of a record or loss, what the ring
 * has already is left out. */
bool replica_add_record(struct replica *replica, const struct mapring_record *record,
                        struct trouble *trouble);
bool replica_add_run_end(struct replica *replica, uint64_t run, bool died, struct trouble *trouble);
bool replica_add_entry(struct replica *replica, const struct mapring_entry *entry,
                       struct trouble *trouble);

#endif
