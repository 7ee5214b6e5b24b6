/* SPDX-License-Identifier: MIT */
/* The results as JSON: one object, with each case on a line of its own. */
#include "mapring/mapring.h"
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
    json_real("middle", percentiles.middle, DIGITS);
    for (int i = 0; i < PERCENTILES; i++)
        json_fixed(percentile_names[i], percentiles.ns[i], 1);
    json_fixed("max", percentiles.max, 1);
}

static void write_spread(const struct case_result *placed)
{
    struct spread spread = spread_of(placed->value, placed->count);
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
    json_number("slices", placed->count);
    if (each->job.rate > 0)
        json_number("rate", each->job.rate);
    if (case_has_times(each->group))
        write_percentiles(each, placed);
    else
        write_spread(placed);
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

static void write_placement(const struct bench_cases *cases, enum placement p)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("name", placement_names[p]);
    json_text("meaning", placement_meanings[p]);
    json_number("slices", cases->kept[p]);
    json_fixed("probe_ns", cases->probe_sum[p] / (double)cases->kept[p], 1);
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

static void write_references(const struct bench_cases *cases)
{
    json_array_begin("references", JSON_IN_LINES);
    for (unsigned t = 0; cases->transports[t] != NULL; t++) {
        const struct transport *each = cases->transports[t];
        if (!each->what)
            continue;
        json_object_begin(NULL, JSON_ON_ONE_LINE);
        json_text("transport", each->name);
        json_text("title", each->title);
        json_text("what", each->what);
        json_end();
    }
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
    write_references(cases);
    write_placements(cases);
    write_cases(cases);
    json_end();
}
