/* SPDX-License-Identifier: MIT */
/*
 * An actor is a process that takes a role in a ring and does what the test tells it to, one command
 * per line, so that a test reads as a dialogue of processes:
 *
 *     struct process *writer = start_actor(), *reader = start_actor();
 *     expect(writer, MAPRING_OK, "producer %s", name);
 *     expect(reader, MAPRING_OK, "consumer %s", name);
 *     tell(reader, "read 1 forever");             the reader waits
 *     expect(writer, MAPRING_OK, "send 1 100");
 *     check_result(MAPRING_OK, answer(reader).result);
 *
 * The commands follow. TIME is in milliseconds or "forever", and 0 (try once) if omitted.
 *
 *     ring NAME [HOW [CAPACITY [SLOT [POLICY]]]]   HOW: either, create, attach
 *     producer NAME [HOW [CAPACITY [SLOT [POLICY]]]]   POLICY: block, drop, overwrite
 *     consumer NAME [FROM [CONSUMER [durable [MAX_LAG [WAKE_BYTES [WAKE_DELAY [waits]]]]]]]
 *                                              FROM: oldest (the default), newest, unread, run,
 *                                              or a sequence number; waits: for a producer
 *     observer NAME [FROM [AFTER_LAP [global|waits]]]   waits: for a producer
 *     close                                    everything that is open
 *     send COUNT BYTES [TIME]                  reply.count: records sent
 *     flood COUNT BYTES [TIME]                 continues after a drop; reply.lost: records dropped
 *     batch COUNT BYTES [TIME]
 *     reserve BYTES [TIME], commit BYTES, abort
 *     torn COUNT BYTES                         writes into a reservation: a batch without its first
 *                                              commit word
 *     drain [TIME], wait COUNT [TIME]          wait: for consumers
 *     wake                                     wakes sleeping readers
 *     next [TIME], release, receive [TIME], wait_producer [TIME]
 *     read COUNT [TIME]                        next and release; reply.count: records read
 *     look [TIME]                              the observer's receive
 *     follow COUNT [TIME [across]]             consumer or observer, until COUNT records are read
 *                                              or lost; across: past ends of runs, which
 *                                              reply.ends counts
 *     seek FROM
 *     remove NAME [force], prune NAME
 *     poke header|slot|cell                    stores into the mapping
 *     drop                                     becomes another user; result 1: impossible here
 *
 * Every record is filled according to its sequence number, and checked against it.
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
    int intact;        /* all contents and sequence numbers that were read are right */
    uint64_t lost;     /* reported losses: number of records, first sequence number, bytes */
    uint64_t lost_from;
    uint64_t lost_bytes;
    uint64_t ends;   /* ends of runs that were passed */
    int64_t took_ns; /* duration of the command, and the actor's CPU time in it */
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

/* Gives the actor a command, and checks the result. */
#define expect(actor, result, ...) expect_at(__FILE__, __LINE__, (actor), (result), __VA_ARGS__)
PRINTF_LIKE(5, 6)
struct reply expect_at(const char *file, int line, struct process *actor, int result,
                       const char *format, ...);

/* Reads exactly `count` records from `sequence` on, all of them intact. */
#define expect_records(actor, sequence, count) \
    expect_records_at(__FILE__, __LINE__, (actor), (sequence), (count))
void expect_records_at(const char *file, int line, struct process *actor, uint64_t sequence,
                       uint64_t count);

/* Wait until the consumer in that cell, or the producer, sleeps or is about to. */
void await_sleeping_consumer(const char *name, unsigned cell);
void await_sleeping_producer(const char *name);

/* Fills the payload of the record with that sequence number. */
void record_fill(void *payload, size_t bytes, uint64_t sequence);
bool record_is_intact(const void *payload, size_t bytes, uint64_t sequence);

struct mapring_stat stat_of(const char *name);

/* Reads a ring's file of 64 KiB so that its header can be changed and written back. */
struct ring_header *header_read(const char *path);
void header_write(const char *path, struct ring_header *header); /* frees it */

/* Changes an empty ring so that its first record has that position and sequence number. */
void header_begin_at(const char *path, uint64_t position, uint64_t sequence);

#endif
