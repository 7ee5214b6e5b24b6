/* SPDX-License-Identifier: MIT */
/* A C interface to the parts of Google Benchmark that the benchmarks need. */
#ifndef BENCH_GBENCH_SHIM_H
#define BENCH_GBENCH_SHIM_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gbench; /* one run of a benchmark */

/* Registers a benchmark for some sizes, which `run` gets from gbench_size(). `name` is copied. */
void gbench_register(const char *name, void (*run)(struct gbench *bench), const int64_t *sizes,
                     unsigned count);

int64_t gbench_size(const struct gbench *bench);

/* The measured loop: while (gbench_goes_on(bench, 100)) do it 100 times. */
bool gbench_goes_on(struct gbench *bench, int64_t times);

/* Starts or stops the clock. It runs at the beginning of each turn. */
void gbench_clock(struct gbench *bench, bool runs);

/* Sets how many records the whole loop has passed. Call it after the loop. */
void gbench_did(struct gbench *bench, int64_t records);

/* Ends this run with a message. */
void gbench_fail(struct gbench *bench, const char *message);

/* Reads the usual options of Google Benchmark and runs what was registered. Returns the exit
 * status. */
int gbench_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
