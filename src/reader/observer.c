/* SPDX-License-Identifier: MIT */
/* Observers read beside the producer and write nothing, so they may be lapped. What they have read
 * counts only if the horizon, loaded afterwards, is still at most one capacity ahead. */
#include "reader/observer.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "name.h"
#include "platform.h"
#include "reader/begin.h"
#include "reader/reader.h"
#include "ring/deadline.h"
#include "ring/open.h"
#include "ring/options.h"
#include "ring/ring.h"

enum {
    NAP_FIRST_NS = 50000,  /* nobody wakes an observer, so it polls, */
    NAP_LAST_NS = 2000000, /* ever more rarely: at most 500 times a second when idle */
    FIND_TRIES = 10000,
};

struct mapring_observer {
    struct reader reader;
    enum mapring_from after_lap;
    struct ring_place lapsed_to; /* where it begins, after the lost records of its run */
    bool lapped;                 /* since the last record that it handed out */
    uint64_t held;               /* position of the last record that it handed out */
};

/* A place counts only if its start is still intact when it has been found: a walk over records that
 * are being overwritten may end anywhere. */
static bool find(const struct ring *ring, struct beginning *beginning, int *result)
{
    if (!begin_start(ring, beginning) || !ring_intact(ring, beginning->place.position))
        return false;
    uint64_t position = beginning->place.position;
    *result = begin_find(ring, beginning);
    return ring_intact(ring, position);
}

static int find_beginning(struct ring *ring, enum mapring_from from, uint64_t spare,
                          struct beginning *beginning)
{
    int result = MAPRING_OK;
    for (int tries = FIND_TRIES; tries > 0; tries--) {
        *beginning = begin_with(ring, from == MAPRING_UNREAD ? MAPRING_OLDEST : from, 0);
        beginning->spare = spare;
        if (!find(ring, beginning, &result))
            continue;
        if (result == MAPRING_OK)
            return MAPRING_OK;
        return ring_damaged(ring, "the records after a place to start from make no sense");
    }
    return ring_damaged(ring, "no place to start from is within reach of its horizon");
}

/* Everything between its old and its new place counts as lost, except for what a gap record will
 * report. If it is lapped again before it has read anything, it begins further from the edge: right
 * at it, it could be lapped again and again. */
static int go_on_after_lap(mapring_observer *observer, struct mapring_record *record)
{
    struct reader *reader = &observer->reader;
    struct beginning beginning;
    uint64_t spare = observer->lapped ? ring_capacity(&reader->ring) / 4 : 0;
    int result = find_beginning(&reader->ring, observer->after_lap, spare, &beginning);
    observer->lapped = true;
    if (result != MAPRING_OK)
        return result;
    result = reader_skip(reader, &beginning.place, record);
    return record->lost_records ? result : MAPRING_NOTHING; /* it skipped notes only */
}

static int start(mapring_observer *observer, enum mapring_from from)
{
    struct reader *reader = &observer->reader;
    struct beginning beginning;
    int result = find_beginning(&reader->ring, from, 0, &beginning);
    if (result != MAPRING_OK)
        return result;
    const struct ring_place *place = &beginning.place;
    reader_set_lapsed(reader, ahead(place->sequence, beginning.sequence) > 0);
    reader->hot.cursor = (struct mapring_cursor){
        .position = place->position,
        .sequence = reader->lapsed ? beginning.sequence : place->sequence,
    };
    reader->known_drops = beginning.known_drops;
    observer->lapsed_to = *place;
    return MAPRING_OK;
}

static int check_from(enum mapring_from from, const char *name, const char *what)
{
    if (from >= MAPRING_UNREAD && from <= MAPRING_RUN && from != MAPRING_AT_SEQUENCE)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_ARGUMENT, name, "invalid options.%s of an observer of ring '%s': %d",
                what, name, (int)from);
}

int mapring_observer_open(mapring_observer **out, const char *name,
                          const struct mapring_observer_options *options)
{
    static const struct mapring_observer_options defaults;
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the observer is a null pointer");
    *out = NULL;
    if (!options)
        options = &defaults;
    struct ring_name parsed;
    int result = ring_name_parse(&parsed, name, options->scope);
    if (result == MAPRING_OK)
        result = OPTIONS_CHECK_RESERVED(options, name);
    if (result == MAPRING_OK)
        result = check_from(options->from, name, "from");
    if (result == MAPRING_OK)
        result = check_from(options->after_lap, name, "after_lap");
    if (result != MAPRING_OK)
        return result;
    mapring_observer *observer = calloc(1, sizeof *observer);
    if (!observer)
        return fail_memory(name, "an observer");
    observer->after_lap = options->after_lap;
    result = ring_attach(&observer->reader.ring, &observer->reader.hot.ring, name, options->scope,
                         options->prefault, ACCESS_READ);
    if (result == MAPRING_OK) {
        bool waits = options->wait_producer || options->from == MAPRING_RUN;
        reader_choose_runs(&observer->reader, waits ? TOLD_NEXT : TOLD_LATEST);
        result = start(observer, options->from);
    }
    if (result == MAPRING_OK)
        *out = observer;
    else
        mapring_observer_close(observer);
    return result;
}

