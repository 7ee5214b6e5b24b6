/* SPDX-License-Identifier: MIT */
/*
 * A tester that makes random calls. A script is a list of calls, made one after another, each by
 * one of several processes. A model of the interface (world.h) knows which outcomes of each call
 * mapring.h allows, and complains about all others. A script that fails is made as short as
 * possible and printed, so that it can be run again:
 *
 *     calls --seed 17 --runs 300        300 scripts, made from the seeds 17 to 316
 *     calls --replay FILE               a printed script, from a file; - for standard input
 *
 * Calls wait for a millisecond at most, so that nothing depends on who is faster. Where the
 * interface leaves a choice open (how much an overwriting ring keeps, when a release is published),
 * the model allows every choice, learns from mapring_stat() which one was made, and holds the
 * library to it.
 */
#ifndef MAPRING_TESTS_CALLS_H
#define MAPRING_TESTS_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mapring/mapring.h"

enum {
    PROCESSES = 4,
    CAPACITY = 65536,
    CALLS_MOST = 1000,
    ARGUMENTS = 5,
    TEXT_BYTES = 512,
};

enum verb {
    /* calls of a producer */
    PRODUCER_OPEN,
    PRODUCER_CLOSE,
    SEND,    /* COUNT BYTES LIMIT: until a record is not sent */
    BATCH,   /* COUNT BYTES */
    RESERVE, /* BYTES LIMIT */
    COMMIT,  /* BYTES */
    ABORT,
    DRAIN,
    WAIT_CONSUMERS, /* COUNT */
    QUIET,          /* 1 or 0 */
    PRODUCER_ARM,   /* BYTES */
    PRODUCER_READY, /* whether the producer's wait handle is ready */
    WAKE,
    /* calls of a consumer */
    CONSUMER_OPEN, /* FROM BACK NAME LAG WAIT; BACK: records before the next one; NAME 0: ephemeral;
                      WAIT 1: for a producer */
    CONSUMER_CLOSE,
    NEXT,       /* COUNT LIMIT: until there is no record */
    READ,       /* COUNT LIMIT: the same, and releases each record */
    NEXT_BATCH, /* COUNT */
    RELEASE,
    RECEIVE, /* BUFFER LIMIT */
    SEEK,    /* FROM BACK */
    ARM,
    READY,           /* whether the wait handle is ready */
    WAIT_PRODUCER,   /* LIMIT */
    REMOVE_CONSUMER, /* NAME */
    /* calls of an observer */
    OBSERVER_OPEN, /* FROM AFTER_LAP WAIT */
    OBSERVER_CLOSE,
    LOOK, /* COUNT LIMIT: receives until there is no record */
    PEEK, /* in place */
    /* other calls */
    IMAGE, /* opens an image, reads it to its end, closes it */
    KILL,
    VERBS
};

struct call {
    unsigned process;
    enum verb verb;
    uint64_t argument[ARGUMENTS];
};

struct script {
    enum mapring_when_full when_full;
    uint32_t slot_bytes;
    uint64_t position; /* of the first record */
    uint64_t sequence;
    size_t count;
    struct call call[CALLS_MOST];
};

/* What a call answered. */
struct outcome {
    int result;
    uint64_t count;    /* of records sent or handed out */
    uint64_t sequence; /* of the first record handed out */
    uint64_t hash;     /* of all records handed out: hash_record() */
    uint64_t last;     /* the sequence number in the last struct mapring_record */
    uint64_t bytes;
    uint64_t lost_records; /* for an image, the total */
    uint64_t lost_bytes;
    int intact; /* records hold what was sent, and an error names the ring */
    int ready;  /* of READY and PEEK */
    int64_t took_ns;
    char text[TEXT_BYTES]; /* of an error */
};

/* A hash of the records handed out. */
uint64_t hash_record(uint64_t hash, uint64_t sequence, uint64_t bytes);

/* script.c: scripts are made from a seed, printed, and read. */
void script_make(struct script *script, uint64_t seed, size_t count);
void script_print(FILE *file, const struct script *script);
bool script_read(FILE *file, struct script *script); /* reports what it does not understand */
void call_print(FILE *file, const struct call *call);

/* hands.c: a process that makes the calls that it is told to make. */
int hands_main(int argc, char **argv);

/* play.c: runs a script. Returns NULL, or what was wrong with call number *at. */
const char *play(const struct script *script, size_t *at);
void play_trace(bool on);
void play_end(void); /* ends all processes */

/* shrink.c: leaves out what the failure does not need. Returns what is wrong with the result. */
const char *shrink(struct script *script, size_t at, const char *wrong);

#endif
