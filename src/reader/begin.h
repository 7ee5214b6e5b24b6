/* SPDX-License-Identifier: MIT */
/* Where a reader begins. */
#ifndef MAPRING_BEGIN_H
#define MAPRING_BEGIN_H

#include "ring/walk.h"

/* What was asked for, and where that is. */
struct beginning {
    enum mapring_from from;
    uint64_t sequence;        /* of the first record wanted: those before the place's are lost */
    struct ring_place place;  /* where reading begins */
    struct ring_loss dropped; /* in all, before anything was looked at */
    uint64_t spare;           /* so far from being overwritten; 0: as near as may be */
    uint64_t known_drops;     /* of the gap record that may come at the place */
};

/* Looks what there is before a place is sought, and makes of MAPRING_RUN what it is just now. Of the
 * others MAPRING_OLDEST, MAPRING_NEWEST and MAPRING_AT_SEQUENCE may be asked for. */
struct beginning begin_with(const struct ring *ring, enum mapring_from from, uint64_t sequence);

/* The place to start looking from. False when there is none just now: kept_read() has more. */
bool begin_start(const struct ring *ring, struct beginning *beginning);

/* Whether nothing nearer to what is wanted is kept: the place is where that begins. */
bool begin_is_late(const struct beginning *beginning);

/* Goes on from there to what is wanted. MAPRING_ERROR_DAMAGED (not reported) at a word that makes no
 * sense. */
int begin_find(const struct ring *ring, struct beginning *beginning);

#endif
