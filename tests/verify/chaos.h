/* SPDX-License-Identifier: MIT */
/* What the process that kills and those that are killed have in common. */
#ifndef MAPRING_VERIFY_CHAOS_H
#define MAPRING_VERIFY_CHAOS_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"

enum role { PRODUCER, DURABLE, EPHEMERAL, ROLES };

/* In memory that all of them share; each word is written by one role only. */
extern struct progress {
    shared_u64 sent;          /* records that the producer knows to be sent */
    shared_u64 checked;       /* records that the durable consumer has checked */
    shared_u64 released;      /* records that it knows to be released */
    shared_u64 seen;          /* records that ephemeral consumers have seen */
    shared_u32 opened[ROLES]; /* how often a process in that role has opened the ring */
    shared_u32 stopping;
} * progress;

extern const char *name; /* of the ring */
extern bool sleeps;      /* whether processes sleep when they have nothing to do */

/* Plays the role until the end, or until the process is killed. */
void play(enum role role);

/* The number of the next record, according to the ring itself. */
uint64_t next_sequence(void);

__attribute__((noreturn)) void give_up(const char *what, uint64_t expected, uint64_t found);

#endif
