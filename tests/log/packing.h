/* SPDX-License-Identifier: MIT */
/* A ring of a log whose entries and lines a test packs by hand, as src/log/packed.h says, also such
 * that no program would write. */
#ifndef MAPRING_TESTS_PACKING_H
#define MAPRING_TESTS_PACKING_H

#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "log/packed.h"
#include "mapring/log.h"
#include "mapring/log_reader.h"

enum { PACKED_MOST = 20000 };

struct packed {
    unsigned char bytes[PACKED_MOST];
    size_t count;
};

static inline void pack(struct packed *packed, const void *from, size_t bytes)
{
    check(packed->count + bytes <= PACKED_MOST);
    memcpy(packed->bytes + packed->count, from, bytes);
    packed->count += bytes;
}

static inline void pack_u8(struct packed *packed, unsigned value)
{
    unsigned char byte = (unsigned char)value;
    pack(packed, &byte, 1);
}

static inline void pack_u32(struct packed *packed, uint32_t value)
{
    pack(packed, &value, sizeof value);
}

static inline void pack_u64(struct packed *packed, uint64_t value)
{
    pack(packed, &value, sizeof value);
}

static inline void pack_text(struct packed *packed, const char *text)
{
    pack_u32(packed, (uint32_t)strlen(text));
    pack(packed, text, strlen(text));
}

static inline struct packed packed_site(unsigned level, const char *types, const char *format,
                                        unsigned long_double)
{
    struct packed site = {.count = 0};
    pack_u8(&site, level);
    pack_u8(&site, (unsigned)strlen(types));
    pack_u8(&site, long_double);
    pack_u8(&site, 0);
    pack_u32(&site, 7);
    pack(&site, types, strlen(types));
    pack(&site, format, strlen(format) + 1);
    pack(&site, "dir/file.c", 11);
    pack(&site, "function", 9);
    return site;
}

/* The ring, and what reads it. */
struct packed_log {
    const char *name;
    mapring_producer *producer;
    mapring_log_decoder *decoder;
    struct mapring_log_line line;
};

static inline void packed_log_open(struct packed_log *log)
{
    const struct mapring_options options = {.content = MAPRING_LOG_CONTENT,
                                            .times = true,
                                            .dictionary_bytes = 1 << 20,
                                            .when_full = MAPRING_OVERWRITE};
    *log = (struct packed_log){.name = new_ring_name()};
    check_result(MAPRING_OK, mapring_producer_open(&log->producer, log->name, &options));
    check_result(MAPRING_OK, mapring_log_decoder_open(&log->decoder, log->name, MAPRING_LOCAL));
}

static inline void packed_log_close(struct packed_log *log)
{
    mapring_log_decoder_close(log->decoder);
    mapring_producer_close(log->producer);
}

static inline uint32_t packed_log_define(struct packed_log *log, uint32_t kind,
                                         const struct packed *entry)
{
    uint64_t offset;
    check_result(MAPRING_OK, mapring_producer_define(log->producer, kind, entry->bytes,
                                                     entry->count, &offset));
    return entry_number(offset);
}

/* Decodes the record, as if it had been read from the ring. */
static inline int packed_log_decode(struct packed_log *log, const struct packed *record)
{
    /* As large as the record, so that the sanitizer sees what is read behind it. */
    void *copy = malloc(record->count ? record->count : 1);
    check(copy != NULL);
    memcpy(copy, record->bytes, record->count);
    const struct mapring_record read = {
        .payload = copy, .bytes = record->count, .sequence = 5, .time_ns = 6};
    int result = mapring_log_decode(log->decoder, &read, &log->line);
    free(copy);
    return result;
}

#endif
