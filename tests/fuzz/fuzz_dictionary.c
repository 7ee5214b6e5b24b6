/* SPDX-License-Identifier: MIT */
/* A hostile dictionary is read, by a reader for whom it changes between its reads, and a producer
 * adds to it. */
#include <string.h>

#include "hostile.h"

enum { ENTRIES_MOST = DICTIONARY / sizeof(struct ring_entry) };

/* The meanings of the bits in the choices; the others are an offset. */
enum { DEFINES = 1, READS_FIRST = 2 };

static void check_entry(const struct mapring_entry *entry)
{
    static unsigned char copy[DICTIONARY];
    must(entry->kind != 0);
    must(entry->bytes <= sizeof copy - sizeof(struct ring_entry));
    must(entry->offset <= sizeof copy - sizeof(struct ring_entry) - entry->bytes);
    memcpy(copy, entry->payload, entry->bytes);
}

static void read_all(const char *path, uint64_t offset)
{
    mapring_dictionary *dictionary;
    struct mapring_entry entry;
    unsigned count = 0;
    if (checked(mapring_dictionary_open(&dictionary, path, MAPRING_LOCAL)) != MAPRING_OK)
        return;
    while (checked(mapring_dictionary_next(dictionary, &entry)) == MAPRING_OK) {
        check_entry(&entry);
        must(++count <= ENTRIES_MOST);
    }
    if (checked(mapring_dictionary_at(dictionary, offset, &entry)) == MAPRING_OK)
        check_entry(&entry);
    mapring_dictionary_close(dictionary);
}

/* Nothing but what was defined can be found. */
static void define(mapring_producer *producer, uint32_t kind, const void *payload, size_t bytes)
{
    uint64_t offset = UINT64_MAX;
    if (checked(mapring_producer_define(producer, kind, payload, bytes, &offset)) == MAPRING_OK)
        must(offset <= DICTIONARY - sizeof(struct ring_entry) - bytes);
}

static void define_some(const char *path)
{
    static const unsigned char payload[DICTIONARY];
    mapring_producer *producer;
    if (checked(mapring_producer_open(&producer, path, NULL)) != MAPRING_OK)
        return;
    define(producer, 1, payload, 0); /* is there already, as long as the hostile peer lets it */
    define(producer, 2, payload, 5);
    define(producer, UINT32_MAX, "a new one", 9);
    define(producer, 1, payload, sizeof payload / 2);
    define(producer, 1, payload, sizeof payload - sizeof(struct ring_entry));
    define(producer, UINT32_MAX, "a new one", 9);
    mapring_producer_close(producer);
}

void fuzz(const char *path, unsigned choices)
{
    if (choices & READS_FIRST)
        read_all(path, choices & ~7u);
    if (choices & DEFINES)
        define_some(path);
    read_all(path, choices & ~7u);
}
