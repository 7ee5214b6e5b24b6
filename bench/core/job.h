/* SPDX-License-Identifier: MIT */
/* What the processes of a benchmark share: the current job, their results, and words to synchronize
 * with. */
#ifndef BENCH_JOB_H
#define BENCH_JOB_H

#include <stdint.h>

#include "histogram.h"
#include "word.h"

/* The first process controls the workers and sends; the first worker receives; further workers are
 * additional consumers, then observers. */
enum { WORKER_LIMIT = 40, SIDE_LIMIT = WORKER_LIMIT + 1, AREA_BYTES = 4 << 20, AREA_COUNT = 2 };

enum job_kind {
    JOB_STREAM,        /* as many records as possible */
    JOB_ROUND_TRIP,    /* one record there and back; with a rate, at fixed times */
    JOB_PACED,         /* records at fixed times: cost of sending, and time of arrival */
    JOB_READER_SLEEPS, /* nothing is sent until the end */
    JOB_WRITER_SLEEPS, /* nothing is read until the end */
    JOB_QUIT
};

struct job {
    enum job_kind kind;
    unsigned transport;  /* index in the list of transports */
    uint32_t bytes;      /* payload size */
    uint32_t delay;      /* units of work that the sender does between two records */
    uint32_t read_delay; /* the same for the reader */
    uint64_t rate;       /* records per second; 0: as fast as possible */
    uint64_t warm_ticks, slice_ticks;
    unsigned consumers, observers; /* in addition to the first reader */
    uint64_t capacity_bytes;
    char name[64]; /* name of the ring, without the channel number */
};

enum { BATCH = 32 };

/* How many records a batch has: fewer than usual if those would be more than an eighth of a ring. */
static inline uint32_t job_batch(const struct job *job)
{
    uint64_t most = job->capacity_bytes / 8 / job->bytes;
    return most < 1 ? 1 : most < BATCH ? (uint32_t)most : (uint32_t)BATCH;
}

struct result {
    uint64_t records; /* records between the begin mark and the end mark */
    uint64_t ticks;
    uint64_t cpu_ns; /* CPU time used during idle_ns */
    uint64_t idle_ns;
    uint64_t switches; /* voluntary context switches during idle_ns */
    uint64_t checksum;
    uint32_t failed;
    char error[240];
    struct histogram times; /* in ticks: round trips, arrivals, or costs of sending */
};

/* In shared memory, followed by the areas. */
struct meeting {
    struct lonely_word order; /* number of the current job */
    struct lonely_word probe[2];
    struct lonely_word ready[SIDE_LIMIT]; /* last job that each side is ready for */
    struct lonely_word go;
    struct lonely_word done[SIDE_LIMIT];
    struct job job;
    struct result result[SIDE_LIMIT];
};

#endif
