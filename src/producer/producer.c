/* SPDX-License-Identifier: MIT */
/* The checks that the calls of a producer make on its handle. */
#include "producer/producer.h"

#include <inttypes.h>

#include "error.h"
#include "platform.h"
#include "ring/geometry.h"
#include "ring/ring.h"

enum { REMOVAL_NS = 500000000 };

int producer_check(const mapring_producer *producer)
{
    if (!producer)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the producer is a null pointer");
    return producer->hot.ring.broken ? ring_broken(&producer->ring) : MAPRING_OK;
}

int producer_check_free(const mapring_producer *producer)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    if (producer->hot.reserved_span)
        return fail(MAPRING_ERROR_HELD, producer->ring.name.text,
                    "a record of ring '%s' is already reserved; commit or abort it first (if this "
                    "thread reserved none, another thread is using the handle)",
                    producer->ring.name.text);
    return MAPRING_OK;
}

int producer_check_sender(const mapring_producer *producer)
{
    int result = producer_check_free(producer);
    if (result == MAPRING_OK && ring_repeats(&producer->ring))
        return fail(MAPRING_ERROR_POLICY, producer->ring.name.text,
                    "ring '%s' repeats ring '%s', so it takes no other records",
                    producer->ring.name.text, producer->ring.origin.text);
    return result;
}

int producer_too_large(const struct ring *ring, size_t bytes)
{
    return fail(MAPRING_ERROR_RECORD_TOO_LARGE, ring->name.text,
                "a record of %zu bytes is too large for ring '%s'; the limit is %" PRIu64
                " bytes; make a ring with a larger capacity",
                bytes, ring->name.text, ring->hot->record_limit);
}

void producer_choose_way(mapring_producer *producer)
{
    bool slow = producer_has_untold(producer) || producer->quiet || producer->run_before ||
                producer->removed || producer->timing.called || ring_repeats(&producer->ring);
    producer->hot.ring.slow = (producer->hot.ring.slow & MAPRING_TIMES) | (slow ? MAPRING_SLOW : 0);
}

bool producer_is_removed(mapring_producer *producer)
{
    const struct ring *ring = &producer->ring;
    int64_t now = platform_now_ns();
    if (producer->removed || (now < producer->next_look_ns && !load_relaxed(&ring->cells->removed)))
        return producer->removed;
    producer->next_look_ns = now + REMOVAL_NS;
    producer->removed = ring_is_removed(ring);
    producer_choose_way(producer);
    return producer->removed;
}
