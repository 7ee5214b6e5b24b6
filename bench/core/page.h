/* SPDX-License-Identifier: MIT */
/* The parts of the page of results. */
#ifndef BENCH_PAGE_H
#define BENCH_PAGE_H

#include "report.h"

/* The first colors are grey, for the references. The hues are used twice, the second time
 * dashed. */
enum { GREYS = 3, HUES = 9, COLORS = GREYS + HUES, SERIES = COLORS + HUES };

struct page {
    FILE *file;
    const struct bench_cases *cases;
    enum placement placement;
};

unsigned page_series(unsigned transport); /* index of its color */

void page_throughput_chart(const struct page *page);
void page_percentile_charts(const struct page *page, enum case_group group, const char *what);

void page_spread_tables(const struct page *page);
void page_times_tables(const struct page *page);

#endif
