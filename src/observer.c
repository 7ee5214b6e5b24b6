/* SPDX-License-Identifier: MIT */
/* Observers: they read beside the producer, write nothing, and so may be lapped. What they read
 * counts only if the horizon, looked at afterwards, is still within one capacity. */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "reader.h"

enum {
    NAP_FIRST_NS = 50000,  /* nobody wakes an observer: it polls, */
    NAP_LAST_NS = 2000000, /* and less and less often: at most 500 looks a second when idle */
    MARK_TRIES = 10000,
};

struct mapring_observer {
    struct reader reader;
    enum mapring_from after_lap;
    uint64_t held; /* position of the record handed out last */
};

/* With room to spare: a place at the very edge would be lapped before it is read. */
static bool find_place(const struct ring *ring, enum mapring_from from, struct ring_place *place)
{
    if (from == MAPRING_NEWEST)
        return mark_newest(ring, place);
    uint64_t spare = ring->capacity / 4;
    return mark_oldest(ring, load_acquire(&ring->header->horizon) + spare, place) ||
           mark_newest(ring, place);
}

static int find_intact_place(struct ring *ring, enum mapring_from from, struct ring_place *place)
{
    for (int tries = MARK_TRIES; tries > 0; tries--)
        if (find_place(ring, from, place) && ring_intact(ring, place->position))
            return MAPRING_OK;
    return ring_damaged(ring, "none of its marks is within reach of its horizon");
}

static int go_on_after_lap(mapring_observer *observer, struct mapring_record *record)
{
    struct reader *reader = &observer->reader;
    struct ring_place place;
    int result = find_intact_place(&reader->ring, observer->after_lap, &place);
    return result == MAPRING_OK ? reader_skip(reader, &place, record) : result;
}

/* Up to what is committed now; on the way it may be lapped, then the mark will do. */
static void skip_to_newest(struct ring *ring, struct ring_place *place)
{
    struct ring_place end = *place;
    int result = walk(ring, &end, load_acquire(&ring->header->tail));
    if (result == MAPRING_OK && ring_intact(ring, place->position))
        *place = end;
}

static int start(mapring_observer *observer, enum mapring_from from)
{
    struct ring *ring = &observer->reader.ring;
    struct ring_place place;
    uint64_t horizon = load_acquire(&ring->header->horizon);
    int result = MAPRING_OK;
    if (from == MAPRING_NEWEST || !mark_oldest(ring, horizon, &place))
        result = find_intact_place(ring, from, &place);
    if (result != MAPRING_OK)
        return result;
    if (from == MAPRING_NEWEST)
        skip_to_newest(ring, &place);
    observer->reader.hot.cursor =
        (struct mapring_cursor){.position = place.position, .sequence = place.sequence};
    return MAPRING_OK;
}

static int check_from(enum mapring_from from, const char *name, const char *what)
{
    if (from <= MAPRING_NEWEST && from >= MAPRING_UNREAD)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_ARGUMENT, name, "options.%s is %d, which no observer can do", what,
                (int)from);
}

int mapring_observer_open(mapring_observer **out, const char *name,
                          const struct mapring_observer_options *options)
{
    static const struct mapring_observer_options defaults;
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name, "the place for the observer is a null pointer");
    *out = NULL;
    if (!options)
        options = &defaults;
    int result = check_from(options->from, name, "from");
    if (result == MAPRING_OK)
        result = check_from(options->after_lap, name, "after_lap");
    if (result != MAPRING_OK)
        return result;
    mapring_observer *observer = calloc(1, sizeof *observer);
    if (!observer)
        return fail_memory(name, "an observer");
    observer->after_lap = options->after_lap;
    result = ring_attach(&observer->reader.ring, &observer->reader.hot.ring.broken, name,
                         options->scope, options->prefault, ACCESS_READ);
    if (result == MAPRING_OK) {
        reader_attend_runs(&observer->reader, options->wait_producer);
        result = start(observer, options->from);
    }
    if (result == MAPRING_OK)
        *out = observer;
    else
        mapring_observer_close(observer);
    return result;
}

