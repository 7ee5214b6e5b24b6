/* SPDX-License-Identifier: MIT */
/* In place of screen.c where there is no ncurses. */
#include "command/screen.h"

const char *screen_begin(void)
{
    return "this mapring was built without ncurses (Debian: libncurses-dev)";
}

/* not called: there is no screen */
void screen_end(void)
{
}

void screen_size(int *columns, int *lines)
{
    *columns = *lines = 0;
}

void screen_show(const struct canvas *canvas)
{
    (void)canvas;
}

int screen_key(int timeout_ms)
{
    (void)timeout_ms;
    return SCREEN_GONE;
}
