/* SPDX-License-Identifier: MIT */
/* What is measured: a way to pass records from one process to another. */
#ifndef BENCH_TRANSPORT_H
#define BENCH_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "job.h"

/* Compiled for each transport by loops.h. */
struct loops {
    void (*stream_out)(void *lane, const struct job *job, struct result *result);
    void (*stream_in)(void *lane, const struct job *job, struct result *result);
    void (*ping)(void *out, void *in, const struct job *job, struct result *result);
    void (*pong)(void *out, void *in, const struct job *job, struct result *result);
    void (*paced_out)(void *lane, const struct job *job, struct result *result);
    void (*paced_in)(void *lane, const struct job *job, struct result *result);
    void (*idle_out)(void *lane, const struct job *job, struct result *result);
    void (*idle_in)(void *lane, const struct job *job, struct result *result);
    void (*send_end)(void *lane, const struct job *job, struct result *result);
};

/* One direction between the first process and a worker. */
struct channel {
    const struct job *job;
    char name[80];       /* unlike any other channel's of this run */
    unsigned number;     /* 0: from the first process, 1: to it */
    unsigned char *area; /* AREA_BYTES of shared memory, zero when the job begins */
    bool observes;       /* the reader is an observer */
};

struct transport {
    const char *name;  /* "mapring-copy", for machines */
    const char *title; /* "mapring, copied", for people */
    bool is_own;       /* one of mapring's */
    bool one_at_most;  /* holds a single record: only for round trips */
    bool sleeps;       /* a reader that waits long does not spin all the time */

    /* Return NULL, after saying why in result->error, when it cannot be opened. Both sides open at
     * the same time, in any order, and wait for each other. */
    void *(*open_writer)(const struct channel *channel, struct result *result);
    void *(*open_reader)(const struct channel *channel, struct result *result);
    void (*close_writer)(void *lane);
    void (*close_reader)(void *lane);
    void (*remove)(const struct channel *channel); /* after both are closed; or NULL */

    /* NULL: it does not do such jobs. */
    const struct loops *(*loops)(const struct job *job);
};

#endif
