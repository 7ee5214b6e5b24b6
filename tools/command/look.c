/* SPDX-License-Identifier: MIT */
/* Reads the state of a ring without taking part in it. */
#include "look.h"

#include <stddef.h>

#include "mapring/log.h"

int look(const char *name, enum mapring_scope scope, struct mapring_stat *stat)
{
    struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = scope};
    struct mapring_ring *ring = NULL;
    int result = mapring_open(&ring, name, &attach);
    if (result == MAPRING_OK)
        result = mapring_stat(ring, stat);
    mapring_close(ring);
    return result;
}

struct mapring_repetition look_repetition(const char *name, enum mapring_scope scope)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = scope};
    struct mapring_repetition repetition = {.origin = ""};
    mapring_ring *ring;
    if (mapring_open(&ring, name, &attach) != MAPRING_OK)
        return repetition;
    if (mapring_repetition(ring, &repetition) != MAPRING_OK)
        repetition.origin[0] = '\0';
    mapring_close(ring);
    return repetition;
}

uint32_t look_level(const char *name, enum mapring_scope scope)
{
    enum mapring_level level;
    return mapring_level_get(name, scope, &level) == MAPRING_OK ? (uint32_t)level : 0;
}
