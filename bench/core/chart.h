/* SPDX-License-Identifier: MIT */
/* A line chart as SVG. The y axis is logarithmic; the caller scales the x axis. */
#ifndef BENCH_CHART_H
#define BENCH_CHART_H

#include <stdbool.h>
#include <stdio.h>

struct chart {
    FILE *file;
    double x_low, x_high; /* at the left and the right edge */
    double y_low, y_high;
};

/* Sets the y axis to slightly more than the range of the values. */
void chart_fit(struct chart *chart, double least, double most);

/* Writes the title, the labels and the marks of the y axis. */
void chart_begin(const struct chart *chart, const char *title, const char *y_label,
                 const char *x_label);

void chart_x_mark(const struct chart *chart, double x, const char *label);

/* Draws a line through the points. With `dots`, each point has a tooltip. */
struct chart_point {
    double x, y;
};
void chart_line(const struct chart *chart, unsigned series, const char *name,
                const struct chart_point *points, unsigned count, bool dots);

void chart_end(const struct chart *chart);

#endif
