/* SPDX-License-Identifier: MIT */
#include "log/ring.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "log/packed.h"
#include "log/place.h"
#include "log/ring_name.h"

enum { STRANGE_MOST = 100, NUMBERS_LEAST = 64 };

static int take_place(mapring_log *log, uint32_t *place)
{
    platform_lock(&log_lock);
    int result = place_take(log, place);
    platform_unlock(&log_lock);
    return result;
}

static void leave_place(mapring_log *log, uint32_t place, bool is_others)
{
    platform_lock(&log_lock);
    place_leave(log, place, is_others);
    platform_unlock(&log_lock);
}

/* The name may belong to something else, or to another user, but the next one need not. */
static bool is_strange(int result)
{
    switch (result) {
    case MAPRING_ERROR_GEOMETRY_DIFFERS:
    case MAPRING_ERROR_BEING_CREATED:
    case MAPRING_ERROR_WRONG_KIND:
    case MAPRING_ERROR_FOREIGN:
    case MAPRING_ERROR_DAMAGED:
    case MAPRING_ERROR_PERMISSION:
    case MAPRING_ERROR_POLICY: return true;
    default: return false;
    }
}

static int open_at(mapring_log *log, struct log_ring *ring, uint32_t place)
{
    char name[PATH_LIMIT];
    int result = log_ring_name(name, log->name, place);
    /* not covered: the path is too long for a number of so many digits */
    if (result != MAPRING_OK)
        return result;
    return mapring_producer_open(&ring->producer, name, &log->options.ring);
}

int log_ring_open(mapring_log *log, struct log_ring *ring)
{
    for (unsigned strange = 0;;) {
        uint32_t place;
        int result = take_place(log, &place);
        if (result != MAPRING_OK)
            return result;
        result = open_at(log, ring, place);
        ring->place = place;
        ring->opened += result == MAPRING_OK;
        if (result == MAPRING_OK)
            return MAPRING_OK;
        strange += is_strange(result);
        bool is_others = result == MAPRING_ERROR_PRODUCER_TAKEN || is_strange(result);
        leave_place(log, place, is_others);
        /* not covered: so many names belong to something else */
        if (!is_others || strange > STRANGE_MOST)
            return result;
    }
}

void log_ring_drop(struct log_ring *ring)
{
    mapring_producer_close(ring->producer);
    ring->producer = NULL;
    free(ring->numbers);
    ring->numbers = NULL;
    ring->number_count = 0;
}

void log_ring_close(mapring_log *log, struct log_ring *ring)
{
    log_ring_drop(ring);
    leave_place(log, ring->place, false);
}

static bool grow(struct log_ring *ring, uint32_t index)
{
    if (index < ring->number_count)
        return true;
    uint32_t count = ring->number_count ? 2 * ring->number_count : NUMBERS_LEAST;
    while (count <= index)
        count *= 2;
    uint32_t *numbers = realloc(ring->numbers, count * sizeof *numbers);
    if (!numbers)
        return false;
    memset(numbers + ring->number_count, 0, (count - ring->number_count) * sizeof *numbers);
    ring->numbers = numbers;
    ring->number_count = count;
    return true;
}

/* Whatever is wrong with the dictionary: the record then says what would stand in it. */
static uint32_t define(struct log_ring *ring, uint32_t kind, const void *payload, size_t bytes)
{
    uint64_t offset;
    int result = mapring_producer_define(ring->producer, kind, payload, bytes, &offset);
    return result == MAPRING_OK ? entry_number(offset) : 0;
}

uint32_t log_ring_number(struct log_ring *ring, const struct site_entry *site)
{
    if (site->index < ring->number_count && ring->numbers[site->index])
        return ring->numbers[site->index];
    uint32_t number = define(ring, ENTRY_SITE, site->payload, site->bytes);
    if (grow(ring, site->index))
        ring->numbers[site->index] = number;
    return number;
}

static size_t put_text(unsigned char *to, const char *text)
{
    size_t bytes = strlen(text) + 1;
    memcpy(to, text, bytes);
    return bytes;
}

uint32_t log_ring_thread(struct log_ring *ring, const char *thread_name)
{
    enum { PROGRAM_BYTES = 256 };
    char program[PROGRAM_BYTES];
    const uint64_t ids[2] = {platform_process(), platform_thread()};
    unsigned char payload[THREAD_FIXED_BYTES + PROGRAM_BYTES + THREAD_NAME_BYTES];
    static_assert(sizeof ids == THREAD_FIXED_BYTES, "packed.h");
    platform_program(program, sizeof program);
    memcpy(payload, ids, sizeof ids);
    size_t bytes = sizeof ids;
    bytes += put_text(payload + bytes, program);
    bytes += put_text(payload + bytes, thread_name);
    return define(ring, ENTRY_THREAD, payload, bytes);
}
