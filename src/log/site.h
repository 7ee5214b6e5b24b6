/* SPDX-License-Identifier: MIT */
/* The sites of this process, by their content: what a library that is unloaded and loaded again
 * logs has the same index, and nothing here points into it. */
#ifndef MAPRING_LOG_SITE_H
#define MAPRING_LOG_SITE_H

#include "log/state.h"

struct site_entry {
    uint32_t index; /* from 1 */
    uint32_t bytes;
    uint64_t hash;
    uint16_t limits[MAPRING_LOG_VALUES];
    unsigned char payload[]; /* as packed.h says */
};

/* The entry of a site, which gets its index and limits if it has none. It is never freed. NULL, and
 * a failure reported, if there is no memory for it. With log_lock held. */
const struct site_entry *site_register(struct mapring1_log_site *site);

#endif
