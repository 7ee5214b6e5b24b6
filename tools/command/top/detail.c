/* SPDX-License-Identifier: MIT */
/* Everything about one ring, in the words of mapring stat. */
#include "detail.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "command/consumer_row.h"
#include "command/log_level.h"
#include "command/os.h"
#include "command/stat_table.h"
#include "graph.h"
#include "list.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/quantity.h"

enum { LABEL = 12, MARGIN = 1, HISTORY_LINES = 3, TEXT_BYTES = 512 };

/* Where the next label and value go. */
struct pen {
    struct canvas *canvas;
    int line, column, width;
};

__attribute__((format(__MINGW_PRINTF_FORMAT, 3, 4))) static void
draw_field(struct pen *pen, const char *label, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    canvas_text(pen->canvas, pen->line, pen->column, LABEL, STYLE_FAINT, label);
    canvas_text(pen->canvas, pen->line, pen->column + LABEL, pen->width - LABEL, STYLE_PLAIN, text);
    pen->line++;
}

static struct quantity age(uint64_t since_ns)
{
    uint64_t now = os_time_ns();
    return quantity_duration(now > since_ns ? now - since_ns : 0);
}

/* ---- What goes on ---- */

static void draw_rate(struct pen *pen, const char *label, const struct stat_rate *rate)
{
    if (rate->interval_ns == 0)
        draw_field(pen, label, "-");
    else
        draw_field(pen, label, "%.0f records/s, %s/s", stat_per_second(rate, rate->records),
                   quantity_bytes((uint64_t)stat_per_second(rate, rate->payload_bytes)).text);
}

static void draw_producer(struct pen *pen, const struct mapring_stat *stat)
{
    char command[SAMPLE_COMMAND_BYTES] = "";
    bool is_open = stat->producer_state == MAPRING_PRODUCER_IS_OPEN;
    if (stat->producer_state == MAPRING_PRODUCER_NEVER) {
        draw_field(pen, "producer", "none yet");
        return;
    }
    if (is_open)
        os_process_command(stat->producer_process, command, sizeof command);
    draw_field(pen, "producer", "%s, process %" PRIu64 "%s%s", stat_producer_state(stat),
               stat->producer_process, command[0] != '\0' ? ", " : "", command);
}

static void draw_wait(struct pen *pen, const struct sampled_ring *ring)
{
    const struct mapring_stat *stat = &ring->stat;
    const struct sampled_reader *reader = sample_blocking(ring);
    if (!stat->producer_waits)
        draw_field(pen, "waits", "no");
    else if (stat->blocking_cell < 0)
        draw_field(pen, "waits", "for %s so far, for the first consumer",
                   age(stat->blocked_since_ns).text);
    else
        draw_field(pen, "waits", "for %s so far, for consumer %d, \"%s\"",
                   age(stat->blocked_since_ns).text, stat->blocking_cell,
                   reader ? reader->stat.name : "");
}

static void print_waits(char *text, size_t bytes, uint64_t count, uint64_t total_ns)
{
    struct quantity total = quantity_duration(total_ns);
    if (count == 0)
        snprintf(text, bytes, "never");
    else if (count == 1)
        snprintf(text, bytes, "once, %s in all", total.text);
    else
        snprintf(text, bytes, "%" PRIu64 " times, %s in all", count, total.text);
}

static void draw_has_waited(struct pen *pen, const struct mapring_stat *stat)
{
    char text[TEXT_BYTES];
    print_waits(text, sizeof text, stat->blocked_count, stat->blocked_ns);
    draw_field(pen, "has waited", "%s", text);
}

/* ---- What there is ---- */

static void draw_amounts(struct pen *pen, const struct mapring_stat *stat)
{
    draw_field(pen, "sent", "%" PRIu64 " records, %s", stat->records,
               quantity_bytes(stat->payload_bytes).text);
    draw_field(pen, "dropped", "%" PRIu64 " records, %s", stat->dropped_records,
               quantity_bytes(stat->dropped_payload_bytes).text);
    if (stat_knows_full(stat))
        draw_field(pen, "unread", "%" PRIu64 " records", stat->unread_records);
    else
        draw_field(pen, "unread", "-");
}

static void draw_content(struct pen *pen, const struct sampled_ring *ring)
{
    if (ring->level > 0)
        draw_field(pen, "content", "a log, level %s", log_level_text(ring->level));
    else
        draw_field(pen, "content", "%s",
                   ring->stat.content[0] != '\0' ? ring->stat.content : "-");
}

static void draw_identity(struct pen *pen, const struct sampled_ring *ring)
{
    const struct mapring_stat *stat = &ring->stat;
    draw_field(pen, "created", "%s ago", age(stat->created_ns).text);
    draw_field(pen, "when full", "%s", stat_when_full(stat));
    draw_content(pen, ring);
    draw_field(pen, "times", "%s", stat->times ? "yes" : "no");
    if (stat->dictionary_bytes > 0)
        draw_field(pen, "dictionary", "%s of %s", quantity_bytes(stat->dictionary_used_bytes).text,
                   quantity_bytes(stat->dictionary_bytes).text);
    else
        draw_field(pen, "dictionary", "-");
}

/* ---- How full ---- */

