/* SPDX-License-Identifier: MIT */
#include "content.h"

#include <string.h>

/* A record begins with its number and the offset of its dictionary entry; noise follows. */
enum { HEAD = 2 * sizeof(uint64_t), SMALL = 200, LARGE = 20000, ENTRY = 40 };

/* The finalizer of splitmix64. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static unsigned char noise(uint64_t seed, size_t i)
{
    return (unsigned char)((seed >> i % 8 * 8) + i * 7);
}

static void fill(uint64_t seed, size_t from, size_t bytes, unsigned char *data)
{
    for (size_t i = from; i < bytes; i++)
        data[i] = noise(seed, i);
}

static bool is_filled(uint64_t seed, size_t from, size_t bytes, const unsigned char *data)
{
    for (size_t i = from; i < bytes; i++)
        if (data[i] != noise(seed, i))
            return false;
    return true;
}

/* Most are small, some empty, and a few larger than a message or a batch of the bridge. */
size_t content_bytes(uint64_t number)
{
    if (number % 50 == 7)
        return 0;
    if (number % 1000 == 500)
        return LARGE + (size_t)(mix(number) % (CONTENT_LARGEST - LARGE));
    return HEAD + (size_t)(mix(number) % SMALL);
}

bool content_is_continued(uint64_t number)
{
    return number % 97 == 0;
}

void content_fill(uint64_t number, uint64_t entry_offset, unsigned char *data)
{
    if (content_bytes(number) == 0)
        return;
    memcpy(data, &number, sizeof number);
    memcpy(data + sizeof number, &entry_offset, sizeof entry_offset);
    fill(mix(number), HEAD, content_bytes(number), data);
}

bool content_is_right(const struct mapring_record *record, uint64_t *entry_offset)
{
    const unsigned char *data = record->payload;
    uint64_t number = record->sequence;
    *entry_offset = CONTENT_NO_ENTRY;
    if (record->bytes != content_bytes(number) || record->continued != content_is_continued(number))
        return false;
    if (record->bytes == 0)
        return true;
    memcpy(entry_offset, data + sizeof number, sizeof *entry_offset);
    return memcmp(data, &number, sizeof number) == 0 &&
           is_filled(mix(number), HEAD, record->bytes, data);
}

uint64_t content_number(const struct mapring_record *record)
{
    uint64_t number = record->sequence;
    if (record->bytes >= HEAD)
        memcpy(&number, record->payload, sizeof number);
    return number;
}

static uint64_t entry_seed(uint64_t number)
{
    return mix(~(number / CONTENT_PER_ENTRY));
}

uint32_t content_entry_kind(uint64_t number)
{
    return 1 + (uint32_t)(entry_seed(number) % 5);
}

size_t content_entry_bytes(uint64_t number)
{
    return sizeof(uint64_t) + (size_t)(entry_seed(number) % ENTRY);
}

void content_entry_fill(uint64_t number, unsigned char *data)
{
    fill(entry_seed(number), 0, content_entry_bytes(number), data);
}

bool content_entry_is_right(const struct mapring_entry *entry, uint64_t number)
{
    return entry->kind == content_entry_kind(number) &&
           entry->bytes == content_entry_bytes(number) &&
           is_filled(entry_seed(number), 0, entry->bytes, entry->payload);
}
