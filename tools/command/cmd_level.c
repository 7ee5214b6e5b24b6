/* SPDX-License-Identifier: MIT */
/* mapring level: shows and sets the level of a log, for all processes that write to it. */
#include <stdio.h>

#include "commands.h"
#include "log_kind.h"
#include "log_level.h"
#include "mapring/log.h"
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

static void print(const char *name, const char *level)
{
    if (!settings.json) {
        puts(level);
        return;
    }
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("name", name);
    json_text("level", level);
    json_end();
}

static int refused(int result, const char *name)
{
    int status = log_failure(result, name, settings.scope);
    if (result == MAPRING_ERROR_PERMISSION)
        complain("the level is for those who may write to the log: its user, or whom the --mode of "
                 "the ring lets write");
    return status;
}

static int run(int count, char **arguments)
{
    const char *name = arguments[0];
    uint32_t wanted = MAPRING_LEVEL_UNSET;
    const char *accepted = count > 1 ? value_level(arguments[1], &wanted) : NULL;
    if (accepted)
        return usage_error("'%s' is not %s", arguments[1], accepted);
    enum mapring_level level = MAPRING_LEVEL_UNSET;
    int result = MAPRING_OK;
    if (wanted != MAPRING_LEVEL_UNSET)
        result = mapring_level_set(name, settings.scope, (enum mapring_level)wanted);
    if (result == MAPRING_OK)
        result = mapring_level_get(name, settings.scope, &level);
    if (result != MAPRING_OK)
        return refused(result, name);
    print(name, level == MAPRING_LEVEL_UNSET ? "UNSET" : log_level_text(level));
    return EXIT_DONE;
}

const struct command command_level = {
    .name = "level",
    .full_name = "mapring level",
    .arguments = "NAME [trace|debug|info|warn|error|fatal|off] [OPTION...]",
    .summary = "show or set the level of a log",
    .help = "Prints the level of the log NAME: lines below it are not written. With a level, sets "
            "it first, for all threads and processes that write to this log, at once and until the "
            "ring NAME is removed. Needs write permission.",
    .options = options,
    .example = "mapring level app debug",
    .end = "Exit status: 0 done; 1 failed, or the ring is not a log; 2 wrong usage.",
    .least = 1,
    .most = 2,
    .run = run,
};
