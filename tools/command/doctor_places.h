/* SPDX-License-Identifier: MIT */
/* What mapring doctor checks of the places of rings. */
#ifndef TOOLS_DOCTOR_PLACES_H
#define TOOLS_DOCTOR_PLACES_H

#include <stdbool.h>

#include "diagnosis.h"

/* Where rings are found by name. Returns whether they can be listed. */
bool doctor_check_places(struct diagnosis *diagnosis);

/* What a ring's file lies on. */
void doctor_check_file_system(struct diagnosis *diagnosis, const char *path);

#endif
