/* SPDX-License-Identifier: MIT */
/* What mapring doctor checks of each ring. */
#ifndef TOOLS_DOCTOR_RINGS_H
#define TOOLS_DOCTOR_RINGS_H

#include "diagnosis.h"
#include "rings.h"

void doctor_check_rings(struct diagnosis *diagnosis, const struct rings *rings);

#endif
