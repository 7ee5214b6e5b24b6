/* SPDX-License-Identifier: MIT */
/* What the loggers share: their string, and names. */
#include "logger.h"

#include <stdio.h>

const char *logger_text = "partially filled now";

void logger_ring(const char *ring, unsigned thread, char name[LOGGER_RING_BYTES])
{
    if (thread == 0)
        snprintf(name, LOGGER_RING_BYTES, "%s", ring);
    else
        snprintf(name, LOGGER_RING_BYTES, "%s.%u", ring, thread);
}

void logger_path(const struct logger_setup *setup, const char *name, char path[LOGGER_PATH_BYTES])
{
    snprintf(path, LOGGER_PATH_BYTES, "%s/%s-%s.log", setup->folder, setup->ring, name);
}
