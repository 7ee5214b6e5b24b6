/* SPDX-License-Identifier: MIT */
/* The page's tables. On a narrow screen each row becomes two lines: its name, then its figures. */
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "statistics.h"

static bool is_there(const struct page *page, const struct bench_case *each, enum case_group group)
{
    return each->group == group && each->placed[page->placement].count > 0;
}

static bool any_is_there(const struct page *page, enum case_group group)
{
    for (size_t i = 0; i < page->cases->count; i++)
        if (is_there(page, &page->cases->list[i], group))
            return true;
    return false;
}

struct figure {
    char text[16];
};

/* At most five characters, so that a phone has room for all percentiles side by side. */
static struct figure figure(double value)
{
    struct figure made;
    const char *suffix = "";
    double shown = value;
    if (value >= 99999.5) {
        suffix = value >= 999.5e6 ? "G" : value >= 999.5e3 ? "M" : "k";
        shown = value / (value >= 999.5e6 ? 1e9 : value >= 999.5e3 ? 1e6 : 1e3);
    }
    int digits = shown < 9.995 ? 2 : shown < 99.95 ? 1 : 0;
    snprintf(made.text, sizeof made.text, "%.*f%s", digits, shown, suffix);
    return made;
}

static void cell(FILE *file, double value)
{
    fprintf(file, "<td>%s", figure(value).text);
}

/* `figures` is the number of columns beside the name. */
static void open_table(FILE *file, const char *title, unsigned figures, const char *columns)
{
    fprintf(file, "<h3>%s</h3>\n<table style=\"--figures:%u\">\n<tr><th>%s\n", title, figures,
            columns);
}

static void close_table(FILE *file)
{
    fputs("</table>\n", file);
}

static void label_cell(const struct page *page, const struct bench_case *each)
{
    fprintf(page->file, "<tr><td>%s%s%s<td>%u", page->cases->transports[each->transport]->title,
            each->note[0] != '\0' ? ", " : "", each->note, each->job.bytes);
}

/* Two cells, which are empty if `each` is NULL or has no slices. */
static void spread_cells(const struct page *page, const struct bench_case *each)
{
    const struct case_result *placed = each ? &each->placed[page->placement] : NULL;
    if (!placed || placed->count == 0) {
        fputs("<td><td>", page->file);
        return;
    }
    struct spread spread = spread_of(placed->value, placed->count);
    cell(page->file, spread.median);
    fprintf(page->file, "<td>%s to %s", figure(spread.quarter).text,
            figure(spread.three_quarters).text);
}

/* ---- Throughput by size: one at a time, and in batches ---- */

static const struct bench_case *batched_case(const struct page *page, const struct bench_case *each)
{
    const struct transport *batched = case_batched(page->cases, each->transport);
    return batched ? case_find(page->cases, each->group, batched->name, each->job.bytes, NULL)
                   : NULL;
}

static void by_size_table(const struct page *page, enum case_group group)
{
    open_table(page->file, case_group_titles[group], 5,
               "<th>bytes<th>one at a time<th>half within<th>in batches<th>half within");
    for (size_t i = 0; i < page->cases->count; i++) {
        const struct bench_case *each = &page->cases->list[i];
        const struct bench_case *batched = batched_case(page, each);
        if (page->cases->transports[each->transport]->single ||
            !(is_there(page, each, group) || (batched && is_there(page, batched, group))))
            continue;
        label_cell(page, each);
        spread_cells(page, each);
        spread_cells(page, batched);
        fputc('\n', page->file);
    }
    close_table(page->file);
}

static void spread_table(const struct page *page, enum case_group group)
{
    open_table(page->file, case_group_titles[group], 4,
               "<th>bytes<th>median<th>half within<th>slices");
    for (size_t i = 0; i < page->cases->count; i++) {
        const struct bench_case *each = &page->cases->list[i];
        if (!is_there(page, each, group))
            continue;
        label_cell(page, each);
        spread_cells(page, each);
        fprintf(page->file, "<td>%zu\n", each->placed[page->placement].count);
    }
    close_table(page->file);
}

void page_spread_tables(const struct page *page)
{
    static const enum case_group groups[] = {CASE_STREAM, CASE_PACED,  CASE_DRAINED,
                                             CASE_MANY,   CASE_ASLEEP, CASE_CPU};
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        if (!any_is_there(page, groups[g]))
            continue;
        if (groups[g] <= CASE_DRAINED)
            by_size_table(page, groups[g]);
        else
            spread_table(page, groups[g]);
    }
}

/* ---- Times ---- */

static void times_table(const struct page *page, enum case_group group)
{
    open_table(page->file, case_group_titles[group], 8,
               "<th>bytes<th>middle<th>p50<th>p90<th>p99<th>p99.9<th>p99.99<th>max");
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
    close_table(page->file);
}

void page_times_tables(const struct page *page)
{
    for (int group = 0; group < CASE_GROUPS; group++)
        if (case_has_times((enum case_group)group) && any_is_there(page, (enum case_group)group))
            times_table(page, (enum case_group)group);
}
