/* SPDX-License-Identifier: MIT */
#include "ring/whole.h"

#include "ring/identity.h"

int whole_check(struct ring *ring)
{
    struct ring_identity identity;
    enum ring_state state;
    uint64_t bytes = 0;
    int result = ring_peek(ring, &identity, &state);
    if (result != MAPRING_OK)
        return result;
    if (state != RING_READY)
        return MAPRING_NOTHING;
    result = identity_check(&identity, true, ring->name.text);
    if (result == MAPRING_OK)
        result = platform_size(ring->object, &bytes);
    if (result == MAPRING_OK &&
        bytes < ring_file_bytes(identity.capacity_bytes, identity.dictionary_bytes))
        return fail(MAPRING_ERROR_DAMAGED, ring->name.text, "ring '%s' is truncated",
                    ring->name.text);
    return result;
}
