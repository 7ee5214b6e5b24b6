/* SPDX-License-Identifier: MIT */
/* The results as JSON: one object, with each case and each ratio on a line of its own. */
#include <stdio.h>

#include "mapring/mapring.h"
#include "ratios.h"
#include "report.h"
#include "shared/json.h"
#include "statistics.h"

static const char *unit_of(enum case_group group)
{
    if (case_wants_more(group))
        return "million records per second";
    return case_is_cpu(group) ? "percent" : "ns";
}

static void print_percentiles(const struct bench_case *each, const struct case_result *placed)
{
    struct percentiles percentiles = percentiles_of(each, placed);
    printf(", \"count\": %.0f", placed->times ? (double)placed->times->count : 0);
    for (int i = 0; i < PERCENTILES; i++)
        printf(", \"%s\": %.1f", percentile_names[i], percentiles.ns[i]);
    printf(", \"max\": %.1f", percentiles.max);
}

static void print_case(const struct bench_cases *cases, const struct bench_case *each,
                       enum placement p)
{
    const struct case_result *placed = &each->placed[p];
    struct spread spread = spread_of(placed->value, placed->count);
    printf("{\"placement\": \"%s\", \"group\": \"%s\", \"transport\": \"%s\", \"bytes\": %u, "
           "\"note\": \"%s\", \"unit\": \"%s\", \"slices\": %zu, \"median\": %.6g, "
           "\"quarter\": %.6g, \"three_quarters\": %.6g, \"least\": %.6g, \"most\": %.6g",
           placement_names[p], case_group_names[each->group],
           cases->transports[each->transport]->name, each->job.bytes, each->note,
           unit_of(each->group), placed->count, spread.median, spread.quarter,
           spread.three_quarters, spread.least, spread.most);
    if (each->job.rate > 0)
        printf(", \"rate\": %.0f", (double)each->job.rate);
    if (case_has_times(each->group))
        print_percentiles(each, placed);
    if (each->group == CASE_ASLEEP)
        printf(", \"wakes_per_second\": %.3g", placed->wakes);
    putchar('}');
}

static void print_cases(const struct bench_cases *cases)
{
    const char *before = "";
    for (size_t i = 0; i < cases->count; i++) {
        for (int p = 0; p < PLACEMENT_COUNT; p++) {
            if (cases->list[i].placed[p].count == 0)
                continue;
            fputs(before, stdout);
            before = ",\n  ";
            print_case(cases, &cases->list[i], (enum placement)p);
        }
    }
}

static void print_ratios(const struct bench_cases *cases)
{
    const char *before = "";
    for (size_t i = 0; i < ratio_count; i++) {
        for (int p = 0; p < PLACEMENT_COUNT; p++) {
            double value;
            if (!ratio_value(cases, &ratios[i], (enum placement)p, &value))
                continue;
            printf("%s{\"placement\": \"%s\", \"name\": \"%s\", \"value\": %.4g, "
                   "\"target\": %g, \"wanted\": \"%s\", \"met\": %s}",
                   before, placement_names[p], ratios[i].name, value, ratios[i].target,
                   ratios[i].at_least ? "at least" : "at most",
                   ratio_is_met(&ratios[i], value) ? "true" : "false");
            before = ",\n  ";
        }
    }
}

static void print_placements(const struct bench_cases *cases)
{
    enum placement order[PLACEMENT_COUNT];
    unsigned count = placements_seen(cases, order);
    for (unsigned i = 0; i < count; i++)
        printf("%s{\"name\": \"%s\", \"meaning\": \"%s\", \"slices\": %zu, \"line_ns\": %.1f}",
               i > 0 ? ",\n  " : "", placement_names[order[i]], placement_meanings[order[i]],
               cases->kept[order[i]], cases->probe_sum[order[i]] / (double)cases->kept[order[i]]);
}

void report_json(const struct bench_cases *cases, const struct machine *machine)
{
    printf("{\"version\": \"%s\",\n\"processor\": ", mapring_version());
    json_print_text(machine->processor);
    printf(", \"cpus\": %u, \"system\": ", cases->cpus);
    json_print_text(machine->system);
    printf(",\n\"rounds\": %u, \"discarded\": %zu,\n\"placements\": [", cases->rounds,
           cases->discarded);
    print_placements(cases);
    fputs("],\n\"cases\": [", stdout);
    print_cases(cases);
    fputs("],\n\"ratios\": [", stdout);
    print_ratios(cases);
    puts("]}");
}
