/* SPDX-License-Identifier: MIT */
/* What mapring doctor checks of the system. */
#ifndef TOOLS_DOCTOR_SYSTEM_H
#define TOOLS_DOCTOR_SYSTEM_H

#include "diagnosis.h"
#include "rings.h"

/* Where rings are kept. Returns whether they can be listed. */
bool doctor_check_places(struct diagnosis *diagnosis);

/* Everything else, as far as it matters for these rings. */
void doctor_check_system(struct diagnosis *diagnosis, const struct rings *rings);

/* What a ring's file lies on. */
void doctor_check_file_system(struct diagnosis *diagnosis, const char *path);

#endif
