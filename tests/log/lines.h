/* SPDX-License-Identifier: MIT */
/* What a ring of a log holds, as text, byte by byte as src/log/packed.h says: a line is
 * "LEVEL thread FORMAT|value|value", and every second of them may say itself where it is from. */
#ifndef MAPRING_TESTS_LINES_H
#define MAPRING_TESTS_LINES_H

#include <inttypes.h>

#include "helpers.h"
#include "log/packed.h"
#include "mapring/log.h"

enum { LINE_TEXT = 4096 };

struct lines {
    mapring_image *image;
    mapring_dictionary *dictionary;
    char text[LINE_TEXT];
    bool has_site_inside; /* of the last line */
    uint32_t site, thread;
};

static inline void lines_open(struct lines *lines, const char *ring)
{
    check_result(MAPRING_OK, mapring_image_open(&lines->image, ring, MAPRING_LOCAL));
    check_result(MAPRING_OK, mapring_dictionary_open(&lines->dictionary, ring, MAPRING_LOCAL));
}

static inline void lines_close(struct lines *lines)
{
    mapring_image_close(lines->image);
    mapring_dictionary_close(lines->dictionary);
}

struct taking {
    const unsigned char *at, *end;
};

static inline const unsigned char *take(struct taking *taking, size_t bytes)
{
    const unsigned char *at = taking->at;
    check((size_t)(taking->end - at) >= bytes);
    taking->at += bytes;
    return at;
}

static inline uint32_t take_u32(struct taking *taking)
{
    uint32_t value;
    memcpy(&value, take(taking, 4), 4);
    return value;
}

static inline uint64_t take_u64(struct taking *taking)
{
    uint64_t value;
    memcpy(&value, take(taking, 8), 8);
    return value;
}

static inline const char *take_text(struct taking *taking)
{
    const unsigned char *end = memchr(taking->at, 0, (size_t)(taking->end - taking->at));
    check(end != NULL);
    return (const char *)take(taking, (size_t)(end - taking->at) + 1);
}

static inline struct taking lines_entry(struct lines *lines, uint32_t number, uint32_t kind)
{
    struct mapring_entry entry;
    check_result(MAPRING_OK,
                 mapring_dictionary_at(lines->dictionary, entry_offset(number), &entry));
    check_number(kind, entry.kind);
    const unsigned char *payload = entry.payload;
    return (struct taking){payload, payload + entry.bytes};
}

static inline size_t put_value(char *to, unsigned type, struct taking *values)
{
    size_t room = LINE_TEXT / 16;
    int64_t is;
    double real;
    long double longer = 0;
    uint32_t length;
    switch (type) {
    case MAPRING1_INT32: return (size_t)snprintf(to, room, "|%" PRId32, (int32_t)take_u32(values));
    case MAPRING1_UINT32: return (size_t)snprintf(to, room, "|%" PRIu32 "u", take_u32(values));
    case MAPRING1_INT64:
        is = (int64_t)take_u64(values);
        return (size_t)snprintf(to, room, "|%" PRId64 "l", is);
    case MAPRING1_UINT64: return (size_t)snprintf(to, room, "|%" PRIu64 "ul", take_u64(values));
    case MAPRING1_DOUBLE:
        memcpy(&real, take(values, 8), 8);
        return (size_t)snprintf(to, room, "|%.3f", real);
    case MAPRING1_LONG_DOUBLE:
        memcpy(&longer, take(values, 16), sizeof longer < 16 ? sizeof longer : 16);
        return (size_t)snprintf(to, room, "|%.3fL", (double)longer);
    case MAPRING1_POINTER: return (size_t)snprintf(to, room, "|p%" PRIx64, take_u64(values));
    default: check_number(MAPRING1_TEXT, type);
    }
    length = take_u32(values);
    if (length == MAPRING1_NULL)
        return (size_t)snprintf(to, room, "|(null)");
    uint32_t bytes = length & ~MAPRING1_CUT;
    return (size_t)snprintf(to, room, "|'%.*s'%s", (int)bytes, (const char *)take(values, bytes),
                            length & MAPRING1_CUT ? "..." : "");
}

/* The next line, or NULL at the end. */
static inline const char *lines_next(struct lines *lines)
{
    struct mapring_record record;
    int result = mapring_image_next(lines->image, &record);
    if (result == MAPRING_NOTHING)
        return NULL;
    check_result(MAPRING_OK, result);
    check(record.time_ns != 0);
    const unsigned char *payload = record.payload;
    struct taking line = {payload, payload + record.bytes};
    lines->site = take_u32(&line);
    lines->thread = take_u32(&line);
    lines->has_site_inside = lines->site == 0;
    struct taking site;
    if (lines->has_site_inside) {
        uint32_t bytes = take_u32(&line);
        const unsigned char *inside = take(&line, bytes);
        site = (struct taking){inside, inside + bytes};
    } else {
        site = lines_entry(lines, lines->site, ENTRY_SITE);
    }
    const unsigned char *fixed = take(&site, SITE_FIXED_BYTES);
    enum mapring_level level = (enum mapring_level)fixed[0];
    unsigned char types[MAPRING_LOG_VALUES];
    unsigned count = fixed[1];
    memcpy(types, take(&site, count), count);
    size_t used = (size_t)snprintf(lines->text, LINE_TEXT, "%s %s", mapring_level_name(level),
                                   take_text(&site));
    for (unsigned i = 0; i < count; i++)
        used += put_value(lines->text + used, types[i], &line);
    check(line.at == line.end);
    return lines->text;
}

/* Who wrote the last line. */
static inline const char *lines_thread(struct lines *lines)
{
    struct taking entry = lines_entry(lines, lines->thread, ENTRY_THREAD);
    take(&entry, THREAD_FIXED_BYTES);
    take_text(&entry);
    snprintf(lines->text, LINE_TEXT, "%s", take_text(&entry));
    return lines->text;
}

#endif