/* As many lines as the readers can do without. */
static int history_lines(const struct pen *pen)
{
    enum { FOR_READERS = 8 };
    int left = pen->canvas->lines - 1 - pen->line - FOR_READERS;
    return left < 0 ? 0 : left < HISTORY_LINES ? left : HISTORY_LINES;
}

static void draw_graphs(struct pen *pen, const struct sampled_ring *ring, int full)
{
    struct place place = {pen->canvas, pen->line, pen->column + LABEL, pen->width - LABEL};
    graph_bar(&place, full);
    place.line = ++pen->line;
    int lines = history_lines(pen);
    if (lines == 0)
        return;
    pen->line += lines;
    canvas_text(pen->canvas, pen->line - 1, pen->column, LABEL, STYLE_FAINT, "history");
    graph_history(&place, lines, ring);
}

static void draw_full(struct pen *pen, const struct sampled_ring *ring)
{
    const struct mapring_stat *stat = &ring->stat;
    struct quantity capacity = quantity_bytes(stat->capacity_bytes);
    int full = sample_full(ring);
    if (full < 0) {
        draw_field(pen, "capacity", "%s", capacity.text);
        return;
    }
    draw_field(pen, "full", "%d %%, %s of %s", full / 10,
               quantity_bytes(stat_space_taken(stat)).text, capacity.text);
    if (pen->line < pen->canvas->lines - 1)
        draw_graphs(pen, ring, full);
}

/* ---- Bridges ---- */

static void draw_bridge(struct pen *pen, const struct status *status)
{
    char label[LABEL + 1], late[TEXT_BYTES / 4] = "";
    snprintf(label, sizeof label, "bridge %s", status_direction(status));
    if (status->lag_ns > 0)
        snprintf(late, sizeof late, ", %s", quantity_duration(status->lag_ns).text);
    draw_field(pen, label,
               "%s for %s, %" PRIu64 " records behind%s, %" PRIu64 " in flight; %" PRIu64
               " errors; stream \"%s\" of %s",
               status_state(status),
               age(status_is_alive(status) ? status->state_since_ns : status->updated_ns).text,
               status->lag_records, late, status->in_flight, status->errors, status->stream,
               status->server);
    if (status->state != STATUS_RUNNING && status->errors > 0)
        draw_field(pen, "", "%s", status->last_error);
}

static void draw_bridges(struct pen *pen, const struct sampled_ring *ring)
{
    for (unsigned i = 0; i < ring->bridges; i++)
        draw_bridge(pen, &ring->bridge[i]);
}

/* ---- Readers ---- */

static void draw_reader(struct canvas *canvas, int line, int column,
                        const struct sampled_reader *reader)
{
    char text[TEXT_BYTES + SAMPLE_COMMAND_BYTES], waits[TEXT_BYTES / 2] = "";
    const struct mapring_consumer_stat *stat = &reader->stat;
    int used = snprintf(text, sizeof text, "%s%s, read %" PRIu64 " records, %s",
                        stat->durable ? "durable, " : "", consumer_state(stat), stat->read_records,
                        quantity_bytes(stat->read_payload_bytes).text);
    if (stat->blocked_count > 0) {
        print_waits(waits, sizeof waits, stat->blocked_count, stat->blocked_ns);
        used +=
            snprintf(text + used, sizeof text - (size_t)used, ", blocked the producer %s", waits);
    }
    snprintf(text + used, sizeof text - (size_t)used, ", process %" PRIu64 "%s%s", stat->process,
             reader->command[0] != '\0' ? ": " : "", reader->command);
    canvas_text(canvas, line, column, canvas->columns - column, STYLE_FAINT, text);
}

/* ---- All ---- */

static int draw_fields(struct canvas *canvas, int line, const struct sampled_ring *ring)
{
    int half = canvas->columns / 2;
    struct pen left = {canvas, line, MARGIN, half - MARGIN - 1};
    struct pen right = {canvas, line, half, canvas->columns - half};
    draw_rate(&left, "in", &ring->in);
    draw_rate(&left, "out", &ring->out);
    draw_amounts(&left, &ring->stat);
    draw_identity(&right, ring);
    left.width = canvas->columns - MARGIN - 1;
    draw_producer(&left, &ring->stat);
    draw_wait(&left, ring);
    draw_has_waited(&left, &ring->stat);
    draw_bridges(&left, ring);
    draw_full(&left, ring);
    return left.line;
}

void detail_draw(struct canvas *canvas, const struct sampled_ring *ring, struct view *view)
{
    canvas_text(canvas, 1, MARGIN, canvas->columns - MARGIN, STYLE_STRONG, ring->name);
    if (ring->result != MAPRING_OK) {
        canvas_text(canvas, 3, MARGIN, canvas->columns - MARGIN, STYLE_PLAIN, ring->reason);
        return;
    }
    int line = draw_fields(canvas, 2, ring) + 1;
    if (view->first_reader + 1 > ring->stat.consumers)
        view->first_reader = ring->stat.consumers > 0 ? ring->stat.consumers - 1 : 0;
    if (line + 2 < canvas->lines)
        list_readers(canvas, line, canvas->lines - 1 - line, ring, view->first_reader, draw_reader);
}
