/* SPDX-License-Identifier: MIT */
/* Finds out whether mapring recv is to read a log, and with it all rings of that log. */
#ifndef TOOLS_RECV_LOG_H
#define TOOLS_RECV_LOG_H

#include "output.h"
#include "recv_settings.h"

/* With --wait, waits for a ring of that name, and notes in settings->has_appeared that it did. Sets
 * *is_log. Returns an exit status; on failure a message has been printed. */
int recv_find_log(struct recv_settings *settings, struct output *output, const char *name,
                  bool *is_log);

/* Whether records of logs become lines: with --framing line only. */
bool recv_makes_lines(const struct recv_settings *settings);

#endif
