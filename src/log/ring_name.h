/* SPDX-License-Identifier: MIT */
/* The names of the rings of a log. */
#ifndef MAPRING_LOG_RING_NAME_H
#define MAPRING_LOG_RING_NAME_H

#include <stdint.h>

#include "name.h"

/* Writes the name of the log's ring with that number: NAME, NAME.1, and so on; of a file PATH.ring,
 * PATH.1.ring. MAPRING_ERROR_NAME if that is no name for a
 * ring. */
int log_ring_name(char ring[PATH_LIMIT], const char *log, uint32_t number);

/* Returns the number of a ring that has such a name. */
uint32_t ring_name_number(const char *ring, const char *log);

#endif
