/* SPDX-License-Identifier: MIT */
/* What a process that plays has at hand, whatever its role. */
#include "play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/os.h"

enum { PAUSE_MS_MOST = 4 };
/* Who waits for longer than this has not been woken: the conductor gives up earlier. */
#define LONG_NS  INT64_C(120000000000)
#define SHORT_NS INT64_C(50000000)

void play_fail(const struct play *play, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(play->player->problem, sizeof play->player->problem, format, arguments);
    va_end(arguments);
    word_set(&play->player->failed, 1);
    exit(EXIT_FAILED);
}

void play_fail_call(const struct play *play, const char *what)
{
    play_fail(play, "%s: %s", what, mapring_last_error()->text);
}

enum phase play_phase(const struct play *play)
{
    return (enum phase)word_get(&play->board->phase);
}

/* Nobody else is left who would remove them. */
__attribute__((noreturn)) static void leave_alone(const struct play *play)
{
    mapring_remove(play->board->ring, MAPRING_LOCAL, true);
    os_view_remove(play->view);
    exit(EXIT_FAILED);
}

void play_turn(struct play *play)
{
    if (!bench_parent_runs(play->board->conductor))
        leave_alone(play);
    word_set(&play->player->turns, play->player->turns + 1);
    if (play->plan->pauses > 0 && choose_one_in(&play->choices, play->plan->pauses))
        os_pause_ms(1 + (unsigned)choose_below(&play->choices, PAUSE_MS_MOST));
}

int64_t play_patience_ns(const struct play *play)
{
    if (!play->plan->sleeps)
        return 0;
    return play_phase(play) < PHASE_SEND_THE_LAST ? LONG_NS : SHORT_NS;
}
