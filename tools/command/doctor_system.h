/* SPDX-License-Identifier: MIT */
/* What mapring doctor checks of the system, this process and this user. */
#ifndef TOOLS_DOCTOR_SYSTEM_H
#define TOOLS_DOCTOR_SYSTEM_H

#include "diagnosis.h"
#include "rings.h"

/* As far as it matters for these rings. */
void doctor_check_system(struct diagnosis *diagnosis, const struct rings *rings);

#endif
