/* SPDX-License-Identifier: MIT */
/* The results of a run as text, as JSON, and as a page. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

#include "cases.h"

enum { MACHINE_TEXT_BYTES = 256, PERCENTILES = 5 };

struct machine {
    char processor[MACHINE_TEXT_BYTES];
    char system[MACHINE_TEXT_BYTES];
};

struct machine machine_here(void);

/* 0.5, 0.9, 0.99, 0.999, 0.9999 and their names. */
extern const double percentile_shares[PERCENTILES];
extern const char *const percentile_names[PERCENTILES];

/* What the words of the reports mean. */
struct bench_word {
    const char *word, *meaning;
};
extern const struct bench_word bench_words[];
extern const size_t bench_words_count;

/* Over all slices together, in ns. */
struct percentiles {
    double ns[PERCENTILES], max, middle; /* mean without the lowest and the highest twentieth */
};
struct percentiles percentiles_of(const struct bench_case *each, const struct case_result *placed);

/* Stores the placements in the order in which they are reported: the one with the most slices
 * first. Returns their number. */
unsigned placements_seen(const struct bench_cases *cases, enum placement *order);

void report_table(const struct bench_cases *cases, const struct machine *machine);
void report_json(const struct bench_cases *cases, const struct machine *machine);

/* False: it could not be written; errno says why. */
bool report_html(const struct bench_cases *cases, const struct machine *machine, const char *path);

#endif
