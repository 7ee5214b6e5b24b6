/* SPDX-License-Identifier: MIT */
/* Reads the state of a ring without taking part in it. */
#ifndef TOOLS_LOOK_H
#define TOOLS_LOOK_H

#include "mapring/mapring.h"

/* Returns what mapring_open() or mapring_stat() returns. */
int look(const char *name, enum mapring_scope scope, struct mapring_stat *stat);

/* Finds out which ring it repeats; nothing if it repeats none, or cannot be looked at. */
struct mapring_repetition look_repetition(const char *name, enum mapring_scope scope);

/* The level of a log: enum mapring_level; 0 if the ring has none, or it cannot be looked at. */
uint32_t look_level(const char *name, enum mapring_scope scope);

#endif
