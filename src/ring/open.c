/* SPDX-License-Identifier: MIT */
/* Creating and attaching rings: the states in which a ring can be found, and what is done in
 * each. */
#include "ring/open.h"

#include <inttypes.h>
#include <string.h>

#include "error.h"
#include "layout.h"
#include "name.h"
#include "platform.h"
#include "ring/base.h"
#include "ring/create.h"
#include "ring/geometry.h"
#include "ring/identity.h"
#include "ring/options.h"
#include "ring/patience.h"
#include "ring/ring.h"
#include "ring/trust.h"

enum {
    ATTACH_PATIENCE_NS = 2000000000,
    CREATE_PATIENCE_NS = 100000000, /* then it checks whether somebody else has created it */
    RETRY_NS = 1000000,
    HINT_LIMIT = 256,
};

static int check_size(const struct ring *ring)
{
    uint64_t is, wanted = ring_file_bytes(ring_capacity(ring), ring->dictionary_bytes);
    int result = platform_size(ring->object, &is);
    if (result == MAPRING_OK && is < wanted)
        return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                    "ring '%s' is truncated: it has %" PRIu64 " bytes and should have %" PRIu64,
                    ring->name.text, is, wanted);
    return result;
}

static void keep_geometry(struct ring *ring, const struct ring_identity *is,
                          const struct ring_origin *origin)
{
    ring->hot->mask = is->capacity_bytes - 1;
    ring->hot->slot_mask = is->slot_bytes - 1;
    ring->hot->slow = is->features_required & FEATURE_TIMES ? MAPRING_TIMES : 0;
    ring->hot->record_limit = record_limit(is->capacity_bytes, record_header_bytes(ring->hot));
    ring->first_position = is->first_position;
    ring->when_full = (enum when_full)is->when_full;
    ring->max_lag_attached = is->max_lag_attached;
    ring->dictionary_bytes = is->dictionary_bytes;
    memcpy(ring->content, is->content, sizeof ring->content);
    ring->origin = *origin;
}

/* All zero if the ring repeats none. */
static int read_origin(const struct ring *ring, const struct ring_identity *is,
                       struct ring_origin *origin)
{
    *origin = (struct ring_origin){0};
    if (!(is->features_required & FEATURE_ORIGIN))
        return MAPRING_OK;
    int result =
        platform_read(ring->object, offsetof(struct ring_header, origin), origin, sizeof *origin);
    /* not covered: the system fails to read a page that it has just read */
    return result == MAPRING_OK ? identity_check_origin(is, origin, ring->name.text) : result;
}

static int check_existing(struct ring *ring, enum platform_access access)
{
    struct ring_identity identity;
    struct ring_origin origin;
    enum ring_state state;
    int result = ring_peek(ring, &identity, &state);
    if (result == MAPRING_OK && state != RING_READY)
        return fail(MAPRING_ERROR_NOT_THERE, ring->name.text,
                    "ring '%s' is empty or half-made: its creator died; create it again",
                    ring->name.text);
    if (result == MAPRING_OK)
        result = identity_check(&identity, access != ACCESS_READ, ring->name.text);
    if (result == MAPRING_OK)
        result = read_origin(ring, &identity, &origin);
    if (result == MAPRING_OK)
        keep_geometry(ring, &identity, &origin);
    ring->guarded = identity.features_read_only & FEATURE_COMPANION;
    if (result == MAPRING_OK && ring->guarded)
        result =
            platform_companion_attach(ring->object, identity.created_ns, access != ACCESS_READ);
    return result;
}

static int map_dictionary(struct ring *ring)
{
    uint64_t offset = ring_file_bytes(ring_capacity(ring), 0);
    return platform_map_dictionary(ring->object, offset, ring->dictionary_bytes, &ring->dictionary);
}

static int map_regions(struct ring *ring, enum platform_access access)
{
    int result = platform_map(ring->object, access, ring_capacity(ring), &ring->base);
    if (result != MAPRING_OK)
        return result;
    ring->header = (struct ring_header *)(void *)ring->base;
    ring->cells = (struct ring_cells *)(void *)(ring->base + REGION_BYTES);
    ring->hot->slots = ring->base + 2 * (size_t)REGION_BYTES;
    platform_break_on_fork(ring->object, &ring->hot->broken);
    if (access == ACCESS_PRODUCE && ring->dictionary_bytes)
        return map_dictionary(ring);
    return MAPRING_OK;
}

static int report_missing(const struct ring *ring)
{
    const char *name = ring->name.text;
    char hint[HINT_LIMIT] = "";
    platform_elsewhere(&ring->name, hint, sizeof hint);
    return fail(MAPRING_ERROR_NOT_THERE, name, "there is no ring '%s' in the %s scope%s", name,
                ring->name.global ? "global" : "local", hint);
}

/* While a ring with a companion is being created, it is closed to other users, so attaching is
 * repeated. */
