/* SPDX-License-Identifier: MIT */
/* What a process that plays has at hand, whatever its role. */
#include "play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "shared/os.h"

enum { PAUSE_MS_MOST = 4 };
#define SLICE_NS INT64_C(50000000)

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

void play_turn(struct play *play)
{
    word_set(&play->player->turns, play->player->turns + 1);
    if (play->plan->pauses > 0 && choose_one_in(&play->choices, play->plan->pauses))
        os_pause_ms(1 + (unsigned)choose_below(&play->choices, PAUSE_MS_MOST));
}

int64_t play_patience_ns(const struct play *play)
{
    return play->plan->sleeps ? SLICE_NS : 0;
}
