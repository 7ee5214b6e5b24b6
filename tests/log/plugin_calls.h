/* SPDX-License-Identifier: MIT */
/* What a library that logs, and its program, know of each other. */
#ifndef MAPRING_TESTS_PLUGIN_CALLS_H
#define MAPRING_TESTS_PLUGIN_CALLS_H

#include "mapring/log.h"

/* What plugin_calls() of the library returns. */
struct plugin_calls {
    int (*open)(mapring_log **log, const char *name);
    void (*log)(mapring_log *log, int number);
    void (*close)(mapring_log *log);
};

#endif