static int attach_patiently(struct ring *ring, bool writable)
{
    int64_t deadline = platform_now_ns() + ATTACH_PATIENCE_NS;
    int result;
    while ((result = platform_attach(&ring->object, &ring->name, writable)) ==
               MAPRING_ERROR_BEING_CREATED &&
           platform_now_ns() < deadline)
        platform_pause_ns(1000000);
    return result;
}

static int attach(struct ring *ring, enum platform_access access)
{
    int result;
    /* not covered: somebody removes the ring while it is being created */
    while ((result = attach_patiently(ring, access != ACCESS_READ)) == MAPRING_OK &&
           (result = patience_with_creator(ring)) == MAPRING_REMOVED)
        ring_close(ring);
    if (result == MAPRING_ERROR_NOT_THERE && !ring->name.is_path)
        return report_missing(ring);
    if (result == MAPRING_OK)
        result = check_existing(ring, access);
    return result;
}

static const char *policy_name(uint32_t when_full)
{
    static const char *const names[] = {"", "blocks", "drops", "overwrites"};
    return names[when_full];
}

/* Only for existing rings: a new one has the mode that was asked for, as far as the file system
 * supports it. */
static int check_mode(const struct ring *ring, uint32_t wanted)
{
    uint32_t mode = wanted;
    int result = platform_mode(ring->object, &mode);
    if (result != MAPRING_OK || mode == wanted)
        return result;
    return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                "ring '%s' exists with mode 0%03" PRIo32 "; ask for that mode or none, change it "
                "with chmod, or remove the ring first",
                ring->name.text, mode);
}

static int check_origin(const struct ring *ring, const char *wanted)
{
    if (!wanted || strcmp(wanted, ring->origin.text) == 0)
        return MAPRING_OK;
    if (!ring_repeats(ring))
        return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                    "ring '%s' exists and has records of its own, so it cannot repeat ring '%s'; "
                    "choose another name, or remove the ring first",
                    ring->name.text, wanted);
    return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                "ring '%s' exists and repeats ring '%s', not '%s'; choose another name, or remove "
                "the ring first",
                ring->name.text, ring->origin.text, wanted);
}

static int check_meaning(const struct ring *ring, const struct mapring_options *options)
{
    uint64_t dictionary = dictionary_size(options->dictionary_bytes);
    if (dictionary && dictionary != ring->dictionary_bytes)
        return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                    "ring '%s' exists with a dictionary of %" PRIu64
                    " bytes; ask for the same or leave it out, or remove the ring first",
                    ring->name.text, ring->dictionary_bytes);
    if (options->content && *options->content && strcmp(options->content, ring->content) != 0)
        return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                    "ring '%s' exists with content '%s'; ask for the same or leave it out, or "
                    "remove the ring first",
                    ring->name.text, ring->content);
    return check_origin(ring, options_origin(options));
}

static int check_wishes(const struct ring *ring, const struct mapring_options *options)
{
    if ((options->capacity_bytes && options->capacity_bytes != ring_capacity(ring)) ||
        (options->slot_bytes && options->slot_bytes != ring_slot_bytes(ring)))
        return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                    "ring '%s' exists with a capacity of %" PRIu64 " bytes and slots of %" PRIu32
                    " bytes; ask for the same or leave them out, or remove the ring first",
                    ring->name.text, ring_capacity(ring), ring_slot_bytes(ring));
    if (options->when_full && (uint32_t)options->when_full != (uint32_t)ring->when_full)
        return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                    "ring '%s' exists and %s when it is full; ask for the same or leave it out, or "
                    "remove the ring first",
                    ring->name.text, policy_name(ring->when_full));
    if (options->times && !record_has_times(ring->hot))
        return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                    "ring '%s' exists without times; do not ask for times, or remove the ring "
                    "first",
                    ring->name.text);
    if (options->max_lag_attached_bytes &&
        options->max_lag_attached_bytes != ring->max_lag_attached)
        return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, ring->name.text,
                    "ring '%s' exists and lets attached consumers go that are %" PRIu64
                    " bytes behind (0: none); ask for the same or leave it out, or remove the "
                    "ring first",
                    ring->name.text, ring->max_lag_attached);
    int result = check_meaning(ring, options);
    if (result == MAPRING_OK && options->mode && !ring->unready)
        result = check_mode(ring, options->mode);
    if (result == MAPRING_OK && options_group(options) && !ring->unready)
        result = platform_check_belongs(ring->object, options->group);
    return result;
}

static int make(struct ring *ring, const struct mapring_options *options)
{
    int result = ring_create(ring, options);
    if (result == MAPRING_OK)
        keep_geometry(ring, &ring->unready->identity, &ring->unready->origin);
    else
        platform_discard(ring->object);
    return result;
}

static int use_existing(struct ring *ring, const struct mapring_options *options,
                        enum platform_access access)
{
    if (options->how == MAPRING_CREATE)
        return fail(MAPRING_ERROR_EXISTS, ring->name.text, "ring '%s' already exists",
                    ring->name.text);
    return check_existing(ring, access);
}

