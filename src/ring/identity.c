/* SPDX-License-Identifier: MIT */
/* Checks whether a file or section is a ring that this library can use. */
#include "ring/identity.h"

#include <inttypes.h>

#include "error.h"
#include "platform.h"
#include "ring/feature.h"
#include "ring/geometry.h"

static int check_sizes(const struct ring_identity *is, const char *name)
{
    if (is->header_bytes != sizeof(struct ring_header) ||
        is->cells_bytes != sizeof(struct ring_cells) ||
        is->cell_bytes != sizeof(struct ring_cell) || is->cell_count != CELL_COUNT ||
        is->mark_count != MARK_COUNT)
        return fail(
            MAPRING_ERROR_FOREIGN, name,
            "the structures of ring '%s' do not have the sizes of layout version %d; it was "
            "made by a modified mapring",
            name, LAYOUT_VERSION);
    return MAPRING_OK;
}

static int check_features(const struct ring_identity *is, bool writable, const char *name)
{
    char text[FEATURES_TEXT_BYTES];
    uint32_t missing = features_missing(FEATURES_REQUIRED, is->features_required);
    if (missing) {
        features_describe(FEATURES_REQUIRED, missing, text);
        return fail(MAPRING_ERROR_FOREIGN, name,
                    "ring '%s' requires features that this library does not support (%s); use a "
                    "newer mapring",
                    name, text);
    }
    missing = features_missing(FEATURES_READ_ONLY, is->features_read_only);
    if (writable && missing) {
        features_describe(FEATURES_READ_ONLY, missing, text);
        return fail(
            MAPRING_ERROR_FOREIGN, name,
            "ring '%s' has features that this library does not support on this system (%s), "
            "so it can only be observed; use another system or a newer mapring",
            name, text);
    }
    return MAPRING_OK;
}

static int check_kind(const struct ring_identity *is, const char *name)
{
    if (is->magic == __builtin_bswap64(RING_MAGIC))
        return fail(MAPRING_ERROR_FOREIGN, name,
                    "ring '%s' was made on a machine with the other byte order", name);
    if (is->magic != RING_MAGIC)
        return fail(MAPRING_ERROR_WRONG_KIND, name, "'%s' is not a ring", name);
    if (is->layout_version != LAYOUT_VERSION)
        return fail(MAPRING_ERROR_FOREIGN, name,
                    "ring '%s' has layout version %" PRIu32 "; this library reads only %d", name,
                    is->layout_version, LAYOUT_VERSION);
    return MAPRING_OK;
}

static int check_geometry(const struct ring_identity *is, const char *name)
{
    if (!capacity_is_valid(is->capacity_bytes) || !slot_size_is_valid(is->slot_bytes) ||
        is->first_position % is->slot_bytes != 0 || !policy_is_valid(is->when_full) ||
        !dictionary_size_is_valid(is->dictionary_bytes))
        return fail(MAPRING_ERROR_DAMAGED, name,
                    "ring '%s' is damaged: its header gives a capacity of %" PRIu64
                    " bytes, slots of %" PRIu32 " bytes, policy %" PRIu32
                    ", and a dictionary of %" PRIu64 " bytes",
                    name, is->capacity_bytes, is->slot_bytes, is->when_full, is->dictionary_bytes);
    if (!text_is_valid(is->content, sizeof is->content))
        return fail(MAPRING_ERROR_DAMAGED, name,
                    "ring '%s' is damaged: what its header says about its content is not text",
                    name);
    return MAPRING_OK;
}

int identity_check_origin(const struct ring_identity *is, const struct ring_origin *origin,
                          const char *name)
{
    if (!text_is_valid(origin->text, sizeof origin->text) || origin->text[0] == '\0')
        return fail(MAPRING_ERROR_DAMAGED, name,
                    "ring '%s' is damaged: what its header says about the ring that it repeats is "
                    "not text",
                    name);
    if (is->when_full == WHEN_FULL_DROP || origin->first_sequence > INT64_MAX)
        return fail(MAPRING_ERROR_DAMAGED, name,
                    "ring '%s' is damaged: it repeats another one with policy %" PRIu32
                    ", from record %" PRIu64 " on",
                    name, is->when_full, origin->first_sequence);
    return MAPRING_OK;
}

int identity_check(const struct ring_identity *is, bool writable, const char *name)
{
    int result = check_kind(is, name);
    if (result == MAPRING_OK)
        result = check_sizes(is, name);
    if (result == MAPRING_OK)
        result = check_features(is, writable, name);
    return result == MAPRING_OK ? check_geometry(is, name) : result;
}
