/* SPDX-License-Identifier: MIT */
/*
 * What mapring top knows about rings: each look opens every ring, reads its state and closes it
 * again, so that nothing is kept alive and nobody is disturbed; rates and histories come from the
 * looks before.
 */
#ifndef TOOLS_TOP_SAMPLE_H
#define TOOLS_TOP_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bridge/status.h"
#include "mapring/mapring.h"
#include "meter.h"

enum { SAMPLE_HISTORY = 512, SAMPLE_COMMAND_BYTES = 256 };

/* What a consumer that is attached does. */
enum activity {
    ACTIVITY_NONE, /* it is not attached */
    ACTIVITY_READING,
    ACTIVITY_ASLEEP,
    ACTIVITY_SPINNING, /* has read all, and looks for more without sleeping */
    ACTIVITY_STALLED,  /* has released nothing for a second, though there is something */
    ACTIVITY_STOPPED   /* by a signal or a debugger */
};

struct sampled_reader {
    struct mapring_consumer_stat stat;
    enum activity activity;
    char command[SAMPLE_COMMAND_BYTES]; /* of its process; empty: not known */
    struct meter read;
    int64_t moved_ns; /* when it was seen to go on */
};

struct sampled_ring {
    char *name;
    int result;       /* of the last look; if it failed: */
    char reason[512]; /* why */
    bool is_named;    /* by the user, and not just found */
    bool was_found;   /* in this look */
    int64_t ready_ns; /* not to be looked at before */
    struct mapring_stat stat;
    uint32_t level; /* of a log; 0: it is none, or that is not known */
    struct stat_rate in, out, dropped;
    struct meter in_meter, out_meter, drop_meter;
    struct sampled_reader reader[MAPRING_CONSUMER_LIMIT]; /* as in stat.consumer */
    struct status bridge[STATUS_LIMIT];
    unsigned bridges;
    uint16_t history[SAMPLE_HISTORY]; /* how full, in thousandths, the newest one first */
    unsigned history_count;
};

struct sample {
    enum mapring_scope scope;
    int wanted_count; /* names and patterns; 0: all rings */
    char **wanted;
    struct sampled_ring **ring; /* in the order of their names */
    size_t count;
    int64_t taken_ns; /* by os_now_ns() */
    uint64_t time_ns; /* since 1970 */
    unsigned looks;
};

/* Looks at all rings. Failures are those of single rings, and of the list of names: then the result
 * is that of mapring_list(). */
int sample_take(struct sample *sample);
void sample_free(struct sample *sample);

/* The words for a consumer: what it does or, if it is not attached, its state. */
const char *sample_reader_state(const struct sampled_reader *reader);

/* One word for a ring: the state of its producer, "waits" or what is wrong. */
const char *sample_ring_state(const struct sampled_ring *ring);

/* The reader for which the producer waits, or NULL. */
const struct sampled_reader *sample_blocking(const struct sampled_ring *ring);

/* How full the ring is, in thousandths; -1: that is not known. */
int sample_full(const struct sampled_ring *ring);

#endif
