/* SPDX-License-Identifier: MIT */
/* All commands of mapring, each in its cmd_NAME.c or view_NAME.c. */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

#include "shared/command.h"

extern const struct command command_create, command_send, command_recv, command_ls, command_stat,
    command_consumers, command_consumer, command_consumer_rm, command_dictionary, command_dump,
    command_rm, command_stress, command_view, command_view_write, command_view_read,
    command_view_rm, command_bench;

#endif
