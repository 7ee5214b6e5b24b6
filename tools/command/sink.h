/* SPDX-License-Identifier: MIT */
/* What the command needs to know of the file that records are written to: OS_DIR/sink.c. */
#ifndef TOOLS_SINK_H
#define TOOLS_SINK_H

#include <stdbool.h>
#include <stddef.h>

/* The largest write that no other writer's bytes get into; SIZE_MAX: any. */
size_t sink_whole_bytes(int file);

/* Whether the file is a regular one, and what is written next comes behind its last byte, which is no
 * newline. False where that cannot be found out. */
bool sink_is_inside_line(int file);

/* After a write that failed: takes the last bytes of a regular file away, if they still are its
 * last. Keeps what os_error() says. */
void sink_take_back(int file, size_t bytes);

/* Whether the file is a pipe or a socket of which nobody reads the other end any more. */
bool sink_is_unread(int file);

#endif
