/* SPDX-License-Identifier: MIT */
/* Making a new ring: stamps it as being created, reserves its storage, and fills it in. The caller
 * declares it ready once it has everything that it needs itself. If a creator dies in between, the
 * next one recognises the remains and makes the ring anew. */
#include "ring/create.h"

#include <string.h>

#include "layout.h"
#include "platform.h"
#include "ring/geometry.h"
#include "ring/options.h"
#include "ring/ring.h"

enum { DEFAULT_CAPACITY = 1 << 20, DEFAULT_SLOT_BYTES = 16 };

int ring_is_blank(struct ring *ring, bool *blank)
{
    struct ring_identity identity;
    enum ring_state state;
    int result = ring_peek(ring, &identity, &state);
    *blank = result == MAPRING_OK && state != RING_READY;
    return result;
}

static void fill_in_origin(struct ring_header *header, const struct mapring_options *options)
{
    struct ring_origin origin = {.first_sequence = options->first_sequence};
    if (options_origin(options))
        memcpy(origin.text, options->origin, strlen(options->origin));
    header->origin = origin;
    store_relaxed(&header->run_sequence, origin.first_sequence);
    store_relaxed(&header->marks[0].sequence, origin.first_sequence);
}

/* Does not write the magic number again as part of the whole: that could clear it for a moment, and
 * others would then not know that this becomes a ring. */
static void fill_in(struct ring_header *header, const struct mapring_options *options, bool guarded,
                    uint64_t created_ns)
{
    const struct ring_identity identity = {
        .layout_version = LAYOUT_VERSION,
        .header_bytes = sizeof(struct ring_header),
        .cells_bytes = sizeof(struct ring_cells),
        .cell_bytes = sizeof(struct ring_cell),
        .cell_count = CELL_COUNT,
        .mark_count = MARK_COUNT,
        .features_read_only = guarded ? FEATURE_COMPANION : 0,
        .features_required = (options->times ? (uint32_t)FEATURE_TIMES : 0) |
                             (options_origin(options) ? (uint32_t)FEATURE_ORIGIN : 0),
        .slot_bytes = options->slot_bytes ? options->slot_bytes : DEFAULT_SLOT_BYTES,
        .capacity_bytes = options->capacity_bytes ? options->capacity_bytes : DEFAULT_CAPACITY,
        .when_full = options->when_full ? (uint32_t)options->when_full : WHEN_FULL_BLOCK,
        .created_ns = created_ns,
        .dictionary_bytes = dictionary_size(options->dictionary_bytes),
        .max_lag_attached = options->max_lag_attached_bytes,
    };
    header->identity.magic = RING_MAGIC;
    memcpy(&header->identity.layout_version, &identity.layout_version,
           sizeof identity - offsetof(struct ring_identity, layout_version));
    if (options->content)
        memcpy(header->identity.content, options->content, strlen(options->content));
    fill_in_origin(header, options);
    store_relaxed(&header->marks_made, 1); /* the first: position 0 */
}

static int stamp(struct ring *ring)
{
    struct {
        struct ring_identity identity;
        uint32_t state;
    } half_made = {.identity.magic = RING_MAGIC, .state = RING_BEING_CREATED};
    static_assert(offsetof(struct ring_header, state) == sizeof(struct ring_identity), "stamp");
    return platform_stamp(ring->object, &half_made, sizeof half_made);
}

int ring_create(struct ring *ring, const struct mapring_options *options)
{
    uint64_t capacity = options->capacity_bytes ? options->capacity_bytes : DEFAULT_CAPACITY;
    uint64_t bytes = ring_file_bytes(capacity, dictionary_size(options->dictionary_bytes));
    uint64_t created_ns = platform_wall_clock_ns();
    int result =
        platform_choose_mode(ring->object, options->mode, options_group(options), &ring->guarded);
    if (result == MAPRING_OK)
        result = stamp(ring);
    if (result == MAPRING_OK && options->on_numa_node)
        result = platform_place(ring->object, bytes, options->numa_node);
    if (result == MAPRING_OK)
        result = platform_reserve(ring->object, bytes);
    if (result == MAPRING_OK)
        result = platform_companion_make(ring->object, created_ns);
    if (result != MAPRING_OK)
        return result;
    unsigned char *base;
    result = platform_map(ring->object, ACCESS_PRODUCE, 0, &base);
    if (result != MAPRING_OK)
        return result;
    ring->unready = (struct ring_header *)(void *)base;
    fill_in(ring->unready, options, ring->guarded, created_ns);
    return MAPRING_OK;
}
