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

void remains_settle(const char *ring, enum mapring_scope scope)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = scope};
    mapring_ring *another = NULL;
    if (mapring_open(&another, ring, &attach) == MAPRING_ERROR_NOT_THERE)
        remains_forget(ring, scope);
    mapring_close(another);
}
