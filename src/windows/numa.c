/* SPDX-License-Identifier: MIT */
/* Where in the machine a ring's memory lies. */
#include "error.h"
#include "object.h"

/* Noted for section.c, which makes the section. */
int platform_place(struct platform_object *object, uint64_t bytes, uint32_t node)
{
    (void)bytes;
    ULONG highest = 0; /* also where the system does not say */
    GetNumaHighestNodeNumber(&highest);
    if (node > highest)
        return fail(MAPRING_ERROR_ARGUMENT, object->name.text,
                    "cannot place ring '%s' on NUMA node %u: this machine has no such node, the "
                    "highest is %lu",
                    object->name.text, node, highest);
    object->numa_node = node;
    return MAPRING_OK;
}
