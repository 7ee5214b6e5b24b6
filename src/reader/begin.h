/* SPDX-License-Identifier: MIT */
/* Finding where a reader begins. */
#ifndef MAPRING_BEGIN_H
#define MAPRING_BEGIN_H

#include "ring/walk.h"

/* What a reader asks for, and where that was found. */
struct beginning {
    enum mapring_from from;
    /* Of the first record wanted. If it is less than the place's, the records between are lost. */
    uint64_t sequence;
    struct ring_place place;  /* where reading begins */
    struct ring_loss dropped; /* in total, read before the search */
    uint64_t spare;           /* bytes between it and what is overwritten; 0: the oldest */
    uint64_t known_drops;     /* in the next gap record, but dropped before this beginning */
};

/* Begins a search: reads the total of drops, and resolves MAPRING_RUN to MAPRING_AT_SEQUENCE, or to
 * MAPRING_NEWEST if no producer is there. Otherwise, `from` must be MAPRING_OLDEST, MAPRING_NEWEST
 * or MAPRING_AT_SEQUENCE. */
struct beginning begin_with(const struct ring *ring, enum mapring_from from, uint64_t sequence);

/* Finds the place to start from. False if there is none at the moment, as for kept_read(). */
bool begin_start(const struct ring *ring, struct beginning *beginning);

/* Whether reading begins at the oldest record that is kept: because that was asked for, or because
 * the wanted record is no longer there. */
bool begin_is_late(const struct beginning *beginning);

/* Walks from there to the wanted record. MAPRING_ERROR_DAMAGED (not reported) if a word makes no
 * sense. */
int begin_find(const struct ring *ring, struct beginning *beginning);

#endif
