/* SPDX-License-Identifier: MIT */
/*
 * An actor is a process that takes a role in a ring and does what the test tells it, one command a
 * line, so that a test reads as a dialogue of processes:
 *
 *     struct process *writer = start_actor(), *reader = start_actor();
 *     expect(writer, MAPRING_OK, "producer %s", name);
 *     expect(reader, MAPRING_OK, "consumer %s", name);
 *     tell(reader, "read 1 forever");             the reader waits
 *     expect(writer, MAPRING_OK, "send 1 100");
 *     check_result(MAPRING_OK, answer(reader).result);
 *
 * Commands; times are in milliseconds or "forever", and 0 (try once) when left out:
 *
 *     ring NAME [HOW [CAPACITY [SLOT [POLICY]]]]   HOW: either, create, attach
 *     producer NAME [HOW [CAPACITY [SLOT [POLICY]]]]   POLICY: block, drop, overwrite
 *     consumer NAME [FROM [CONSUMER [durable [MAX_LAG [WAKE_BYTES [WAKE_DELAY [waits]]]]]]]
 *                                              FROM: oldest (when left out), newest, unread,
 *                                              run, or a sequence number
 *     observer NAME [FROM [AFTER_LAP [global|waits]]]   waits: for a producer
 *     close                                    all that is open
 *     send COUNT BYTES [TIME]                  reply.count: how many were sent
 *     flood COUNT BYTES [TIME]                 goes on after a drop; reply.lost: how many
 *     batch COUNT BYTES [TIME]
 *     reserve BYTES [TIME], commit BYTES, abort
 *     torn COUNT BYTES                         into a reservation: a batch but for its first word
 *     drain [TIME], wait COUNT [TIME]          for consumers
 *     wake                                     those that sleep
 *     next [TIME], release, receive [TIME], wait_producer [TIME]
 *     read COUNT [TIME]                        next and release; reply.count: how many were read
 *     look [TIME]                              the observer's receive
 *     follow COUNT [TIME [across]]             consumer or observer, until COUNT are read or lost;
 *                                              across: ends of runs, reply.ends of them
 *     seek FROM
 *     remove NAME [force]
 *     poke header|slot|cell                    stores into the mapping
 *     drop                                     becomes another user; result 1: cannot be done here
 *
 * Every record is filled by its sequence number, and checked against it.
 */
#ifndef MAPRING_TESTS_ACTOR_H
#define MAPRING_TESTS_ACTOR_H

#include "helpers.h"
#include "ring/ring.h"

struct reply {
    int result;
    uint64_t count;
    uint64_t bytes;    /* of the last record */
    uint64_t sequence; /* of the last record */
    int intact;        /* contents and sequence numbers of all that was read are right */
    uint64_t lost;     /* told to be lost: how many, from which on, of how many bytes */
    uint64_t lost_from;
    uint64_t lost_bytes;
    uint64_t ends;   /* of runs, gone across */
    int64_t took_ns; /* the command, and the actor's processor time in it */
    int64_t cpu_ns;
    char text[512]; /* of a failure */
};

#define ACTOR_ROLE          \
    {                       \
        "actor", actor_main \
    }
int actor_main(int argc, char **argv);

struct process *start_actor(void);
struct process *start_producer(const char *name);
struct process *start_consumer(const char *name, const char *from);

#define tell process_say
struct reply answer(struct process *actor);

/* Tells, and checks the answer's result. */
#define expect(actor, result, ...) expect_at(__FILE__, __LINE__, (actor), (result), __VA_ARGS__)
PRINTF_LIKE(5, 6)
struct reply expect_at(const char *file, int line, struct process *actor, int result,
                       const char *format, ...);

/* Reads exactly `count` records, all intact, from `sequence` on. */
#define expect_records(actor, sequence, count) \
    expect_records_at(__FILE__, __LINE__, (actor), (sequence), (count))
void expect_records_at(const char *file, int line, struct process *actor, uint64_t sequence,
                       uint64_t count);

/* Until the consumer in that cell, or the producer, is in its sleep or about to fall into it. */
void await_sleeping_consumer(const char *name, unsigned cell);
void await_sleeping_producer(const char *name);

/* What a record of that sequence number holds. */
void record_fill(void *payload, size_t bytes, uint64_t sequence);
bool record_is_intact(const void *payload, size_t bytes, uint64_t sequence);

struct mapring_stat stat_of(const char *name);

/* A ring's header in a file, to be changed and written back: the whole ring, 64 KiB each. */
struct ring_header *header_read(const char *path);
void header_write(const char *path, struct ring_header *header); /* frees it */

/* Makes an empty ring one whose first record has that position and that number. */
void header_begin_at(const char *path, uint64_t position, uint64_t sequence);

#endif
