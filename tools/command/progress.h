/* SPDX-License-Identifier: MIT */
/* One line on the terminal that says how far a command is, about five times a second. */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Nothing is ever shown unless it was wanted and stderr is a terminal. */
void progress_start(bool wanted);
void progress_show(uint64_t records, uint64_t bytes);
void progress_clear(void);

#endif
