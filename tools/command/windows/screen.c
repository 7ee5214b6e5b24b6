/* SPDX-License-Identifier: MIT */
/* The console, with a screen buffer of its own: the console shows the former one again when that is
 * closed, however the process ends. Cells are written as such, because Wine's console knows no
 * escape sequences; the console itself finds out what has changed. */
#include "command/screen.h"

#include <windows.h>

#include <stdlib.h>

#include "shared/windows/interrupt.h"

static HANDLE input, before, output;
static DWORD input_mode;
static bool has_colour;
static CHAR_INFO *cells;

/* ---- Beginning and end ---- */

static HANDLE make_buffer(void)
{
    CONSOLE_CURSOR_INFO no_cursor = {.dwSize = 1, .bVisible = FALSE};
    HANDLE buffer =
        CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                  NULL, CONSOLE_TEXTMODE_BUFFER, NULL);
    if (buffer == INVALID_HANDLE_VALUE)
        return NULL;
    SetConsoleCursorInfo(buffer, &no_cursor);
    if (SetConsoleActiveScreenBuffer(buffer))
        return buffer;
    CloseHandle(buffer);
    return NULL;
}

const char *screen_begin(void)
{
    input = GetStdHandle(STD_INPUT_HANDLE);
    before = GetStdHandle(STD_OUTPUT_HANDLE);
    output = GetConsoleMode(input, &input_mode) ? make_buffer() : NULL;
    if (!output)
        return "the console has no room for another screen";
    SetConsoleMode(input, ENABLE_PROCESSED_INPUT | ENABLE_WINDOW_INPUT | ENABLE_EXTENDED_FLAGS);
    const char *no_colour = getenv("NO_COLOR");
    has_colour = !no_colour || *no_colour == '\0';
    return NULL;
}

void screen_end(void)
{
    SetConsoleActiveScreenBuffer(before);
    SetConsoleMode(input, input_mode);
    CloseHandle(output);
    free(cells);
    cells = NULL;
}

/* ---- Showing ---- */

static SMALL_RECT window(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info = {.dwSize = {0, 0}};
    GetConsoleScreenBufferInfo(output, &info);
    return info.srWindow;
}

void screen_size(int *columns, int *lines)
{
    SMALL_RECT seen = window();
    *columns = seen.Right - seen.Left + 1;
    *lines = seen.Bottom - seen.Top + 1;
}

static WORD attributes_of(uint32_t style)
{
    enum { WHITE = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE, BACKGROUND_SHIFT = 4 };
    static const WORD coloured[STYLE_COUNT] = {
        [STYLE_PLAIN] = WHITE,
        [STYLE_FAINT] = FOREGROUND_INTENSITY,
        [STYLE_STRONG] = WHITE | FOREGROUND_INTENSITY,
        [STYLE_GOOD] = FOREGROUND_GREEN,
        [STYLE_WARNING] = FOREGROUND_RED | FOREGROUND_GREEN,
        [STYLE_BAD] = FOREGROUND_RED | FOREGROUND_INTENSITY,
    };
    uint32_t kind = style & ~(uint32_t)STYLE_REVERSED;
    bool strong = kind == STYLE_STRONG || kind == STYLE_BAD;
    WORD plain = strong ? WHITE | FOREGROUND_INTENSITY : WHITE;
    if (style & STYLE_REVERSED)
        return WHITE << BACKGROUND_SHIFT;
    return has_colour ? coloured[kind] : plain;
}

/* One cell takes one UTF-16 unit: what needs two is not shown. */
static void fill(CHAR_INFO *cell, const struct canvas_cell *from, bool is_wide)
{
    bool right = from->character == 0;
    uint32_t character = right ? from[-1].character : from->character;
    cell->Char.UnicodeChar = character < 0x10000 ? (WCHAR)character : L'?';
    cell->Attributes = attributes_of(from->style);
    if (right)
        cell->Attributes |= COMMON_LVB_TRAILING_BYTE;
    else if (is_wide)
        cell->Attributes |= COMMON_LVB_LEADING_BYTE;
}

void screen_show(const struct canvas *canvas)
{
    size_t count = (size_t)canvas->columns * (size_t)canvas->lines;
    CHAR_INFO *larger = realloc(cells, (count + 1) * sizeof *cells);
    if (!larger)
        return;
    cells = larger;
    for (size_t i = 0; i < count; i++)
        fill(&cells[i], &canvas->cell[i], i + 1 < count && canvas->cell[i + 1].character == 0);
    SMALL_RECT seen = window();
    COORD size = {(SHORT)canvas->columns, (SHORT)canvas->lines}, origin = {0, 0};
    WriteConsoleOutputW(output, cells, size, origin, &seen);
}

/* ---- Keys ---- */

static int key_of(const KEY_EVENT_RECORD *event)
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

static int read_key(void)
{
    INPUT_RECORD record;
    DWORD count = 0;
    if (!ReadConsoleInputW(input, &record, 1, &count))
        return SCREEN_GONE;
    if (count == 1 && record.EventType == WINDOW_BUFFER_SIZE_EVENT)
        return SCREEN_RESIZED;
    bool is_key = count == 1 && record.EventType == KEY_EVENT && record.Event.KeyEvent.bKeyDown;
    return is_key ? key_of(&record.Event.KeyEvent) : SCREEN_NOTHING;
}

int screen_key(int timeout_ms)
{
    HANDLE either[] = {interrupt_event(), input};
    DWORD come = WaitForMultipleObjects(2, either, FALSE, (DWORD)timeout_ms);
    if (come == WAIT_FAILED)
        return SCREEN_GONE;
    return come == WAIT_OBJECT_0 + 1 ? read_key() : SCREEN_NOTHING;
}
