/* SPDX-License-Identifier: MIT */
/*
 * The terminal as a whole: shows a canvas, and reads keys. linux/ and windows/ implement it in
 * files of the same name; the build chooses one of them. While it is shown, the terminal is restored before
 * the process is stopped, killed by a signal, or ends.
 */
#ifndef TOOLS_SCREEN_H
#define TOOLS_SCREEN_H

#include <stdbool.h>

#include "canvas.h"

/* What screen_key() returns other than a character. */
enum screen_key {
    SCREEN_NOTHING = 0x200000, /* in that time, or a signal came */
    SCREEN_RESIZED,            /* or has to be drawn again for another reason */
    SCREEN_GONE,               /* there will be no keys any more */
    SCREEN_UP,
    SCREEN_DOWN,
    SCREEN_LEFT,
    SCREEN_RIGHT,
    SCREEN_PAGE_UP,
    SCREEN_PAGE_DOWN,
    SCREEN_HOME,
    SCREEN_END,
    SCREEN_ENTER,
    SCREEN_ESCAPE,
    SCREEN_BACKSPACE
};

/* Takes the terminal at standard input and output. Returns NULL, or why that is impossible. */
const char *screen_begin(void);
void screen_end(void);

void screen_size(int *columns, int *lines);

/* Writes what differs from what is shown. */
void screen_show(const struct canvas *canvas);

/* Waits for a key, as a Unicode character or one of the above. */
int screen_key(int timeout_ms);

/* Whether text on standard output may contain more than ASCII. */
bool screen_has_unicode(void);

#endif
