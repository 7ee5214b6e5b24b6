/* SPDX-License-Identifier: MIT */
/* What bridges keep beside a ring, and is of no use when the ring is gone. */
#ifndef BRIDGE_REMAINS_H
#define BRIDGE_REMAINS_H

#include "mapring/mapring.h"

void remains_forget(const char *ring, enum mapring_scope scope);

/* When a bridge has ended because its ring was removed: forgets, unless there is another ring of that
 * name already. Who removed the ring could not do it, since the bridge had it open. */
void remains_settle(const char *ring, enum mapring_scope scope);

#endif
