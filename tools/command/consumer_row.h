/* SPDX-License-Identifier: MIT */
/* Describes a consumer for mapring stat and mapring consumers. */
#ifndef TOOLS_CONSUMER_ROW_H
#define TOOLS_CONSUMER_ROW_H

#include "mapring/mapring.h"

/* "attached", "away", "lapsed", or "dead": not durable, and died; its cell is not freed yet. */
const char *consumer_state(const struct mapring_consumer_stat *consumer);

/* Writes one JSON object as an element of the array that has begun. */
void consumer_json(const struct mapring_consumer_stat *consumer);

/* Writes what that object contains, into one that has begun. */
void consumer_json_members(const struct mapring_consumer_stat *consumer);

/* Writes all of a ring's as the member "consumers" of the object that has begun: null if they are
 * hidden from this user. */
void consumers_json(const struct mapring_stat *stat);

#endif
