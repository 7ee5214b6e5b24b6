/* SPDX-License-Identifier: MIT */
/* What is measured in one run: a list of cases, each run slice by slice in turn with the others. */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include "session.h"

enum { SIZE_LIMIT = 16, CASE_LIMIT = 1024, NOTE_BYTES = 48 };

struct bench_settings {
    bool json, quick;
    const char *html; /* a file to write, or NULL */
    uint32_t size[SIZE_LIMIT];
    unsigned sizes;                /* 0: the usual ones */
    uint64_t rate;                 /* 0: as told in each case */
    int64_t duration_ns;           /* 0: a default */
    unsigned consumers, observers; /* are measured beside one and none; 0: the usual ones */
    uint64_t capacity_bytes;       /* 0: 1 MiB */
};

enum case_group {
    CASE_STREAM,     /* records per second, as fast as it goes */
    CASE_PACED,      /* the same with a producer that is the slower side */
    CASE_DRAINED,    /* the same with a consumer that is */
    CASE_MANY,       /* the same with more readers */
    CASE_ROUND_TRIP, /* half round trip in ns, both sides spinning */
    CASE_SLEEPY,     /* the same, the other side asleep when a record comes */
    CASE_SEND,       /* what one send costs when the next comes later, in ns */
    CASE_WAKE,       /* from sending to arriving at a sleeper, in ns */
    CASE_ASLEEP,     /* CPU used by a sleeper, in percent */
    CASE_CPU,        /* CPU used by a reader of few records, in percent */
    CASE_GROUPS
};
extern const char *const case_group_names[CASE_GROUPS];  /* for machines */
extern const char *const case_group_titles[CASE_GROUPS]; /* for people */

/* What the slices of one placement gave. */
struct case_result {
    double *value; /* of each slice */
    size_t count, room;
    struct histogram *times; /* of all slices together, in ticks; NULL while there are none */
    double wakes;            /* asleep: how often a second, in all slices together */
};

struct bench_case {
    enum case_group group;
    unsigned transport;
    struct job job;
    unsigned every; /* is run in each round that this divides */
    char note[NOTE_BYTES];
    struct case_result placed[PLACEMENT_COUNT];
    unsigned discarded, failures;
    char error[240];
};

struct bench_cases {
    const struct transport *const *transports;
    struct bench_case *list; /* room for CASE_LIMIT */
    size_t count;
    uint64_t probes;
    size_t kept[PLACEMENT_COUNT], discarded;
    double probe_sum[PLACEMENT_COUNT];
    unsigned rounds, cpus;
};

/* Higher is better, or lower. */
bool case_wants_more(enum case_group group);

/* Whether the value is CPU used. */
bool case_is_cpu(enum case_group group);

/* Whether the case's histogram says something. */
bool case_has_times(enum case_group group);
/* What so many ticks of it are in ns: half of a round trip, or less what reading the clock
 * takes. */
double case_times_ns(enum case_group group, double ticks);

/* A case with that transport, group, size and note; NULL when it is not in this run. */
const struct bench_case *case_find(const struct bench_cases *cases, enum case_group group,
                                   const char *transport, uint32_t bytes, const char *note);

/* How many further workers some case needs. */
unsigned cases_most_workers(const struct bench_cases *cases);

/* The usual cases, for those of the transports that are there. False: no memory. */
bool cases_make(struct bench_cases *cases, const struct transport *const *transports,
                const struct bench_settings *settings);
void cases_free(struct bench_cases *cases);

/* Runs all of them in rounds. False: it has complained. */
bool cases_run(struct bench_cases *cases, const struct bench_settings *settings);

/* The whole of it, with the reports. Returns the exit status. */
int bench_main(const struct transport *const *transports, const struct bench_settings *settings);

#endif
