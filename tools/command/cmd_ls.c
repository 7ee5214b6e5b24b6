/* SPDX-License-Identifier: MIT */
/* mapring ls: lists the names of the rings. */
#include <stdio.h>

#include "commands.h"
#include "mapring/mapring.h"
#include "names.h"
#include "ring_options.h"
#include "shared/json.h"
#include "shared/message.h"

static struct {
    enum mapring_scope scope;
    bool json;
} settings;

static const struct option_row options[] = {
    OPTION_SCOPE(&settings.scope),
    OPTION_JSON(&settings.json),
    {NULL, NULL, NULL, NULL, NULL},
};

static void print_json(const struct names *names)
{
    json_array_begin(NULL, JSON_ON_ONE_LINE);
    for (size_t i = 0; i < names->count; i++)
        json_text(NULL, names->name[i]);
    json_end();
}

static void print_lines(const struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        puts(names->name[i]); /* ring names contain no control characters */
}

static int run(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    struct names names = {NULL, 0, false};
    int status = EXIT_DONE;
    if (names_find(&names, settings.scope, NULL) != MAPRING_OK) {
        status = ring_failure();
    } else if (names.no_memory) {
        complain("not enough memory to list the names");
        status = EXIT_FAILED;
    } else {
        (settings.json ? print_json : print_lines)(&names);
    }
    names_free(&names);
    return status;
}

const struct command command_ls = {
    .name = "ls",
    .full_name = "mapring ls",
    .arguments = "[OPTION...]",
    .summary = "list the rings",
    .help =
        "Writes the names of all rings, one per line and sorted. Rings in files are not listed.",
    .options = options,
    .example = "mapring ls --scope global",
    .end = "Exit status: 0 done, even if there are none; 1 failed; 2 wrong usage.",
    .run = run,
};
