/* SPDX-License-Identifier: MIT */
/* The table of rings. */
#include "ring_table.h"

#include <stdio.h>
#include <string.h>

#include "command/log_level.h"
#include "figure.h"
#include "graph.h"
#include "shared/os.h"

enum { PERCENT = 4 };

static void draw_name(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    place_text(place, STYLE_STRONG, ring->name);
}

static unsigned state_style(const struct sampled_ring *ring)
{
    if (ring->result != MAPRING_OK || ring->stat.producer_state == MAPRING_PRODUCER_HAS_DIED)
        return STYLE_BAD;
    if (ring->stat.producer_waits)
        return STYLE_WARNING;
    return ring->stat.producer_state == MAPRING_PRODUCER_IS_OPEN ? STYLE_GOOD : STYLE_FAINT;
}

static void draw_state(const struct place *place, const void *row)
{
    place_text(place, state_style(row), sample_ring_state(row));
}

static void draw_full(const struct place *place, const void *row)
{
    int full = sample_full(row);
    char text[16];
    if (full < 0) {
        place_text(place, STYLE_FAINT, "   -");
        return;
    }
    snprintf(text, sizeof text, "%3d%%", full / 10);
    place_text(place, graph_style(full), text);
    struct place bar = *place;
    bar.column += PERCENT + 1;
    bar.width -= PERCENT + 1;
    graph_bar(&bar, full);
}

static void draw_history(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    if (sample_full(ring) >= 0)
        graph_history(place, 1, ring);
}

static void draw_rate(const struct place *place, const struct stat_rate *rate, uint64_t amount,
                      struct figure (*figure)(double per_second))
{
    double per_second = rate->interval_ns > 0 ? stat_per_second(rate, amount) : 0;
    unsigned style = per_second > 0 ? STYLE_PLAIN : STYLE_FAINT;
    place_right(place, style, rate->interval_ns > 0 ? figure(per_second).text : "-");
}

static struct figure bytes_rate(double per_second)
{
    return figure_bytes((uint64_t)per_second);
}

static void draw_in(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    draw_rate(place, &ring->in, ring->in.records, figure_rate);
}

static void draw_in_bytes(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    draw_rate(place, &ring->in, ring->in.payload_bytes, bytes_rate);
}

static void draw_out(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    draw_rate(place, &ring->out, ring->out.records, figure_rate);
}

static void draw_out_bytes(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    draw_rate(place, &ring->out, ring->out.payload_bytes, bytes_rate);
}

static void draw_dropped(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    uint64_t dropped = ring->stat.dropped_records;
    unsigned style = ring->dropped.records > 0 ? STYLE_BAD : dropped ? STYLE_PLAIN : STYLE_FAINT;
    place_right(place, style, figure_count(dropped).text);
}

static void draw_unread(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    uint64_t unread = ring->stat.unread_records;
    bool known = sample_full(ring) >= 0;
    place_right(place, known && unread > 0 ? STYLE_PLAIN : STYLE_FAINT,
                known ? figure_count(unread).text : "-");
}

static void draw_readers(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    place_right(place, ring->stat.consumers > 0 ? STYLE_PLAIN : STYLE_FAINT,
                ring->stat.consumers_hidden ? "-" : figure_count(ring->stat.consumers).text);
}

static void draw_policy(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    place_text(place, STYLE_PLAIN, stat_when_full(&ring->stat));
}

static void draw_content(const struct place *place, const void *row)
{
    const struct sampled_ring *ring = row;
    char text[32];
    snprintf(text, sizeof text, "log, %s", log_level_text(ring->level));
    const char *content = ring->stat.content[0] != '\0' ? ring->stat.content : "-";
    place_text(place, STYLE_PLAIN, ring->level > 0 ? text : content);
}

/* The name as mapring stat would show it. */
static void name_blocking(const struct sampled_ring *ring, char *text, size_t bytes)
{
    const struct sampled_reader *reader = sample_blocking(ring);
    if (reader && reader->stat.name[0] != '\0')
        snprintf(text, bytes, "%s", reader->stat.name);
    else if (ring->stat.blocking_cell >= 0)
        snprintf(text, bytes, "consumer %d", ring->stat.blocking_cell);
    else
        snprintf(text, bytes, "first consumer");
}

/* The time keeps its place at the end, and a long name is cut. */
static void draw_blocked(const struct place *place, const void *row)
{
    enum { TIME = 6 };
    const struct sampled_ring *ring = row;
    char name[MAPRING_NAME_BYTES];
    if (!ring->stat.producer_waits)
        return;
    uint64_t now = os_time_ns(), since = ring->stat.blocked_since_ns;
    name_blocking(ring, name, sizeof name);
    struct place left = *place, right = *place;
    left.width -= TIME + 1;
    right.column += left.width + 1;
    right.width = TIME;
    place_text(&left, STYLE_BAD, name);
    place_right(&right, STYLE_BAD, figure_time(now > since ? now - since : 0).text);
}

enum { COLUMN_NAME, COLUMN_STATE, COLUMN_FULL };

static const struct table_column columns[] = {
    [COLUMN_NAME] = {"RING", 13, 40, 0, false, draw_name},
    [COLUMN_STATE] = {"STATE", 7, 7, 0, false, draw_state},
    [COLUMN_FULL] = {"FULL", 9, 21, 0, false, draw_full},
    {"TREND", 5, 60, 6, false, draw_history},
    {"IN/s", 5, 6, 1, true, draw_in},
    {"B/s", 5, 6, 3, true, draw_in_bytes},
    {"OUT/s", 5, 6, 4, true, draw_out},
    {"B/s", 5, 6, 8, true, draw_out_bytes},
    {"DROPS", 5, 6, 5, true, draw_dropped},
    {"UNREAD", 6, 7, 10, true, draw_unread},
    {"READERS", 7, 7, 9, true, draw_readers},
    {"BLOCKED BY", 17, 50, 2, false, draw_blocked},
    {"WHEN FULL", 9, 9, 12, false, draw_policy},
    {"CONTENT", 12, 24, 11, false, draw_content},
};

int ring_table_column(enum order order)
{
    static const int sorted[ORDER_COUNT] = {
        [ORDER_NAME] = COLUMN_NAME, [ORDER_STATE] = COLUMN_STATE,
        [ORDER_FULL] = COLUMN_FULL, [ORDER_IN] = 4,
        [ORDER_IN_BYTES] = 5,       [ORDER_OUT] = 6,
        [ORDER_DROPPED] = 8,        [ORDER_BLOCKED] = 11,
    };
    return sorted[order];
}

void ring_table_fit(struct table *table, int begin, int end)
{
    table_fit(table, columns, sizeof columns / sizeof *columns, begin, end);
}

void ring_table_row(const struct table *table, struct canvas *canvas, int line,
                    const struct sampled_ring *ring)
{
    if (ring->result == MAPRING_OK) {
        table_row(table, canvas, line, ring);
        return;
    }
    for (int i = COLUMN_NAME; i <= COLUMN_STATE; i++) {
        struct place place = {canvas, line, table->at[i], table->width[i]};
        columns[i].draw(&place, ring);
    }
    int at = table->at[COLUMN_FULL];
    canvas_text(canvas, line, at, canvas->columns - at, STYLE_PLAIN, ring->reason);
}
