/* SPDX-License-Identifier: MIT */
/* Finding the rings of a merge by their names and patterns. */
#ifndef MAPRING_MERGE_FIND_H
#define MAPRING_MERGE_FIND_H

#include "merge/state.h"

/* Joins rings that have appeared, and forgets those that were left out and are gone. */
void merge_search(mapring_merge *merge);

/* Wants the ring of that name, which is read from its beginning once a search has found it. */
int merge_await(mapring_merge *merge, const char *name);

/* Whether a search would join any. Changes nothing. */
bool merge_has_appeared(const mapring_merge *merge);

#endif
