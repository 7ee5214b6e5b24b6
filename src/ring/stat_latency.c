/* SPDX-License-Identifier: MIT */
/* How far behind in time a consumer is, and its latencies, in short and in full. */
#include "ring/stat_latency.h"

#include "error.h"
#include "platform.h"
#include "ring/clock.h"
#include "ring/handle.h"
#include "ring/latency.h"
#include "ring/walk.h"

/* The number whose low half is in the word and which is close to another number. */
static uint64_t whole_sequence(uint64_t word, uint64_t other)
{
    return other + (uint64_t)(int32_t)(commit_sequence(word) - (uint32_t)other);
}

/* When the record at or after the position was committed; 0 if that is unknown, if none is there, or
 * if it is overwritten meanwhile. */
static uint64_t time_at(const struct ring *ring, uint64_t position, uint64_t sequence)
{
    struct clock_view view = {0};
    uint64_t word = walk_over_notes(ring, &position);
    if (!commit_is_data(word))
        return 0;
    uint64_t counter = record_counter(ring->hot, position);
    uint64_t time_ns = clock_view_time(ring, &view, whole_sequence(word, sequence), counter);
    return ring_intact(ring, position) ? time_ns : 0;
}

/* At least 1, since 0 means that it has read everything. */
static uint64_t lag_of(const struct ring *ring, const struct mapring_consumer_stat *consumer)
{
    uint64_t time_ns = time_at(ring, consumer->head, consumer->sequence);
    uint64_t now = platform_wall_clock_ns();
    if (consumer->pending_records == 0 || time_ns == 0)
        return 0;
    return now > time_ns ? now - time_ns : 1;
}

void stat_latency(const struct ring *ring, struct mapring_consumer_stat *consumer)
{
    struct mapring_latency latency;
    if (!record_has_times(ring->hot))
        return;
    consumer->lag_ns = lag_of(ring, consumer);
    latency_read(&ring->cells->latency[consumer->cell], &latency);
    consumer->latency_samples = latency.samples;
    consumer->latency_p50_ns = latency_percentile(&latency, 500);
    consumer->latency_p99_ns = latency_percentile(&latency, 990);
    consumer->latency_p999_ns = latency_percentile(&latency, 999);
    consumer->latency_max_ns = latency.longest_ns;
}

int mapring_latency(mapring_ring *handle, unsigned cell, struct mapring_latency *latency)
{
    if (!handle)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the ring is a null pointer");
    const struct ring *ring = &handle->ring;
    if (!latency)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "the argument that receives the latencies of ring '%s' is a null pointer",
                    ring->name.text);
    if (cell >= CELL_COUNT)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "ring '%s' has no cell %u; its consumers are in cells 0 to %d", ring->name.text,
                    cell, CELL_COUNT - 1);
    if (ring->hot->broken)
        return ring_broken(ring);
    latency_read(&ring->cells->latency[cell], latency);
    return MAPRING_OK;
}
