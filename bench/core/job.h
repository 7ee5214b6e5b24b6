/* SPDX-License-Identifier: MIT */
/* What the processes of a benchmark share: the job at hand, their results, and a place to meet. */
#ifndef BENCH_JOB_H
#define BENCH_JOB_H

#include <stdint.h>

#include "histogram.h"
#include "word.h"

/* The first process orders and does the sending side; the first worker receives; further workers
 * are more consumers, then observers. */
enum { WORKER_LIMIT = 40, SIDE_LIMIT = WORKER_LIMIT + 1, AREA_BYTES = 4 << 20, AREA_COUNT = 2 };

enum job_kind {
    JOB_STREAM,        /* as many records as possible */
    JOB_ROUND_TRIP,    /* one record to and fro; with a rate, at fixed times */
    JOB_PACED,         /* records at fixed times: what sending costs, and when they arrive */
    JOB_READER_SLEEPS, /* nothing is sent */
    JOB_WRITER_SLEEPS, /* nothing is taken */
    JOB_QUIT
};

struct job {
    enum job_kind kind;
    unsigned transport;  /* its number in the list that all processes have */
    uint32_t bytes;      /* of a payload */
    uint32_t delay;      /* units of work that the sender does between two records, */
    uint32_t read_delay; /* and the reader */
    uint64_t rate;       /* records per second, 0: as fast as it goes */
    uint64_t warm_ticks, slice_ticks;
    unsigned consumers, observers; /* those beyond the first reader */
    uint64_t capacity_bytes;
    char name[64]; /* of the ring, without the channel's number */
};

struct result {
    uint64_t records; /* between the marks */
    uint64_t ticks;
    uint64_t cpu_ns; /* while it slept, of idle_ns */
    uint64_t idle_ns;
    uint64_t switches; /* how often it woke meanwhile */
    uint64_t checksum;
    uint32_t failed;
    char error[240];
    struct histogram times; /* in ticks: round trips, or arrivals, or costs of sending */
};

/* In shared memory; the areas follow it. */
struct meeting {
    struct lonely_word order; /* counts the jobs */
    struct lonely_word probe[2];
    struct lonely_word ready[SIDE_LIMIT]; /* the job that the side is ready for */
    struct lonely_word go;
    struct lonely_word done[SIDE_LIMIT];
    struct job job;
    struct result result[SIDE_LIMIT];
};

#endif
