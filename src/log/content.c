/* SPDX-License-Identifier: MIT */
#include "log/content.h"

#include <string.h>

#include "mapring/log.h"

bool log_has_content(const struct ring *ring)
{
    return strcmp(ring->content, MAPRING_LOG_CONTENT) == 0;
}

int log_check_content(const struct ring *ring)
{
    if (log_has_content(ring))
        return MAPRING_OK;
    return fail(MAPRING_ERROR_WRONG_KIND, ring->name.text,
                "ring '%s' is not a log: its content is '%s', not '%s'", ring->name.text,
                ring->content, MAPRING_LOG_CONTENT);
}
