/* SPDX-License-Identifier: MIT */
#include "log/site.h"

#include <stdlib.h>
#include <string.h>

#include "crc.h"
#include "error.h"
#include "log/limits.h"
#include "log/packed.h"

enum { PLACES_LEAST = 64 };

static struct {
    struct site_entry **entries; /* by index - 1 */
    uint32_t count, room;
    uint32_t *places; /* by hash: an index, or 0 */
    uint32_t place_count;
} registry;

static enum long_double_kind long_double_kind(void)
{
    if (__LDBL_MANT_DIG__ == 64)
        return LONG_DOUBLE_X87;
    return __LDBL_MANT_DIG__ == 113 ? LONG_DOUBLE_BINARY128 : LONG_DOUBLE_IS_DOUBLE;
}

/* A string that the format does not read as one was packed as a pointer. */
static unsigned char packed_type(unsigned char type, uint16_t limit)
{
    return type == MAPRING1_TEXT && limit == MAPRING1_NO_TEXT ? MAPRING1_POINTER : type;
}

static struct site_entry *make(const struct mapring1_log_site *site)
{
    size_t count = strlen((const char *)site->types);
    size_t format = strlen(site->format) + 1, file = strlen(site->file) + 1;
    size_t function = strlen(site->function) + 1;
    size_t bytes = SITE_FIXED_BYTES + count + format + file + function;
    struct site_entry *entry = calloc(1, sizeof *entry + bytes);
    if (!entry || count > MAPRING_LOG_VALUES) {
        free(entry);
        return NULL;
    }
    text_limits(site->format, count, entry->limits);
    entry->bytes = (uint32_t)bytes;
    unsigned char *to = entry->payload;
    *to++ = (unsigned char)site->level;
    *to++ = (unsigned char)count;
    *to++ = (unsigned char)long_double_kind();
    *to++ = 0;
    memcpy(to, &site->line, sizeof site->line);
    to += sizeof site->line;
    for (size_t i = 0; i < count; i++)
        *to++ = packed_type(site->types[i], entry->limits[i]);
    memcpy(to, site->format, format);
    memcpy(to + format, site->file, file);
    memcpy(to + format + file, site->function, function);
    entry->hash = crc32c(0, entry->payload, bytes);
    return entry;
}

static bool is_same(const struct site_entry *a, const struct site_entry *b)
{
    /* not covered: two sites have the same checksum */
    return a->hash == b->hash && a->bytes == b->bytes &&
           memcmp(a->payload, b->payload, a->bytes) == 0;
}

static uint32_t *place_of(const struct site_entry *entry)
{
    for (size_t i = (size_t)entry->hash;; i++) {
        uint32_t *place = &registry.places[i & (registry.place_count - 1)];
        if (*place == 0 || is_same(registry.entries[*place - 1], entry))
            return place;
    }
}

static bool grow_places(void)
{
    uint32_t count = registry.place_count ? 2 * registry.place_count : PLACES_LEAST;
    uint32_t *places = calloc(count, sizeof *places);
    if (!places)
        return false;
    free(registry.places);
    registry.places = places;
    registry.place_count = count;
    for (uint32_t i = 0; i < registry.count; i++)
        *place_of(registry.entries[i]) = i + 1;
    return true;
}

static bool grow_entries(void)
{
    uint32_t room = registry.room ? 2 * registry.room : PLACES_LEAST;
    struct site_entry **entries = realloc(registry.entries, room * sizeof(struct site_entry *));
    if (!entries)
        return false;
    registry.entries = entries;
    registry.room = room;
    return true;
}

static bool has_room(void)
{
    return (registry.count < registry.room || grow_entries()) &&
           (2 * registry.count < registry.place_count || grow_places());
}

/* Takes over a new entry; otherwise frees it and returns the one that is there. */
static const struct site_entry *keep(struct site_entry *entry)
{
    uint32_t *place = place_of(entry);
    if (*place) {
        free(entry);
        return registry.entries[*place - 1];
    }
    registry.entries[registry.count++] = entry;
    *place = entry->index = registry.count;
    return entry;
}

const struct site_entry *site_register(struct mapring1_log_site *site)
{
    if (site->index)
        return registry.entries[site->index - 1];
    struct site_entry *made = has_room() ? make(site) : NULL;
    if (!made) {
        fail_memory(NULL, "a place that logs");
        return NULL;
    }
    const struct site_entry *entry = keep(made);
    memcpy(site->limits, entry->limits, sizeof site->limits);
    mapring_release_store(&site->index, entry->index); /* mapring1_log_number() acquires it */
    return entry;
}
