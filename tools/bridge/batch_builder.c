/* SPDX-License-Identifier: MIT */
/* Cuts what a ring has into messages. */
#include "batch_builder.h"

#include <stdlib.h>
#include <string.h>

#include "compression.h"
#include "shared/checksum.h"
#include "varint.h"

/* What an item takes besides its bytes: its mark, its time, and two numbers of an entry. */
enum { ITEM_BYTES = 4 * VARINT_BYTES, GAP_BYTES = 3 * VARINT_BYTES };

struct batch_builder {
    struct batch_settings settings;
    struct batch_head head;
    struct batch_position from, until;
    bool is_same_cut; /* `until` counts */
    bool is_full;
    bool has_time;   /* something in the message has one */
    uint64_t time_ns; /* of the latest item */
    unsigned char *payload, *packed;
    size_t bytes, space, packed_space;
    bool no_memory; /* the payload is not complete */
    struct batch_headers headers;
    struct engine_message message;
};

struct batch_builder *batch_builder_new(const struct batch_origin *origin,
                                        const struct batch_settings *settings)
{
    struct batch_builder *builder = calloc(1, sizeof *builder);
    if (!builder)
        return NULL;
    builder->settings = *settings;
    if (builder->settings.limit_bytes > BATCH_LIMIT_BYTES)
        builder->settings.limit_bytes = BATCH_LIMIT_BYTES;
    builder->head.origin = *origin;
    return builder;
}

void batch_builder_free(struct batch_builder *builder)
{
    if (!builder)
        return;
    free(builder->payload);
    free(builder->packed);
    free(builder);
}

bool batch_can_compress(void)
{
    return compression_is_available;
}

void batch_begin(struct batch_builder *builder, const struct batch_position *from,
                 const struct batch_position *until)
{
    const struct batch_origin origin = builder->head.origin;
    builder->head = (struct batch_head){.origin = origin, .first = from->sequence, .end = *from};
    builder->from = *from;
    builder->is_same_cut = until != NULL;
    if (until)
        builder->until = *until;
    builder->bytes = 0;
    builder->is_full = builder->has_time = builder->no_memory = false;
}

const struct batch_position *batch_end(const struct batch_builder *builder)
{
    return &builder->head.end;
}

bool batch_is_empty(const struct batch_builder *builder)
{
    return batch_positions_equal(&builder->head.end, &builder->from);
}

bool batch_is_full(const struct batch_builder *builder)
{
    if (builder->is_full)
        return true;
    return builder->is_same_cut ? batch_positions_equal(&builder->head.end, &builder->until)
                                : builder->bytes >= builder->settings.target_bytes;
}

/* ---- Room ---- */

static size_t room(const struct batch_builder *builder)
{
    const struct batch_settings *settings = &builder->settings;
    bool goes_on = !builder->is_same_cut && !batch_is_empty(builder) &&
                   settings->target_bytes < settings->limit_bytes;
    size_t limit = goes_on ? settings->target_bytes : settings->limit_bytes;
    return limit > builder->bytes + ITEM_BYTES ? limit - builder->bytes - ITEM_BYTES : 0;
}

static bool grow(struct batch_builder *builder, size_t bytes)
{
    size_t space = builder->space ? 2 * builder->space : 65536;
    while (space < builder->bytes + bytes)
        space *= 2;
    unsigned char *larger = realloc(builder->payload, space);
    if (!larger)
        return false;
    builder->payload = larger;
    builder->space = space;
    return true;
}

/* Where an item with a body of so many bytes goes; NULL: there is no memory for it, which
 * batch_finish() reports. */
static unsigned char *begin_item(struct batch_builder *builder, size_t bytes)
{
    if (builder->space - builder->bytes < bytes + ITEM_BYTES && !grow(builder, bytes + ITEM_BYTES)) {
        builder->no_memory = builder->is_full = true;
        return NULL;
    }
    return builder->payload + builder->bytes;
}

static void end_item(struct batch_builder *builder, const unsigned char *end)
{
    builder->bytes = (size_t)(end - builder->payload);
}

static unsigned char *put_mark(unsigned char *at, enum batch_mark mark, size_t bytes)
{
    return varint_put(at, (uint64_t)bytes << 3 | mark);
}

