/* SPDX-License-Identifier: MIT */
/* One ring of a merge. A consumer holds the item that it shows in the ring, an observer copies
 * it. */
#include "merge/lane.h"

#include <stdlib.h>
#include <string.h>

#include "consumer/eviction.h"
#include "consumer/release.h"
#include "error.h"
#include "layout.h"
#include "reader/observer.h"

struct lane *lane_new(const char *name)
{
    size_t bytes = strlen(name) + 1;
    struct lane *lane = calloc(1, sizeof *lane);
    if (lane)
        lane->name = malloc(bytes);
    if (!lane || !lane->name) {
        free(lane);
        fail_memory(name, "a place in a merge");
        return NULL;
    }
    memcpy(lane->name, name, bytes);
    return lane;
}

void lane_close(struct lane *lane)
{
    mapring_consumer_close(lane->consumer);
    mapring_observer_close(lane->observer);
    lane->consumer = NULL;
    lane->observer = NULL;
    lane->order.has_times = false;
    lane->over = true;
}

void lane_free(struct lane *lane)
{
    lane_close(lane);
    free(lane->error);
    free(lane->copy);
    free(lane->name);
    free(lane);
}

const struct reader *lane_reader(const struct lane *lane)
{
    return lane->consumer ? &lane->consumer->reader : observer_reader(lane->observer);
}

/* A ring that was not there before has nothing in it that is not wanted. */
static enum mapring_from place_in(const struct mapring_merge_options *options, bool later)
{
    return later && options->from != MAPRING_UNREAD ? MAPRING_OLDEST : options->from;
}

static int observe(struct lane *lane, const struct mapring_merge_options *options, bool later)
{
    const struct mapring_observer_options observer = {
        .scope = options->scope,
        .from = place_in(options, later),
        .after_lap = options->after_lap,
        .prefault = options->prefault,
        .wait_producer = options->wait_producer && !later,
    };
    return mapring_observer_open(&lane->observer, lane->name, &observer);
}

static int consume(struct lane *lane, const struct mapring_merge_options *options, bool later)
{
    const struct mapring_consumer_options consumer = {
        .scope = options->scope,
        .from = place_in(options, later),
        .name = options->name,
        .durable = options->durable,
        .max_lag_bytes = options->max_lag_bytes,
        .prefault = options->prefault,
        .wait_producer = options->wait_producer && !later,
    };
    return mapring_consumer_open(&lane->consumer, lane->name, &consumer);
}

/* Who may not write learns of that before being told that the ring can only be observed. */
static int observe_if_it_overwrites(struct lane *lane, const struct mapring_merge_options *options,
                                    bool later, int refusal)
{
    const struct mapring_error before = *mapring_last_error();
    int result = observe(lane, options, later);
    if (result == MAPRING_OK && lane_reader(lane)->ring.when_full == WHEN_FULL_OVERWRITE)
        return MAPRING_OK;
    mapring_observer_close(lane->observer);
    lane->observer = NULL;
    error_restore(&before);
    return refusal;
}

static int open_reader(struct lane *lane, const struct mapring_merge_options *options, bool later)
{
    if (options->observe)
        return observe(lane, options, later);
    int result = consume(lane, options, later);
    if ((result == MAPRING_ERROR_POLICY || result == MAPRING_ERROR_PERMISSION) && !options->durable)
        return observe_if_it_overwrites(lane, options, later, result);
    return result;
}

int lane_open(struct lane *lane, const struct mapring_merge_options *options, bool later)
{
    int result = open_reader(lane, options, later);
    if (result != MAPRING_OK)
        return result;
    const struct ring_identity *identity = &lane_reader(lane)->ring.header->identity;
    lane->order.has_times = identity->features_required & FEATURE_TIMES;
    lane->created_ns = identity->created_ns;
    return MAPRING_OK;
}

void lane_keep_failure(struct lane *lane, int failure)
{
    lane->result = failure;
    lane->error = malloc(sizeof *lane->error);
    /* not covered: there is no memory to say that there is no memory */
    if (lane->error)
        *lane->error = *mapring_last_error();
}

static int copy_next(struct lane *lane)
{
    struct mapring_record *record = &lane->record;
    for (;;) {
        int result =
            mapring_observer_receive(lane->observer, lane->copy, lane->copy_bytes, record, 0);
        if (result != MAPRING_ERROR_BUFFER_TOO_SMALL)
            return result;
        unsigned char *larger = realloc(lane->copy, record->bytes);
        /* not covered: there is no memory */
        if (!larger)
            return fail_memory(lane->name, "the copy of a record");
        lane->copy = larger;
        lane->copy_bytes = record->bytes;
    }
}

static int take_next(struct lane *lane)
{
    lane->before = lane->consumer->reader.hot.cursor;
    return mapring_consumer_next(lane->consumer, &lane->record, 0);
}

bool lane_look(struct lane *lane)
{
    lane->result = lane->consumer ? take_next(lane) : copy_next(lane);
    if (lane->result == MAPRING_NOTHING)
        return false;
    if (lane->result != MAPRING_OK && lane->result != MAPRING_LOST)
        lane->record = (struct mapring_record){0};
    if (lane->result < 0)
        lane_keep_failure(lane, lane->result);
    return true;
}

/* Where what was handed out ends. A record that the lane shows was not handed out yet. Whatever else
 * it shows needs no release. */
static const struct mapring_cursor *end_of(const struct lane *lane)
{
    bool shows_record = lane->order.shows && lane->result == MAPRING_OK;
    return shows_record ? &lane->before : &lane->consumer->reader.hot.cursor;
}

static bool is_held(const struct lane *lane)
{
    return lane->consumer && end_of(lane)->position != lane->consumer->reader.hot.released.position;
}

int lane_check(struct lane *lane)
{
    return is_held(lane) ? consumer_judge(lane->consumer, MAPRING_OK) : MAPRING_OK;
}

void lane_release(struct lane *lane)
{
    if (is_held(lane))
        consumer_give_back_to(lane->consumer, end_of(lane));
}
