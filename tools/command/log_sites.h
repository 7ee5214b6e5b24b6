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
    struct log_site *site;
    size_t count, space;
};

/* Adds the site unless it is there already. NULL: there is not enough memory. */
struct log_site *log_sites_add(struct log_sites *sites, const struct log_site *site);

/* By file, line, and so on. */
void log_sites_sort(struct log_sites *sites);
void log_sites_free(struct log_sites *sites);

#endif
