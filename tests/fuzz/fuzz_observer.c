/* SPDX-License-Identifier: MIT */
/* An observer opens a hostile mapping and reads on. */
#include "hostile.h"

enum { CALLS = 2000 };

/* The meanings of the bits in the choices. */
enum { NEWEST = 1, NEWEST_AFTER_LAP = 2, WAITS = 4, IN_PLACE = 8 };

static unsigned char buffer[CAPACITY / 2];

static int next(mapring_observer *observer, int64_t timeout_ns)
{
    struct mapring_record record;
    int result = checked(mapring_observer_next(observer, &record, timeout_ns));
    if (result == MAPRING_OK)
        check_payload(&record);
    mapring_observer_is_valid(observer);
    return result;
}

/* Begins with a buffer that may be too small. */
static int receive(mapring_observer *observer, int64_t timeout_ns)
{
    struct mapring_record record;
    int result = checked(mapring_observer_receive(observer, buffer, 300, &record, timeout_ns));
    must(result != MAPRING_ERROR_BUFFER_TOO_SMALL || record.bytes < CAPACITY / 2);
    if (result == MAPRING_ERROR_BUFFER_TOO_SMALL)
        result =
            checked(mapring_observer_receive(observer, buffer, sizeof buffer, &record, timeout_ns));
    return result;
}

void fuzz(const char *path, unsigned choices)
{
    const struct mapring_observer_options options = {
        .from = choices & NEWEST ? MAPRING_NEWEST : MAPRING_OLDEST,
        .after_lap = choices & NEWEST_AFTER_LAP ? MAPRING_NEWEST : MAPRING_OLDEST};
    mapring_observer *observer;
    if (checked(mapring_observer_open(&observer, path, &options)) != MAPRING_OK)
        return;
    for (int i = 0, empty = 0; i < CALLS && empty < 3; i++) {
        int result = (choices & IN_PLACE ? next : receive)(observer, choices & WAITS ? 1000 : 0);
        if (result < 0)
            break;
        empty += result != MAPRING_OK && result != MAPRING_LOST;
    }
    mapring_observer_close(observer);
}
