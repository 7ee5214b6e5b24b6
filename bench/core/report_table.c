/* SPDX-License-Identifier: MIT */
/* The results as text. */
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "statistics.h"

enum { TITLE_WIDTH = 28, LABEL_WIDTH = 48, COLUMN_WIDTH = 9, REFERENCE_WIDTH = 15 };

static bool is_there(const struct bench_case *each, enum case_group group, enum placement placement)
{
    return each->group == group && each->placed[placement].count > 0;
}

static void print_value(double value)
{
    int digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    printf(" %*.*f", COLUMN_WIDTH - 1, digits, value);
}

/* The sizes in a group, in the order of its cases. */
static unsigned sizes_of(const struct bench_cases *cases, enum case_group group, uint32_t *sizes)
{
    unsigned count = 0;
    for (size_t i = 0; i < cases->count; i++) {
        uint32_t bytes = cases->list[i].job.bytes;
        unsigned s = 0;
        while (s < count && sizes[s] != bytes)
            s++;
        if (cases->list[i].group == group && s == count && count < SIZE_LIMIT)
            sizes[count++] = bytes;
    }
    return count;
}

static bool has_row(const struct bench_cases *cases, enum case_group group, unsigned transport,
                    enum placement placement)
{
    const struct transport *single = cases->transports[transport];
    if (single->single)
        return false;
    for (size_t i = 0; i < cases->count; i++) {
        const struct transport *each = cases->transports[cases->list[i].transport];
        if (is_there(&cases->list[i], group, placement) &&
            (each == single || each->single == single))
            return true;
    }
    return false;
}

/* `transport` may be NULL. */
static void print_median(const struct bench_cases *cases, enum case_group group,
                         const struct transport *transport, uint32_t bytes,
                         enum placement placement)
{
    const struct bench_case *each =
        transport ? case_find(cases, group, transport->name, bytes, NULL) : NULL;
    const struct case_result *placed = each ? &each->placed[placement] : NULL;
    if (placed && placed->count > 0)
        print_value(spread_of(placed->value, placed->count).median);
    else
        printf("%*s", COLUMN_WIDTH, "-");
}

/* One row per transport and two columns per size: one at a time, and in batches. */
static void print_by_size(const struct bench_cases *cases, enum case_group group,
                          enum placement placement)
{
    uint32_t sizes[SIZE_LIMIT];
    unsigned count = sizes_of(cases, group, sizes);
    printf("  %-*s", TITLE_WIDTH, "payload bytes");
    for (unsigned s = 0; s < count; s++)
        printf("%*u%*s", COLUMN_WIDTH, sizes[s], COLUMN_WIDTH, "batch");
    putchar('\n');
    for (unsigned t = 0; cases->transports[t] != NULL; t++) {
        if (!has_row(cases, group, t, placement))
            continue;
        printf("  %-*s", TITLE_WIDTH, cases->transports[t]->title);
        for (unsigned s = 0; s < count; s++) {
            print_median(cases, group, cases->transports[t], sizes[s], placement);
            print_median(cases, group, case_batched(cases, t), sizes[s], placement);
        }
        putchar('\n');
    }
}

static void print_label(const struct bench_cases *cases, const struct bench_case *each)
{
    char label[128];
    snprintf(label, sizeof label, "%s%s%s", cases->transports[each->transport]->title,
             each->note[0] != '\0' ? ", " : "", each->note);
    printf("  %-*s%*u", LABEL_WIDTH, label, 7, each->job.bytes);
}

static void print_spread(const struct bench_case *each, const struct case_result *placed)
{
    struct spread spread = spread_of(placed->value, placed->count);
    print_value(spread.median);
    printf("  %.4g to %.4g in %zu slice%s", spread.quarter, spread.three_quarters, placed->count,
           placed->count == 1 ? "" : "s");
    if (each->group == CASE_ASLEEP && placed->wakes > 0)
        printf(", awake %.1f times a second", placed->wakes);
}

static void print_percentiles(const struct bench_case *each, const struct case_result *placed)
{
    struct percentiles percentiles = percentiles_of(each, placed);
    print_value(percentiles.middle);
    for (int i = 0; i < PERCENTILES; i++)
        print_value(percentiles.ns[i]);
    print_value(percentiles.max);
}

static void print_each(const struct bench_cases *cases, enum case_group group,
                       enum placement placement)
{
    bool has_times = case_has_times(group);
    printf("  %-*s%*s%s", LABEL_WIDTH, "", 7, "bytes", has_times ? "   middle" : "");
    for (int i = 0; i < PERCENTILES && has_times; i++)
        printf("%*s", COLUMN_WIDTH, percentile_names[i]);
    puts(has_times ? "      max" : "   median  half of the slices lie within");
    for (size_t i = 0; i < cases->count; i++) {
        const struct bench_case *each = &cases->list[i];
        if (!is_there(each, group, placement))
            continue;
        print_label(cases, each);
        if (has_times)
            print_percentiles(each, &each->placed[placement]);
        else
            print_spread(each, &each->placed[placement]);
        putchar('\n');
    }
}

static void print_group(const struct bench_cases *cases, enum case_group group,
                        enum placement placement)
{
    bool any = false;
    for (size_t i = 0; i < cases->count; i++)
        any = any || is_there(&cases->list[i], group, placement);
    if (!any)
        return;
    printf("\n%s\n", case_group_titles[group]);
    if (group <= CASE_DRAINED)
        print_by_size(cases, group, placement);
    else
        print_each(cases, group, placement);
}

static void print_failures(const struct bench_cases *cases)
{
    for (size_t i = 0; i < cases->count; i++) {
        const struct bench_case *each = &cases->list[i];
        if (each->failures > 0)
            printf("\n%s, %s, %u bytes: %u slices failed: %s\n", case_group_names[each->group],
                   cases->transports[each->transport]->title, each->job.bytes, each->failures,
                   each->error);
    }
}

static void print_glossary(const struct bench_cases *cases)
{
    puts("\nReferences, measured in turns with the rest:");
    for (unsigned t = 0; cases->transports[t] != NULL; t++)
        if (cases->transports[t]->what)
            printf("  %-*s%s\n", REFERENCE_WIDTH, cases->transports[t]->title,
                   cases->transports[t]->what);
    puts("Words:");
    for (size_t i = 0; i < bench_words_count; i++)
        printf("  %-*s%s\n", REFERENCE_WIDTH, bench_words[i].word, bench_words[i].meaning);
}

void report_table(const struct bench_cases *cases, const struct machine *machine)
{
    enum placement order[PLACEMENT_COUNT];
    unsigned count = placements_seen(cases, order);
    printf("%s, %u CPUs, %s\n%u rounds; %zu slices discarded because the CPUs moved\n",
           machine->processor, cases->cpus, machine->system, cases->rounds, cases->discarded);
    print_glossary(cases);
    for (unsigned i = 0; i < count; i++) {
        enum placement p = order[i];
        printf("\n=== %s, %s: the probe takes %.0f ns one way; %zu slices\n", placement_names[p],
               placement_meanings[p], cases->probe_sum[p] / (double)cases->kept[p], cases->kept[p]);
        for (int group = 0; group < CASE_GROUPS; group++)
            print_group(cases, (enum case_group)group, p);
    }
    print_failures(cases);
}
