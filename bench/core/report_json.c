/* SPDX-License-Identifier: MIT */
/* The results as JSON: one object, with each case and each ratio on a line of its own. */
#include "mapring/mapring.h"
#include "ratios.h"
#include "report.h"
#include "shared/json.h"
#include "statistics.h"

enum { DIGITS = 6 }; /* of a measured value */

static const char *unit_of(enum case_group group)
{
    if (case_wants_more(group))
        return "million records per second";
    return case_is_cpu(group) ? "percent" : "ns";
}

static void write_percentiles(const struct bench_case *each, const struct case_result *placed)
{
    struct percentiles percentiles = percentiles_of(each, placed);
    json_number("count", placed->times ? placed->times->count : 0);
    for (int i = 0; i < PERCENTILES; i++)
        json_fixed(percentile_names[i], percentiles.ns[i], 1);
    json_fixed("max", percentiles.max, 1);
}

static void write_spread(const struct case_result *placed)
{
    struct spread spread = spread_of(placed->value, placed->count);
    json_number("slices", placed->count);
    json_real("median", spread.median, DIGITS);
    json_real("quarter", spread.quarter, DIGITS);
    json_real("three_quarters", spread.three_quarters, DIGITS);
    json_real("least", spread.least, DIGITS);
    json_real("most", spread.most, DIGITS);
}

static void write_case(const struct bench_cases *cases, const struct bench_case *each,
                       enum placement p)
{
    const struct case_result *placed = &each->placed[p];
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("placement", placement_names[p]);
    json_text("group", case_group_names[each->group]);
    json_text("transport", cases->transports[each->transport]->name);
    json_number("bytes", each->job.bytes);
    json_text("note", each->note);
    json_text("unit", unit_of(each->group));
    write_spread(placed);
    if (each->job.rate > 0)
        json_number("rate", each->job.rate);
    if (case_has_times(each->group))
        write_percentiles(each, placed);
    if (each->group == CASE_ASLEEP)
        json_real("wakes_per_second", placed->wakes, 3);
    json_end();
}

static void write_cases(const struct bench_cases *cases)
{
    json_array_begin("cases", JSON_IN_LINES);
    for (size_t i = 0; i < cases->count; i++)
        for (int p = 0; p < PLACEMENT_COUNT; p++)
            if (cases->list[i].placed[p].count > 0)
                write_case(cases, &cases->list[i], (enum placement)p);
    json_end();
}

static void write_ratio(const struct ratio *ratio, enum placement p, double value)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("placement", placement_names[p]);
    json_text("name", ratio->name);
    json_real("value", value, 4);
    json_real("target", ratio->target, DIGITS);
    json_text("wanted", ratio->at_least ? "at least" : "at most");
    json_bool("met", ratio_is_met(ratio, value));
    json_end();
}

static void write_ratios(const struct bench_cases *cases)
{
    double value;
    json_array_begin("ratios", JSON_IN_LINES);
    for (size_t i = 0; i < ratio_count; i++)
        for (int p = 0; p < PLACEMENT_COUNT; p++)
            if (ratio_value(cases, &ratios[i], (enum placement)p, &value))
                write_ratio(&ratios[i], (enum placement)p, value);
    json_end();
}

static void write_placement(const struct bench_cases *cases, enum placement p)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("name", placement_names[p]);
    json_text("meaning", placement_meanings[p]);
    json_number("slices", cases->kept[p]);
    json_fixed("line_ns", cases->probe_sum[p] / (double)cases->kept[p], 1);
    json_end();
}

static void write_placements(const struct bench_cases *cases)
{
    enum placement order[PLACEMENT_COUNT];
    unsigned count = placements_seen(cases, order);
    json_array_begin("placements", JSON_IN_LINES);
    for (unsigned i = 0; i < count; i++)
        write_placement(cases, order[i]);
    json_end();
}

void report_json(const struct bench_cases *cases, const struct machine *machine)
{
    json_object_begin(NULL, JSON_IN_LINES);
    json_text("version", mapring_version());
    json_text("processor", machine->processor);
    json_number("cpus", cases->cpus);
    json_text("system", machine->system);
    json_number("rounds", cases->rounds);
    json_number("discarded", cases->discarded);
    write_placements(cases);
    write_cases(cases);
    write_ratios(cases);
    json_end();
}
