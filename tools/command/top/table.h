/* SPDX-License-Identifier: MIT */
/* A table whose columns depend on the width of the terminal alone: the least important ones are
 * left out until the others fit, and what remains goes to those that can use it. */
#ifndef TOOLS_TOP_TABLE_H
#define TOOLS_TOP_TABLE_H

#include <stdbool.h>

#include "command/canvas.h"

enum { TABLE_COLUMNS = 24 };

/* Where something is drawn. */
struct place {
    struct canvas *canvas;
    int line, column, width;
};

struct table_column {
    const char *title;
    int width, most; /* at least, at most */
    int rank;        /* the column with the highest one is left out first; 0: never */
    bool is_right;   /* the title, above numbers */
    void (*draw)(const struct place *place, const void *row);
};

struct table {
    const struct table_column *column;
    int count;
    int at[TABLE_COLUMNS], width[TABLE_COLUMNS]; /* a width of 0: left out */
    int end;                                     /* behind the last one */
};

/* Lays out the columns between two columns of the canvas. */
void table_fit(struct table *table, const struct table_column *columns, int count, int begin,
               int end);

/* Draws the titles, from edge to edge. `sorted` is the column by which the rows are sorted, or -1. */
void table_titles(const struct table *table, struct canvas *canvas, int line, int sorted,
                  bool is_falling);

void table_row(const struct table *table, struct canvas *canvas, int line, const void *row);

/* Draws a text at a place, from the left or from the right. */
void place_text(const struct place *place, unsigned style, const char *text);
void place_right(const struct place *place, unsigned style, const char *text);

#endif
