/* SPDX-License-Identifier: MIT */
/* Steps a process through an operation, instruction by instruction. Declares what is stepped
 * through, and what must hold wherever it stops. */
#ifndef VERIFY_STEP_H
#define VERIFY_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "mapring/mapring.h"

enum {
    CAPACITY = 65536,
    DICTIONARY_BYTES = 65536, /* of the rings in which something is defined */
    FILE_BYTES = 2 * 65536 + CAPACITY + DICTIONARY_BYTES, /* at most */
    EARLIER_BYTES = 40, /* payload of the records before the operation */
    LARGEST = CAPACITY / 2,
    DEFINED_KIND = 7,
    GAP_RECORDS = 5, /* the records of a loss that is repeated */
    ENDED_RUN = 7,   /* the run of the origin that ends in a ring that repeats */
};

/* The first record's number. Its low half, which is in the commit words, wraps soon. */
#define FIRST_SEQUENCE (UINT64_C(0xFFFFFFFF) - 1)

enum side { SIDE_PRODUCER, SIDE_CONSUMER, SIDE_OBSERVER };

struct trial {
    const struct operation *operation;
    uint64_t first_position;
    uint32_t slot_bytes;
    size_t bytes;     /* payload of the operation's record */
    unsigned earlier; /* records sent before, by a producer that died */
    unsigned read;    /* how many of these a consumer that died had read and released */
};

/* What a stepped process holds. The tracer sees its results in `report`. */
struct actor {
    const struct trial *trial;
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    struct report *report;
};

struct report {
    int failed_at; /* line of the first check that failed; 0: none */
    int result;
    uint64_t next; /* the number after the last record seen */
};

struct operation {
    const char *name;
    enum side side;
    enum mapring_when_full when_full;
    unsigned sends;    /* number of records, which become visible together or not at all */
    unsigned releases; /* number of records, released one after another */
    bool defines;      /* an entry of the dictionary, with the payload of the first record */
    bool times;        /* the ring has times */
    bool opens;        /* takes tens of thousands of steps */
    bool reads_on;     /* continues as the consumer "check", and then reads everything else */
    bool repeats;      /* the ring has an origin */
    void (*prepare)(struct actor *actor);
    void (*run)(struct actor *actor); /* the part that is stepped through */
    void (*finish)(struct actor *actor);
};

extern const struct operation operations[];
extern const size_t operation_count;

/* Remembers the first failure, since a stepped process has no other way to report it. */
#define expect(actor, condition) \
    ((void)((condition) || (actor)->report->failed_at || ((actor)->report->failed_at = __LINE__)))

extern char ring_name[64], copy_name[80]; /* paths of the ring and of a copy of it */
extern size_t ring_bytes;                 /* size of the ring: FILE_BYTES or less */

/* ---- step.c: the stepped process ---- */

/* Names the next trial, for reports, and restarts its time limit. */
__attribute__((format(printf, 1, 2))) void begin(const char *format, ...);

pid_t spawn(const struct trial *trial);   /* stopped before the operation's first instruction */
void end_by_kill(pid_t child);
const char *finish(pid_t child); /* runs it to its own end; returns NULL, or what is wrong */
bool judge(const char *wrong,
           long at); /* counts a boundary; reports what is wrong there, if anything */
void count(bool good);
void made_progress(void); /* restarts the time limit */
_Noreturn void end_badly(const char *what);

/* ---- step_way.c ---- */

void way_begin(void);   /* before a process is stepped through from its first to its last step */
bool step(pid_t child); /* false at the end of the operation */
/* Lets another process, at its beginning, go as far as that one had come after so many steps;
 * returns the same. */
bool step_to(pid_t child, long boundary);

/* ---- step_create.c ---- */

/* Stops and kills a process that creates a ring. */
void try_creation(bool thorough);

/* ---- step_ring.c: rings and what they hold ---- */

/* Makes the trial's ring, sets ring_bytes, and returns an image of it. */
void ring_make(const struct trial *trial, const char *name, unsigned char *image);
/* Writes an image into the ring's file, which is created if it does not exist. */
void ring_put(const char *name, const unsigned char *image);
const unsigned char *ring_view(const char *name); /* a read-only mapping, which the caller keeps */

/* NULL: it cannot be opened. */
mapring_producer *ring_open_producer(const struct trial *trial, const char *name);

void record_fill(unsigned char *payload, uint64_t sequence, size_t bytes);
bool record_is_whole(const struct mapring_record *record);
/* The payload size that the trial gives to the record with that number. */
size_t record_bytes(const struct trial *trial, uint64_t sequence);
uint64_t sequence_after(const struct trial *trial); /* after the earlier records */

/* Reads everything that is there; returns NULL, or what is wrong. *next is the number of the first
 * record to come, or UINT64_MAX for any; it becomes the number after the last one. */
const char *read_all(mapring_consumer *consumer, uint64_t *next);

/* Checks that a ring whose users are all dead is consistent and still works; returns NULL, or what
 * is wrong. `done` says that the operation came to its end; `more` records were sent beside it. */
const char *ring_check(const struct trial *trial, const char *name, bool done, uint64_t more);

#endif
