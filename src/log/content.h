/* SPDX-License-Identifier: MIT */
/* What tells the rings of logs from others. */
#ifndef MAPRING_LOG_CONTENT_H
#define MAPRING_LOG_CONTENT_H

#include "ring/ring.h"

bool log_has_content(const struct ring *ring);

/* MAPRING_ERROR_WRONG_KIND if the ring is not a log's. */
int log_check_content(const struct ring *ring);

#endif
