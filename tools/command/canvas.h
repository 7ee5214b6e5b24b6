/* SPDX-License-Identifier: MIT */
/* Lines of characters that are drawn as a whole before anybody sees them: on a screen, or as plain
 * text. Untrusted text may be drawn: what is no printable character becomes a question mark. */
#ifndef TOOLS_CANVAS_H
#define TOOLS_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum style {
    STYLE_PLAIN,
    STYLE_FAINT,  /* of little interest */
    STYLE_STRONG, /* titles */
    STYLE_GOOD,
    STYLE_WARNING,
    STYLE_BAD,
    STYLE_COUNT,
    STYLE_REVERSED = 0x80 /* may be combined with any other */
};

struct canvas_cell {
    uint32_t character; /* 0: the right half of the one before */
    uint32_t style;
};

struct canvas {
    int columns, lines;
    bool unicode; /* other characters than those of ASCII may be drawn */
    struct canvas_cell *cell;
};

/* Makes all cells blank, in this size. False: no memory. */
bool canvas_begin(struct canvas *canvas, int columns, int lines, bool unicode);
void canvas_free(struct canvas *canvas);

/* Draws one character, if it is inside. */
void canvas_put(struct canvas *canvas, int line, int column, uint32_t character, unsigned style);

/* Draws a text in at most that many columns; one that was cut ends in an ellipsis. Returns the
 * column behind it. */
int canvas_text(struct canvas *canvas, int line, int column, int width, unsigned style,
                const char *text);

/* The same at the right end of these columns. */
void canvas_right(struct canvas *canvas, int line, int column, int width, unsigned style,
                  const char *text);

/* How many columns the text takes. */
int canvas_width_of(const struct canvas *canvas, const char *text);

/* Reverses a line from edge to edge. */
void canvas_reverse(struct canvas *canvas, int line);

/* Writes the lines in UTF-8, without blanks at their ends. */
void canvas_print(const struct canvas *canvas, FILE *stream);

/* Stores a character in UTF-8 with a terminating NUL. */
void canvas_encode(uint32_t character, char text[5]);

#endif
