/* SPDX-License-Identifier: MIT */
/* Processes that read the rings of a logger, each on a CPU of its own. */
#ifndef BENCH_LOG_READER_H
#define BENCH_LOG_READER_H

#include "core/os.h"
#include "logger.h"

struct readers {
    struct bench_process process[LOGGER_THREADS];
    unsigned count;
};

/* Starts one for each ring, and waits until they read. Rings that overwrite are observed. `cpu`:
 * that of the first one. False: prints why. */
bool readers_start(struct readers *readers, const struct logger_setup *setup, const unsigned *cpu);

/* Waits for their end, which comes when the rings are closed. */
void readers_wait(struct readers *readers);

/* In the process of one: RING VIEW CPU consume|observe. Returns its exit status. */
int reader_run(char **arguments);

#endif
