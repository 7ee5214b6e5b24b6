/* SPDX-License-Identifier: MIT */
/* The page's charts: throughput by size, and percentile curves. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "page.h"
#include "statistics.h"

enum { CURVE_POINTS = 120 };

static bool is_there(const struct page *page, const struct bench_case *each, enum case_group group)
{
    return each->group == group && each->placed[page->placement].count > 0;
}

static double median(const struct page *page, const struct bench_case *each)
{
    const struct case_result *placed = &each->placed[page->placement];
    return spread_of(placed->value, placed->count).median;
}

/* ---- Throughput by size ---- */

/* Sets the ranges of both axes; false if there are fewer than two sizes. */
static bool fit_throughput(const struct page *page, struct chart *chart)
{
    double least = 1e300, most = 0;
    uint32_t smallest = UINT32_MAX, largest = 0;
    for (size_t i = 0; i < page->cases->count; i++) {
        const struct bench_case *each = &page->cases->list[i];
        if (!is_there(page, each, CASE_STREAM) || median(page, each) <= 0)
            continue;
        least = fmin(least, median(page, each));
        most = fmax(most, median(page, each));
        smallest = each->job.bytes < smallest ? each->job.bytes : smallest;
        largest = each->job.bytes > largest ? each->job.bytes : largest;
    }
    if (smallest >= largest)
        return false;
    chart->x_low = log2(smallest) - 0.3;
    chart->x_high = log2(largest) + 0.3;
    chart_fit(chart, least, most);
    return true;
}

static void throughput_line(const struct page *page, const struct chart *chart, unsigned transport)
{
    struct chart_point points[SIZE_LIMIT];
    unsigned count = 0;
    for (size_t i = 0; i < page->cases->count && count < SIZE_LIMIT; i++) {
        const struct bench_case *each = &page->cases->list[i];
        if (is_there(page, each, CASE_STREAM) && each->transport == transport &&
            median(page, each) > 0)
            points[count++] = (struct chart_point){log2(each->job.bytes), median(page, each)};
    }
    chart_line(chart, page_series(transport), page->cases->transports[transport]->title, points,
               count, true);
}

static void size_marks(const struct page *page, const struct chart *chart)
{
    uint32_t last = 0;
    for (size_t i = 0; i < page->cases->count; i++) {
        const struct bench_case *each = &page->cases->list[i];
        char label[16];
        if (!is_there(page, each, CASE_STREAM) || each->job.bytes == last)
            continue;
        last = each->job.bytes;
        snprintf(label, sizeof label, last >= 4096 ? "%uK" : "%u",
                 last >= 4096 ? last / 1024 : last);
        chart_x_mark(chart, log2(last), label);
    }
}

void page_throughput_chart(const struct page *page)
{
    struct chart chart = {.file = page->file};
    if (!fit_throughput(page, &chart))
        return;
    chart_begin(&chart, "Throughput by payload size", "million records a second", "payload bytes");
    size_marks(page, &chart);
    for (unsigned t = 0; page->cases->transports[t] != NULL; t++)
        throughput_line(page, &chart, t);
    chart_end(&chart);
}

/* ---- Percentile curves: the x axis counts nines ---- */

static const double nines_limit = 5, first_nines = 0.022; /* from the 5th percentile on */

/* A single sample beyond a point says nothing, so the curve ends where ten are left. */
static double nines_of(const struct case_result *placed)
{
    double nines =
        placed->times && placed->times->count > 10 ? log10((double)placed->times->count / 10) : 0;
    return fmin(nines, nines_limit);
}

static double ns_at(const struct bench_case *each, const struct case_result *placed, double nines)
{
    double ticks = histogram_percentile(placed->times, 1 - pow(10, -nines));
    return fmax(case_times_ns(each->group, ticks), 1);
}

static bool belongs(const struct page *page, const struct bench_case *each, enum case_group group,
                    uint32_t bytes)
{
    return is_there(page, each, group) && each->job.bytes == bytes &&
           nines_of(&each->placed[page->placement]) > 0;
}

static bool fit_curves(const struct page *page, enum case_group group, uint32_t bytes,
                       struct chart *chart)
{
    double least = 1e300, most = 0, nines = 0;
    for (size_t i = 0; i < page->cases->count; i++) {
        const struct bench_case *each = &page->cases->list[i];
        const struct case_result *placed = &each->placed[page->placement];
        if (!belongs(page, each, group, bytes))
            continue;
        nines = fmax(nines, nines_of(placed));
        least = fmin(least, ns_at(each, placed, first_nines));
        most = fmax(most, ns_at(each, placed, nines_of(placed)));
    }
    chart->x_low = 0;
    chart->x_high = nines;
    chart_fit(chart, fmax(least, 1), fmax(most, 10));
    return nines > 0;
}

static void curve(const struct page *page, const struct chart *chart, const struct bench_case *each)
{
    struct chart_point points[CURVE_POINTS];
    const struct case_result *placed = &each->placed[page->placement];
    double end = nines_of(placed);
    for (unsigned i = 0; i < CURVE_POINTS; i++) {
        double nines = first_nines + (end - first_nines) * i / (CURVE_POINTS - 1);
        points[i] = (struct chart_point){nines, ns_at(each, placed, nines)};
    }
    chart_line(chart, page_series(each->transport), page->cases->transports[each->transport]->title,
               points, CURVE_POINTS, false);
}

static void nines_marks(const struct chart *chart)
{
    static const char *const labels[] = {"50%", "90%", "99%", "99.9%", "99.99%", "99.999%"};
    chart_x_mark(chart, log10(2), labels[0]);
    for (int i = 1; i <= 5 && i <= chart->x_high + 0.01; i++)
        chart_x_mark(chart, i, labels[i]);
}

static void percentile_chart(const struct page *page, enum case_group group, const char *what,
                             uint32_t bytes)
{
    struct chart chart = {.file = page->file};
    char title[64];
    if (!fit_curves(page, group, bytes, &chart))
        return;
    snprintf(title, sizeof title, "%s, %u bytes", what, bytes);
    chart_begin(&chart, title, "ns", "share of the records that are not slower");
    nines_marks(&chart);
    for (size_t i = 0; i < page->cases->count; i++)
        if (belongs(page, &page->cases->list[i], group, bytes))
            curve(page, &chart, &page->cases->list[i]);
    chart_end(&chart);
}

void page_percentile_charts(const struct page *page, enum case_group group, const char *what)
{
    uint32_t last = 0;
    for (size_t i = 0; i < page->cases->count; i++) {
        const struct bench_case *each = &page->cases->list[i];
        if (!is_there(page, each, group) || each->job.bytes == last)
            continue;
        last = each->job.bytes;
        percentile_chart(page, group, what, last);
    }
}
