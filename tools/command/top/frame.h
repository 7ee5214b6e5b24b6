/* SPDX-License-Identifier: MIT */
/* What a frame of mapring top looks like: from what is known of the rings, and what the user has
 * chosen to see, to characters. */
#ifndef TOOLS_TOP_FRAME_H
#define TOOLS_TOP_FRAME_H

#include "command/canvas.h"
#include "sample.h"
#include "view.h"

/* The smallest terminal in which the tables make sense. */
enum { FRAME_COLUMNS = 60, FRAME_LINES = 12 };

/* Fills the canvas. */
void frame_draw(struct canvas *canvas, const struct sample *sample, const struct rows *rows,
                struct view *view);

/* All rings and then all their readers, without keys and with as many lines as that takes. False:
 * no memory. */
bool frame_draw_once(struct canvas *canvas, int columns, bool unicode, const struct sample *sample,
                     const struct rows *rows, const struct view *view);

#endif
