/* SPDX-License-Identifier: MIT */
/* All rings, and below them the readers of the one that is chosen. */
#include "list.h"

#include <stdio.h>
#include <string.h>

#include "ring_table.h"

enum { TOP = 1, MARGIN = 1 }; /* line of the titles; column of the mark */

static void tell_none(struct canvas *canvas, int line, const char *text)
{
    canvas_text(canvas, line, MARGIN, canvas->columns - MARGIN, STYLE_FAINT, text);
}

/* ---- Rings ---- */

static void draw_ring_titles(struct table *table, struct canvas *canvas, const struct view *view)
{
    ring_table_fit(table, MARGIN, canvas->columns);
    table_titles(table, canvas, TOP, ring_table_column(view->order),
                 order_is_falling(view->order) != view->reverse);
}

/* Scrolls so that the chosen row is seen. */
static void scroll(struct view *view, const struct rows *rows, size_t chosen, size_t lines)
{
    if (view->first_row + lines > rows->count)
        view->first_row = rows->count > lines ? rows->count - lines : 0;
    if (chosen < view->first_row)
        view->first_row = chosen;
    if (chosen >= view->first_row + lines)
        view->first_row = chosen - lines + 1;
}

static void draw_rings(struct canvas *canvas, int lines, const struct rows *rows, size_t chosen,
                       struct view *view)
{
    struct table table;
    draw_ring_titles(&table, canvas, view);
    scroll(view, rows, chosen, (size_t)lines);
    view->page = lines;
    for (int i = 0; i < lines && view->first_row + (size_t)i < rows->count; i++) {
        size_t row = view->first_row + (size_t)i;
        int line = TOP + 1 + i;
        ring_table_row(&table, canvas, line, rows->ring[row]);
        if (row == chosen) {
            canvas_put(canvas, line, 0, '>', STYLE_STRONG);
            canvas_reverse(canvas, line);
        }
    }
    if (rows->count == 0)
        tell_none(canvas, TOP + 1,
                  view->filter[0] != '\0' ? "no ring passes the filter" : "no rings");
}

/* ---- Readers ---- */

static void count_hidden(struct canvas *canvas, int line, size_t first, size_t shown, size_t count)
{
    char text[64];
    if (first == 0 && shown == count)
        return;
    snprintf(text, sizeof text, "readers %zu to %zu of %zu", first + 1, first + shown, count);
    canvas_right(canvas, line, 0, canvas->columns, STYLE_FAINT | STYLE_REVERSED, text);
}

static const char *why_no_readers(const struct sampled_ring *ring)
{
    if (ring->result != MAPRING_OK)
        return "";
    if (ring->stat.when_full == MAPRING_OVERWRITE)
        return "a ring that overwrites has observers only, and they are not listed";
    return ring->stat.consumers_hidden ? "readers are shown only to users who may write to the ring"
                                       : "no readers";
}

void list_readers(struct canvas *canvas, int line, int lines, const struct sampled_ring *ring,
                  size_t first,
                  void (*detail)(struct canvas *canvas, int line, int column,
                                 const struct sampled_reader *reader))
{
    struct table table;
    reader_table_fit(&table, MARGIN, canvas->columns, false);
    table_titles(&table, canvas, line, -1, false);
    size_t count = ring->stat.consumers;
    int height = detail && (int)count * 2 < lines ? 2 : 1;
    size_t room = (size_t)((lines - 1) / height);
    if (first + room > count)
        first = count > room ? count - room : 0;
    size_t shown = count - first < room ? count - first : room;
    for (size_t i = 0; i < shown; i++) {
        const struct reader_row row = {ring, &ring->reader[first + i]};
        int at = line + 1 + (int)i * height;
        table_row(&table, canvas, at, &row);
        if (height == 2)
            detail(canvas, at + 1, table.at[1], row.reader);
    }
    if (count == 0)
        tell_none(canvas, line + 1, why_no_readers(ring));
    else
        count_hidden(canvas, line - 1, first, shown, count);
}

/* ---- The list ---- */

/* How many lines the rings get, by their number alone: choosing another one moves nothing. */
static int lines_for_rings(const struct rows *rows, int lines)
{
    enum { LEAST = 3 };
    int most = lines * 3 / 5, wanted = (int)rows->count;
    wanted = wanted > LEAST ? wanted : LEAST;
    return wanted < most ? wanted : most;
}

static void draw_ruler(struct canvas *canvas, int line, const char *name)
{
    char text[VIEW_NAME_BYTES + 16];
    snprintf(text, sizeof text, " readers of %s", name);
    canvas_text(canvas, line, 0, canvas->columns, STYLE_STRONG, text);
}

void list_draw(struct canvas *canvas, const struct rows *rows, size_t chosen, struct view *view)
{
    enum { OTHER_LINES = 6 }; /* title, titles, blank line, ruler, titles, keys */
    int lines = lines_for_rings(rows, canvas->lines - OTHER_LINES);
    draw_rings(canvas, lines, rows, chosen, view);
    if (rows->count == 0)
        return;
    int line = TOP + 1 + lines + 1;
    draw_ruler(canvas, line, rows->ring[chosen]->name);
    list_readers(canvas, line + 1, canvas->lines - 2 - line, rows->ring[chosen], 0, NULL);
}

/* ---- All at once ---- */

static int count_readers(const struct rows *rows)
{
    int count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += (int)rows->ring[i]->stat.consumers;
    return count;
}

int list_lines(const struct rows *rows)
{
    int readers = count_readers(rows), rings = (int)rows->count;
    return 1 + (rings > 0 ? rings : 1) + (readers > 0 ? readers + 2 : 0);
}

static void draw_all_readers(struct canvas *canvas, int line, const struct rows *rows)
{
    struct table table;
    reader_table_fit(&table, MARGIN, canvas->columns, true);
    table_titles(&table, canvas, line++, -1, false);
    for (size_t i = 0; i < rows->count; i++) {
        const struct sampled_ring *ring = rows->ring[i];
        for (unsigned k = 0; k < ring->stat.consumers; k++) {
            const struct reader_row row = {ring, &ring->reader[k]};
            table_row(&table, canvas, line++, &row);
        }
    }
}

void list_draw_once(struct canvas *canvas, const struct rows *rows, const struct view *view)
{
    struct table table;
    draw_ring_titles(&table, canvas, view);
    int line = TOP + 1;
    for (size_t i = 0; i < rows->count; i++)
        ring_table_row(&table, canvas, line++, rows->ring[i]);
    if (rows->count == 0)
        tell_none(canvas, line++, "no rings");
    if (count_readers(rows) > 0)
        draw_all_readers(canvas, line + 1, rows);
}
