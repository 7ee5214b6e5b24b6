/* SPDX-License-Identifier: MIT */
/* A ring for each thread, without a log. */
#ifndef BENCH_LOG_RINGS_H
#define BENCH_LOG_RINGS_H

#include "logger.h"

void *rings_open(const struct logger_setup *setup);
void rings_close(void *rings);

/* The producer of the thread's ring. */
void *rings_enter(void *rings, unsigned thread);

#endif
