/* SPDX-License-Identifier: MIT */
/*
 * The processes of a benchmark: this one sends, and workers receive. Each runs the same program,
 * is bound to a CPU, and communicates through shared memory.
 */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include "job.h"
#include "os.h"
#include "shared/os.h"
#include "transport.h"

enum { SESSION_CPUS = 64 };

/* How far apart the two CPUs are. In a virtual machine this may change. */
enum placement { PLACED_SIBLINGS, PLACED_NEAR, PLACED_FAR, PLACEMENT_COUNT };
extern const char *const placement_names[PLACEMENT_COUNT];    /* "S", "N", "X" */
extern const char *const placement_meanings[PLACEMENT_COUNT]; /* "siblings of one core" */

struct session {
    const struct transport *const *transports; /* ends with NULL */
    struct os_view view;
    char name[64]; /* name of the view, and prefix of the names of the rings */
    struct meeting *meeting;
    unsigned workers;
    struct bench_process process[WORKER_LIMIT];
    unsigned cpus, cpu[SESSION_CPUS];
};

/* The outcome of a job, besides the results in the meeting. */
struct outcome {
    bool failed;
    bool is_over; /* no further job can be run */
    char error[240];
    double probe_ns[2]; /* one line, one way, before and after the job */
};

/* Starts the workers. On failure prints why and returns false. */
bool session_open(struct session *session, const struct transport *const *transports,
                  unsigned workers);
void session_close(struct session *session);

/* Runs a job on the first reader and `job->consumers + job->observers` further workers. */
struct outcome session_run(struct session *session, const struct job *job);

const struct result *session_result(const struct session *session, unsigned side);

/* False: the two probes disagree. */
bool outcome_placement(const struct outcome *outcome, enum placement *placement);

/* Runs a worker process, with the arguments that session_open() gave it. */
int session_worker(int count, char **arguments, const struct transport *const *transports);

/* One side's part of a job, in side.c. */
struct side {
    const struct transport *transport;
    const struct job *job;
    struct result *result;
    unsigned number; /* 0: the sender */
    struct channel channel[AREA_COUNT];
    void *writer, *reader;
};

bool side_open(struct side *side, struct session *session, const struct job *job, unsigned number);
void side_run(struct side *side);
void side_close(struct side *side);

/* Measures how long one line takes from one side to the other, in ns; `number` is the side, 0 or 1.
 * In probe.c. */
double probe_run(struct meeting *meeting, unsigned number);

#endif