void mapring_observer_close(mapring_observer *observer)
{
    if (!observer)
        return;
    ring_close(&observer->reader.ring);
    free(observer);
}

static int poll_until(struct reader *reader, int64_t timeout_ns)
{
    int64_t deadline = deadline_after(timeout_ns);
    int64_t nap = NAP_FIRST_NS;
    unsigned looks = 0;
    int result;
    while ((result = reader_look_for_a_while(reader, &looks)) == MAPRING_NOTHING) {
        int64_t limit = sleep_limit(deadline, SYSTEM_NONE);
        if (limit == 0)
            return MAPRING_TIMED_OUT;
        platform_pause_ns(nap < limit ? nap : limit);
        nap = 2 * nap < NAP_LAST_NS ? 2 * nap : NAP_LAST_NS;
    }
    return result;
}

/* An observer that was lapped sees the 0 behind somebody else's record, too. */
static int wait_for_record(mapring_observer *observer, int64_t timeout_ns)
{
    struct reader *reader = &observer->reader;
    uint32_t told = reader->told;
    int result = timeout_ns == 0 ? reader_look_once(reader) : poll_until(reader, timeout_ns);
    if (ring_intact(&reader->ring, reader->hot.cursor.position))
        return result;
    reader->told = told;
    return MAPRING_OK;
}

/* H: the word, and what a note says, before the horizon. */
static int take(mapring_observer *observer, struct mapring_record *record)
{
    struct reader *reader = &observer->reader;
    struct mapring_cursor before = reader->hot.cursor;
    uint32_t told = reader->told;
    uint64_t word = ring_look(&reader->ring, before.position);
    int result = word ? reader_take(reader, word, record) : MAPRING_ERROR_DAMAGED;
    if (ring_intact(&reader->ring, before.position)) {
        observer->held = before.position;
        return result < 0 ? reader_damaged(reader, word) : result;
    }
    reader->hot.cursor = before;
    reader->told = told;
    return go_on_after_lap(observer, record);
}

int mapring_observer_next(mapring_observer *observer, struct mapring_record *record,
                          int64_t timeout_ns)
{
    int result = reader_check(observer ? &observer->reader : NULL, record);
    if (result != MAPRING_OK)
        return result;
    if (!reader_look(&observer->reader)) {
        result = wait_for_record(observer, timeout_ns);
        if (result != MAPRING_OK)
            return result;
    }
    return take(observer, record);
}

bool mapring_observer_is_valid(const mapring_observer *observer)
{
    return observer && !observer->reader.hot.ring.broken &&
           ring_intact(&observer->reader.ring, observer->held);
}

/* By whole words that are atomic: the producer may be writing here. Whether it was is found out
 * afterwards; H: the loads come before the look at the horizon. */
static void copy_out(const struct ring *ring, uint64_t position, unsigned char *buffer,
                     size_t bytes)
{
    const shared_u64 *words = ring_payload_words(ring, position);
    uint64_t word;
    for (; bytes >= sizeof word; bytes -= sizeof word, buffer += sizeof word) {
        word = load_acquire(words++);
        memcpy(buffer, &word, sizeof word);
    }
    if (bytes > 0) {
        word = load_acquire(words);
        memcpy(buffer, &word, bytes);
    }
}

int mapring_observer_receive(mapring_observer *observer, void *buffer, size_t buffer_bytes,
                             struct mapring_record *record, int64_t timeout_ns)
{
    int result =
        reader_check_copy(observer ? &observer->reader : NULL, record, buffer, buffer_bytes);
    if (result != MAPRING_OK)
        return result;
    struct mapring_cursor before = observer->reader.hot.cursor;
    result = mapring_observer_next(observer, record, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    if (record->bytes > buffer_bytes)
        return reader_step_back(&observer->reader, &before, record, buffer_bytes);
    copy_out(&observer->reader.ring, observer->held, buffer, record->bytes);
    record->payload = buffer;
    if (!mapring_observer_is_valid(observer)) {
        observer->reader.hot.cursor = before;
        return go_on_after_lap(observer, record);
    }
    return MAPRING_OK;
}