static unsigned char *put_time(struct batch_builder *builder, unsigned char *at, uint64_t time_ns,
                               uint64_t uncertainty_ns)
{
    if (!builder->head.origin.times)
        return at;
    if (uncertainty_ns > builder->head.uncertainty_ns)
        builder->head.uncertainty_ns = uncertainty_ns;
    if (!builder->has_time)
        builder->head.time_ns = builder->time_ns = time_ns;
    builder->has_time = true;
    at = varint_put(at, varint_difference(builder->time_ns, time_ns));
    builder->time_ns = time_ns;
    return at;
}

/* ---- Pieces ---- */

/* How many bytes of an item the message takes, which has `total` of them: all, or as many as it
 * took the last time, or as fit. 0: it takes none. */
static size_t take(struct batch_builder *builder, uint64_t total, bool is_entry)
{
    const struct batch_position *from = &builder->from, *until = &builder->until;
    uint64_t done = builder->head.end.piece_bytes, left = total - done;
    bool ends_in_it = builder->is_same_cut && until->piece_bytes > done &&
                      until->piece_is_entry == is_entry && until->sequence == from->sequence;
    if (!batch_is_empty(builder))
        return !ends_in_it && left <= room(builder) ? (size_t)left : 0;
    if (ends_in_it && until->piece_bytes < total)
        left = until->piece_bytes - done;
    return left < room(builder) ? (size_t)left : room(builder);
}

/* Says in the headers that the message holds a piece of an item, unless it holds all of it. Returns
 * whether the item ends with it. */
static bool note_piece(struct batch_builder *builder, uint64_t total, size_t bytes, bool is_entry)
{
    struct batch_position *end = &builder->head.end;
    if (bytes == total)
        return true;
    builder->head.piece = (struct batch_piece){
        .offset = end->piece_bytes, .bytes = bytes, .total = total, .is_entry = is_entry};
    bool is_last = end->piece_bytes + bytes == total;
    end->piece_bytes = is_last ? 0 : end->piece_bytes + bytes;
    end->piece_is_entry = !is_last && is_entry;
    builder->is_full = true;
    return is_last;
}

/* ---- Items ---- */

static bool put_record(struct batch_builder *builder, const struct mapring_record *record,
                       size_t offset, size_t bytes)
{
    unsigned char *at = begin_item(builder, bytes);
    if (!at)
        return false;
    at = put_mark(at, record->continued ? MARK_PART : MARK_RECORD, bytes);
    at = put_time(builder, at, record->time_ns, record->time_uncertainty_ns);
    if (bytes > 0)
        memcpy(at, (const unsigned char *)record->payload + offset, bytes);
    end_item(builder, at + bytes);
    return true;
}

static bool is_beyond(const struct batch_builder *builder, uint64_t sequence)
{
    const struct batch_position *until = &builder->until;
    return builder->is_same_cut && sequence >= until->sequence &&
           (until->piece_bytes == 0 || until->piece_is_entry || sequence > until->sequence);
}

bool batch_add_record(struct batch_builder *builder, const struct mapring_record *record)
{
    struct batch_position *end = &builder->head.end;
    if (record->sequence < end->sequence)
        return true;
    if (builder->is_full || is_beyond(builder, record->sequence))
        return false;
    size_t offset = (size_t)end->piece_bytes, bytes = take(builder, record->bytes, false);
    if ((bytes == 0 && record->bytes > 0) || (bytes == 0 && room(builder) == 0) ||
        !put_record(builder, record, offset, bytes))
        return false;
    bool is_whole = note_piece(builder, record->bytes, bytes, false);
    end->sequence += is_whole;
    return is_whole;
}

/* A loss can be cut in two: when the first part ended and the second one began, and how many bytes
 * were in them, is not known then. */
static bool put_gap(struct batch_builder *builder, const struct mapring_record *lost,
                    uint64_t records)
{
    unsigned char body[GAP_BYTES], *end = body, *at = begin_item(builder, sizeof body);
    bool begins = lost->sequence == builder->head.end.sequence;
    bool ends = builder->head.end.sequence + records == lost->sequence + lost->lost_records;
    uint64_t time_ns = begins ? lost->time_ns : 0;
    if (!at)
        return false;
    end = varint_put(end, records);
    end = varint_put(end, begins && ends ? lost->lost_bytes : 0);
    if (builder->head.origin.times)
        end = varint_put(end, varint_difference(time_ns, ends ? lost->lost_until_ns : 0));
    at = put_mark(at, MARK_GAP, (size_t)(end - body));
    at = put_time(builder, at, time_ns, lost->time_uncertainty_ns);
    memcpy(at, body, (size_t)(end - body));
    end_item(builder, at + (end - body));
    return true;
}

