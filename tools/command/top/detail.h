/* SPDX-License-Identifier: MIT */
/* Everything about one ring. */
#ifndef TOOLS_TOP_DETAIL_H
#define TOOLS_TOP_DETAIL_H

#include "command/canvas.h"
#include "view.h"

/* Between the first and the last line of the canvas. */
void detail_draw(struct canvas *canvas, const struct sampled_ring *ring, struct view *view);

#endif
