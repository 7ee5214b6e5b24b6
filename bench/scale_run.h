/* SPDX-License-Identifier: MIT */
/* One measurement of scale.c: a producer, its readers in processes of their own, one ring. */
#ifndef SCALE_RUN_H
#define SCALE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCALE_READERS = 24, SCALE_ROUNDS = 51 };

struct scale_case {
    uint64_t capacity;
    size_t bytes;
    unsigned consumers, observers;
    bool apart; /* each reader on a core of its own, instead of sharing all but one */
    double rate[SCALE_ROUNDS]; /* million records a second, as read by the slowest consumer */
    double seen[SCALE_ROUNDS]; /* the share of them that the slowest observer has read */
};

extern char scale_name[40]; /* of the ring */

/* Binds this process, the producer, to the first CPU that it may use. False: errno says why not. */
bool scale_begin(void);

/* How many cores this program may use; siblings are one. */
unsigned scale_cores(void);

/* Ends the program with a message if the result is not MAPRING_OK. */
void scale_must(int result);

uint64_t scale_now_ns(void);

/* Measures a case once, and stores what comes out as that of the round. */
void scale_slice(struct scale_case *each, unsigned round);

/* How long a cache line takes one way between the CPUs of producer and consumer, in ns. */
double scale_line_ns(void);

#endif
