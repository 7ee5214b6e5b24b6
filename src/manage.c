/* SPDX-License-Identifier: MIT */
/* A ring without a role in it: created, kept alive, listed, removed. */
#include <stdlib.h>

#include "create.h"
#include "error.h"
#include "handle.h"

int mapring_open(mapring_ring **out, const char *name, const struct mapring_options *options)
{
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name, "the place for the ring is a null pointer");
    *out = NULL;
    mapring_ring *handle = calloc(1, sizeof *handle);
    if (!handle)
        return fail_memory(name, "a handle");
    int result = ring_open(&handle->ring, &handle->broken, name, options, ACCESS_READ);
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

static int check_unused(struct ring *ring)
{
    if (platform_role_held(ring->object, ROLE_PRODUCER))
        return fail(MAPRING_ERROR_IN_USE, ring->name.text, "ring '%s' has a live producer",
                    ring->name.text);
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (platform_role_held(ring->object, ROLE_CONSUMER + i))
            return fail(MAPRING_ERROR_IN_USE, ring->name.text, "ring '%s' has a live consumer",
                        ring->name.text);
    return MAPRING_OK;
}

/* Without its companion nobody can have a role. */
static int attach_roles(struct ring *ring, const struct ring_identity *identity)
{
    int result = platform_companion_attach(ring->object, identity->created_ns, true);
    return result == MAPRING_ERROR_DAMAGED ? MAPRING_OK : result;
}

/* Removes damaged, foreign and half-made rings as well, but nobody's file that is none. */
static int check_removable(struct ring *ring, bool force)
{
    struct ring_identity identity;
    enum ring_state state;
    int result = ring_peek(ring, &identity, &state);
    if (result != MAPRING_OK)
        return result;
    if (state == RING_READY && identity.magic != RING_MAGIC &&
        identity.magic != __builtin_bswap64(RING_MAGIC))
        return fail(MAPRING_ERROR_WRONG_KIND, ring->name.text,
                    "'%s' is not a ring and is not removed", ring->name.text);
    if (force)
        return MAPRING_OK;
    if (identity.magic == RING_MAGIC && identity.features_read_only & FEATURE_COMPANION)
        result = attach_roles(ring, &identity);
    return result == MAPRING_OK ? check_unused(ring) : result;
}

int mapring_remove(const char *name, enum mapring_scope scope, bool force)
{
    struct ring ring = {0};
    int result = ring_name_parse(&ring.name, name, scope);
    if (result == MAPRING_OK)
        result = platform_attach(&ring.object, &ring.name, false);
    if (result == MAPRING_OK)
        result = check_removable(&ring, force);
    if (result == MAPRING_OK)
        result = platform_remove(&ring.name);
    ring_close(&ring);
    return result;
}

int mapring_list(enum mapring_scope scope, bool (*found)(const char *name, void *context),
                 void *context)
{
    if (!found)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the function to call is a null pointer");
    if (scope != MAPRING_LOCAL && scope != MAPRING_GLOBAL)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "invalid scope: %d", (int)scope);
    return platform_list(scope == MAPRING_GLOBAL, found, context);
}

const char *mapring_version(void)
{
    return MAPRING_VERSION;
}
