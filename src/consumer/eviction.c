/* SPDX-License-Identifier: MIT */
/* A consumer that was let go learns of it from the state of its cell. The cell remains its own until
 * it closes it: it may go on to write its ledger and its head there, which gate nobody. */
#include "consumer/eviction.h"

#include <inttypes.h>

#include "consumer/release.h"
#include "error.h"
#include "reader/reader.h"
#include "ring/cell.h"

static int fail_evicted(const mapring_consumer *consumer, uint64_t eviction)
{
    const struct ring *ring = &consumer->reader.ring;
    bool lags = eviction >> 32 == EVICT_LAG;
    return fail(MAPRING_ERROR_EVICTED, ring->name.text,
                "consumer %u of ring '%s' was let go by process %" PRIu32 ", %s; what it holds may "
                "be overwritten, so do not rely on it; close the consumer, and open it again to "
                "read on",
                consumer->cell, ring->name.text, (uint32_t)eviction,
                lags ? "its producer, because the ring was full and this consumer was further "
                       "behind than max_lag_attached"
                     : "which was asked to");
}

/* What it has released was checked by then, so the ledger counts it, even if the producer was not
 * told yet. */
static int report(mapring_consumer *consumer)
{
    const struct ring *ring = &consumer->reader.ring;
    consumer_write_ledger(consumer);
    ring->hot->broken = MAPRING_ERROR_EVICTED;
    return fail_evicted(consumer, load_relaxed(&ring->cells->cell[consumer->cell].eviction));
}

int consumer_judge(mapring_consumer *consumer, int result)
{
    return is_evicted(&consumer->reader.ring, consumer->cell) ? report(consumer) : result;
}

int consumer_check(mapring_consumer *consumer, const void *record)
{
    int result = reader_check(consumer ? &consumer->reader : NULL, record);
    if (result == MAPRING_OK || result == MAPRING_ERROR_EVICTED)
        return consumer_judge(consumer, result);
    return result;
}
