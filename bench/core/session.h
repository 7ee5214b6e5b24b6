/* SPDX-License-Identifier: MIT */
/*
 * The processes of a benchmark: this one, which sends, and workers, which receive. Each runs the
 * same program, is bound to a CPU, and they meet in shared memory.
 */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include "command/os.h"
#include "job.h"
#include "os.h"
#include "transport.h"

enum { SESSION_CPUS = 64 };

/* Where the two CPUs are to each other; a virtual machine's may move. */
enum placement { PLACED_SIBLINGS, PLACED_NEAR, PLACED_FAR, PLACEMENT_COUNT };
extern const char *const placement_names[PLACEMENT_COUNT];    /* "S", "N", "X" */
extern const char *const placement_meanings[PLACEMENT_COUNT]; /* "siblings of one core" */

struct session {
    const struct transport *const *transports; /* ends with NULL */
    struct os_view view;
    char name[64]; /* of the view, and what the rings' names begin with */
    struct meeting *meeting;
    unsigned workers;
    struct bench_process process[WORKER_LIMIT];
    unsigned cpus, cpu[SESSION_CPUS];
};

/* What a job gave, beside the results in the meeting. */
struct outcome {
    bool failed;
    bool is_over; /* no further job can be run */
    char error[240];
    double probe_ns[2]; /* one line, one way, before and after */
};

/* Starts the workers. False: it has complained. */
bool session_open(struct session *session, const struct transport *const *transports,
                  unsigned workers);
void session_close(struct session *session);

/* Runs a job on the first reader and `job->consumers + job->observers` more of the workers. */
struct outcome session_run(struct session *session, const struct job *job);

const struct result *session_result(const struct session *session, unsigned side);

/* False: the two probes do not agree. */
bool outcome_placement(const struct outcome *outcome, enum placement *placement);

/* What a worker process does: its arguments are what session_open() gave it. */
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

/* One line's way from one side to the other, in ns; `number` is 0 or 1. In probe.c. */
double probe_run(struct meeting *meeting, unsigned number);

#endif
