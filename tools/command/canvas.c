/* SPDX-License-Identifier: MIT */
/* Lines of characters that are drawn as a whole before anybody sees them. */
#include "canvas.h"

#include <stdlib.h>
#include <string.h>

#include "shared/text.h"

bool canvas_begin(struct canvas *canvas, int columns, int lines, bool unicode)
{
    size_t count = (size_t)columns * (size_t)lines;
    struct canvas_cell *cell = realloc(canvas->cell, (count + 1) * sizeof *cell);
    if (!cell)
        return false;
    for (size_t i = 0; i < count; i++)
        cell[i] = (struct canvas_cell){' ', STYLE_PLAIN};
    *canvas = (struct canvas){columns, lines, unicode, cell};
    return true;
}

void canvas_free(struct canvas *canvas)
{
    free(canvas->cell);
    *canvas = (struct canvas){.cell = NULL};
}

static struct canvas_cell *cell_at(const struct canvas *canvas, int line, int column)
{
    if (line < 0 || line >= canvas->lines || column < 0 || column >= canvas->columns)
        return NULL;
    return &canvas->cell[(size_t)line * (size_t)canvas->columns + (size_t)column];
}

void canvas_put(struct canvas *canvas, int line, int column, uint32_t character, unsigned style)
{
    struct canvas_cell *cell = cell_at(canvas, line, column);
    if (cell)
        *cell = (struct canvas_cell){character, style};
}

/* What terminals draw in two columns, in rough outline. */
static bool is_wide(uint32_t character)
{
    static const uint32_t wide[][2] = {{0x1100, 0x115f},   {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                                       {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                                       {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (character >= wide[i][0] && character <= wide[i][1])
            return true;
    return false;
}

/* Control characters, and what would change the direction or join the character before. */
static bool is_drawn(uint32_t character)
{
    return character >= 0x20 && (character < 0x7f || character >= 0xa0) &&
           (character < 0x300 || character > 0x36f) && (character < 0x200b || character > 0x200f) &&
           (character < 0x2028 || character > 0x202e) &&
           (character < 0x2060 || character > 0x206f) &&
           (character < 0xfe00 || character > 0xfe0f) && character != 0xfeff;
}

/* Takes the next character from the text; what cannot be drawn is a question mark. */
static uint32_t next_character(const struct canvas *canvas, const char **text)
{
    uint32_t character;
    size_t length = text_decode((const unsigned char *)*text, strlen(*text), &character);
    *text += length > 0 ? length : 1;
    bool possible = length > 0 && is_drawn(character) && (canvas->unicode || character < 0x7f);
    return possible ? character : '?';
}

int canvas_width_of(const struct canvas *canvas, const char *text)
{
    int width = 0;
    while (*text != '\0')
        width += is_wide(next_character(canvas, &text)) ? 2 : 1;
    return width;
}

int canvas_text(struct canvas *canvas, int line, int column, int width, unsigned style,
                const char *text)
{
    int end = column + width;
    bool is_cut = canvas_width_of(canvas, text) > width;
    while (*text != '\0') {
        uint32_t character = next_character(canvas, &text);
        int taken = is_wide(character) ? 2 : 1;
        if (column + taken + is_cut > end)
            break;
        canvas_put(canvas, line, column, character, style);
        if (taken == 2)
            canvas_put(canvas, line, column + 1, 0, style);
        column += taken;
    }
    if (is_cut && column < end)
        canvas_put(canvas, line, column++, canvas->unicode ? 0x2026 : '~', style);
    return column;
}

void canvas_right(struct canvas *canvas, int line, int column, int width, unsigned style,
                  const char *text)
{
    int blank = width - canvas_width_of(canvas, text);
    blank = blank > 0 ? blank : 0;
    canvas_text(canvas, line, column + blank, width - blank, style, text);
}

void canvas_reverse(struct canvas *canvas, int line)
{
    for (int column = 0; column < canvas->columns && line >= 0 && line < canvas->lines; column++)
        cell_at(canvas, line, column)->style |= STYLE_REVERSED;
}

void canvas_encode(uint32_t character, char text[5])
{
    memset(text, 0, 5);
    if (character < 0x80) {
        text[0] = (char)character;
        return;
    }
    int length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (int i = length - 1; i > 0; i--, character >>= 6)
        text[i] = (char)(0x80 | (character & 0x3f));
    text[0] = (char)((0xf00 >> length & 0xff) | character);
}

static int used_columns(const struct canvas *canvas, int line)
{
    int used = canvas->columns;
    while (used > 0 && cell_at(canvas, line, used - 1)->character == ' ')
        used--;
    return used;
}

void canvas_print(const struct canvas *canvas, FILE *stream)
{
    char text[5];
    for (int line = 0; line < canvas->lines; line++) {
        int used = used_columns(canvas, line);
        for (int column = 0; column < used; column++) {
            canvas_encode(cell_at(canvas, line, column)->character, text);
            fputs(text, stream);
        }
        fputc('\n', stream);
    }
}
