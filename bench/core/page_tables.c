/* SPDX-License-Identifier: MIT */
/* The page's tables. */
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "ratios.h"
#include "statistics.h"

static bool is_there(const struct page *page, const struct bench_case *each, enum case_group group)
{
    return each->group == group && each->placed[page->placement].count > 0;
}

static void cell(FILE *file, double value)
{
    int digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    fprintf(file, "<td>%.*f", digits, value);
}

static void open_table(FILE *file, const char *title, const char *columns)
{
    fprintf(file, "<h3>%s</h3>\n<div class=\"wide\"><table>\n<tr><th>%s\n", title, columns);
}

static void close_table(FILE *file)
{
    fputs("</table></div>\n", file);
}

static void label_cell(const struct page *page, const struct bench_case *each)
{
    fprintf(page->file, "<tr><td>%s%s%s<td>%u", page->cases->transports[each->transport]->title,
            each->note[0] != '\0' ? ", " : "", each->note, each->job.bytes);
}

static void spread_rows(const struct page *page, enum case_group group)
{
    for (size_t i = 0; i < page->cases->count; i++) {
        const struct bench_case *each = &page->cases->list[i];
        if (!is_there(page, each, group))
            continue;
        const struct case_result *placed = &each->placed[page->placement];
        struct spread spread = spread_of(placed->value, placed->count);
        label_cell(page, each);
        cell(page->file, spread.median);
        fprintf(page->file, "<td>%.3g to %.3g<td>%zu\n", spread.quarter, spread.three_quarters,
                placed->count);
    }
}

void page_throughput_table(const struct page *page)
{
    static const enum case_group groups[] = {CASE_STREAM, CASE_PACED,  CASE_DRAINED,
                                             CASE_MANY,   CASE_ASLEEP, CASE_CPU};
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        bool any = false;
        for (size_t i = 0; i < page->cases->count; i++)
            any = any || is_there(page, &page->cases->list[i], groups[g]);
        if (!any)
            continue;
        open_table(page->file, case_group_titles[groups[g]],
                   "<th>bytes<th>median<th>half lie within<th>slices");
        spread_rows(page, groups[g]);
        close_table(page->file);
    }
}

static void times_rows(const struct page *page, enum case_group group)
{
    for (size_t i = 0; i < page->cases->count; i++) {
        const struct bench_case *each = &page->cases->list[i];
        if (!is_there(page, each, group))
            continue;
        struct percentiles times = percentiles_of(each, &each->placed[page->placement]);
        label_cell(page, each);
        cell(page->file, times.middle);
        for (int p = 0; p < PERCENTILES; p++)
            cell(page->file, times.ns[p]);
        cell(page->file, times.max);
        fputc('\n', page->file);
    }
}

void page_times_table(const struct page *page)
{
    for (int group = 0; group < CASE_GROUPS; group++) {
        bool any = false;
        for (size_t i = 0; i < page->cases->count; i++)
            any = any || is_there(page, &page->cases->list[i], (enum case_group)group);
        if (!any || !case_has_times((enum case_group)group))
            continue;
        open_table(page->file, case_group_titles[group],
                   "<th>bytes<th>mean of the middle<th>p50<th>p90<th>p99<th>p99.9<th>p99.99"
                   "<th>max");
        times_rows(page, (enum case_group)group);
        close_table(page->file);
    }
}

static void ratio_row(const struct page *page, const struct ratio *ratio, double value)
{
    bool met = ratio_is_met(ratio, value);
    fprintf(page->file, "<tr><td>%s", ratio->meaning);
    cell(page->file, value);
    fprintf(page->file, "<td>%s %g<td class=\"%s\">%s\n", ratio->at_least ? "at least" : "at most",
            ratio->target, met ? "met" : "missed", met ? "met" : "missed");
}

void page_ratio_table(const struct page *page)
{
    bool any = false;
    for (size_t i = 0; i < ratio_count; i++) {
        double value;
        if (!ratio_value(page->cases, &ratios[i], page->placement, &value))
            continue;
        if (!any)
            open_table(page->file, "Against the references of this run",
                       "<th>measured<th>target<th>");
        any = true;
        ratio_row(page, &ratios[i], value);
    }
    if (any)
        close_table(page->file);
}
