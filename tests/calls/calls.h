/* SPDX-License-Identifier: MIT */
/*
 * A tester by random calls. A script is a list of calls, each made by one of some processes, one
 * after the other. A model of the interface (world.h) knows what mapring.h says about each call's
 * outcome, and complains of what is not in the allowed set. What fails is made as short as possible and
 * printed, so that it can be run again:
 *
 *     calls --seed 17 --runs 300        300 scripts, made from the seeds 17 to 316
 *     calls --replay FILE               one that was printed, from a file; - for standard input
 *
 * The calls do not wait, or for a millisecond, so that nothing depends on who is faster. Where
 * the interface leaves a choice open (how much an overwriting ring keeps, when a release is made known) the
 * model allows all of it, looks at mapring_stat() for what was chosen, and holds the library to
 * that.
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
    /* a producer's */
    PRODUCER_OPEN,
    PRODUCER_CLOSE,
    SEND,    /* COUNT BYTES LIMIT: until one is not sent */
    BATCH,   /* COUNT BYTES */
    RESERVE, /* BYTES LIMIT */
    COMMIT,  /* BYTES */
    ABORT,
    DRAIN,
    WAIT_CONSUMERS, /* COUNT */
    QUIET,          /* 1 or 0 */
    PRODUCER_ARM,   /* BYTES */
    PRODUCER_READY, /* looks whether its wait handle is */
    WAKE,
    /* a consumer's */
    CONSUMER_OPEN, /* FROM BACK NAME LAG WAIT; BACK: so many before the next one; NAME 0: ephemeral;
                      WAIT 1: for a producer */
    CONSUMER_CLOSE,
    NEXT,       /* COUNT LIMIT: until there is no record */
    READ,       /* COUNT LIMIT: the same, and each is released */
    NEXT_BATCH, /* COUNT */
    RELEASE,
    RECEIVE, /* BUFFER LIMIT */
    SEEK,    /* FROM BACK */
    ARM,
    READY,           /* looks whether the wait handle is */
    WAIT_PRODUCER,   /* LIMIT */
    REMOVE_CONSUMER, /* NAME */
    /* an observer's */
    OBSERVER_OPEN, /* FROM AFTER_LAP WAIT */
    OBSERVER_CLOSE,
    LOOK, /* COUNT LIMIT: receives until there is no record */
    PEEK, /* in place */
    /* others */
    IMAGE, /* opens one, reads it to its end, closes it */
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

/* What a call has answered. */
struct outcome {
    int result;
    uint64_t count;    /* of the records sent, or handed out */
    uint64_t sequence; /* of the first record handed out, */
    uint64_t hash;     /* of all of them: hash_record() */
    uint64_t last;     /* what struct mapring_record says in the end */
    uint64_t bytes;
    uint64_t lost_records; /* an image's: all together */
    uint64_t lost_bytes;
    int intact; /* what was handed out holds what was sent; an error names the ring */
    int ready;  /* of READY and PEEK */
    int64_t took_ns;
    char text[TEXT_BYTES]; /* of an error */
};

/* What is handed out, in a few bits. */
uint64_t hash_record(uint64_t hash, uint64_t sequence, uint64_t bytes);

/* script.c: made of a seed, printed, and read again. */
void script_make(struct script *script, uint64_t seed, size_t count);
void script_print(FILE *file, const struct script *script);
bool script_read(FILE *file, struct script *script); /* says what it does not understand */
void call_print(FILE *file, const struct call *call);

/* hands.c: the process that makes the calls it is told to. */
int hands_main(int argc, char **argv);

/* play.c: runs a script. NULL, or what was wrong with the call whose number is in *at. */
const char *play(const struct script *script, size_t *at);
void play_trace(bool on);
void play_end(void); /* of all processes */

/* shrink.c: leaves out what the failure does not need. Returns what is wrong then. */
const char *shrink(struct script *script, size_t at, const char *wrong);

#endif
