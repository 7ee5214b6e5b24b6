/* SPDX-License-Identifier: MIT */
/* The consumer's private state, shared between its hot path, its waiting, and its joining. */
#ifndef MAPRING_CONSUMER_H
#define MAPRING_CONSUMER_H

#include "reader.h"

/* What a sleeping consumer waits for. */
struct consumer_watch {
    const struct ring *ring;
    unsigned cell;
    uint64_t position;     /* a record here, */
    uint64_t wake_bytes;   /* and then so much behind it ... */
    int64_t wake_delay_ns; /* ... or so much time; 0: the record is enough */
    uint32_t told;         /* or the end of a later run than this one, */
    uint32_t run;          /* or another producer than this one */
    /* Of an armed handle: */
    const struct waker *waker;
    uint64_t tail; /* when it was armed */
    int64_t until; /* how long it gathers; 0: nothing has come yet */
};

/* How a consumer that is faster than its producer keeps away from it. */
enum { PATIENCE_LEAST = 8, PATIENCE_MOST = 4096 };
struct distance {
    unsigned looks;    /* at an empty place, before the record that came */
    unsigned streak;   /* of records that came at once */
    unsigned patience; /* how long a streak must be */
    bool kept;
    uint64_t since; /* where it paused last */
};

struct mapring_consumer {
    struct reader reader;
    uint64_t first_sequence;  /* where its ledger begins */
    struct distance distance; /* from the producer */
    unsigned cell;
    bool durable;
    bool placed;                 /* it has a place, from which on all is kept for it */
    struct ring_place lapsed_to; /* where it goes on after its lapse */
    struct consumer_watch watch;
    struct waker *waker; /* behind mapring_consumer_wait_handle(), or NULL */
};

/* Gives a new consumer a cell and a place, or a durable one what it has left. */
int consumer_attend(mapring_consumer *consumer, const struct mapring_consumer_options *options);

static inline bool consumer_holds_records(const mapring_consumer *consumer)
{
    return consumer->reader.hot.cursor.position != consumer->reader.hot.released.position;
}

/* Releases all up to the cursor. */
void consumer_give_back(mapring_consumer *consumer);

/* The commit word at the cursor, behind ends of runs that are not to be told. */
uint64_t consumer_look(mapring_consumer *consumer);

/* Waits for a record at the cursor: MAPRING_OK, or why there is none. */
int consumer_wait(mapring_consumer *consumer, int64_t timeout_ns);

/* Asks the producer to wake this consumer when `bytes` bytes or more are there, W: before the last
 * look, in the producer's eyes too. Returns the wait set to sleep on. And takes it back. */
uint32_t consumer_call(const struct consumer_watch *watch, uint64_t bytes);
void consumer_call_off(const struct consumer_watch *watch);

/* With a record there: lets more come, as far as the watch asks for it, until then at the latest. */
void consumer_gather(const struct consumer_watch *watch, int64_t until);

/* Lets the producer wait for this consumer from the position on; false when that is overwritten
 * already, or may be. The second does it for where what is kept begins. */
bool consumer_claim(const mapring_consumer *consumer, uint64_t position);
int consumer_claim_oldest(mapring_consumer *consumer, struct ring_place *place);

/* Takes a place in the ring that the producer will respect, and forgets what was released before:
 * the record with that sequence number, or the nearest one kept. */
int consumer_place(mapring_consumer *consumer, enum mapring_from from, uint64_t sequence);

/* Lets the producer go on that waits for the first consumer. */
void consumer_tell_joined(const struct ring *ring);

/* Before waiting for a record: lets more come, if a distance is kept. After it: whether to keep one
 * from now on. */
void consumer_keep_distance(mapring_consumer *consumer);
void consumer_consider_distance(mapring_consumer *consumer);

/* Lets the producer know what is released. */
void consumer_publish(mapring_consumer *consumer);

/* Writes down where the consumer stands: what it finds again after it was killed. */
void consumer_write_ledger(mapring_consumer *consumer);

/* Wakes a producer that waits for something the consumers do. */
void consumer_wake_producer(const struct ring *ring);

#endif
