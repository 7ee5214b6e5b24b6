/* SPDX-License-Identifier: MIT */
/* A consumer as mapring stat and mapring consumers show it. */
#ifndef TOOLS_CONSUMER_ROW_H
#define TOOLS_CONSUMER_ROW_H

#include <stdbool.h>

#include "mapring/mapring.h"

/* "attached", "away", "lapsed", or "dead": one without a name to keep, until its cell is freed. */
const char *consumer_state(const struct mapring_consumer_stat *consumer);

/* Writes one object in a line of its own, indented as much. */
void consumer_json(const struct mapring_consumer_stat *consumer, int indent, bool last);

#endif
