/* SPDX-License-Identifier: MIT */
/* mapring top: shows all rings and their readers, and goes on showing them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/commands.h"
#include "command/os.h"
#include "command/ring_options.h"
#include "command/screen.h"
#include "command/wait.h"
#include "frame.h"
#include "frame_json.h"
#include "shared/message.h"
#include "shared/os.h"

#define LEAST_INTERVAL_NS INT64_C(100000000)
#define MOST_INTERVAL_NS  INT64_C(3600000000000)

static struct {
    enum mapring_scope scope;
    int64_t interval_ns;
    uint64_t count;
    enum order order;
    bool reverse, json, once;
} settings = {.interval_ns = 1000000000};

static const char *value_interval(const char *text, void *value)
{
    int64_t interval_ns;
    if (value_seconds(text, &interval_ns) != NULL || interval_ns < LEAST_INTERVAL_NS ||
        interval_ns > MOST_INTERVAL_NS)
        return "a number of seconds from 0.1 to 3600";
    *(int64_t *)value = interval_ns;
    return NULL;
}

static const struct option_row options[] = {
    {"interval", "SECONDS", value_interval, &settings.interval_ns,
     "look that often: from 0.1 to 3600 (default 1)"},
    {"once", NULL, NULL, &settings.once,
     "look for one interval, write one frame as plain text, and end"},
    {"json", NULL, NULL, &settings.json, "write one JSON object per line, for each look"},
    {"count", "N", value_count, &settings.count, "end after N frames"},
    {"sort", "COLUMN", value_order, &settings.order,
     "begin sorted by name (default), state, full, in, bytes, out, dropped or blocked"},
    {"reverse", NULL, NULL, &settings.reverse, "begin with the other end"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

static struct sample sample;
static struct rows rows;
static struct canvas canvas;
static struct view view;

static bool select_rows(void)
{
    return rows_select(&rows, &sample, view.filter, view.order, view.reverse);
}

static int no_memory(void)
{
    complain("not enough memory");
    return EXIT_FAILED;
}

/* ---- Lines of text ---- */

enum { USUAL_COLUMNS = 80, MOST_COLUMNS = 1000 };

/* As the shell knows it, if it tells. */
static int text_columns(void)
{
    const char *text = getenv("COLUMNS");
    uint64_t columns;
    if (!text || !read_number(text, 10, &columns) || columns < FRAME_COLUMNS ||
        columns > MOST_COLUMNS)
        return USUAL_COLUMNS;
    return (int)columns;
}

static int write_frame(void)
{
    if (!select_rows())
        return no_memory();
    if (settings.json) {
        frame_json(&sample, &rows);
    } else {
        if (!frame_draw_once(&canvas, text_columns(), screen_has_unicode(), &sample, &rows, &view))
            return no_memory();
        canvas_print(&canvas, stdout);
    }
    return EXIT_DONE;
}

/* Whoever names a ring wants to know if it is not there. */
static int status_of_named(void)
{
    for (size_t i = 0; i < sample.count; i++) {
        if (sample.ring[i]->is_named && sample.ring[i]->result != MAPRING_OK) {
            complain("%s", sample.ring[i]->reason);
            return EXIT_FAILED;
        }
    }
    return EXIT_DONE;
}

static bool pause_for_interval(int64_t *next_ns)
{
    *next_ns += settings.interval_ns;
    int64_t left = *next_ns - os_now_ns();
    struct wait wait = wait_begin(left > 0 ? left : 0);
    while (wait_pause(&wait, (unsigned)(wait_slice(&wait) / 1000000 + 1)))
        continue;
    if (left <= 0)
        *next_ns = os_now_ns();
    return os_interrupted() == 0;
}