/* A record of which the stream has a piece may be lost before the rest of it was sent. */
bool batch_add_gap(struct batch_builder *builder, const struct mapring_record *lost)
{
    struct batch_position *end = &builder->head.end;
    uint64_t after = lost->sequence + lost->lost_records;
    if (after <= end->sequence)
        return true;
    if (builder->is_full || is_beyond(builder, end->sequence) || room(builder) < GAP_BYTES)
        return false;
    bool is_cut = builder->is_same_cut && after > builder->until.sequence &&
                  builder->until.sequence > end->sequence;
    uint64_t records = (is_cut ? builder->until.sequence : after) - end->sequence;
    if (!put_gap(builder, lost, records))
        return false;
    end->sequence += records;
    end->piece_bytes = 0;
    return !is_cut;
}

bool batch_add_run_end(struct batch_builder *builder, uint64_t run, bool died)
{
    unsigned char body[VARINT_BYTES], *at;
    if (run <= builder->head.end.run)
        return true;
    if (builder->is_full || room(builder) < sizeof body ||
        (builder->is_same_cut && run > builder->until.run))
        return false;
    size_t bytes = (size_t)(varint_put(body, run) - body);
    at = begin_item(builder, bytes);
    if (!at)
        return false;
    at = put_mark(at, died ? MARK_DIED : MARK_CLOSED, bytes);
    memcpy(at, body, bytes);
    end_item(builder, at + bytes);
    builder->head.end.run = run;
    return true;
}

static bool put_entry(struct batch_builder *builder, const struct mapring_entry *entry,
                      size_t offset, size_t bytes)
{
    unsigned char numbers[2 * VARINT_BYTES], *end = numbers;
    unsigned char *at = begin_item(builder, bytes + sizeof numbers);
    if (!at)
        return false;
    end = varint_put(end, entry->kind);
    end = varint_put(end, entry->offset);
    size_t before = (size_t)(end - numbers);
    at = put_mark(at, MARK_ENTRY, before + bytes);
    memcpy(at, numbers, before);
    if (bytes > 0)
        memcpy(at + before, (const unsigned char *)entry->payload + offset, bytes);
    end_item(builder, at + before + bytes);
    return true;
}

bool batch_add_entry(struct batch_builder *builder, const struct mapring_entry *entry)
{
    struct batch_position *end = &builder->head.end;
    const struct batch_position *until = &builder->until;
    bool ends_in_entry = until->piece_bytes > 0 && until->piece_is_entry;
    if (entry->offset < end->dictionary)
        return true;
    if (builder->is_full ||
        (builder->is_same_cut && (entry->offset > until->dictionary ||
                                  (entry->offset == until->dictionary && !ends_in_entry))))
        return false;
    size_t offset = (size_t)end->piece_bytes, bytes = take(builder, entry->bytes, true);
    if ((bytes == 0 && entry->bytes > 0) || (bytes == 0 && room(builder) == 0) ||
        !put_entry(builder, entry, offset, bytes))
        return false;
    bool is_whole = note_piece(builder, entry->bytes, bytes, true);
    if (is_whole)
        end->dictionary = batch_entry_end(entry->offset, entry->bytes);
    return is_whole;
}

/* ---- The message ---- */

/* Sends the payload as it is if that is shorter, or if there is no memory. */
static void pack(struct batch_builder *builder)
{
    size_t bound = compression_bound(builder->bytes);
    if (builder->packed_space < bound) {
        unsigned char *larger = realloc(builder->packed, bound);
        if (!larger)
            return;
        builder->packed = larger;
        builder->packed_space = bound;
    }
    size_t bytes = compression_pack(builder->packed, builder->packed_space, builder->payload,
                                    builder->bytes);
    if (bytes == 0 || bytes >= builder->bytes)
        return;
    builder->head.is_compressed = true;
    builder->message.payload = builder->packed;
    builder->message.bytes = bytes;
}

const struct engine_message *batch_finish(struct batch_builder *builder)
{
    if (builder->no_memory)
        return NULL;
    builder->head.checksum = checksum(0, builder->payload, builder->bytes);
    builder->message =
        (struct engine_message){.payload = builder->payload, .bytes = builder->bytes};
    if (builder->settings.compress)
        pack(builder);
    batch_write_head(&builder->headers, &builder->head);
    builder->message.headers = builder->headers.header;
    builder->message.header_count = builder->headers.count;
    return &builder->message;
}
