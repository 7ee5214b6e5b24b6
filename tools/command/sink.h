/* SPDX-License-Identifier: MIT */
/* The file that records are written to: its properties, in OS_DIR/sink.c. */
#ifndef TOOLS_SINK_H
#define TOOLS_SINK_H

#include <stdbool.h>
#include <stddef.h>

/* The largest write that no other writer can interrupt; SIZE_MAX: any size. */
size_t sink_whole_bytes(int file);

/* Whether the next write goes to the end of a regular file whose last byte is not a newline. False
 * if that cannot be determined. */
bool sink_is_inside_line(int file);

/* After a failed write: truncates a regular file by the last `bytes` bytes, provided that the file
 * still ends at the current position. Preserves what os_error() returns. */
void sink_take_back(int file, size_t bytes);

/* Whether the file is a pipe or a socket whose reader is gone. */
bool sink_is_unread(int file);

#endif
