/* SPDX-License-Identifier: MIT */
/* A transport: a way to pass records from one process to another, to be measured. */
#ifndef BENCH_TRANSPORT_H
#define BENCH_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "job.h"

/* Defined for each transport by BENCH_LOOPS() in loops.h. */
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
    char name[80];       /* unique in this run */
    unsigned number;     /* 0: from the first process, 1: to it */
    unsigned char *area; /* AREA_BYTES of shared memory; the first 64 KiB begin as zeros */
    bool observes;       /* the reader is an observer */
};

struct transport {
    const char *name;               /* such as "mapring-copy", for JSON */
    const char *title;              /* such as "mapring, copied", for reports */
    const char *what;               /* of a reference: what it is, in one line; otherwise NULL */
    const struct transport *single; /* of one that sends in batches: the same one at a time */
    bool is_own;                    /* uses mapring */
    bool one_at_most;               /* holds only one record, so it can only do round trips */
    bool sleeps;                    /* a reader that waits for long sleeps instead of spinning */

    /* Both sides open at the same time, in any order, and wait for each other. On failure, return
     * NULL and say why in result->error. */
    void *(*open_writer)(const struct channel *channel, struct result *result);
    void *(*open_reader)(const struct channel *channel, struct result *result);
    void (*close_writer)(void *lane);
    void (*close_reader)(void *lane);
    void (*remove)(const struct channel *channel); /* called after both are closed; may be NULL */

    /* Returns NULL if the transport cannot do this job. */
    const struct loops *(*loops)(const struct job *job);
};

#endif
