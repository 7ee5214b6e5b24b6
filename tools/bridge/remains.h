/* SPDX-License-Identifier: MIT */
/* What bridges keep beside a ring, and is of no use when the ring is gone. */
#ifndef BRIDGE_REMAINS_H
#define BRIDGE_REMAINS_H

#include "mapring/mapring.h"

void remains_forget(const char *ring, enum mapring_scope scope);

#endif
