/* SPDX-License-Identifier: MIT */
/* mapring ls: lists the rings. */
#include <stdint.h>
#include <stdio.h>

#include "commands.h"
#include "look.h"
#include "ls_long.h"
#include "ring_options.h"
#include "shared/json.h"
#include "shared/message.h"
#include "shared/plain.h"

static struct {
    enum mapring_scope scope;
    bool json;
    bool lengthy;
    bool all;
} settings;

static const struct option_row options[] = {
    {"long", NULL, NULL, &settings.lengthy, "also show who owns and who uses each ring"},
    {"all", NULL, NULL, &settings.all,
     "list the rings of every scope and user, and what cannot be opened; includes --long"},
    OPTION_SCOPE(&settings.scope),
    OPTION_JSON(&settings.json),
    {NULL, NULL, NULL, NULL, NULL},
};

static void print_name(const char *name)
{
    if (settings.json) {
        json_text(NULL, name);
        return;
    }
    plain_print(stdout, name);
    putchar('\n');
}

/* The names of those that are there. Returns whether every ring that was named is. */
static bool print_names(const struct rings *rings)
{
    static struct mapring_stat stat;
    bool all = true;
    if (settings.json)
        json_array_begin(NULL, JSON_ON_ONE_LINE);
    for (size_t i = 0; i < rings->count; i++) {
        const struct os_ring *ring = &rings->ring[i];
        if (ring->named && look(ring->name, ring_scope(ring), &stat) != MAPRING_OK) {
            ring_failure();
            all = false;
        } else if (!ring->remainder) {
            print_name(ring->name);
        }
    }
    if (settings.json)
        json_end();
    return all;
}

static bool print(const struct rings *rings)
{
    if (!settings.lengthy && !settings.all)
        return print_names(rings);
    return settings.json ? ls_json(rings) : ls_print(rings);
}

static int run(int count, char **arguments)
{
    const struct rings_wanted wanted = {settings.all, settings.scope, count, arguments};
    struct rings rings = {NULL, 0, false};
    bool done = rings_find(&rings, &wanted) && print(&rings);
    rings_free(&rings);
    return done ? EXIT_DONE : EXIT_FAILED;
}

const struct command command_ls = {
    .name = "ls",
    .full_name = "mapring ls",
    .arguments = "[NAME|PATTERN...] [OPTION...]",
    .summary = "list the rings",
    .help = "Writes the names of all rings, or of those that are named or match a pattern such as "
            "'app.*', one per line and sorted. Rings in files are listed only if MAPRING_DIR names "
            "their directory.",
    .options = options,
    .example = "mapring ls --long --all",
    .end = "Exit status: 0 done, even if there are none; 1 failed, or a NAME is not there; 2 wrong "
           "usage.",
    .most = INT16_MAX,
    .run = run,
};
