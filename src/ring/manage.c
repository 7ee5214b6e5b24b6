/* SPDX-License-Identifier: MIT */
/* Opening a ring without a role in it, to create it or keep it alive, and listing rings. */
#include <stdlib.h>

#include "error.h"
#include "platform.h"
#include "ring/handle.h"
#include "ring/open.h"
#include "ring/ring.h"

int mapring_open(mapring_ring **out, const char *name, const struct mapring_options *options)
{
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the ring is a null pointer");
    *out = NULL;
    mapring_ring *handle = calloc(1, sizeof *handle);
    if (!handle)
        return fail_memory(name, "a handle");
    int result = ring_open(&handle->ring, &handle->hot, name, options, ACCESS_READ);
    if (result == MAPRING_OK)
        result = ring_settle(&handle->ring, options, ACCESS_READ);
    if (result != MAPRING_OK) {
        ring_close(&handle->ring);
        free(handle);
        return result;
    }
    *out = handle;
    return MAPRING_OK;
}

void mapring_close(mapring_ring *handle)
{
    if (!handle)
        return;
    ring_close(&handle->ring);
    free(handle);
}

int mapring_list(enum mapring_scope scope, bool (*found)(const char *name, void *context),
                 void *context)
{
    if (!found)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the function to call is a null pointer");
    if (scope != MAPRING_LOCAL && scope != MAPRING_GLOBAL)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "invalid scope: %d", (int)scope);
    char directory[PATH_LIMIT];
    int result = platform_base(NULL, directory);
    if (result != MAPRING_OK)
        return result;
    return directory[0] ? platform_list_base(directory, found, context)
                        : platform_list(scope == MAPRING_GLOBAL, found, context);
}

const char *mapring_version(void)
{
    return MAPRING_VERSION;
}
