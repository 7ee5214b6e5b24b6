/* SPDX-License-Identifier: MIT */
/* Removing a ring. Unless it is forced, all roles are held meanwhile, so that nobody opens a ring
 * that is about to vanish. Processes that have it open are told. */
#include "error.h"
#include "layout.h"
#include "name.h"
#include "platform.h"
#include "ring/base.h"
#include "ring/cell.h"
#include "ring/create.h"
#include "ring/feature.h"
#include "ring/leftover.h"
#include "ring/patience.h"
#include "ring/ring.h"
#include "ring/whole.h"

/* What may be removed, and how. */
struct removal {
    bool force;   /* also what is in use */
    bool prune;   /* only what is left over */
    bool durable; /* also if it has durable consumers */
    bool look;    /* only say whether it would be removed */
};

static int in_use(const struct ring *ring, const char *by)
{
    return fail(MAPRING_ERROR_IN_USE, ring->name.text, "ring '%s' %s", ring->name.text, by);
}

static int check_unused(struct ring *ring)
{
    if (platform_role_held(ring->object, ROLE_PRODUCER))
        return in_use(ring, "has a live producer");
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (platform_role_held(ring->object, ROLE_CONSUMER + i))
            return in_use(ring, "has a live consumer");
    return MAPRING_OK;
}

static int take_role(struct ring *ring, unsigned role)
{
    int result = platform_role_take(ring->object, role);
    /* not covered: somebody opens the ring at this moment */
    return result == MAPRING_NOTHING ? in_use(ring, "is being opened; try again later") : result;
}

/* First checks the roles without taking them, so that a ring in use is refused without getting in
 * the way of processes that open it. */
static int take_all_roles(struct ring *ring)
{
    int result = patience_take_creator(ring);
    if (result == MAPRING_NOTHING)
        result = in_use(ring, "is being created or removed, or a durable consumer is being opened; "
                              "try again later");
    if (result == MAPRING_OK)
        result = check_unused(ring);
    for (unsigned role = ROLE_PRODUCER; role < ROLE_CONSUMER + CELL_COUNT; role++)
        if (result == MAPRING_OK)
            result = take_role(ring, role);
    return result;
}

static bool has_magic(const struct ring_identity *identity)
{
    return identity->magic == RING_MAGIC || identity->magic == __builtin_bswap64(RING_MAGIC);
}

/* Damaged, foreign and half-made rings may be removed and, with force, anything that has the name
 * of a named ring; but never the file at a path if it is not a ring. */
static int check_removable(struct ring *ring, bool force)
{
    const char *name = ring->name.text;
    struct ring_identity identity;
    enum ring_state state;
    int result = ring_peek(ring, &identity, &state);
    if (result != MAPRING_OK || state != RING_READY || has_magic(&identity))
        return result;
    if (ring->name.is_path)
        return fail(MAPRING_ERROR_WRONG_KIND, name,
                    "'%s' is not a ring and is not removed; use the system's own command for "
                    "removing files",
                    name);
    if (!force)
        return fail(MAPRING_ERROR_WRONG_KIND, name,
                    "what has the name of ring '%s' is not a ring, or its header is destroyed; it "
                    "can only be removed by force",
                    name);
    return MAPRING_OK;
}

static void tell(struct ring *ring)
{
    unsigned char *base;
    if (whole_check(ring) != MAPRING_OK ||
        platform_map(ring->object, ACCESS_CONSUME, 0, &base) != MAPRING_OK)
        return;
    struct ring_cells *cells = (struct ring_cells *)(void *)(base + REGION_BYTES);
    exchange32(&cells->removed, 1);
    fetch_or32(&cells->wait_set, UINT32_MAX); /* makes the next commit look for sleepers */
    cells_wake(cells, ring->object, UINT32_MAX);
    fetch_add32(&cells->room_wakes, 1);
    platform_wake(ring->object, UINT64_C(1) << CHANNEL_ROOM, &cells->room_wakes);
    platform_unmap(base, 0);
}

/* Failures do not matter: processes that are not told will find out by themselves. */
static void tell_if_possible(struct ring *ring)
{
    struct mapring_error before = *mapring_last_error();
    if (platform_is_removed(ring->object, true))
        tell(ring);
    error_restore(&before);
}

/* Opens the ring for writing, which is needed to take roles and to tell its users; with force, for
 * reading if need be. */
