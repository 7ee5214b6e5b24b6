/* SPDX-License-Identifier: MIT */
/*
 * What the benchmarks need of the operating system beyond ../os.h. ../linux/bench_os.c and
 * ../windows/bench_os.c provide it; the build chooses.
 */
#ifndef BENCH_OS_H
#define BENCH_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The CPUs that this process may use, in *cpus. Returns how many, at most `limit`. */
unsigned bench_cpus(unsigned *cpus, unsigned limit);

/* Binds the calling process to one CPU. */
bool bench_pin(unsigned cpu);

/* A process that runs this same program with the arguments, which end with NULL. */
struct bench_process {
    intptr_t handle;
};
bool bench_spawn(struct bench_process *process, const char *const *arguments);
bool bench_is_alive(struct bench_process *process);
void bench_wait(struct bench_process *process); /* for its end */
void bench_kill(struct bench_process *process);

int64_t bench_cpu_ns(void);    /* CPU time that this process has used */
uint64_t bench_switches(void); /* how often it gave up the CPU by itself; 0 where nobody counts */
uint64_t bench_process_id(void);

/* "Linux 6.1.0", "Windows 10.0.19045 (Wine 8.0)". */
void bench_system(char *text, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
