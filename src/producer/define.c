/* SPDX-License-Identifier: MIT */
/* Adding to the dictionary of a ring. What is there is found by an index that the producer keeps
 * for itself: a hash table with open addressing of the offsets of all entries. */
#include "producer/define.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "ring/entry.h"
#include "ring/ring.h"

enum { PLACES_LEAST = 64, FREE = 0 };

struct definitions {
    uint64_t indexed; /* bytes of the dictionary whose entries are in the index */
    uint32_t count;
    uint32_t places;   /* a power of two */
    uint32_t *offsets; /* by hash: 1 + offset / 8, or FREE */
};

void definitions_free(struct definitions *definitions)
{
    if (!definitions)
        return;
    free(definitions->offsets);
    free(definitions);
}

static struct ring_entry read_entry(const struct ring *ring, uint64_t offset)
{
    struct ring_entry entry;
    memcpy(&entry, ring->dictionary + offset, sizeof entry);
    return entry;
}

static const unsigned char *payload_at(const struct ring *ring, uint64_t offset)
{
    return ring->dictionary + offset + sizeof(struct ring_entry);
}

static void insert(struct definitions *definitions, uint32_t hash, uint32_t offset)
{
    uint32_t place = hash;
    while (definitions->offsets[place & (definitions->places - 1)] != FREE)
        place++;
    definitions->offsets[place & (definitions->places - 1)] = offset;
}

/* Keeps half of the table free. */
static int grow(const struct ring *ring, struct definitions *definitions)
{
    struct definitions old = *definitions;
    if (old.places > 2 * old.count)
        return MAPRING_OK;
    definitions->places = old.places ? 2 * old.places : PLACES_LEAST;
    definitions->offsets = calloc(definitions->places, sizeof *definitions->offsets);
    if (!definitions->offsets) {
        *definitions = old;
        return fail_memory(ring->name.text, "the index of a dictionary");
    }
    for (uint32_t i = 0; i < old.places; i++)
        if (old.offsets[i] != FREE)
            insert(definitions, read_entry(ring, (old.offsets[i] - 1) * UINT64_C(8)).crc,
                   old.offsets[i]);
    free(old.offsets);
    return MAPRING_OK;
}

static int add_to_index(const struct ring *ring, struct definitions *definitions,
                        const struct ring_entry *entry)
{
    int result = grow(ring, definitions);
    if (result != MAPRING_OK)
        return result;
    insert(definitions, entry->crc, (uint32_t)(definitions->indexed / 8 + 1));
    definitions->indexed += entry_span(entry->bytes);
    definitions->count++;
    return MAPRING_OK;
}

/* The producer can go on to send records. */
static int refuse(const struct ring *ring, uint64_t offset, uint64_t used)
{
    return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                "ring '%s' is damaged: there is no valid entry at offset %" PRIu64
                " of its dictionary, which has %" PRIu64 " bytes and uses %" PRIu64,
                ring->name.text, offset, ring->dictionary_bytes, used);
}

/* Only a producer adds entries, but an earlier one may have been anything. */
static int index_entries(const struct ring *ring, struct definitions *definitions, uint64_t used)
{
    int result = MAPRING_OK;
    if (used > ring->dictionary_bytes)
        return refuse(ring, definitions->indexed, used);
    /* not covered: memory is missing for the entries of an earlier producer */
    while (result == MAPRING_OK && definitions->indexed < used) {
        uint64_t offset = definitions->indexed;
        if (used - offset < sizeof(struct ring_entry))
            return refuse(ring, offset, used);
        struct ring_entry entry = read_entry(ring, offset);
        if (!entry_fits(&entry, offset, used) ||
            entry.crc != entry_crc(entry.kind, payload_at(ring, offset), entry.bytes))
            return refuse(ring, offset, used);
        result = add_to_index(ring, definitions, &entry);
    }
    return result;
}

