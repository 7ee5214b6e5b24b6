/* SPDX-License-Identifier: MIT */
/* The state of several rings at about one moment, taken without disturbing them. */
#ifndef TOOLS_RING_SAMPLES_H
#define TOOLS_RING_SAMPLES_H

#include "bridge/status.h"
#include "mapring/mapring.h"
#include "names.h"

/* Latencies are counted by powers of two, from 256 ns to about 17 s, and beyond. */
enum {
    LATENCY_FIRST_BITS = 8,
    LATENCY_LAST_BITS = 34,
    LATENCY_COUNTS = LATENCY_LAST_BITS - LATENCY_FIRST_BITS + 2
};

struct latency_sample {
    uint64_t count[LATENCY_COUNTS]; /* below 256 ns, below 512 ns, ...; the last one: above */
    double sum_ns;                  /* estimated, to about a sixteenth */
};

struct ring_sample {
    const char *name;
    int result;        /* of opening and reading it; unless MAPRING_OK, only `problem` is set: */
    char problem[512]; /* one sentence */
    struct mapring_stat stat;
    struct latency_sample *latency; /* of each consumer; NULL: the ring has no times */
    struct status *bridge;          /* NULL: none */
    unsigned bridges;
};

struct ring_samples {
    struct ring_sample *sample;
    size_t count;
    bool no_memory; /* there are more */
    struct names names;
};

/* Takes the samples of all rings with these names, or that match these patterns; without any, of
 * all named rings. A ring comes once. One that was found and is gone meanwhile is left out; one that
 * was named is not. Rings that cannot be looked at within a few seconds in all get
 * MAPRING_TIMED_OUT. Returns what mapring_list() returns. Any thread may call it. */
int ring_samples_take(struct ring_samples *samples, enum mapring_scope scope, size_t count,
                      char **names);

void ring_samples_free(struct ring_samples *samples);

#endif
