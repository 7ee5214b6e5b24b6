/* SPDX-License-Identifier: MIT */
/* A line chart as SVG, narrow enough for its text to be readable on a phone. */
#include "chart.h"

#include <math.h>

enum { WIDTH = 400, HEIGHT = 290, LEFT = 46, RIGHT = 24, TOP = 26, BOTTOM = 40 };

static double at_x(const struct chart *chart, double x)
{
    return LEFT + (x - chart->x_low) / (chart->x_high - chart->x_low) * (WIDTH - LEFT - RIGHT);
}

static double at_y(const struct chart *chart, double y)
{
    double share = log(y / chart->y_low) / log(chart->y_high / chart->y_low);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
}

void chart_fit(struct chart *chart, double least, double most)
{
    chart->y_low = least / 1.25;
    chart->y_high = most * 1.25;
}

static void y_mark(const struct chart *chart, double y)
{
    double place = at_y(chart, y);
    fprintf(chart->file, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, place, WIDTH - RIGHT);
    const char *suffix = y >= 1e6 ? "M" : y >= 1e3 ? "k" : "";
    double shown = y >= 1e6 ? y / 1e6 : y >= 1e3 ? y / 1e3 : y;
    fprintf(chart->file, "<text class=\"y\" x=\"%d\" y=\"%.1f\">%g%s</text>\n", LEFT - 5,
            place + 3.5, shown, suffix);
}

/* Marks 1, 2 and 5 of each power of ten; only 1 if those would be too many. */
static void y_marks(const struct chart *chart)
{
    static const double steps[] = {1, 2, 5};
    bool all = chart->y_high / chart->y_low < 2000;
    for (double power = 1e-6; power < chart->y_high; power *= 10)
        for (int i = 0; i < (all ? 3 : 1); i++)
            if (steps[i] * power > chart->y_low && steps[i] * power < chart->y_high)
                y_mark(chart, steps[i] * power);
}

void chart_begin(const struct chart *chart, const char *title, const char *y_label,
                 const char *x_label)
{
    fprintf(chart->file,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            "<text class=\"title\" x=\"%d\" y=\"15\">%s</text>\n",
            WIDTH, HEIGHT, title, LEFT, title);
    y_marks(chart);
    fprintf(chart->file,
            "<text class=\"label\" transform=\"rotate(-90)\" x=\"%d\" y=\"9\">%s</text>\n"
            "<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>\n",
            -(TOP + HEIGHT - BOTTOM) / 2, y_label, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, x_label);
}

void chart_x_mark(const struct chart *chart, double x, const char *label)
{
    double place = at_x(chart, x);
    fprintf(chart->file,
            "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text class=\"x\" x=\"%.1f\" y=\"%d\">%s"
            "</text>\n",
            place, TOP, HEIGHT - BOTTOM, place, HEIGHT - BOTTOM + 14, label);
}

void chart_line(const struct chart *chart, unsigned series, const char *name,
                const struct chart_point *points, unsigned count, bool dots)
{
    if (count == 0)
        return;
    fprintf(chart->file, "<g class=\"s%u\"><path class=\"line\" d=\"", series);
    for (unsigned i = 0; i < count; i++)
        fprintf(chart->file, "%c%.1f %.1f", i > 0 ? 'L' : 'M', at_x(chart, points[i].x),
                at_y(chart, points[i].y));
    fprintf(chart->file, "\"><title>%s</title></path>", name);
    for (unsigned i = 0; i < count && dots; i++)
        fprintf(chart->file,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\"><title>%s: %.4g</title></circle>",
                at_x(chart, points[i].x), at_y(chart, points[i].y), name, points[i].y);
    fputs("</g>\n", chart->file);
}

void chart_end(const struct chart *chart)
{
    fputs("</svg>\n", chart->file);
}