static int prepare(mapring_producer *producer)
{
    struct ring *ring = &producer->ring;
    if (!producer->definitions)
        producer->definitions = calloc(1, sizeof *producer->definitions);
    if (!producer->definitions)
        return fail_memory(ring->name.text, "the index of a dictionary");
    return index_entries(ring, producer->definitions, load_relaxed(&ring->header->dictionary_used));
}

static bool is_same(const struct ring *ring, uint64_t offset, const struct ring_entry *wanted,
                    const void *payload)
{
    struct ring_entry entry = read_entry(ring, offset);
    /* not covered: two entries have the same checksum, or somebody changes one just then */
    return entry.crc == wanted->crc && entry.kind == wanted->kind && entry.bytes == wanted->bytes &&
           entry_fits(&entry, offset, ring->dictionary_bytes) &&
           (entry.bytes == 0 || memcmp(payload_at(ring, offset), payload, entry.bytes) == 0);
}

static bool find(const mapring_producer *producer, const struct ring_entry *wanted,
                 const void *payload, uint64_t *offset)
{
    const struct definitions *definitions = producer->definitions;
    if (definitions->places == 0)
        return false;
    for (uint32_t place = wanted->crc;; place++) {
        uint32_t found = definitions->offsets[place & (definitions->places - 1)];
        if (found == FREE)
            return false;
        uint64_t candidate = (found - 1) * UINT64_C(8);
        if (is_same(&producer->ring, candidate, wanted, payload)) {
            *offset = candidate;
            return true;
        }
    }
}

/* D: a reader sees the entry before it sees that more is used. */
static int append(mapring_producer *producer, const struct ring_entry *entry, const void *payload,
                  uint64_t *offset)
{
    struct ring *ring = &producer->ring;
    uint64_t used = producer->definitions->indexed;
    if (entry_span(entry->bytes) > ring->dictionary_bytes - used)
        return MAPRING_NO_ROOM;
    unsigned char *at = ring->dictionary + used; /* not NULL: there is room */
    memcpy(at, entry, sizeof *entry);
    if (entry->bytes)
        memcpy(at + sizeof *entry, payload, entry->bytes);
    memset(at + sizeof *entry + entry->bytes, 0,
           (size_t)entry_span(entry->bytes) - sizeof *entry - entry->bytes);
    int result = add_to_index(ring, producer->definitions, entry);
    if (result != MAPRING_OK)
        return result;
    store_release(&ring->header->dictionary_used, producer->definitions->indexed);
    *offset = used;
    return MAPRING_OK;
}

static int check(const mapring_producer *producer, uint32_t kind, const void *payload, size_t bytes,
                 const uint64_t *offset)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    const char *name = producer->ring.name.text;
    if (!offset)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the offset in the dictionary of ring '%s' is a "
                    "null pointer",
                    name);
    if (kind == 0)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid kind of an entry for the dictionary of ring '%s': 0", name);
    if (!payload && bytes)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the payload of an entry for the dictionary of ring '%s' is a null pointer",
                    name);
    return MAPRING_OK;
}

static int define(mapring_producer *producer, uint32_t kind, const void *payload, size_t bytes,
                  uint64_t *offset)
{
    int result = check(producer, kind, payload, bytes, offset);
    if (result != MAPRING_OK)
        return result;
    if (bytes > producer->ring.dictionary_bytes)
        return MAPRING_NO_ROOM;
    const struct ring_entry entry = {
        .bytes = (uint32_t)bytes, .kind = kind, .crc = entry_crc(kind, payload, bytes)};
    result = prepare(producer);
    if (result != MAPRING_OK || find(producer, &entry, payload, offset))
        return result;
    return append(producer, &entry, payload, offset);
}

int mapring_producer_define(mapring_producer *producer, uint32_t kind, const void *payload,
                            size_t bytes, uint64_t *offset)
{
    return outcome(define(producer, kind, payload, bytes, offset));
}
