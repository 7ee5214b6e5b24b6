/* SPDX-License-Identifier: MIT */
/* The total of dropped records in the header. */
#include "ring/drop_total.h"

enum { TOTAL_TRIES = 1000 };

/* The producer writes the entry that is not in use: if the count is the same before and after, both
 * words belong together. */
struct ring_loss drop_total(const struct ring *ring)
{
    int tries = TOTAL_TRIES;
    uint64_t made;
    struct ring_loss loss;
    do {
        made = load_acquire(&ring->header->drops_made);
        const struct ring_dropped *total = &ring->header->dropped[made % 2];
        loss.records = load_acquire(&total->records);
        loss.payload_bytes = load_acquire(&total->payload_bytes);
    } while (load_relaxed(&ring->header->drops_made) != made && --tries > 0);
    return loss;
}
