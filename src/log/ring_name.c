/* SPDX-License-Identifier: MIT */
#include "log/ring_name.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

/* How much of the log's name comes before the number. */
static size_t stem_bytes(const char *log)
{
    const size_t bytes = strlen(log), suffix = strlen(RING_SUFFIX);
    bool has_suffix = strpbrk(log, "/\\") && bytes > suffix &&
                      strcmp(log + bytes - suffix, RING_SUFFIX) == 0;
    return has_suffix ? bytes - suffix : bytes;
}

int log_ring_name(char ring[PATH_LIMIT], const char *log, uint32_t number)
{
    char dot_number[16] = "";
    int stem = (int)stem_bytes(log);
    if (number > 0)
        snprintf(dot_number, sizeof dot_number, ".%" PRIu32, number);
    struct ring_name parsed;
    int bytes = snprintf(ring, PATH_LIMIT, "%.*s%s%s", stem, log, dot_number, log + stem);
    if (bytes >= PATH_LIMIT)
        return fail(MAPRING_ERROR_NAME, log,
                    "the path of ring %" PRIu32 " of log '%s' has %d bytes; the limit is %d",
                    number, log, bytes, PATH_LIMIT - 1);
    return ring_name_parse(&parsed, ring, MAPRING_LOCAL);
}

uint32_t ring_name_number(const char *ring, const char *log)
{
    size_t stem = stem_bytes(log);
    return strlen(ring) > strlen(log) ? (uint32_t)strtoul(ring + stem + 1, NULL, 10) : 0;
}
