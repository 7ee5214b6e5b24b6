/* SPDX-License-Identifier: MIT */
/* What the keys and the columns are, in 78 columns and 21 lines. */
#include "help.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *word, *meaning;
} lines[] = {
    {"Up, Down", "choose a ring (j and k, too); PgUp, PgDn, Home, End"},
    {"Enter, Esc", "show only that ring, and go back"},
    {"s, S", "sort by the next or the previous column (Left, Right); r: reverse"},
    {"/", "filter: show the rings whose names contain a text, or match * and ?"},
    {"Space, p", "pause, and go on"},
    {"+, -", "look more often, less often"},
    {"q, Ctrl-C", "quit; Ctrl-Z: stop until 'fg'"},
    {"", ""},
    {"STATE", "of the producer: never, open, closed, died; waits: for room"},
    {"FULL", "what the producer must not overwrite yet; TREND: in the looks before"},
    {"IN/s OUT/s", "records that were sent, and that all readers together have read"},
    {"B/s BYTES", "bytes, in powers of 1024; records are in powers of 1000"},
    {"BLOCKED BY", "the reader for which the producer waits, and for how long so far"},
    {"BEHIND", "records that were sent and that this reader has not released"},
    {"LAG", "how long ago the first of them was sent (rings with times)"},
    {"P50 P99", "how long 50 % and 99 % of the records took to the reader (times)"},
    {"asleep", "waits for records; spinning: the same, but uses the processor"},
    {"stalled", "has released nothing for a second, though it is behind"},
    {"stopped", "by a signal or a debugger; dead: its process is gone"},
    {"away", "durable and not attached; lapsed: no longer waited for"},
};

void help_draw(struct canvas *canvas)
{
    enum { INDENT = 1, COLUMN = 13 };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        int line = (int)i + 2;
        if (line >= canvas->lines - 1)
            return;
        canvas_text(canvas, line, INDENT, COLUMN - INDENT, STYLE_STRONG, lines[i].word);
        canvas_text(canvas, line, COLUMN, canvas->columns - COLUMN, STYLE_PLAIN, lines[i].meaning);
    }
}
