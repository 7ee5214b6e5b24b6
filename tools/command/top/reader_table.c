/* SPDX-License-Identifier: MIT */
/* The table of readers. */
#include "reader_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "figure.h"

static const struct mapring_consumer_stat *stat_of(const void *row)
{
    return &((const struct reader_row *)row)->reader->stat;
}

static bool is_blocking(const struct reader_row *row)
{
    return sample_blocking(row->ring) == row->reader;
}

static void draw_ring(const struct place *place, const void *row)
{
    place_text(place, STYLE_PLAIN, ((const struct reader_row *)row)->ring->name);
}

static void draw_cell(const struct place *place, const void *row)
{
    place_right(place, STYLE_PLAIN, figure_count(stat_of(row)->cell).text);
}

static void draw_name(const struct place *place, const void *row)
{
    const char *name = stat_of(row)->name;
    unsigned style = is_blocking(row) ? STYLE_BAD : STYLE_STRONG;
    place_text(place, style, name[0] != '\0' ? name : "-");
}

static const char *last_part(const char *path, size_t bytes)
{
    const char *part = path;
    for (size_t i = 0; i < bytes; i++)
        if (path[i] == '/' || path[i] == '\\')
            part = path + i + 1;
    return part;
}

/* Without the folders of the program, which say little. */
static void draw_command(const struct place *place, const void *row)
{
    const char *command = ((const struct reader_row *)row)->reader->command;
    const char *shown = last_part(command, strcspn(command, " "));
    place_text(place, command[0] != '\0' ? STYLE_PLAIN : STYLE_FAINT,
               command[0] != '\0' ? shown : "-");
}

static unsigned state_style(const struct sampled_reader *reader)
{
    switch (reader->activity) {
    case ACTIVITY_READING: return STYLE_GOOD;
    case ACTIVITY_STALLED:
    case ACTIVITY_STOPPED: return STYLE_BAD;
    case ACTIVITY_NONE:
        return reader->stat.state == MAPRING_CONSUMER_AWAY ? STYLE_WARNING : STYLE_FAINT;
    default: return STYLE_PLAIN;
    }
}

static void draw_state(const struct place *place, const void *row)
{
    const struct sampled_reader *reader = ((const struct reader_row *)row)->reader;
    place_text(place, is_blocking(row) ? STYLE_BAD : state_style(reader),
               sample_reader_state(reader));
}

static void draw_figure(const struct place *place, bool is_known, bool is_zero,
                        struct figure figure)
{
    place_right(place, is_known && !is_zero ? STYLE_PLAIN : STYLE_FAINT,
                is_known ? figure.text : "-");
}

static void draw_behind(const struct place *place, const void *row)
{
    uint64_t records = stat_of(row)->pending_records;
    draw_figure(place, true, records == 0, figure_count(records));
}

static void draw_behind_bytes(const struct place *place, const void *row)
{
    uint64_t bytes = stat_of(row)->pending_bytes;
    draw_figure(place, true, bytes == 0, figure_bytes(bytes));
}

static void draw_lag(const struct place *place, const void *row)
{
    uint64_t lag = stat_of(row)->lag_ns;
    draw_figure(place, ((const struct reader_row *)row)->ring->stat.times && lag > 0, false,
                figure_time(lag));
}

static void draw_latency(const struct place *place, const void *row, uint64_t ns)
{
    draw_figure(place, stat_of(row)->latency_samples > 0, false, figure_time(ns));
}

static void draw_p50(const struct place *place, const void *row)
{
    draw_latency(place, row, stat_of(row)->latency_p50_ns);
}

static void draw_p99(const struct place *place, const void *row)
{
    draw_latency(place, row, stat_of(row)->latency_p99_ns);
}

static void draw_p999(const struct place *place, const void *row)
{
    draw_latency(place, row, stat_of(row)->latency_p999_ns);
}

static void draw_longest(const struct place *place, const void *row)
{
    draw_latency(place, row, stat_of(row)->latency_max_ns);
}

static void draw_lost(const struct place *place, const void *row)
{
    uint64_t lost = stat_of(row)->lost_records;
    draw_figure(place, true, lost == 0, figure_count(lost));
}

static void draw_rate(const struct place *place, const void *row, bool in_bytes)
{
    struct stat_rate rate = meter_rate(&((const struct reader_row *)row)->reader->read);
    bool known = rate.interval_ns > 0;
    uint64_t amount = in_bytes ? rate.payload_bytes : rate.records;
    double per_second = known ? stat_per_second(&rate, amount) : 0;
    draw_figure(place, known, amount == 0,
                in_bytes ? figure_bytes((uint64_t)per_second) : figure_rate(per_second));
}

static void draw_read(const struct place *place, const void *row)
{
    draw_rate(place, row, false);
}

static void draw_read_bytes(const struct place *place, const void *row)
{
    draw_rate(place, row, true);
}

static void draw_blocked(const struct place *place, const void *row)
{
    uint64_t ns = stat_of(row)->blocked_ns;
    draw_figure(place, stat_of(row)->blocked_count > 0, false, figure_time(ns));
}

static void draw_process(const struct place *place, const void *row)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, stat_of(row)->process);
    place_right(place, STYLE_PLAIN, text);
}

static const struct table_column columns[] = {
    {"RING", 11, 30, 0, false, draw_ring},      {"CELL", 4, 4, 7, true, draw_cell},
    {"READER", 14, 40, 0, false, draw_name},    {"COMMAND", 9, 60, 6, false, draw_command},
    {"PROCESS", 7, 10, 12, true, draw_process}, {"STATE", 8, 8, 0, false, draw_state},
    {"READ/s", 6, 6, 8, true, draw_read},       {"B/s", 6, 6, 9, true, draw_read_bytes},
    {"BEHIND", 6, 6, 1, true, draw_behind},     {"BYTES", 6, 6, 2, true, draw_behind_bytes},
    {"LAG", 6, 6, 3, true, draw_lag},           {"P50", 6, 6, 5, true, draw_p50},
    {"P99", 6, 6, 4, true, draw_p99},           {"P99.9", 6, 6, 11, true, draw_p999},
    {"MAX", 6, 6, 11, true, draw_longest},      {"LOST", 4, 6, 4, true, draw_lost},
    {"BLOCKED", 7, 7, 10, true, draw_blocked},
};

void reader_table_fit(struct table *table, int begin, int end, bool with_ring)
{
    int first = with_ring ? 0 : 1;
    table_fit(table, columns + first, (int)(sizeof columns / sizeof *columns) - first, begin, end);
}
