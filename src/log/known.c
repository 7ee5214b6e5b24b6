/* SPDX-License-Identifier: MIT */
#include "log/known.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_AT_FIRST = 64 };

/* Numbers of neighbours differ by small multiples. */
static size_t place_of(const struct known *known, uint32_t number)
{
    size_t place = number * UINT32_C(0x9e3779b1) >> 7;
    while (known->entries[place & (known->places - 1)] &&
           known->entries[place & (known->places - 1)]->number != number)
        place++;
    return place & (known->places - 1);
}

const struct known_entry *known_find(const struct known *known, uint32_t number)
{
    return known->places ? known->entries[place_of(known, number)] : NULL;
}

/* Keeps half of the table free. */
static bool grow(struct known *known)
{
    struct known old = *known;
    if (old.places > 2 * old.count)
        return true;
    known->places = old.places ? 2 * old.places : PLACES_AT_FIRST;
    known->entries = calloc(known->places, sizeof *known->entries);
    if (!known->entries) {
        *known = old;
        return false;
    }
    for (size_t i = 0; i < old.places; i++)
        if (old.entries[i])
            known->entries[place_of(known, old.entries[i]->number)] = old.entries[i];
    free(old.entries);
    return true;
}

static bool read_payload(struct known_entry *entry, uint32_t kind, size_t bytes)
{
    if (kind == ENTRY_SITE)
        return site_read(&entry->site, entry->payload, bytes);
    return kind == ENTRY_THREAD && thread_read(&entry->thread, entry->payload, bytes);
}

const struct known_entry *known_add(struct known *known, uint32_t number, uint32_t kind,
                                    const void *payload, size_t bytes)
{
    struct known_entry *entry = grow(known) ? malloc(sizeof *entry + bytes) : NULL;
    if (!entry)
        return NULL;
    entry->number = number;
    if (bytes)
        memcpy(entry->payload, payload, bytes);
    entry->kind = read_payload(entry, kind, bytes) ? kind : 0;
    known->entries[place_of(known, number)] = entry;
    known->count++;
    known->bytes += sizeof *entry + bytes;
    return entry;
}

void known_forget(struct known *known)
{
    for (size_t i = 0; i < known->places; i++)
        free(known->entries[i]);
    free(known->entries);
    *known = (struct known){0};
}
