/* SPDX-License-Identifier: MIT */
/* A program that this command starts, with pipes from its output; in OS_DIR/program.c. There is one
 * at a time. */
#ifndef TOOLS_PROGRAM_H
#define TOOLS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feed.h"

enum { PROGRAM_PIPES = 2, PROGRAM_INHERITS = -1 };
enum { PROGRAM_FAILED = 125, PROGRAM_NOT_EXECUTABLE = 126, PROGRAM_NOT_FOUND = 127 };

struct program_options {
    char **command;     /* its name and its arguments; ends with NULL */
    int output, errors; /* which pipe its stdout and stderr are, or PROGRAM_INHERITS */
    bool dies_with_us;  /* is killed if this process is */
};

/* Starts it. From now on signals are the program's: those sent to this process are passed on, and
 * those of the terminal reach both. Returns 0, a PROGRAM_ status after a message, or
 * os_interrupted(). */
int program_start(const struct program_options *options);

/* Returns what is there, without waiting; or a FEED_ value. */
ptrdiff_t program_read(int pipe, void *buffer, size_t bytes);

size_t program_held(int pipe); /* bytes that were written and not read */
void program_close(int pipe);

/* Waits a tenth of a second, or until a pipe that is open has something or the program ends. */
void program_wait(void);

/* Whether it has ended. *status: its exit code, or 128 plus the number of the signal. */
bool program_has_ended(int *status);

/* When this was first called after a signal that asks programs to end; 0: none has come. *is_final:
 * there was one that programs do not use for other things. */
int64_t program_told_ns(bool *is_final);

/* Call when the program has ended. Signals end this process again. If a signal that was passed on
 * ended the program, os_interrupted() returns it. */
void program_forget(void);

#endif
