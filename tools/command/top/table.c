/* SPDX-License-Identifier: MIT */
/* A table whose columns depend on the width of the terminal alone. */
#include "table.h"

#include <string.h>

enum { GAP = 1 };

static int room_taken(const struct table *table)
{
    int taken = 0;
    for (int i = 0; i < table->count; i++)
        taken += table->width[i] > 0 ? table->width[i] + GAP : 0;
    return taken > 0 ? taken - GAP : 0;
}

static bool leave_one_out(struct table *table)
{
    int worst = -1;
    for (int i = 0; i < table->count; i++)
        if (table->width[i] > 0 && table->column[i].rank > 0 &&
            (worst < 0 || table->column[i].rank >= table->column[worst].rank))
            worst = i;
    if (worst >= 0)
        table->width[worst] = 0;
    return worst >= 0;
}

/* One column at a time, in turn, so that all grow alike. */
static void widen(struct table *table, int room)
{
    for (bool grows = true; grows && room > 0;) {
        grows = false;
        for (int i = 0; i < table->count && room > 0; i++) {
            if (table->width[i] == 0 || table->width[i] >= table->column[i].most)
                continue;
            table->width[i]++;
            room--;
            grows = true;
        }
    }
}

void table_fit(struct table *table, const struct table_column *columns, int count, int begin,
               int end)
{
    *table = (struct table){.column = columns, .count = count};
    for (int i = 0; i < count; i++)
        table->width[i] = columns[i].width;
    while (room_taken(table) > end - begin && leave_one_out(table))
        continue;
    widen(table, end - begin - room_taken(table));
    for (int i = 0, at = begin; i < count; i++) {
        table->at[i] = at;
        at += table->width[i] > 0 ? table->width[i] + GAP : 0;
    }
    table->end = begin + room_taken(table);
}

static struct place place_of(const struct table *table, struct canvas *canvas, int line, int i)
{
    return (struct place){canvas, line, table->at[i], table->width[i]};
}

/* The arrow takes the gap beside the title, so that nothing moves. */
static void draw_arrow(const struct table *table, const struct place *title, int i, bool is_falling)
{
    const struct canvas *canvas = title->canvas;
    uint32_t arrow = canvas->unicode ? (is_falling ? 0x25bc : 0x25b2) : (is_falling ? 'v' : '^');
    const struct table_column *column = &table->column[i];
    int at = column->is_right ? title->column - GAP + title->width - (int)strlen(column->title)
                              : title->column + (int)strlen(column->title);
    canvas_put(title->canvas, title->line, at, arrow, STYLE_STRONG);
}

void table_titles(const struct table *table, struct canvas *canvas, int line, int sorted,
                  bool is_falling)
{
    for (int i = 0; i < table->count; i++) {
        if (table->width[i] == 0)
            continue;
        struct place place = place_of(table, canvas, line, i);
        (table->column[i].is_right ? place_right : place_text)(&place, STYLE_PLAIN,
                                                               table->column[i].title);
        if (i == sorted)
            draw_arrow(table, &place, i, is_falling);
    }
    canvas_reverse(canvas, line);
}

void table_row(const struct table *table, struct canvas *canvas, int line, const void *row)
{
    for (int i = 0; i < table->count; i++) {
        if (table->width[i] == 0)
            continue;
        struct place place = place_of(table, canvas, line, i);
        table->column[i].draw(&place, row);
    }
}

void place_text(const struct place *place, unsigned style, const char *text)
{
    canvas_text(place->canvas, place->line, place->column, place->width, style, text);
}

void place_right(const struct place *place, unsigned style, const char *text)
{
    canvas_right(place->canvas, place->line, place->column, place->width, style, text);
}
