/* SPDX-License-Identifier: MIT */
/*
 * What only the command needs of the operating system, besides shared/os.h and sink.h. linux/ and
 * windows/ implement it in files of the same names; the build chooses one of them.
 */
#ifndef TOOLS_COMMAND_OS_H
#define TOOLS_COMMAND_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* ---- calendar.c: the C library's calendar ---- */

/* What a calendar shows so many seconds after the beginning of 1970: in UTC, or where the user
 * is. False: before 1970, or the C library does not know. */
bool os_calendar(int64_t seconds, bool local, struct tm *calendar);

/* The opposite. Negative: before 1970, or the C library does not know. */
int64_t os_calendar_seconds(const struct tm *calendar, bool local);

/* ---- entry.c: calls the command with UTF-8 arguments and binary standard files ---- */

int command_line(int argc, char **argv); /* in main.c */

/* ---- output_kind.c ---- */

enum os_output { OS_OUTPUT_TERMINAL, OS_OUTPUT_PIPE, OS_OUTPUT_FILE, OS_OUTPUT_OTHER };

/* What standard output is, and the path if it is a file. OS_OUTPUT_OTHER also if the system does
 * not say. */
enum os_output os_output(char *path, size_t bytes);

/* Whether standard output is a terminal that obeys escape sequences for colours. */
bool os_output_has_colors(void);

/* ---- process.c ---- */

/* Whether a signal or a debugger has stopped it; false if the system does not say. */
bool os_process_is_stopped(uint64_t process);

/* Stores the command line of a process or, where the system does not tell, the path of its program.
 * False: neither is known. */
bool os_process_command(uint64_t process, char *text, size_t bytes);

#endif
