/* SPDX-License-Identifier: MIT */
/* The terminal, by ncurses. It writes only what has changed, and restores the terminal when the
 * process is stopped with SIGTSTP. */
#include "command/screen.h"

#include <curses.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { ESCAPE_MS = 25, CONTROL_C = 3, CONTROL_Z = 26, CONTROL_BACKSLASH = 28, CONTROL_L = 12 };

static SCREEN *screen;
static struct termios before;

/* ---- The terminal is restored however the process ends ---- */

static char goodbye[256]; /* what a dying process still writes */
static size_t goodbye_bytes;

static void add_goodbye(const char *capability)
{
    const char *text = tigetstr(capability);
    if (!text || text == (char *)-1 || goodbye_bytes + strlen(text) > sizeof goodbye)
        return;
    memcpy(goodbye + goodbye_bytes, text, strlen(text));
    goodbye_bytes += strlen(text);
}

/* Only calls that a signal handler may make. */
static void die(int signal)
{
    if (write(STDOUT_FILENO, goodbye, goodbye_bytes) >= 0)
        tcsetattr(STDOUT_FILENO, TCSADRAIN, &before);
    raise(signal); /* SA_RESETHAND: this time it ends the process */
}

static void prepare_to_die(void)
{
    static const int signals[] = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    static const char *const capabilities[] = {"sgr0", "rmkx", "cnorm", "rmcup"};
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        add_goodbye(capabilities[i]);
    struct sigaction action = {.sa_handler = die, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
}

/* ---- Beginning and end ---- */

static chtype looks[STYLE_COUNT];

static void choose_looks(void)
{
    static const short colours[STYLE_COUNT] = {
        [STYLE_GOOD] = COLOR_GREEN, [STYLE_WARNING] = COLOR_YELLOW, [STYLE_BAD] = COLOR_RED};
    const char *no_colour = getenv("NO_COLOR");
    bool has_colour = (!no_colour || *no_colour == '\0') && has_colors() && start_color() == OK &&
                      use_default_colors() == OK;
    looks[STYLE_FAINT] = has_colour ? A_DIM : A_NORMAL;
    looks[STYLE_STRONG] = looks[STYLE_BAD] = A_BOLD;
    for (short i = 0; has_colour && i < STYLE_COUNT; i++)
        if (colours[i] != 0 && init_pair(i, colours[i], -1) == OK)
            looks[i] |= (chtype)COLOR_PAIR(i);
}

const char *screen_begin(void)
{
    if (tcgetattr(STDOUT_FILENO, &before) != 0)
        return "standard output is not a terminal";
    setlocale(LC_CTYPE, ""); /* ncurses asks the locale what a character is */
    screen = newterm(NULL, stdout, stdin);
    if (!screen)
        return "the type of this terminal is not known (see the variable TERM)";
    const char *moves = tigetstr("cup");
    if (!moves || moves == (char *)-1) {
        screen_end();
        return "this terminal cannot move its cursor (see the variable TERM)";
    }
    prepare_to_die();
    choose_looks();
    raw(); /* Ctrl-C and Ctrl-Z are keys, so that they act only when the terminal is restored */
    noecho();
    nonl();
    curs_set(0);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(ESCAPE_MS);
    return NULL;
}

void screen_end(void)
{
    endwin();
    delscreen(screen);
    screen = NULL;
}

/* ---- Showing ---- */

void screen_size(int *columns, int *lines)
{
    getmaxyx(stdscr, *lines, *columns);
}

void screen_show(const struct canvas *canvas)
{
    const struct canvas_cell *cell = canvas->cell;
    char text[5];
    for (int line = 0; line < canvas->lines; line++) {
        for (int column = 0; column < canvas->columns; column++, cell++) {
            if (cell->character == 0)
                continue;
            unsigned style = cell->style & ~(unsigned)STYLE_REVERSED;
            attrset((attr_t)(looks[style] | (cell->style & STYLE_REVERSED ? A_REVERSE : 0)));
            canvas_encode(cell->character, text);
            mvaddstr(line, column, text);
        }
    }
    refresh();
}

/* ---- Keys ---- */

static int special_key(int key)
{
    switch (key) {
    case KEY_RESIZE: return SCREEN_RESIZED;
    case KEY_UP: return SCREEN_UP;
    case KEY_DOWN: return SCREEN_DOWN;
    case KEY_LEFT: return SCREEN_LEFT;
    case KEY_RIGHT: return SCREEN_RIGHT;
    case KEY_PPAGE: return SCREEN_PAGE_UP;
    case KEY_NPAGE: return SCREEN_PAGE_DOWN;
    case KEY_HOME: return SCREEN_HOME;
    case KEY_END: return SCREEN_END;
    case KEY_ENTER: return SCREEN_ENTER;
    case KEY_BACKSPACE: return SCREEN_BACKSPACE;
    default: return SCREEN_NOTHING;
    }
}

/* In raw mode the terminal passes on the characters that would be signals. */
static int control_key(int key)
{
    switch (key) {
    case CONTROL_C: raise(SIGINT); return SCREEN_NOTHING;
    case CONTROL_BACKSLASH: raise(SIGQUIT); return SCREEN_NOTHING;
    case CONTROL_Z: kill(0, SIGTSTP); return SCREEN_RESIZED; /* for all of the pipeline */
    case CONTROL_L: clearok(curscr, TRUE); return SCREEN_RESIZED;
    case '\r':
    case '\n': return SCREEN_ENTER;
    case '\b':
    case 0x7f: return SCREEN_BACKSPACE;
    case 0x1b: return SCREEN_ESCAPE;
    default: return key;
    }
}

/* Without waiting. */
static int read_key(void)
{
    wint_t key;
    int result = get_wch(&key);
    if (result == KEY_CODE_YES)
        return special_key((int)key);
    return result == OK ? control_key((int)key) : SCREEN_NOTHING;
}

int screen_key(int timeout_ms)
{
    int key = read_key();
    if (key != SCREEN_NOTHING)
        return key;
    struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = poll(&keys, 1, timeout_ms);
    if (ready > 0 && (keys.revents & POLLIN) == 0)
        return SCREEN_GONE;
    key = read_key();
    bool gone = ready > 0 && (errno == EIO || (keys.revents & (POLLHUP | POLLERR)) != 0);
    return key == SCREEN_NOTHING && gone ? SCREEN_GONE : key;
}