static int create_or_attach(struct ring *ring, const struct mapring_options *options,
                            enum platform_access access)
{
    int64_t deadline = platform_now_ns() + CREATE_PATIENCE_NS;
    uint32_t mode = options_group(options) ? MODE_CLOSED_AT_FIRST : options->mode;
    int result = platform_create(&ring->object, &ring->name, mode, deadline);
    if (result != MAPRING_OK)
        return result;
    bool blank;
    result = ring_is_blank(ring, &blank);
    if (blank)
        result = trust_check_blank(ring);
    if (blank && result == MAPRING_OK)
        return make(ring, options);
    if (result != MAPRING_OK)
        platform_discard(ring->object);
    platform_role_drop(ring->object, ROLE_CREATOR);
    return result == MAPRING_OK ? use_existing(ring, options, access) : result;
}

/* Attaches a ring that is ready without waiting for the creator's role: its holder may be opening a
 * durable consumer, may only be a reader, and may even be stopped. */
static bool attach_ready(struct ring *ring)
{
    struct mapring_error before = *mapring_last_error();
    bool blank = true;
    int result = attach_patiently(ring, true);
    if (result == MAPRING_OK)
        result = ring_is_blank(ring, &blank);
    if (result == MAPRING_OK && !blank)
        return true;
    ring_close(ring);
    error_restore(&before);
    return false;
}

static int find_or_make(struct ring *ring, const struct mapring_options *options,
                        enum platform_access access)
{
    int64_t deadline = platform_now_ns() + ATTACH_PATIENCE_NS;
    int result;
    do {
        if (attach_ready(ring))
            return use_existing(ring, options, access);
        result = create_or_attach(ring, options, access);
    } while (result == MAPRING_ERROR_BEING_CREATED && platform_now_ns() < deadline);
    return result;
}

int ring_find(struct ring *ring, struct mapring_hot *hot, const char *name,
              const struct mapring_options *options, enum platform_access access)
{
    static const struct mapring_options defaults;
    if (!options)
        options = &defaults;
    memset(ring, 0, sizeof *ring);
    memset(hot, 0, sizeof *hot);
    ring->hot = hot;
    int result = base_find(&ring->name, name, options->scope);
    if (result == MAPRING_OK)
        result = options_check(options, &ring->name);
    if (result != MAPRING_OK)
        return result;
    if (options->how == MAPRING_ATTACH)
        result = attach(ring, access);
    else
        result = find_or_make(ring, options, access);
    if (result == MAPRING_OK)
        result = check_wishes(ring, options);
    if (result != MAPRING_OK)
        ring_close(ring);
    return result;
}

static void prepare_pages(struct ring *ring, const struct mapring_options *options,
                          enum platform_access access)
{
    if (options->huge)
        platform_enlarge_pages(ring->base, ring_capacity(ring));
    if (options->prefault)
        platform_prefault(ring->base, access, ring_capacity(ring));
}

static int find_and_map(struct ring *ring, struct mapring_hot *hot, const char *name,
                        const struct mapring_options *options, enum platform_access access)
{
    int result = ring_find(ring, hot, name, options, access);
    if (result == MAPRING_OK)
        result = check_size(ring);
    if (result == MAPRING_OK)
        result = map_regions(ring, access);
    if (result != MAPRING_OK)
        ring_close(ring);
    return result;
}

/* Tries again if the ring was removed in the meantime, since nobody else could find it. */
int ring_open(struct ring *ring, struct mapring_hot *hot, const char *name,
              const struct mapring_options *options, enum platform_access access)
{
    int64_t deadline = platform_now_ns() + ATTACH_PATIENCE_NS;
    int result;
    while ((result = find_and_map(ring, hot, name, options, access)) == MAPRING_OK &&
           ring_is_removed(ring)) {
        ring_close(ring);
        /* not covered: only on Windows does a file keep its name until all have closed it */
        if (platform_now_ns() > deadline)
            return fail(MAPRING_ERROR_IN_USE, name,
                        "ring '%s' was removed, but its name is still in use; end the processes "
                        "that have it open",
                        name);
        platform_pause_ns(RETRY_NS);
    }
    return result;
}

/* For a ring with a companion, the last step lets the other users in. */
static int declare(struct ring *ring)
{
    store_release(&ring->unready->state, RING_READY);
    int result = platform_publish(ring->object);
    if (result != MAPRING_OK)
        return result;
    ring_drop_unready(ring);
    platform_role_drop(ring->object, ROLE_CREATOR);
    return MAPRING_OK;
}

int ring_settle(struct ring *ring, const struct mapring_options *options,
                enum platform_access access)
{
    int result = ring->unready ? declare(ring) : MAPRING_OK;
    if (result == MAPRING_OK && options)
        prepare_pages(ring, options, access);
    return result;
}

int ring_attach(struct ring *ring, struct mapring_hot *hot, const char *name,
                enum mapring_scope scope, bool prefault, enum platform_access access)
{
    const struct mapring_options options = {
        .how = MAPRING_ATTACH, .scope = scope, .prefault = prefault};
    int result = ring_open(ring, hot, name, &options, access);
    return result == MAPRING_OK ? ring_settle(ring, &options, access) : result;
}