/* The rates need two looks; the first one is not shown. */
static int write_frames(void)
{
    int64_t next_ns = os_now_ns();
    uint64_t limit = settings.once && settings.count == 0 ? 1 : settings.count;
    if (sample_take(&sample) != MAPRING_OK)
        return ring_failure();
    for (uint64_t frames = 0; limit == 0 || frames < limit; frames++) {
        if (!pause_for_interval(&next_ns))
            return os_interrupted();
        if (sample_take(&sample) != MAPRING_OK)
            return ring_failure();
        int status = write_frame();
        if (status != EXIT_DONE)
            return status;
        if (fflush(stdout) != 0 || ferror(stdout)) /* command_line() says why */
            return EXIT_FAILED;
    }
    return status_of_named();
}

/* ---- The screen ---- */

static bool draw(void)
{
    int columns, lines;
    screen_size(&columns, &lines);
    if (!select_rows() || !canvas_begin(&canvas, columns, lines, screen_has_unicode()))
        return false;
    frame_draw(&canvas, &sample, &rows, &view);
    screen_show(&canvas);
    return true;
}

/* Looks again when it is time. */
static int look_again(int64_t *next_ns, uint64_t *frames)
{
    int64_t now = os_now_ns();
    if (now < *next_ns || (view.paused && *frames > 0))
        return MAPRING_OK;
    int result = sample_take(&sample);
    *next_ns += view.interval_ns;
    if (*next_ns < now)
        *next_ns = now + view.interval_ns;
    ++*frames;
    return result;
}

static int time_left_ms(int64_t next_ns)
{
    enum { MOST_MS = 1000 };
    int64_t left = (next_ns - os_now_ns()) / 1000000 + 1;
    return left < 1 ? 1 : left > MOST_MS ? MOST_MS : (int)left;
}

/* Draws again only for a key or a look, so that the screen is calm. */
static int show_frames(void)
{
    int64_t next_ns = os_now_ns();
    uint64_t frames = 0, limit = settings.count;
    while (os_interrupted() == 0 && (limit == 0 || frames <= limit)) {
        if (look_again(&next_ns, &frames) != MAPRING_OK)
            return EXIT_FAILED;
        if (!draw())
            return EXIT_FAILED;
        int64_t interval_ns = view.interval_ns;
        int key = screen_key(time_left_ms(next_ns));
        if (key == SCREEN_GONE)
            return EXIT_HUNG_UP;
        if (!view_key(&view, key, &rows))
            return EXIT_DONE;
        if (view.interval_ns != interval_ns)
            next_ns = os_now_ns() + view.interval_ns;
    }
    return os_interrupted();
}

static int refuse(const char *why)
{
    complain("%s: use --once for one frame as plain text, or --json", why);
    return EXIT_FAILED;
}

static int show(void)
{
    if (!os_is_terminal(STANDARD_OUTPUT))
        return refuse("standard output is not a terminal");
    if (!os_is_terminal(STANDARD_INPUT))
        return refuse("standard input is not a terminal, so there are no keys");
    const char *why = screen_begin();
    if (why)
        return refuse(why);
    int status = show_frames();
    screen_end();
    if (status == EXIT_FAILED)
        ring_failure();
    return status;
}

static int run(int count, char **arguments)
{
    sample = (struct sample){.scope = settings.scope, .wanted_count = count, .wanted = arguments};
    view.order = settings.order;
    view.reverse = settings.reverse;
    view.interval_ns = settings.interval_ns;
    int status = settings.once || settings.json ? write_frames() : show();
    sample_free(&sample);
    rows_free(&rows);
    canvas_free(&canvas);
    return status;
}

const struct command command_top = {
    .name = "top",
    .full_name = "mapring top",
    .arguments = "[NAME...] [OPTION...]",
    .summary = "watch rings and their readers",
    .help = "Shows all rings, or those of the given names and patterns ('app.*'): how full they "
            "are, what goes in and out, and for whom their producers wait; and for each reader "
            "what it does and how far it is behind. It looks on, and never disturbs: it is no "
            "reader, and keeps no ring. '?' explains the keys; 'q' quits.",
    .options = options,
    .example = "mapring top 'app.*' --interval 0.5",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage, 128+N ended by signal N.",
    .most = 256,
    .run = run,
};
