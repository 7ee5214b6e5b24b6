/* SPDX-License-Identifier: MIT */
/* Opens and closes one end of a mapring. */
#include "ring_lane.h"

#include <stdio.h>
#include <stdlib.h>

#include "shared/os.h"

enum { TRIES = 5000 };

static struct ring_lane *make(const struct channel *channel)
{
    struct ring_lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    size_t bytes = channel->job->bytes;
    lane->batch = job_batch(channel->job);
    lane->buffer = calloc(lane->batch, bytes);
    return lane;
}

static void *opened(struct ring_lane *lane, int code, struct result *result)
{
    if (code == MAPRING_OK)
        return lane;
    snprintf(result->error, sizeof result->error, "%.200s", mapring_last_error()->text);
    ring_lane_close(lane);
    return NULL;
}

static void *open_writer(const struct channel *channel, bool times, struct result *result)
{
    struct mapring_options options = {.capacity_bytes = channel->job->capacity_bytes,
                                      .times = times};
    struct ring_lane *lane = make(channel);
    if (!lane || !lane->buffer)
        return opened(lane, MAPRING_ERROR_NO_MEMORY, result);
    return opened(lane, mapring_producer_open(&lane->producer, channel->name, &options), result);
}

void *ring_lane_write(const struct channel *channel, struct result *result)
{
    return open_writer(channel, false, result);
}

void *ring_lane_write_times(const struct channel *channel, struct result *result)
{
    return open_writer(channel, true, result);
}

void *ring_lane_read(const struct channel *channel, struct result *result)
{
    struct ring_lane *lane = make(channel);
    int code = MAPRING_ERROR_NO_MEMORY;
    for (int i = 0; i < TRIES && lane && lane->buffer != NULL; i++) {
        if (channel->observes)
            code = mapring_observer_open(&lane->observer, channel->name, NULL);
        else
            code = mapring_consumer_open(&lane->consumer, channel->name, NULL);
        if (code != MAPRING_ERROR_NOT_THERE)
            break;
        os_pause_ms(1);
    }
    return opened(lane, code, result);
}

void ring_lane_close(void *context)
{
    struct ring_lane *lane = context;
    if (!lane)
        return;
    mapring_producer_close(lane->producer);
    mapring_consumer_close(lane->consumer);
    mapring_observer_close(lane->observer);
    free(lane->buffer);
    free(lane);
}

void ring_lane_remove(const struct channel *channel)
{
    mapring_remove(channel->name, MAPRING_LOCAL, true);
}
