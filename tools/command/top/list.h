/* SPDX-License-Identifier: MIT */
/* All rings, and below them the readers of the one that is chosen. */
#ifndef TOOLS_TOP_LIST_H
#define TOOLS_TOP_LIST_H

#include "reader_table.h"
#include "view.h"

/* Between the first and the last line of the canvas. */
void list_draw(struct canvas *canvas, const struct rows *rows, size_t chosen, struct view *view);

/* Without a limit, and with the readers of all rings: so many lines below the first one. */
int list_lines(const struct rows *rows);
void list_draw_once(struct canvas *canvas, const struct rows *rows, const struct view *view);

/* The readers of a ring from `first` on, with titles; what does not fit is counted in the last
 * line. `with_details`: two lines for each. */
void list_readers(struct canvas *canvas, int line, int lines, const struct sampled_ring *ring,
                  size_t first,
                  void (*detail)(struct canvas *canvas, int line, int column,
                                 const struct sampled_reader *reader));

#endif
