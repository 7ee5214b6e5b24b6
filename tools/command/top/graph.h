/* SPDX-License-Identifier: MIT */
/* Bars and histories of how full a ring is, in eighths of a character where there are such. */
#ifndef TOOLS_TOP_GRAPH_H
#define TOOLS_TOP_GRAPH_H

#include "sample.h"
#include "table.h"

/* The style for so many thousandths. */
unsigned graph_style(int full);

/* A horizontal bar over the width of the place. */
void graph_bar(const struct place *place, int full);

/* The newest value is on the right; the place is the topmost of so many lines. */
void graph_history(const struct place *place, int lines, const struct sampled_ring *ring);

#endif
