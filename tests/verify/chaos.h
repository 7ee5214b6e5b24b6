/* SPDX-License-Identifier: MIT */
/* What the one that kills and those that are killed have in common. */
#ifndef MAPRING_VERIFY_CHAOS_H
#define MAPRING_VERIFY_CHAOS_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"

enum role { PRODUCER, DURABLE, EPHEMERAL, ROLES };

/* In memory that all of them share; each word is written by one role. */
extern struct progress {
    shared_u64 sent;          /* records that the producer was told are sent */
    shared_u64 checked;       /* behind the last record that the durable consumer has seen whole */
    shared_u64 released;      /* and before which it was told that all is released */
    shared_u64 seen;          /* records that ephemeral consumers have seen */
    shared_u32 opened[ROLES]; /* how many have come to the ring */
    shared_u32 stopping;
} * progress;

extern const char *name; /* of the ring */
extern bool sleeps;      /* who has nothing to do */

/* Until the end, or until it is killed. */
void play(enum role role);

/* The number of the next record: what is counted in the ring itself. */
uint64_t next_sequence(void);

__attribute__((noreturn)) void give_up(const char *what, uint64_t expected, uint64_t found);

#endif
