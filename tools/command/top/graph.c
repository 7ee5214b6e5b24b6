/* SPDX-License-Identifier: MIT */
/* Bars and histories of how full a ring is. */
#include "graph.h"

enum { FULL = 1000, WARNING = 700, BAD = 900, EIGHTHS = 8 };
enum { LEFT_BLOCK = 0x2590, LOWER_BLOCK = 0x2580, MIDDLE_DOT = 0xb7 };

unsigned graph_style(int full)
{
    return full >= BAD ? STYLE_BAD : full >= WARNING ? STYLE_WARNING : STYLE_GOOD;
}

/* How many of `steps` steps; what is not empty has at least one, and only what is full has all. */
static int steps_of(int full, int steps)
{
    int count = full * steps / FULL;
    return count > 0 || full <= 0 ? count : 1;
}

void graph_bar(const struct place *place, int full)
{
    bool fine = place->canvas->unicode;
    int eighths = steps_of(full, fine ? place->width * EIGHTHS : place->width);
    eighths *= fine ? 1 : EIGHTHS;
    for (int i = 0; i < place->width; i++, eighths -= EIGHTHS) {
        uint32_t block = fine ? MIDDLE_DOT : '.';
        if (eighths >= EIGHTHS)
            block = fine ? 0x2588 : '#';
        else if (eighths > 0) /* U+2589 is seven eighths, U+258F one */
            block = (uint32_t)(LEFT_BLOCK - eighths);
        canvas_put(place->canvas, place->line, place->column + i, block,
                   eighths > 0 ? graph_style(full) : STYLE_FAINT);
    }
}

/* A character for 0 to 8 eighths of its height. */
static uint32_t height_block(bool fine, int eighths)
{
    static const char coarse[EIGHTHS + 2] = " .,:-=+*#";
    eighths = eighths < 0 ? 0 : eighths > EIGHTHS ? EIGHTHS : eighths;
    if (!fine)
        return (uint32_t)coarse[eighths];
    return eighths == 0 ? ' ' : (uint32_t)(LOWER_BLOCK + eighths);
}

static void draw_moment(const struct place *place, int lines, int column, int full)
{
    int eighths = steps_of(full, lines * EIGHTHS);
    for (int line = lines - 1; line >= 0; line--, eighths -= EIGHTHS)
        canvas_put(place->canvas, place->line + line, column,
                   height_block(place->canvas->unicode, eighths), graph_style(full));
}

void graph_history(const struct place *place, int lines, const struct sampled_ring *ring)
{
    unsigned count = ring->history_count;
    if (count > (unsigned)place->width)
        count = (unsigned)place->width;
    for (unsigned i = 0; i < count; i++)
        draw_moment(place, lines, place->column + place->width - 1 - (int)i, ring->history[i]);
}