static int attach(struct ring *ring, bool force)
{
    int result = platform_attach(&ring->object, &ring->name, true);
    if (result == MAPRING_ERROR_PERMISSION && force)
        result = platform_attach(&ring->object, &ring->name, false);
    return result;
}

/* Uses the companion if the ring has one: the roles and the cells are there. If it is missing,
 * nobody can hold a role or be told. */
static int attach_companion(struct ring *ring, bool force)
{
    struct ring_identity identity;
    enum ring_state state;
    int result = ring_peek(ring, &identity, &state);
    uint32_t features = identity.features_read_only;
    uint32_t missing = features_missing(FEATURES_READ_ONLY, features);
    if (result != MAPRING_OK || state != RING_READY || identity.magic != RING_MAGIC ||
        !(features & ~missing & FEATURE_COMPANION))
        return result;
    struct mapring_error before = *mapring_last_error();
    result = platform_companion_attach(ring->object, identity.created_ns, true);
    if (result == MAPRING_OK || (result != MAPRING_ERROR_DAMAGED && !force))
        return result;
    error_restore(&before);
    return MAPRING_OK;
}

static int check_idle(struct ring *ring)
{
    if (platform_role_held(ring->object, ROLE_CREATOR))
        return in_use(ring, "is being created or removed, or a durable consumer is being opened");
    return check_unused(ring);
}

static int check_allowed(struct ring *ring, const struct removal *how)
{
    int result = MAPRING_OK;
    if (!how->force)
        result = how->look ? check_idle(ring) : take_all_roles(ring);
    if (result == MAPRING_OK && how->prune)
        result = leftover_check(ring, how->durable);
    return result;
}

/* MAPRING_NOTHING if the ring was removed in the meantime, and perhaps created again. */
static int remove_it(struct ring *ring)
{
    int result = platform_check_place(ring->object);
    if (result == MAPRING_OK)
        result = platform_remove(&ring->name);
    if (result == MAPRING_OK)
        tell_if_possible(ring);
    return result;
}

static int try_to_remove(struct ring *ring, const struct removal *how)
{
    int result = attach(ring, how->force);
    if (result == MAPRING_OK)
        result = check_removable(ring, how->force);
    if (result == MAPRING_OK)
        result = attach_companion(ring, how->force);
    if (result == MAPRING_OK)
        result = check_allowed(ring, how);
    if (result == MAPRING_OK)
        result = how->look ? platform_check_removable(&ring->name) : remove_it(ring);
    ring_close(ring);
    return result;
}

/* Removes the companion of a ring that is gone, by the way of a new ring: nobody else can create
 * one meanwhile, whose companion it would be. MAPRING_NOTHING if somebody else was faster. */
static int remove_companion(struct ring *ring)
{
    bool blank;
    int result = platform_create(&ring->object, &ring->name, 0, platform_now_ns());
    if (result == MAPRING_OK)
        result = ring_is_blank(ring, &blank);
    if (result == MAPRING_OK)
        /* not covered: somebody creates the ring at this moment */
        result = blank ? platform_remove(&ring->name) : MAPRING_NOTHING;
    ring_close(ring);
    return result;
}

static int remove_by_name(const char *name, enum mapring_scope scope, const struct removal *how)
{
    struct ring ring = {0};
    int result = base_find(&ring.name, name, scope);
    if (result != MAPRING_OK)
        return result;
    do {
        result = try_to_remove(&ring, how);
        if (result == MAPRING_ERROR_NOT_THERE && how->prune &&
            platform_companion_is_left(&ring.name))
            result = how->look ? MAPRING_OK : remove_companion(&ring);
        /* not covered: somebody else removes the ring at this moment */
    } while (result == MAPRING_NOTHING);
    return result;
}

int mapring_remove(const char *name, enum mapring_scope scope, bool force)
{
    const struct removal how = {.force = force};
    return remove_by_name(name, scope, &how);
}

int mapring_prune(const char *name, enum mapring_scope scope, unsigned flags)
{
    const struct removal how = {.prune = true,
                                .durable = flags & MAPRING_PRUNE_DURABLE,
                                .look = flags & MAPRING_PRUNE_LOOK};
    if (flags & ~(unsigned)(MAPRING_PRUNE_DURABLE | MAPRING_PRUNE_LOOK))
        return fail(MAPRING_ERROR_ARGUMENT, name, "invalid flags for mapring_prune(): 0x%x", flags);
    return remove_by_name(name, scope, &how);
}
