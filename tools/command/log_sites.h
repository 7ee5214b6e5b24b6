/* SPDX-License-Identifier: MIT */
/* The places in programs that log: what the dictionaries of a log's rings say about them, without
 * duplicates. */
#ifndef TOOLS_LOG_SITES_H
#define TOOLS_LOG_SITES_H

#include "mapring/log_reader.h"

struct log_site {
    uint32_t level, line;
    char *file, *function, *format;
    uint64_t lines; /* as far as they were counted */
};

struct log_sites {
    struct log_site *site; /* by file, line, and so on */
    size_t count, space;
};

/* Adds the site unless it is there already. Returns it, which is valid until the next call. NULL:
 * there is not enough memory. */
struct log_site *log_sites_add(struct log_sites *sites, const struct log_site *site);

void log_sites_free(struct log_sites *sites);

#endif
