/* SPDX-License-Identifier: MIT */
/* One way to log in one situation, and what it costs there: measured in slices. */
#ifndef BENCH_LOG_SLICE_H
#define BENCH_LOG_SLICE_H

#include "core/histogram.h"
#include "logger.h"

enum { LOG_ROUNDS = 101, BURST = 20, LOG_CPUS = 64 };

struct log_case {
    const struct logger *logger;
    enum log_line line;
    enum mapring_when_full when_full; /* MAPRING_UNSPECIFIED: it has no rings */
    unsigned threads;
    bool read; /* each ring, on a CPU of its own */

    struct histogram *bursts;  /* of all slices, in ticks */
    double middle[LOG_ROUNDS]; /* of each slice: ns per call in a burst, */
    double rate[LOG_ROUNDS];   /* million calls per second, back to back, of all threads */
};

/* How many CPUs the case needs, if nothing is to share one. */
unsigned log_case_cpus(const struct log_case *each);

/* Measures one slice. False: prints why. */
bool slice_run(struct log_case *each, unsigned round, const unsigned *cpu, const char *folder);

/* Converts the ticks of a burst to ns per call. */
double slice_call_ns(double ticks);

#endif
