/* SPDX-License-Identifier: MIT */
/* mapring complete: what shells offer when a command line is completed. */
#ifndef TOOLS_COMPLETE_H
#define TOOLS_COMPLETE_H

#include "shared/command.h"

/*
 * Not listed in the help, because only shells call it.
 *
 * "-- WORD...": writes what the last WORD could become, one line each, with a tab and a description
 * after it. A line without a tab says what else fits: "files". Writes nothing if nothing fits or
 * anything fails, and never a message.
 *
 * "--check WORD...": says whether the words are a valid command line, as far as that is known
 * without running it.
 */
int complete(const struct command *root, int count, char **words);

#endif
