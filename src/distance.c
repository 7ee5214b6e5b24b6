/* SPDX-License-Identifier: MIT */
/* Keeping a distance: a consumer right behind its producer makes every cache line go back and
 * forth. When records have come at once for a while, it lets some KiB gather before it reads on, as
 * long as more keep coming; a lone record is never waited with, since nothing comes at once behind
 * it. */
#include "consumer.h"

enum {
    AT_ONCE_LOOKS = 8,   /* a record that came within so many looks came at once */
    GATHER_BYTES = 8192, /* 4 to 16 KiB measured alike; 1 KiB is too near */
    GATHER_ROUNDS = 16,  /* of GATHER_PAUSES each, some 18 ns a pause: 2 us at most */
    GATHER_PAUSES = 8,
    PATIENCE_MOST = 1024,
};

static uint64_t gather(const mapring_consumer *consumer)
{
    const struct ring *ring = &consumer->reader.ring;
    uint64_t cursor = consumer->reader.hot.cursor.position;
    uint64_t tail = load_acquire(&ring->header->tail);
    for (int round = 0; round < GATHER_ROUNDS && ahead(tail, cursor) < GATHER_BYTES; round++) {
        for (int i = 0; i < GATHER_PAUSES; i++)
            spin_pause();
        uint64_t before = tail;
        tail = load_acquire(&ring->header->tail);
        if (tail == before)
            break;
    }
    return tail;
}

/* Where it does not pay, because few records come meanwhile, it is tried again only later. */
void mapring1_consumer_keep_distance(mapring_consumer *consumer)
{
    struct distance *distance = &consumer->distance;
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    hot->known = gather(consumer);
    if (ahead(hot->known, hot->cursor.position) >= GATHER_BYTES / 4) {
        if (distance->patience > PATIENCE_LEAST)
            distance->patience--;
        return;
    }
    hot->known = DISTANCE_NOT_KEPT;
    distance->streak = 0;
    if (distance->patience < PATIENCE_MOST)
        distance->patience *= 2;
}

void consumer_consider_distance(mapring_consumer *consumer)
{
    struct distance *distance = &consumer->distance;
    distance->streak = distance->looks <= AT_ONCE_LOOKS ? distance->streak + 1 : 0;
    distance->looks = 0;
    if (distance->streak >= distance->patience)
        mapring1_consumer_keep_distance(consumer);
}
