/* SPDX-License-Identifier: MIT */
/* Reading the dictionary of a ring, by read calls like an image: its writer may change it, or cut
 * off the file, at any time. */
#include "reader/dictionary.h"

#include <inttypes.h>
#include <stdlib.h>

#include "error.h"
#include "layout.h"
#include "platform.h"
#include "reader/space.h"
#include "ring/entry.h"
#include "ring/open.h"

struct mapring_dictionary {
    struct mapring_hot hot;
    struct ring own;         /* closed if the ring is another handle's */
    const struct ring *ring;
    uint64_t offset; /* of the next entry */
    uint64_t used;   /* as last read */
    struct space payload;
};

int mapring_dictionary_open(mapring_dictionary **out, const char *name, enum mapring_scope scope)
{
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the dictionary is a null pointer");
    *out = NULL;
    mapring_dictionary *dictionary = calloc(1, sizeof *dictionary);
    if (!dictionary)
        return fail_memory(name, "a dictionary");
    const struct mapring_options options = {.how = MAPRING_ATTACH, .scope = scope};
    dictionary->ring = &dictionary->own;
    int result = ring_find(&dictionary->own, &dictionary->hot, name, &options, ACCESS_READ);
    if (result == MAPRING_OK) {
        platform_break_on_fork(dictionary->own.object, &dictionary->hot.broken);
        *out = dictionary;
    } else {
        mapring_dictionary_close(dictionary);
    }
    return result;
}

int dictionary_of(mapring_dictionary **out, const struct ring *ring)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return fail_memory(ring->name.text, "a dictionary");
    dictionary_turn_to(*out, ring);
    return MAPRING_OK;
}

void dictionary_turn_to(mapring_dictionary *dictionary, const struct ring *ring)
{
    dictionary->ring = ring;
}

const struct ring *dictionary_ring(const mapring_dictionary *dictionary)
{
    return dictionary->ring;
}

void mapring_dictionary_close(mapring_dictionary *dictionary)
{
    if (!dictionary)
        return;
    ring_close(&dictionary->own);
    free(dictionary->payload.at);
    free(dictionary);
}

static int damaged(const mapring_dictionary *dictionary, uint64_t offset)
{
    const struct ring *ring = dictionary->ring;
    return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                "ring '%s' is damaged: there is no valid entry at offset %" PRIu64
                " of its dictionary, which has %" PRIu64 " bytes and uses %" PRIu64,
                ring->name.text, offset, ring->dictionary_bytes, dictionary->used);
}

/* Reads a part of the dictionary; the file may have been cut off. */
static int read_part(mapring_dictionary *dictionary, uint64_t offset, void *buffer, size_t bytes)
{
    const struct ring *ring = dictionary->ring;
    uint64_t size, begin = ring_file_bytes(ring_capacity(ring), 0) + offset;
    int result = platform_size(ring->object, &size);
    if (result != MAPRING_OK)
        return result;
    if (size < begin || size - begin < bytes)
        return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                    "ring '%s' is truncated: its dictionary goes on at offset %" PRIu64
                    ", but the ring has only %" PRIu64 " bytes",
                    ring->name.text, begin, size);
    return platform_read(ring->object, begin, buffer, bytes);
}

/* D: what is used is read before the entries. Nothing is kept of a size that cannot be. */
static int look(mapring_dictionary *dictionary)
{
    const struct ring *ring = dictionary->ring;
    uint64_t used;
    int result = platform_read(ring->object, offsetof(struct ring_header, dictionary_used), &used,
                               sizeof used);
    if (result == MAPRING_OK && used > ring->dictionary_bytes)
        return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                    "ring '%s' is damaged: its dictionary has %" PRIu64 " bytes, and uses %" PRIu64,
                    ring->name.text, ring->dictionary_bytes, used);
    if (result == MAPRING_OK)
        dictionary->used = used;
    return result;
}

static int read_entry(mapring_dictionary *dictionary, uint64_t offset, struct mapring_entry *out)
{
    struct ring_entry entry;
    if (offset % 8 != 0 || dictionary->used - offset < sizeof entry)
        return damaged(dictionary, offset);
    int result = read_part(dictionary, offset, &entry, sizeof entry);
    if (result != MAPRING_OK)
        return result;
    if (!entry_fits(&entry, offset, dictionary->used))
        return damaged(dictionary, offset);
    result = space_grow(&dictionary->payload, (size_t)entry.bytes + 1, dictionary->ring->name.text,
                        "an entry of a dictionary");
    if (result == MAPRING_OK && entry.bytes > 0)
        result = read_part(dictionary, offset + sizeof entry, dictionary->payload.at, entry.bytes);
    if (result != MAPRING_OK)
        return result;
    if (entry.crc != entry_crc(entry.kind, dictionary->payload.at, entry.bytes))
        return damaged(dictionary, offset);
    *out = (struct mapring_entry){.payload = dictionary->payload.at,
                                  .bytes = entry.bytes,
                                  .kind = entry.kind,
                                  .offset = offset};
    return MAPRING_OK;
}

int dictionary_check(const mapring_dictionary *dictionary)
{
    return dictionary->hot.broken ? ring_broken(dictionary->ring) : MAPRING_OK;
}

static int check(const mapring_dictionary *dictionary, const struct mapring_entry *entry)
{
    if (!dictionary)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the dictionary is a null pointer");
    if (!entry)
        return fail(MAPRING_ERROR_ARGUMENT, dictionary->ring->name.text,
                    "the argument that receives an entry of the dictionary of ring '%s' is a null "
                    "pointer",
                    dictionary->ring->name.text);
    return dictionary_check(dictionary);
}

static int at(mapring_dictionary *dictionary, uint64_t offset, struct mapring_entry *entry)
{
    int result = check(dictionary, entry);
    if (result == MAPRING_OK && offset >= dictionary->used)
        result = look(dictionary);
    if (result != MAPRING_OK)
        return result;
    return offset < dictionary->used ? read_entry(dictionary, offset, entry) : MAPRING_NOTHING;
}

int mapring_dictionary_at(mapring_dictionary *dictionary, uint64_t offset,
                          struct mapring_entry *entry)
{
    return outcome(at(dictionary, offset, entry));
}

int mapring_dictionary_next(mapring_dictionary *dictionary, struct mapring_entry *entry)
{
    int result = outcome(at(dictionary, dictionary ? dictionary->offset : 0, entry));
    if (result == MAPRING_OK)
        dictionary->offset += entry_span(entry->bytes);
    return result;
}

void dictionary_skip(mapring_dictionary *dictionary)
{
    struct ring_entry entry;
    uint64_t offset = dictionary->offset;
    /* not covered: the file cannot be read any more */
    bool has_end = dictionary->used - offset >= sizeof entry &&
                   read_part(dictionary, offset, &entry, sizeof entry) == MAPRING_OK &&
                   entry_fits(&entry, offset, dictionary->used);
    dictionary->offset = has_end ? offset + entry_span(entry.bytes) : dictionary->used;
}
