/* SPDX-License-Identifier: MIT */
/* A chart of lines as SVG. The y axis is logarithmic; the x axis is what the caller makes of it. */
#ifndef BENCH_CHART_H
#define BENCH_CHART_H

#include <stdbool.h>
#include <stdio.h>

struct chart {
    FILE *file;
    double x_low, x_high; /* as they are drawn: from left to right */
    double y_low, y_high;
};

/* Widens a range of values to a little more than they need. */
void chart_fit(struct chart *chart, double least, double most);

/* Writes the title, the labels, and the marks of the y axis. */
void chart_begin(const struct chart *chart, const char *title, const char *y_label,
                 const char *x_label);

void chart_x_mark(const struct chart *chart, double x, const char *label);

/* A line through points; each has a text for who points at it when `dots` is set. */
struct chart_point {
    double x, y;
};
void chart_line(const struct chart *chart, unsigned series, const char *name,
                const struct chart_point *points, unsigned count, bool dots);

void chart_end(const struct chart *chart);

#endif
