/* SPDX-License-Identifier: MIT */
/* The rings that a command is to work on. */
#include "rings.h"

#include <stdlib.h>
#include <string.h>

#include "file_name.h"
#include "mapring/merge.h"
#include "names.h"
#include "shared/message.h"
#include "shared/os.h"

struct search {
    struct rings *rings;
    const struct rings_wanted *wanted;
};

static char *copy(const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *result = malloc(bytes);
    if (result)
        memcpy(result, text, bytes);
    return result;
}

static void free_ring(const struct os_ring *ring)
{
    free((char *)ring->name);
    free((char *)ring->path);
    free((char *)ring->owner);
}

static bool add(struct rings *rings, const struct os_ring *ring)
{
    struct os_ring *larger = realloc(rings->ring, (rings->count + 1) * sizeof *larger);
    if (larger)
        rings->ring = larger;
    struct os_ring mine = *ring;
    mine.name = copy(ring->name);
    mine.path = ring->path ? copy(ring->path) : NULL;
    mine.owner = copy(ring->owner);
    rings->no_memory = !larger || !mine.name || !mine.owner || (ring->path && !mine.path);
    if (rings->no_memory)
        free_ring(&mine);
    else
        rings->ring[rings->count++] = mine;
    return !rings->no_memory;
}

static bool is_meant(const char *text, const char *name)
{
    return name_is_pattern(text) ? mapring_name_matches(name, text) : strcmp(name, text) == 0;
}

static bool is_wanted(const struct os_ring *ring, const struct rings_wanted *wanted)
{
    bool named = wanted->count == 0;
    for (int i = 0; i < wanted->count && !named; i++)
        named = is_meant(wanted->names[i], ring->name);
    bool in_scope = ring->place == OS_BASE || (!ring->path && ring_scope(ring) == wanted->scope);
    return named && (wanted->all || in_scope);
}

static bool found(const struct os_ring *ring, void *context)
{
    const struct search *search = context;
    return !is_wanted(ring, search->wanted) || add(search->rings, ring);
}

static bool is_found(const struct rings *rings, const char *name)
{
    for (size_t i = 0; i < rings->count; i++)
        if (strcmp(rings->ring[i].name, name) == 0)
            return true;
    return false;
}

/* Adds what was named and not found. */
static void add_named(struct rings *rings, const struct rings_wanted *wanted)
{
    for (int i = 0; i < wanted->count && !rings->no_memory; i++) {
        const char *name = wanted->names[i];
        bool is_path = file_name_is_path(name);
        struct os_ring ring = {.name = name, .owner = "", .named = true};
        ring.place = wanted->scope == MAPRING_GLOBAL ? OS_GLOBAL : OS_LOCAL;
        if (is_path || os_base())
            ring.place = is_path ? OS_FILE : OS_BASE;
        if (!name_is_pattern(name) && !is_found(rings, name))
            add(rings, &ring);
    }
}

static int compare(const void *left, const void *right)
{
    const struct os_ring *one = left, *other = right;
    int order = strcmp(one->name, other->name);
    if (order == 0)
        order = (int)one->place - (int)other->place;
    return order ? order : strcmp(one->owner, other->owner);
}

static bool is_the_first(const char *name, void *context)
{
    (void)name;
    (void)context;
    return false;
}

/* The library says what is wrong with the directory of MAPRING_DIR, if anything is. */
bool rings_find(struct rings *rings, const struct rings_wanted *wanted)
{
    struct search search = {rings, wanted};
    if (mapring_list(wanted->scope, is_the_first, NULL) != MAPRING_OK) {
        ring_failure();
        return false;
    }
    if (!os_rings(found, &search))
        return false;
    add_named(rings, wanted);
    if (rings->no_memory) {
        complain("not enough memory to list the rings");
        return false;
    }
    if (rings->count > 0)
        qsort(rings->ring, rings->count, sizeof *rings->ring, compare);
    return true;
}

void rings_free(struct rings *rings)
{
    for (size_t i = 0; i < rings->count; i++)
        free_ring(&rings->ring[i]);
    free(rings->ring);
}

const char *ring_path(const struct os_ring *ring)
{
    return ring->path ? ring->path : ring->name;
}

enum mapring_scope ring_scope(const struct os_ring *ring)
{
    return ring->place == OS_GLOBAL ? MAPRING_GLOBAL : MAPRING_LOCAL;
}

const char *ring_place(const struct os_ring *ring)
{
    static const char *const places[] = {"local", "global", "directory", "file"};
    return places[ring->place];
}
