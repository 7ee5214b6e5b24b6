/* SPDX-License-Identifier: MIT */
/* The consumer's private state, shared between its hot path, its waiting, and its joining. */
#ifndef MAPRING_CONSUMER_H
#define MAPRING_CONSUMER_H

#include "ring.h"
#include "walk.h"

struct mapring_consumer {
    struct ring ring;
    struct ring_place cursor;   /* the next record to hand out */
    struct ring_place released; /* everything before it is given back */
    uint64_t published;         /* the head that the producer knows */
    unsigned cell;
    unsigned empty_looks;
};

/* Waits for a record at the cursor: MAPRING_OK, or why there is none. */
int consumer_wait(mapring_consumer *consumer, int64_t timeout_ns);

/* Lets the producer know what is released. */
void consumer_publish(mapring_consumer *consumer);

/* Wakes a producer that waits for something the consumers do. */
void consumer_wake_producer(const struct ring *ring);

#endif
