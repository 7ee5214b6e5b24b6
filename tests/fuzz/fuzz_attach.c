/* SPDX-License-Identifier: MIT */
/* All roles open a hostile mapping, look at it, and leave; some remove what is in it. */
#include <string.h>

#include "hostile.h"

static void look_what_it_repeats(mapring_ring *ring)
{
    struct mapring_repetition repetition;
    if (checked(mapring_repetition(ring, &repetition)) == MAPRING_OK)
        must(memchr(repetition.origin, 0, sizeof repetition.origin));
}

static void look(const char *path, const struct mapring_options *options)
{
    static struct mapring_stat stat;
    mapring_ring *ring;
    if (checked(mapring_open(&ring, path, options)) != MAPRING_OK)
        return;
    if (checked(mapring_stat(ring, &stat)) == MAPRING_OK)
        must(stat.consumers <= MAPRING_CONSUMER_LIMIT);
    look_what_it_repeats(ring);
    mapring_close(ring);
}

static void produce(const char *path)
{
    mapring_producer *producer;
    if (checked(mapring_producer_open(&producer, path, NULL)) == MAPRING_OK)
        mapring_producer_close(producer);
}

static void consume(const char *path, const char *name)
{
    const struct mapring_consumer_options options = {.name = name, .durable = name != NULL};
    mapring_consumer *consumer;
    if (checked(mapring_consumer_open(&consumer, path, &options)) == MAPRING_OK)
        mapring_consumer_close(consumer);
}

static void observe(const char *path)
{
    mapring_observer *observer;
    if (checked(mapring_observer_open(&observer, path, NULL)) == MAPRING_OK)
        mapring_observer_close(observer);
}

void fuzz(const char *path, unsigned choices)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH},
                                 wishes = {.capacity_bytes = CAPACITY, .slot_bytes = 16},
                                 *const options[] = {NULL, &attach, &wishes, &attach};
    look(path, options[choices & 3]);
    observe(path);
    if (choices & 4)
        consume(path, NULL);
    if (choices & 8)
        consume(path, CONSUMER_NAME);
    if (choices & 16)
        checked(mapring_consumer_remove(path, MAPRING_LOCAL, CONSUMER_NAME));
    if (choices & 32)
        produce(path);
    look(path, &attach);
}
