/* SPDX-License-Identifier: MIT */
/* What a process that plays has at hand, whatever its role. */
#ifndef STRESS_PLAY_H
#define STRESS_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "choices.h"
#include "shared/message.h"
#include "shared/os.h"

struct play {
    struct os_view *view;
    struct board *board; /* in that view */
    const struct plan *plan;
    struct player *player;
    unsigned number;
    struct choices choices;
};

/* Ends this process, unless its plan says to go on: notes what was wrong on the board. */
__attribute__((noreturn, format(__MINGW_PRINTF_FORMAT, 2, 3))) void
play_fail(const struct play *play, const char *format, ...);

/* As play_fail(), with the library's last error. */
__attribute__((noreturn)) void play_fail_call(const struct play *play, const char *what);

enum phase play_phase(const struct play *play);

/* Counts a turn, and now and then pauses. Ends this process if the conductor is gone. */
void play_turn(struct play *play);

/* How long a call may wait. */
int64_t play_patience_ns(const struct play *play);

#endif
