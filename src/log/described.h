/* SPDX-License-Identifier: MIT */
/* What the entries of a log's dictionary describe: see packed.h. They may contain anything. */
#ifndef MAPRING_LOG_DESCRIBED_H
#define MAPRING_LOG_DESCRIBED_H

#include <stdbool.h>
#include <stddef.h>

#include "log/packed.h"
#include "mapring/log.h"

struct described_site {
    uint32_t level, line;
    enum long_double_kind long_double;
    size_t count;               /* of values */
    const unsigned char *types; /* enum mapring1_log_type of each */
    const char *format, *file, *function;
};

struct described_thread {
    uint64_t process, thread;
    const char *program, *name;
};

/* Read the payload of an entry, in which the pointers then lie. False if it is not a valid one. */
bool site_read(struct described_site *site, const unsigned char *payload, size_t bytes);
bool thread_read(struct described_thread *thread, const unsigned char *payload, size_t bytes);

#endif
