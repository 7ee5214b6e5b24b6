/* SPDX-License-Identifier: MIT */
/* mapring dump of a hostile mapping: the command itself, with a file that changes between its
 * reads. */
#include <string.h>

#include "command/commands.h"
#include "command/ring_values.h"
#include "hostile.h"
#include "shared/message.h"

static void *option(const char *name)
{
    const struct option_row *row = command_dump.options;
    while (strcmp(row->name, name) != 0)
        row++;
    return row->value;
}

void fuzz(const char *path, unsigned choices)
{
    static const char *const framings[] = {"line", "length", "block"};
    char *arguments[] = {(char *)path};
    *(bool *)option("json") = choices & 1;
    *(uint64_t *)option("since") = choices & 2 ? 100 : 0;
    value_framing(choices & 1 ? "line" : framings[(choices >> 2) % 3], option("framing"));
    int status = command_dump.run(1, arguments);
    must(status == EXIT_DONE || status == EXIT_FAILED);
}
