/* SPDX-License-Identifier: MIT */
/* mapring view: writes or reads a text in any named mapping, with the plain calls of the system. */
#include <stddef.h>

#include "commands.h"

static const struct command *const commands[] = {&command_view_write, &command_view_read,
                                                 &command_view_rm, NULL};

const struct command command_view = {
    .name = "view",
    .full_name = "mapring view",
    .arguments = "write|read|rm NAME [OPTION...]",
    .summary = "write or read a text in any named mapping, ring or not",
    .help = "Writes a text and its terminator into a named mapping, or prints the text in one. It "
            "works with any other program that does the same with CreateFileMapping() on Windows, "
            "where NAME is given in full (Local\\Name), or with shm_open() on Linux, where NAME, "
            "/NAME and Local\\NAME mean the same object.",
    .commands = commands,
    .end = "'mapring help view write' and 'mapring help view read' explain the options.",
};
