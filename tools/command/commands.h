/* SPDX-License-Identifier: MIT */
/* All commands of mapring, each in its cmd_NAME.c or view_NAME.c. */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

#include "shared/command.h"

extern const struct command command_bench;
extern const struct command command_bridge;
extern const struct command command_bridge_in;
extern const struct command command_bridge_out;
extern const struct command command_consumer;
extern const struct command command_consumer_evict;
extern const struct command command_consumer_rm;
extern const struct command command_consumers;
extern const struct command command_create;
extern const struct command command_dictionary;
extern const struct command command_doctor;
extern const struct command command_dump;
extern const struct command command_exporter;
extern const struct command command_level;
extern const struct command command_log;
extern const struct command command_log_sites;
extern const struct command command_log_write;
extern const struct command command_ls;
extern const struct command command_play;
extern const struct command command_prune;
extern const struct command command_record;
extern const struct command command_recv;
extern const struct command command_rm;
extern const struct command command_run_program;
extern const struct command command_send;
extern const struct command command_stat;
extern const struct command command_stress;
extern const struct command command_top;
extern const struct command command_view;
extern const struct command command_view_read;
extern const struct command command_view_rm;
extern const struct command command_view_write;

#endif
