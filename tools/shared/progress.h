/* SPDX-License-Identifier: MIT */
/* A progress line on the terminal, updated about five times a second. */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Nothing is shown unless `wanted` is true and stderr is a terminal. */
void progress_start(bool wanted);
void progress_show(uint64_t records, uint64_t bytes);
void progress_show_text(const char *text);
void progress_clear(void);

#endif
