/* SPDX-License-Identifier: MIT */
/* Keeping a distance: a consumer right behind its producer makes every cache line go back and
 * forth. When records have come at once for a while, a consumer that finds nothing looks away for
 * some microseconds, and then reads all that has gathered without meeting the producer once. A lone
 * record is never waited with: the pause comes before it, and only while the last one paid. */
#include "consumer/distance.h"

#include "consumer/consumer.h"
#include "platform.h"
#include "ring/ring.h"

enum {
    AT_ONCE_LOOKS = 8, /* a record that came within so many looks came at once */
    GATHER_NS = 4000,  /* see docs/decisions.md for what else was tried */
    GATHER_LOOK_NS = 500,
    PAYS_BYTES = 512, /* less than that during a pause is not worth it */
};

static void pause_for(int64_t ns)
{
    int64_t end = platform_now_ns() + ns;
    while (platform_now_ns() < end)
        spin_pause();
}

/* Whether more comes behind the record that has just come: otherwise it is alone. */
static bool more_keeps_coming(const struct ring *ring)
{
    uint64_t tail = load_acquire(&ring->header->tail);
    pause_for(GATHER_LOOK_NS);
    return load_acquire(&ring->header->tail) != tail;
}

/* Where it does not pay, because few records come meanwhile, it is tried again only later. */
static void leave(struct distance *distance)
{
    distance->kept = false;
    distance->streak = 0;
    if (distance->patience < PATIENCE_MOST)
        distance->patience *= 2;
}

void consumer_keep_distance(mapring_consumer *consumer)
{
    struct distance *distance = &consumer->distance;
    uint64_t position = consumer->reader.hot.cursor.position;
    if (!distance->kept)
        return;
    if (ahead(position, distance->since) < PAYS_BYTES) {
        leave(distance);
        return;
    }
    if (distance->patience > PATIENCE_LEAST)
        distance->patience--;
    distance->since = position;
    pause_for(GATHER_NS);
}

void consumer_consider_distance(mapring_consumer *consumer)
{
    struct distance *distance = &consumer->distance;
    bool at_once = distance->looks <= AT_ONCE_LOOKS;
    distance->looks = 0;
    if (distance->kept)
        return;
    distance->streak = at_once ? distance->streak + 1 : 0;
    if (distance->streak < distance->patience)
        return;
    distance->since = consumer->reader.hot.cursor.position;
    if (more_keeps_coming(&consumer->reader.ring))
        distance->kept = true;
    else
        leave(distance);
}
