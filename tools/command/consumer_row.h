/* SPDX-License-Identifier: MIT */
/* Prints a consumer for mapring stat and mapring consumers. */
#ifndef TOOLS_CONSUMER_ROW_H
#define TOOLS_CONSUMER_ROW_H

#include <stdbool.h>

#include "mapring/mapring.h"

/* "attached", "away", "lapsed", or "dead": not durable, and died; its cell is not freed yet. */
const char *consumer_state(const struct mapring_consumer_stat *consumer);

/* Writes one JSON object on a line of its own, indented by `indent` spaces. */
void consumer_json(const struct mapring_consumer_stat *consumer, int indent, bool last);

#endif
