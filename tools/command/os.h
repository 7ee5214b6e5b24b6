/* SPDX-License-Identifier: MIT */
/*
 * What only the command needs of the operating system, besides shared/os.h and sink.h. linux/ and
 * windows/ implement it in files of the same names; the build chooses one of them.
 */
#ifndef TOOLS_COMMAND_OS_H
#define TOOLS_COMMAND_OS_H

#include <stdbool.h>
#include <stdint.h>

/* ---- entry.c: calls the command with UTF-8 arguments and binary standard files ---- */

int command_line(int argc, char **argv); /* in main.c */

/* ---- process.c ---- */

/* Whether a signal or a debugger has stopped it; false if the system does not say. */
bool os_process_is_stopped(uint64_t process);

#endif
