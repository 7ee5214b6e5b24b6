/* SPDX-License-Identifier: MIT */
/*
 * What the benchmarks need of the operating system beyond shared/os.h.
 * linux/bench_os.c and windows/bench_os.c implement it; the build chooses one of them.
 */
#ifndef BENCH_OS_H
#define BENCH_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Stores the CPUs that this process may use in *cpus. Returns their number, at most `limit`. */
unsigned bench_cpus(unsigned *cpus, unsigned limit);

/* Binds the calling process to one CPU. */
bool bench_pin(unsigned cpu);

/* A process that runs this same program with the given arguments, which end with NULL. */
struct bench_process {
    intptr_t handle;
};
bool bench_spawn(struct bench_process *process, const char *const *arguments);
bool bench_is_alive(struct bench_process *process);
void bench_wait(struct bench_process *process); /* waits for its end */
void bench_kill(struct bench_process *process);

/* Whether the process that started this one, which had that id, still runs. */
bool bench_parent_runs(uint64_t id);

int64_t bench_cpu_ns(void);    /* CPU time that this process has used */
uint64_t bench_switches(void); /* voluntary context switches; 0 if the system does not count them */
uint64_t bench_process_id(void);

/* Such as "Linux 6.1.0" or "Windows 10.0.19045 (Wine 8.0)". */
void bench_system(char *text, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
