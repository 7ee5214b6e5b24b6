/* SPDX-License-Identifier: MIT */
#ifndef MAPRING_TESTS_OPEN_LOG_H
#define MAPRING_TESTS_OPEN_LOG_H

#include "helpers.h"
#include "mapring/log.h"

static inline mapring_log *open_log(const char *name, const struct mapring_log_options *options)
{
    mapring_log *log;
    check_result(MAPRING_OK, mapring_log_open(&log, name, options));
    return log;
}

#endif
