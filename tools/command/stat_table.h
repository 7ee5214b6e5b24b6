/* SPDX-License-Identifier: MIT */
/* What mapring stat shows. */
#ifndef TOOLS_STAT_TABLE_H
#define TOOLS_STAT_TABLE_H

#include "mapring/mapring.h"

/* How much was sent while the command looked on; interval_ns 0: it did not. */
struct stat_rate {
    uint64_t interval_ns;
    uint64_t records;
    uint64_t payload_bytes;
};

/* The words for the state of the producer, and for what happens when the ring is full. */
const char *stat_producer_state(const struct mapring_stat *stat);
const char *stat_when_full(const struct mapring_stat *stat);

/* Whether it is known how much of the ring the producer must not use yet, and how much that is: up
 * to the slowest consumer; before the first one, everything. */
bool stat_knows_full(const struct mapring_stat *stat);
uint64_t stat_space_taken(const struct mapring_stat *stat);

/* NULL: none is in that cell. */
const struct mapring_consumer_stat *stat_consumer_in(const struct mapring_stat *stat, int cell);

/* That many per second. */
double stat_per_second(const struct stat_rate *rate, uint64_t amount);

struct status;

struct stat_shown {
    const char *name;
    const struct mapring_stat *stat;
    const struct mapring_repetition *repetition;
    uint32_t level; /* of a log; 0: none */
    const struct stat_rate *rate;
    const struct status *bridges;
    unsigned bridge_count;
};

/* For people; with `verbose`, also what only explains how the ring works. */
void stat_print(const struct stat_shown *shown, bool verbose);

#endif
