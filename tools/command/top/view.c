/* SPDX-License-Identifier: MIT */
/* How keys change what is seen. */
#include "view.h"

#include <stdio.h>
#include <string.h>

#include "command/screen.h"
#include "shared/text.h"

static void choose(struct view *view, const struct rows *rows, size_t row)
{
    if (rows->count == 0)
        return;
    view->at = row < rows->count ? row : rows->count - 1;
    snprintf(view->chosen, sizeof view->chosen, "%s", rows->ring[view->at]->name);
}

size_t view_find_chosen(struct view *view, const struct rows *rows)
{
    for (size_t i = 0; i < rows->count && view->chosen[0] != '\0'; i++)
        if (strcmp(rows->ring[i]->name, view->chosen) == 0)
            view->at = i;
    choose(view, rows, view->at);
    return view->at;
}

/* ---- The filter ---- */

static void type(struct view *view, int key)
{
    char text[5];
    if (key < ' ' || key >= SCREEN_NOTHING || key == 0x7f)
        return;
    canvas_encode((uint32_t)key, text);
    if (strlen(view->filter) + strlen(text) < sizeof view->filter)
        strcat(view->filter, text);
}

static void take_back(struct view *view)
{
    size_t length = strlen(view->filter);
    while (length > 0 && ((unsigned char)view->filter[--length] & 0xc0) == 0x80)
        continue;
    view->filter[length] = '\0';
}

static void filter_key(struct view *view, int key)
{
    switch (key) {
    case SCREEN_ENTER: view->typing = false; break;
    case SCREEN_BACKSPACE: take_back(view); break;
    case SCREEN_ESCAPE:
        view->typing = false;
        view->filter[0] = '\0';
        break;
    default: type(view, key); break;
    }
}

static void begin_filter(struct view *view)
{
    view->mode = VIEW_LIST;
    view->typing = true;
}

/* ---- Moving ---- */

static void move(struct view *view, const struct rows *rows, int64_t by)
{
    int64_t to = (int64_t)view->at + by;
    choose(view, rows, to > 0 ? (size_t)to : 0);
}

static void list_key(struct view *view, int key, const struct rows *rows)
{
    switch (key) {
    case SCREEN_UP:
    case 'k': move(view, rows, -1); break;
    case SCREEN_DOWN:
    case 'j': move(view, rows, 1); break;
    case SCREEN_PAGE_UP: move(view, rows, -view->page); break;
    case SCREEN_PAGE_DOWN: move(view, rows, view->page); break;
    case SCREEN_HOME: choose(view, rows, 0); break;
    case SCREEN_END: choose(view, rows, SIZE_MAX); break;
    case SCREEN_ENTER:
        view->first_reader = 0;
        view->mode = rows->count > 0 ? VIEW_DETAIL : VIEW_LIST;
        break;
    case SCREEN_ESCAPE: view->filter[0] = '\0'; break;
    default: break;
    }
}

static void step_readers(struct view *view, int by)
{
    if (by > 0 || view->first_reader > 0)
        view->first_reader += (size_t)by;
}

static void detail_key(struct view *view, int key, const struct rows *rows)
{
    switch (key) {
    case SCREEN_UP:
    case 'k': step_readers(view, -1); break;
    case SCREEN_DOWN:
    case 'j': step_readers(view, 1); break;
    case SCREEN_LEFT:
    case SCREEN_PAGE_UP: move(view, rows, -1); break;
    case SCREEN_RIGHT:
    case SCREEN_PAGE_DOWN: move(view, rows, 1); break;
    case SCREEN_ENTER:
    case SCREEN_BACKSPACE:
    case SCREEN_ESCAPE: view->mode = VIEW_LIST; break;
    default: break;
    }
}

/* ---- All keys ---- */

static void sort_next(struct view *view, int by)
{
    view->order = (enum order)(((int)view->order + by + ORDER_COUNT) % ORDER_COUNT);
    view->reverse = false;
}

static void change_interval(struct view *view, int by)
{
    static const int64_t steps_ms[] = {100, 200, 500, 1000, 2000, 5000, 10000};
    enum { STEPS = sizeof steps_ms / sizeof *steps_ms };
    int at = 0;
    while (at < STEPS - 1 && steps_ms[at] * 1000000 < view->interval_ns)
        at++;
    at += by;
    view->interval_ns = steps_ms[at < 0 ? 0 : at < STEPS ? at : STEPS - 1] * 1000000;
}

static void show_help(struct view *view)
{
    view->behind_help = view->mode;
    view->mode = VIEW_HELP;
}

static bool common_key(struct view *view, int key)
{
    bool is_list = view->mode == VIEW_LIST;
    switch (key) {
    case '?':
    case 'h': show_help(view); return true;
    case '/': begin_filter(view); return true;
    case ' ':
    case 'p': view->paused = !view->paused; return true;
    case '+': change_interval(view, -1); return true;
    case '-': change_interval(view, 1); return true;
    case 'r': view->reverse = !view->reverse; return true;
    case 's': sort_next(view, 1); return true;
    case 'S': sort_next(view, -1); return true;
    case SCREEN_RIGHT: is_list ? sort_next(view, 1) : (void)0; return is_list;
    case SCREEN_LEFT: is_list ? sort_next(view, -1) : (void)0; return is_list;
    default: return false;
    }
}

bool view_key(struct view *view, int key, const struct rows *rows)
{
    if (key == SCREEN_NOTHING || key == SCREEN_RESIZED)
        return true;
    if (view->typing)
        filter_key(view, key);
    else if (key == 'q')
        return false;
    else if (view->mode == VIEW_HELP)
        view->mode = view->behind_help;
    else if (!common_key(view, key))
        (view->mode == VIEW_LIST ? list_key : detail_key)(view, key, rows);
    return true;
}
