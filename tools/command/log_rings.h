/* SPDX-License-Identifier: MIT */
/* The rings of a log: NAME, NAME.1, NAME.2, and so on; in files, PATH.ring, PATH.1.ring, ... */
#ifndef TOOLS_LOG_RINGS_H
#define TOOLS_LOG_RINGS_H

#include "log_lines.h"
#include "names.h"

/* A ring may have been removed, but not as many in a row. */
enum { LOG_RINGS_AHEAD = 16 };

/* Writes the name of the ring of that number, from 1 on. False: it is too long. */
bool log_rings_name(char *name, size_t bytes, const char *log, unsigned number);

/* Adds the rings that there are besides NAME itself, unless they are in the list already. */
void log_rings_find(struct names *rings, struct log_lines *lines, const char *name);

#endif
