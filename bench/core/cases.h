/* SPDX-License-Identifier: MIT */
/* What one run measures: a list of cases, whose slices take turns. */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include "session.h"

enum { SIZE_LIMIT = 16, CASE_LIMIT = 1024, NOTE_BYTES = 48 };

struct bench_settings {
    bool json, quick;
    const char *html; /* file to write, or NULL */
    uint32_t size[SIZE_LIMIT];
    unsigned sizes;                /* 0: the usual sizes */
    uint64_t rate;                 /* 0: the usual rate of each case */
    int64_t duration_ns;           /* 0: the default number of rounds */
    unsigned consumers, observers; /* measured as well as one and none; 0: the usual numbers */
    uint64_t capacity_bytes;       /* 0: 1 MiB */
};

enum case_group {
    CASE_STREAM,     /* records per second, as fast as possible */
    CASE_PACED,      /* the same with a slower producer */
    CASE_DRAINED,    /* the same with a slower consumer */
    CASE_MANY,       /* the same with more readers */
    CASE_ROUND_TRIP, /* half round trip in ns, both sides spinning */
    CASE_SLEEPY,     /* the same, with the other side asleep when a record arrives */
    CASE_SEND,       /* cost of one send at a fixed rate, in ns */
    CASE_WAKE,       /* from send to a sleeping reader running, in ns */
    CASE_ASLEEP,     /* CPU used by a side that sleeps, in percent */
    CASE_CPU,        /* CPU used by the reader at a fixed rate, in percent */
    CASE_GROUPS
};
extern const char *const case_group_names[CASE_GROUPS];  /* for machines */
extern const char *const case_group_titles[CASE_GROUPS]; /* for people */

/* The results of all slices in one placement. */
struct case_result {
    double *value; /* one per slice; NULL where times are measured */
    size_t count;  /* of slices */
    size_t room;
    struct histogram *times; /* over all slices, in ticks; NULL where a rate or CPU is measured */
    double wakes;            /* CASE_ASLEEP: wake-ups per second, averaged over the slices */
};

struct bench_case {
    enum case_group group;
    unsigned transport;
    struct job job;
    unsigned every; /* runs in the rounds whose number is a multiple of this */
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

/* Whether higher values are better. */
bool case_wants_more(enum case_group group);

/* Whether the value is a share of CPU time. */
bool case_is_cpu(enum case_group group);

/* Whether the histograms of such cases are meaningful. */
bool case_has_times(enum case_group group);
/* Converts a measured time from ticks to ns. Halves a round trip, and subtracts the cost of reading
 * the clock from a send. */
double case_times_ns(enum case_group group, double ticks);

/* Finds a case by group, transport, size (0: any) and note (NULL: any). NULL: this run has none. */
const struct bench_case *case_find(const struct bench_cases *cases, enum case_group group,
                                   const char *transport, uint32_t bytes, const char *note);

/* The transport that is this one in batches, or NULL. */
const struct transport *case_batched(const struct bench_cases *cases, unsigned transport);

/* The most worker processes that any case needs. */
unsigned cases_most_workers(const struct bench_cases *cases);

/* Makes the usual cases for the transports given. False: not enough memory. */
bool cases_make(struct bench_cases *cases, const struct transport *const *transports,
                const struct bench_settings *settings);
void cases_free(struct bench_cases *cases);

/* Runs all cases in rounds. False: it was interrupted, or failed and printed a message. */
bool cases_run(struct bench_cases *cases, const struct bench_settings *settings);

/* Does a whole run and prints the reports. Returns the exit status. */
int bench_main(const struct transport *const *transports, const struct bench_settings *settings);

#endif
