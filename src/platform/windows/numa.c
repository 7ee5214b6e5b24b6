/* SPDX-License-Identifier: MIT */
/* Placing a ring's memory on a NUMA node. */
#include "error.h"
#include "platform/windows/object.h"

int platform_check_node(const char *ring, uint32_t node)
{
    ULONG highest = 0; /* stays 0 if the system does not say */
    GetNumaHighestNodeNumber(&highest);
    if (node <= highest)
        return MAPRING_OK;
    return fail(
        MAPRING_ERROR_ARGUMENT, ring,
        "cannot place ring '%s' on NUMA node %u: this machine has no such node; the highest "
        "is %lu",
        ring, node, highest);
}

/* Notes the node for section.c, which creates the section. */
int platform_place(struct platform_object *object, uint64_t bytes, uint32_t node)
{
    (void)bytes;
    object->numa_node = node;
    return MAPRING_OK;
}
