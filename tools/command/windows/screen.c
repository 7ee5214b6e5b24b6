/* SPDX-License-Identifier: MIT */
/* The console, by its escape sequences, which Windows has had since version 10. Writes only the
 * cells that have changed, all of a frame at once. */
#include <windows.h>

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "command/screen.h"
#include "shared/windows/interrupt.h"

enum { CELL_UNITS = 48, SPARE_UNITS = 64, CONTROL_L = 12 };

static HANDLE input, output;
static DWORD input_mode, output_mode;
static bool has_colour;
static struct canvas shown; /* no cells: nothing is known about the screen */

/* ---- Writing ---- */

static wchar_t *units;
static size_t unit_count;

static void add(const wchar_t *text)
{
    size_t length = wcslen(text);
    memcpy(units + unit_count, text, length * sizeof *text);
    unit_count += length;
}

static void add_character(uint32_t character)
{
    if (character >= 0x10000) {
        units[unit_count++] = (wchar_t)(0xd800 | (character - 0x10000) >> 10);
        character = 0xdc00 | (character & 0x3ff);
    }
    units[unit_count++] = (wchar_t)character;
}

static void write_units(void)
{
    DWORD written;
    WriteConsoleW(output, units, (DWORD)unit_count, &written, NULL);
    unit_count = 0;
}

static void write_text(const wchar_t *text)
{
    DWORD written;
    WriteConsoleW(output, text, (DWORD)wcslen(text), &written, NULL);
}

/* ---- Beginning and end ---- */

const char *screen_begin(void)
{
    input = GetStdHandle(STD_INPUT_HANDLE);
    output = GetStdHandle(STD_OUTPUT_HANDLE);
    if (!GetConsoleMode(input, &input_mode) || !GetConsoleMode(output, &output_mode))
        return "standard input and output are no console";
    DWORD sequences = output_mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;
    if (!SetConsoleMode(output, sequences))
        return "this console knows no escape sequences; they need Windows 10 or later";
    SetConsoleMode(input, ENABLE_PROCESSED_INPUT | ENABLE_WINDOW_INPUT | ENABLE_EXTENDED_FLAGS);
    const char *no_colour = getenv("NO_COLOR");
    has_colour = !no_colour || *no_colour == '\0';
    write_text(L"\x1b[?1049h\x1b[?25l\x1b[2J");
    return NULL;
}

void screen_end(void)
{
    write_text(L"\x1b[0m\x1b[?25h\x1b[?1049l");
    SetConsoleMode(output, output_mode);
    SetConsoleMode(input, input_mode);
    canvas_free(&shown);
    free(units);
    units = NULL;
}

/* ---- Showing ---- */

void screen_size(int *columns, int *lines)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    *columns = *lines = 0;
    if (GetConsoleScreenBufferInfo(output, &info)) {
        *columns = info.srWindow.Right - info.srWindow.Left + 1;
        *lines = info.srWindow.Bottom - info.srWindow.Top + 1;
    }
}

static void add_style(uint32_t style)
{
    static const wchar_t *const coloured[STYLE_COUNT] = {L"",    L";90", L";1",
                                                         L";32", L";33", L";1;31"};
    static const wchar_t *const plain[STYLE_COUNT] = {L"", L"", L";1", L"", L"", L";1"};
    add(L"\x1b[0");
    add((has_colour ? coloured : plain)[style & ~(uint32_t)STYLE_REVERSED]);
    if (style & STYLE_REVERSED)
        add(L";7");
    add(L"m");
}

static void add_move(int line, int column)
{
    wchar_t text[SPARE_UNITS];
    swprintf(text, SPARE_UNITS, L"\x1b[%d;%dH", line + 1, column + 1);
    add(text);
}

static bool is_same(const struct canvas_cell *left, const struct canvas_cell *right)
{
    return left->character == right->character && left->style == right->style;
}

static void add_changes(const struct canvas *canvas)
{
    size_t count = (size_t)canvas->columns * (size_t)canvas->lines, next = SIZE_MAX;
    uint32_t style = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct canvas_cell *cell = &canvas->cell[i];
        if (cell->character == 0 || is_same(cell, &shown.cell[i]))
            continue;
        if (i != next || i % (size_t)canvas->columns == 0)
            add_move((int)(i / (size_t)canvas->columns), (int)(i % (size_t)canvas->columns));
        if (cell->style != style)
            add_style(style = cell->style);
        add_character(cell->character);
        next = i + 1;
    }
    memcpy(shown.cell, canvas->cell, count * sizeof *canvas->cell);
}

void screen_show(const struct canvas *canvas)
{
    size_t count = (size_t)canvas->columns * (size_t)canvas->lines;
    bool is_new = shown.columns != canvas->columns || shown.lines != canvas->lines;
    if (is_new) {
        free(units);
        units = malloc((count * CELL_UNITS + SPARE_UNITS) * sizeof *units);
        if (!units || !canvas_begin(&shown, canvas->columns, canvas->lines, true))
            return;
        add(L"\x1b[0m\x1b[2J\x1b[?25l");
    }
    add_changes(canvas);
    write_units();
}

/* ---- Keys ---- */

static int special_key(const KEY_EVENT_RECORD *event)
{
    switch (event->wVirtualKeyCode) {
    case VK_UP: return SCREEN_UP;
    case VK_DOWN: return SCREEN_DOWN;
    case VK_LEFT: return SCREEN_LEFT;
    case VK_RIGHT: return SCREEN_RIGHT;
    case VK_PRIOR: return SCREEN_PAGE_UP;
    case VK_NEXT: return SCREEN_PAGE_DOWN;
    case VK_HOME: return SCREEN_HOME;
    case VK_END: return SCREEN_END;
    case VK_RETURN: return SCREEN_ENTER;
    case VK_ESCAPE: return SCREEN_ESCAPE;
    case VK_BACK: return SCREEN_BACKSPACE;
    default: return event->uChar.UnicodeChar != 0 ? event->uChar.UnicodeChar : SCREEN_NOTHING;
    }
}

/* Forgets what is shown, so that all of it is written again. */
static int redraw(void)
{
    shown.columns = 0;
    return SCREEN_RESIZED;
}

static int key_of(const INPUT_RECORD *record)
{
    if (record->EventType == WINDOW_BUFFER_SIZE_EVENT)
        return redraw();
    if (record->EventType != KEY_EVENT || !record->Event.KeyEvent.bKeyDown)
        return SCREEN_NOTHING;
    int key = special_key(&record->Event.KeyEvent);
    return key == CONTROL_L ? redraw() : key;
}

int screen_key(int timeout_ms)
{
    HANDLE either[] = {interrupt_event(), input};
    DWORD come = WaitForMultipleObjects(2, either, FALSE, (DWORD)timeout_ms);
    if (come == WAIT_FAILED)
        return SCREEN_GONE;
    INPUT_RECORD record;
    DWORD count = 0;
    if (come != WAIT_OBJECT_0 + 1)
        return SCREEN_NOTHING;
    if (!ReadConsoleInputW(input, &record, 1, &count))
        return SCREEN_GONE;
    return count == 1 ? key_of(&record) : SCREEN_NOTHING;
}
