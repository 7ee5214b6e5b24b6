/* SPDX-License-Identifier: MIT */
/* The memory that the processes of mapring stress share: one conducts, the others play. */
#ifndef STRESS_BOARD_H
#define STRESS_BOARD_H

#include <stdint.h>

#include "core/word.h"
#include "plan.h"

enum { PLAYERS_MOST = PRODUCERS_MOST + MAPRING_CONSUMER_LIMIT + OBSERVERS_MOST };

/* The last record wakes those who wait for one, who then see that they need not wait any more. */
enum phase { PHASE_PLAY, PHASE_SEND_NO_MORE, PHASE_SEND_THE_LAST, PHASE_READ_TO_THE_END };

/* Written by the process that plays it, whichever that is at the time. */
struct player {
    _Alignas(LINE_PAIR_BYTES) uint64_t opened; /* how often it has opened the ring */
    uint64_t ended;                            /* it has done all that it had to */
    uint64_t failed;                           /* `problem` says why */
    uint64_t turns;                            /* grows while it does something */
    uint64_t records, lost;                    /* sent or read; dropped or missed */
    uint64_t next; /* number after the last record that it has read since it opened; 0: none */
    uint64_t checked, released; /* a durable consumer: the records before that number */
    char problem[400];
};

struct board {
    struct plan plan;
    char ring[1024];
    uint64_t conductor; /* its process */
    uint64_t phase;
    uint64_t sent; /* number after the last record that is known to be sent or dropped */
    struct player player[PLAYERS_MOST];
};

#endif
