/* SPDX-License-Identifier: MIT */
/* The parts of a frame: its title, one of the views, and what the keys do. */
#include "frame.h"

#include <stdio.h>
#include <time.h>

#include "command/os.h"
#include "detail.h"
#include "help.h"
#include "list.h"

static const char *times(char text[32], unsigned count, const char *what)
{
    snprintf(text, 32, "%u %s%s", count, what, count == 1 ? "" : "s");
    return text;
}

static void describe(char *text, size_t bytes, const struct rows *rows)
{
    unsigned readers = 0, waiting = 0, failed = 0;
    for (size_t i = 0; i < rows->count; i++) {
        readers += rows->ring[i]->stat.consumers;
        waiting += rows->ring[i]->stat.producer_waits;
        failed += rows->ring[i]->result != MAPRING_OK;
    }
    char first[32], second[32], third[32];
    int used = snprintf(text, bytes, "%s, %s", times(first, (unsigned)rows->count, "ring"),
                        times(second, readers, "reader"));
    if (waiting > 0)
        used += snprintf(
            text + used, bytes - (size_t)used, ", %s",
            waiting == 1 ? "1 producer waits"
                         : (snprintf(third, sizeof third, "%u producers wait", waiting), third));
    if (failed > 0)
        snprintf(text + used, bytes - (size_t)used, ", %u not readable", failed);
}

static void describe_clock(char *text, size_t bytes, const struct sample *sample,
                           const struct view *view)
{
    struct tm calendar = {.tm_sec = 0};
    os_calendar((int64_t)(sample->time_ns / 1000000000), true, &calendar);
    snprintf(text, bytes, "%02d:%02d:%02d %s %.9g s", calendar.tm_hour, calendar.tm_min,
             calendar.tm_sec, view->paused ? "PAUSED," : "every", (double)view->interval_ns / 1e9);
}

static void draw_title(struct canvas *canvas, const struct sample *sample, const struct rows *rows,
                       const struct view *view)
{
    char text[VIEW_FILTER_BYTES + 128], clock[64];
    describe_clock(clock, sizeof clock, sample, view);
    int room = canvas->columns - canvas_width_of(canvas, clock) - 1;
    int at = canvas_text(canvas, 0, 0, room, STYLE_STRONG, "mapring top");
    describe(text, sizeof text, rows);
    at = canvas_text(canvas, 0, at + 2, room - at - 2, STYLE_PLAIN, text);
    if (view->filter[0] != '\0' && !view->typing) {
        snprintf(text, sizeof text, "filter: %s", view->filter);
        canvas_text(canvas, 0, at + 2, room - at - 2, STYLE_WARNING, text);
    }
    canvas_right(canvas, 0, room, canvas->columns - room,
                 view->paused ? STYLE_WARNING : STYLE_FAINT, clock);
}

/* ---- The last line ---- */

static void draw_keys(struct canvas *canvas, const char *keys)
{
    canvas_text(canvas, canvas->lines - 1, 0, canvas->columns, STYLE_FAINT, keys);
}

static void draw_filter(struct canvas *canvas, const struct view *view)
{
    int line = canvas->lines - 1, room = canvas->columns;
    int at = canvas_text(canvas, line, 0, room, STYLE_STRONG, "Filter: ");
    at = canvas_text(canvas, line, at, room - at, STYLE_PLAIN, view->filter);
    canvas_put(canvas, line, at, ' ', STYLE_REVERSED);
    canvas_text(canvas, line, at + 3, room - at - 3, STYLE_FAINT,
                "part of a name, or a pattern with * and ?; Enter, or Esc for none");
}

static void draw_last_line(struct canvas *canvas, const struct view *view)
{
    if (view->typing)
        draw_filter(canvas, view);
    else if (view->mode == VIEW_HELP)
        draw_keys(canvas, "any key: back");
    else if (view->mode == VIEW_DETAIL)
        draw_keys(canvas, "Esc back  Left/Right other ring  Up/Down readers  Space pause  ? help  "
                          "q quit");
    else
        draw_keys(canvas, "Up/Down choose  Enter one ring  s sort  r reverse  / filter  ? help  "
                          "q quit");
}

/* ---- Frames ---- */

static void draw_too_small(struct canvas *canvas)
{
    char text[96];
    snprintf(text, sizeof text, "mapring top needs %d columns and %d lines; here are %d and %d.",
             FRAME_COLUMNS, FRAME_LINES, canvas->columns, canvas->lines);
    const char *rest = text;
    for (int line = 0; line < canvas->lines && *rest != '\0'; line++) {
        int taken = snprintf(NULL, 0, "%.*s", canvas->columns, rest);
        canvas_text(canvas, line, 0, canvas->columns + 1, STYLE_PLAIN, rest);
        rest += taken;
    }
}

void frame_draw(struct canvas *canvas, const struct sample *sample, const struct rows *rows,
                struct view *view)
{
    if (canvas->columns < FRAME_COLUMNS || canvas->lines < FRAME_LINES) {
        draw_too_small(canvas);
        return;
    }
    size_t chosen = view_find_chosen(view, rows);
    draw_title(canvas, sample, rows, view);
    draw_last_line(canvas, view);
    if (view->mode == VIEW_HELP)
        help_draw(canvas);
    else if (view->mode == VIEW_DETAIL && rows->count > 0)
        detail_draw(canvas, rows->ring[chosen], view);
    else
        list_draw(canvas, rows, chosen, view);
}

bool frame_draw_once(struct canvas *canvas, int columns, bool unicode, const struct sample *sample,
                     const struct rows *rows, const struct view *view)
{
    if (!canvas_begin(canvas, columns, list_lines(rows) + 1, unicode))
        return false;
    draw_title(canvas, sample, rows, view);
    list_draw_once(canvas, rows, view);
    return true;
}
