/* SPDX-License-Identifier: MIT */
/* What bridges keep beside a ring. */
#include "remains.h"

#include "beside.h"
#include "status.h"

void remains_forget(const char *ring, enum mapring_scope scope)
{
    status_forget(ring, scope);
    beside_forget(ring, scope);
}
