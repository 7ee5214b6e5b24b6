/* SPDX-License-Identifier: MIT */
/* What the command says on stderr, and the exit status that goes with it. */
#ifndef TOOLS_MESSAGE_H
#define TOOLS_MESSAGE_H

#include <stdio.h>

/* On Windows there is more than one printf; stdio.h says which one is used. */
#ifndef __MINGW_PRINTF_FORMAT
#define __MINGW_PRINTF_FORMAT printf
#endif

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_PEER_DIED = 3,
    EXIT_TIMED_OUT = 4,
    EXIT_HUNG_UP = 128 + 1 /* by SIGHUP */
};

/* Messages begin with this from now on: "mapring recv". */
void message_from(const char *command);

/* Writes one line to stderr: "mapring recv: ...". */
__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) void complain(const char *format, ...);

/* The same, with a hint to the help. Returns EXIT_USAGE. */
__attribute__((format(__MINGW_PRINTF_FORMAT, 1, 2))) int usage_error(const char *format, ...);

/* Tells the library's last failure. Returns EXIT_USAGE for a name or geometry that no ring can
 * have, otherwise EXIT_FAILED. */
int ring_failure(void);

#endif
