/* SPDX-License-Identifier: MIT */
/* Which rings are known to be taken, so that a process with many threads does not try each of them
 * for each thread. */
#include "log/place.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

enum { OTHERS_NS = 1000000000, PLACES_MORE = 16 };

static bool grow(mapring_log *log)
{
    size_t count = log->place_count + PLACES_MORE;
    struct place *places = realloc(log->places, count * sizeof *places);
    if (!places)
        return false;
    memset(places + log->place_count, 0, PLACES_MORE * sizeof *places);
    log->places = places;
    log->place_count = (uint32_t)count;
    return true;
}

int place_take(mapring_log *log, uint32_t *place)
{
    int64_t now = platform_now_ns();
    uint32_t i = 0;
    while (i < log->place_count && (log->places[i].taken || now < log->places[i].not_until_ns))
        i++;
    if (i == log->place_count && !grow(log))
        return fail_memory(log->name, "the places");
    log->places[i].taken = true;
    *place = i;
    return MAPRING_OK;
}

void place_leave(mapring_log *log, uint32_t place, bool is_others)
{
    /* not covered: the log was closed meanwhile */
    if (place >= log->place_count)
        return;
    log->places[place].taken = false;
    log->places[place].not_until_ns = is_others ? platform_now_ns() + OTHERS_NS : 0;
}

void place_forget_all(mapring_log *log)
{
    free(log->places);
    log->places = NULL;
    log->place_count = 0;
}
