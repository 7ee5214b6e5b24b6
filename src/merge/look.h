/* SPDX-License-Identifier: MIT */
/* The looks of a merge at its rings. */
#ifndef MAPRING_MERGE_LOOK_H
#define MAPRING_MERGE_LOOK_H

#include "merge/state.h"

/* The item handed out last is no longer needed: looks for the next one of its ring. */
void merge_go_on(mapring_merge *merge);

/* Looks at all rings that show nothing, and for new rings if that is due. */
void merge_look(mapring_merge *merge);

#endif
