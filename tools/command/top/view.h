/* SPDX-License-Identifier: MIT */
/* What the user has chosen to see, and how keys change it. */
#ifndef TOOLS_TOP_VIEW_H
#define TOOLS_TOP_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "order.h"

enum view_mode { VIEW_LIST, VIEW_DETAIL, VIEW_HELP };
enum { VIEW_FILTER_BYTES = 128, VIEW_NAME_BYTES = 4096 };

struct view {
    enum view_mode mode, behind_help;
    enum order order;
    bool reverse, paused;
    bool typing; /* keys go to the filter */
    char filter[VIEW_FILTER_BYTES];
    char chosen[VIEW_NAME_BYTES]; /* name of the ring; empty: the first one */
    size_t at;                    /* its row, when it was last there */
    size_t first_row;             /* of the rings that are seen */
    size_t first_reader;          /* of the readers that are seen in the detail view */
    int page;                     /* how many rings are seen at a time */
    int64_t interval_ns;
};

/* The row of the ring that is chosen; if it is gone, of the one in its place. Remembers its name. */
size_t view_find_chosen(struct view *view, const struct rows *rows);

/* False: the user wants to quit. */
bool view_key(struct view *view, int key, const struct rows *rows);

#endif