const struct reader *observer_reader(const mapring_observer *observer)
{
    return &observer->reader;
}

void mapring_observer_close(mapring_observer *observer)
{
    if (!observer)
        return;
    ring_close(&observer->reader.ring);
    free(observer);
}

/* Also ends when it is lapped: what overwrites its place need not look like a record. */
static int poll_until(struct reader *reader, int64_t timeout_ns)
{
    int64_t deadline = deadline_after(timeout_ns);
    int64_t nap = NAP_FIRST_NS;
    unsigned looks = 0;
    int result = check_timeout(&reader->ring, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    while ((result = reader_look_for_a_while(reader, &looks)) == MAPRING_NOTHING &&
           ring_intact(&reader->ring, reader->hot.cursor.position)) {
        int64_t limit = sleep_limit(deadline, SYSTEM_NONE);
        if (limit == 0)
            return reader_look_last(reader);
        platform_pause_ns(nap < limit ? nap : limit);
        nap = 2 * nap < NAP_LAST_NS ? 2 * nap : NAP_LAST_NS;
    }
    return result;
}

/* The 0 that a lapped observer sees may be the one after a record of a later lap. */
static int wait_for_record(mapring_observer *observer, int64_t timeout_ns)
{
    struct reader *reader = &observer->reader;
    uint32_t told = reader->told;
    int result = timeout_ns == 0 ? reader_look_once(reader) : poll_until(reader, timeout_ns);
    bool lapped = result >= MAPRING_OK && !ring_intact(&reader->ring, reader->hot.cursor.position);
    if (!lapped)
        return result;
    reader->told = told;
    return MAPRING_OK;
}

/* H: the commit word and the contents of a note are loaded before the horizon. */
static int take(mapring_observer *observer, struct mapring_record *record)
{
    struct reader *reader = &observer->reader;
    struct mapring_cursor before = reader->hot.cursor;
    uint64_t known = reader->known_drops;
    uint32_t told = reader->told;
    uint64_t latest_ns = reader->clock.latest_ns;
    uint64_t word = record_look(&reader->hot.ring, before.position);
    int result = word ? reader_take(reader, word, record) : MAPRING_ERROR_DAMAGED;
    if (ring_intact(&reader->ring, before.position)) {
        observer->held = before.position;
        observer->lapped = false;
        return result < 0 ? reader_damaged(reader, word) : result;
    }
    reader->hot.cursor = before;
    reader->hot.cursor.sequence += known;
    reader->known_drops = 0;
    reader->told = told;
    reader->clock.latest_ns = latest_ns;
    return go_on_after_lap(observer, record);
}

static int next_record(mapring_observer *observer, struct mapring_record *record,
                       int64_t timeout_ns)
{
    int result = reader_check(observer ? &observer->reader : NULL, record);
    if (result != MAPRING_OK)
        return result;
    if (observer->reader.lapsed) {
        reader_set_lapsed(&observer->reader, false);
        return reader_skip(&observer->reader, &observer->lapsed_to, record);
    }
    if (!reader_look(&observer->reader)) {
        result = wait_for_record(observer, timeout_ns);
        if (result != MAPRING_OK)
            return result;
    }
    result = take(observer, record);
    return result == MAPRING_NOTHING ? mapring_observer_next(observer, record, timeout_ns) : result;
}

int mapring_observer_next(mapring_observer *observer, struct mapring_record *record,
                          int64_t timeout_ns)
{
    int result = next_record(observer, record, timeout_ns);
    return outcome(observer ? reader_tell_run(&observer->reader, result, record) : result);
}

bool mapring_observer_is_valid(const mapring_observer *observer)
{
    return observer && !observer->reader.hot.ring.broken &&
           ring_intact(&observer->reader.ring, observer->held);
}

/* Copies whole words atomically, because the producer may be writing here, which the caller checks
 * afterwards; H: these loads come before that of the horizon. */
static void copy_out(const struct ring *ring, uint64_t position, unsigned char *buffer,
                     size_t bytes)
{
    const shared_u64 *words = record_words(ring->hot, position);
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
    bool lapped = observer->lapped;
    result = mapring_observer_next(observer, record, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    struct mapring_cursor before = observer->reader.hot.cursor;
    before.position = observer->held;
    before.sequence = record->sequence;
    before.payload_bytes -= record->bytes;
    if (record->bytes > buffer_bytes)
        return reader_step_back(&observer->reader, &before, record, buffer_bytes);
    copy_out(&observer->reader.ring, observer->held, buffer, record->bytes);
    record->payload = buffer;
    if (!mapring_observer_is_valid(observer)) {
        observer->reader.hot.cursor = before;
        observer->lapped = lapped;
        return outcome(go_on_after_lap(observer, record));
    }
    return MAPRING_OK;
}
