/* SPDX-License-Identifier: MIT */
/* Keeping a distance: a consumer right behind its producer makes every cache line go back and forth
 * between the two. Once records have come without a pause for a while, a consumer that finds
 * nothing looks away for some microseconds, and then reads everything that has gathered without
 * meeting the producer. A lone record is not delayed: the pause comes before it, and only as long
 * as the pauses pay. */
#include "consumer/distance.h"

#include "consumer/consumer.h"
#include "platform.h"
#include "ring/ring.h"

enum {
    AT_ONCE_LOOKS = 8, /* a record that is there within this many looks has come at once */
    GATHER_NS = 4000,  /* docs/decisions.md says what else was tried */
    GATHER_LOOK_NS = 500,
    PAYS_BYTES = 512, /* a pause that brings less than this does not pay */
    VAIN_MOST = 3,    /* so many pauses in a row that do not pay, and no distance is kept */
};

static void pause_for(int64_t ns)
{
    int64_t end = platform_now_ns() + ns;
    while (platform_now_ns() < end)
        spin_pause();
}

/* Whether more records follow the one that has just come, or it is a lone one. */
static bool more_keeps_coming(const struct ring *ring)
{
    uint64_t tail = load_acquire(&ring->header->tail);
    pause_for(GATHER_LOOK_NS);
    return load_acquire(&ring->header->tail) != tail;
}

/* Stops keeping a distance. Each time it did not pay, it takes a longer streak to try it again. */
static void leave(struct distance *distance)
{
    distance->kept = false;
    distance->vain = 0;
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
    bool pays = ahead(position, distance->since) >= PAYS_BYTES;
    distance->vain = pays ? 0 : distance->vain + 1;
    if (distance->vain == VAIN_MOST) {
        leave(distance);
        return;
    }
    if (pays && distance->patience > PATIENCE_LEAST)
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
