/* SPDX-License-Identifier: MIT */
/* Messages on stderr, and the exit status that goes with each. */
#ifndef TOOLS_MESSAGE_H
#define TOOLS_MESSAGE_H

#include <stdio.h>

/* MinGW has more than one printf; stdio.h says which one is in use. */
#ifndef __MINGW_PRINTF_FORMAT
#define __MINGW_PRINTF_FORMAT printf
#endif

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_PEER_DIED = 3,
    EXIT_TIMED_OUT = 4,
    EXIT_HUNG_UP = 128 + 1 /* ended by SIGHUP */
};

/* From now on messages begin with this text, such as "mapring recv". */
void message_from(const char *command);

/* Writes one line to stderr: "mapring recv: ...". */
__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) void complain(const char *format, ...);

/* The same, followed by a hint to --help. Returns EXIT_USAGE. */
__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) int usage_error(const char *format, ...);

/* Prints the library's last error. Returns EXIT_USAGE for an invalid name or geometry, otherwise
 * EXIT_FAILED. */
int ring_failure(void);

#endif
