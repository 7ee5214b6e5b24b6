/* SPDX-License-Identifier: MIT */
/* What each record of mapring stress contains, and how it is sent: its number decides both. */
#include "payload.h"

#include "choices.h"

enum payload_way payload_way(uint64_t sequence)
{
    static const enum payload_way ways[GROUP] = {WAY_BATCH,       WAY_BATCH, WAY_BATCH,
                                                 WAY_PART,        WAY_SEND,  WAY_IN_PLACE,
                                                 WAY_AFTER_ABORT, WAY_SEND};
    return ways[sequence % GROUP];
}

static uint64_t noise(const struct plan *plan, uint64_t sequence)
{
    return choices_mix((plan->seed ^ plan->round << 32) + sequence * UINT64_C(0x9E3779B97F4A7C15));
}

/* Most records are small, and one in four is of any size. */
size_t payload_bytes(const struct plan *plan, uint64_t sequence)
{
    enum { SMALL = 100 };
    uint64_t chance = noise(plan, sequence), limit = plan->largest_bytes + 1;
    if (chance >> 62 != 0 && limit > SMALL)
        limit = SMALL;
    return (size_t)((chance & UINT32_MAX) % limit);
}

static unsigned char byte_at(uint64_t chance, size_t i)
{
    return (unsigned char)((chance >> i % 8 * 8) + i * 7);
}

void payload_fill(const struct plan *plan, uint64_t sequence, unsigned char *data, size_t bytes)
{
    uint64_t chance = noise(plan, sequence);
    for (size_t i = 0; i < bytes; i++)
        data[i] = byte_at(chance, i);
}

bool payload_is_right(const struct plan *plan, const struct mapring_record *record)
{
    const unsigned char *data = record->payload;
    uint64_t chance = noise(plan, record->sequence);
    if (record->bytes != payload_bytes(plan, record->sequence))
        return false;
    for (size_t i = 0; i < record->bytes; i++)
        if (data[i] != byte_at(chance, i))
            return false;
    return record->continued == (payload_way(record->sequence) == WAY_PART);
}
