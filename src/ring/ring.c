/* SPDX-License-Identifier: MIT */
/* Functions for all kinds of handle of a ring. */
#include "ring/ring.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "platform.h"
#include "ring/geometry.h"

int ring_peek(struct ring *ring, struct ring_identity *identity, enum ring_state *state)
{
    const uint64_t place = offsetof(struct ring_header, state);
    uint32_t word = RING_BLANK;
    uint64_t size = 0;
    memset(identity, 0, sizeof *identity);
    int result = platform_size(ring->object, &size);
    *state = size == 0 ? RING_BLANK : RING_READY;
    if (result != MAPRING_OK || size < place + sizeof word)
        return result;
    /* The state first: if read later, it could vouch for an identity that was not yet complete. */
    result = platform_read(ring->object, place, &word, sizeof word);
    if (result == MAPRING_OK)
        result = platform_read(ring->object, 0, identity, sizeof *identity);
    bool closed =
        identity->features_read_only & FEATURE_COMPANION && platform_is_closed(ring->object);
    if (identity->magic == RING_MAGIC && (word != RING_READY || closed))
        *state = RING_BEING_CREATED;
    return result;
}

void ring_drop_unready(struct ring *ring)
{
    platform_unmap((unsigned char *)ring->unready, 0);
    ring->unready = NULL;
}

static void unmap(const struct ring *ring)
{
    platform_unmap(ring->base, ring_capacity(ring));
    if (ring->dictionary)
        platform_unmap_dictionary(ring->dictionary, ring->dictionary_bytes);
}

void ring_close(struct ring *ring)
{
    if (ring->unready) {
        ring_drop_unready(ring);
        platform_discard(ring->object);
    }
    if (ring->base && ring->hot->broken != MAPRING_ERROR_FORKED) /* a forked child has no views */
        unmap(ring);
    if (ring->object)
        platform_detach(ring->object);
    ring->base = NULL;
    ring->dictionary = NULL;
    ring->object = NULL;
}

int ring_damaged(struct ring *ring, const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    ring->hot->broken = MAPRING_ERROR_DAMAGED;
    return fail(MAPRING_ERROR_DAMAGED, ring->name.text, "ring '%s' is damaged: %s", ring->name.text,
                what);
}

int ring_broken(const struct ring *ring)
{
    if (ring->hot->broken == MAPRING_ERROR_FORKED)
        return fail(MAPRING_ERROR_FORKED, ring->name.text,
                    "this handle of ring '%s' was opened before fork() and belongs to the parent; "
                    "open another in this process",
                    ring->name.text);
    return fail(ring->hot->broken, ring->name.text,
                "ring '%s' was found damaged earlier; close this handle", ring->name.text);
}
