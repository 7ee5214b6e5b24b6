/* SPDX-License-Identifier: MIT */
/* Takes messages apart. */
#include "batch_reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compression.h"
#include "shared/checksum.h"
#include "shared/message.h"
#include "varint.h"

struct buffer {
    unsigned char *data;
    size_t bytes, space;
};

struct batch_reader {
    struct batch_head head;
    uint64_t number;
    const unsigned char *at, *end;
    uint64_t sequence, run, dictionary; /* after the items so far */
    uint64_t time_ns;
    struct buffer unpacked;
    struct buffer whole;     /* of an item in several messages, what has come so far */
    uint64_t whole_sequence; /* which item that is */
    bool whole_is_entry;
};

struct batch_reader *batch_reader_new(void)
{
    return calloc(1, sizeof(struct batch_reader));
}

void batch_reader_free(struct batch_reader *reader)
{
    if (!reader)
        return;
    free(reader->unpacked.data);
    free(reader->whole.data);
    free(reader);
}

const struct batch_head *batch_head(const struct batch_reader *reader)
{
    return &reader->head;
}

static bool reserve(struct buffer *buffer, size_t bytes)
{
    if (bytes <= buffer->space)
        return true;
    unsigned char *larger = realloc(buffer->data, bytes);
    if (!larger)
        return false;
    buffer->data = larger;
    buffer->space = bytes;
    return true;
}

/* ---- The message ---- */

static bool is_wrong(const struct engine_message *message, char *problem, const char *what)
{
    snprintf(problem, BATCH_PROBLEM_BYTES, "message %" PRIu64 " %s", message->number, what);
    return false;
}

static bool unpack(struct batch_reader *reader, const struct engine_message *message, char *problem)
{
    if (!compression_is_available)
        return is_wrong(message, problem,
                        "is compressed with zstd, which this build of mapring cannot read: install "
                        "one that was built with libzstd");
    size_t bytes = compression_unpacked_bytes(message->payload, message->bytes);
    if (bytes == 0 || bytes > BATCH_LIMIT_BYTES)
        return is_wrong(message, problem, "is damaged: its payload is not compressed with zstd");
    if (!reserve(&reader->unpacked, bytes))
        return is_wrong(message, problem, "cannot be read: not enough memory");
    if (!compression_unpack(reader->unpacked.data, bytes, message->payload, message->bytes))
        return is_wrong(message, problem, "is damaged: its payload cannot be decompressed");
    reader->at = reader->unpacked.data;
    reader->end = reader->at + bytes;
    return true;
}

/* A message that holds a piece continues an item, and any other one leaves it behind. */
static bool open_piece(struct batch_reader *reader, const struct engine_message *message,
                       char *problem)
{
    const struct batch_piece *piece = &reader->head.piece;
    struct buffer *whole = &reader->whole;
    uint64_t sequence = reader->head.first;
    if (piece->offset == 0)
        whole->bytes = 0;
    bool is_same = piece->offset == 0 || (reader->whole_sequence == sequence &&
                                          reader->whole_is_entry == piece->is_entry);
    reader->whole_sequence = sequence;
    reader->whole_is_entry = piece->is_entry;
    if (!is_same || whole->bytes != piece->offset)
        return is_wrong(message, problem,
                        "continues a record that it does not follow; the messages before it were "
                        "deleted or changed");
    return reserve(whole, (size_t)piece->total) ||
           is_wrong(message, problem, "cannot be read: not enough memory");
}

bool batch_open(struct batch_reader *reader, const struct engine_message *message,
                char problem[BATCH_PROBLEM_BYTES])
{
    reader->number = message->number;
    reader->at = message->payload;
    reader->end = reader->at + message->bytes;
    if (!batch_read_head(message, &reader->head, problem) ||
        (reader->head.is_compressed && !unpack(reader, message, problem)))
        return false;
    if (checksum(0, reader->at, (size_t)(reader->end - reader->at)) != reader->head.checksum)
        return is_wrong(message, problem, "is damaged: its checksum is wrong");
    reader->sequence = reader->head.first;
    reader->run = reader->dictionary = 0;
    reader->time_ns = reader->head.time_ns;
    if (reader->head.piece.total > 0)
        return open_piece(reader, message, problem);
    reader->whole.bytes = 0;
    return true;
}

/* ---- Items ---- */

static enum batch_result damaged(const struct batch_reader *reader, char *problem, const char *what)
{
    snprintf(problem, BATCH_PROBLEM_BYTES,
             "message %" PRIu64 " is damaged: %s, at %zu bytes before its end", reader->number, what,
             (size_t)(reader->end - reader->at));
    return BATCH_DAMAGED;
}

static bool read_time(struct batch_reader *reader, struct mapring_record *record)
{
    uint64_t difference;
    if (!reader->head.origin.times)
        return true;
    if (!varint_get(&reader->at, reader->end, &difference))
        return false;
    record->time_ns = reader->time_ns = varint_add(reader->time_ns, difference);
    record->time_uncertainty_ns = reader->head.uncertainty_ns;
    return true;
}

/* Joins a piece to those before it. Afterwards *body is the whole item, if it is there; otherwise
 * `is_whole` is false. */
static bool join(struct batch_reader *reader, const unsigned char **body, size_t *bytes,
                 bool is_entry, bool *is_whole)
{
    const struct batch_piece *piece = &reader->head.piece;
    struct buffer *whole = &reader->whole;
    *is_whole = true;
    if (piece->total == 0)
        return true;
    if (piece->is_entry != is_entry || *bytes != piece->bytes || whole->bytes != piece->offset)
        return false;
    memcpy(whole->data + whole->bytes, *body, *bytes);
    whole->bytes += *bytes;
    *is_whole = whole->bytes == piece->total;
    *body = whole->data;
    *bytes = whole->bytes;
    return true;
}

static enum batch_result read_record(struct batch_reader *reader, const unsigned char *body,
                                     size_t bytes, struct batch_item *item, bool *is_whole)
{
    if (!join(reader, &body, &bytes, false, is_whole))
        return BATCH_DAMAGED;
    item->kind = BATCH_RECORD;
    item->record.payload = body;
    item->record.bytes = bytes;
    item->record.sequence = reader->sequence;
    reader->sequence += *is_whole;
    return reader->sequence <= reader->head.end.sequence ? BATCH_ITEM : BATCH_DAMAGED;
}

static enum batch_result read_gap(struct batch_reader *reader, const unsigned char *body,
                                  const unsigned char *end, struct batch_item *item)
{
    struct mapring_record *lost = &item->record;
    uint64_t difference = 0;
    item->kind = BATCH_GAP;
    lost->sequence = reader->sequence;
    if (!varint_get(&body, end, &lost->lost_records) ||
        !varint_get(&body, end, &lost->lost_bytes) ||
        (reader->head.origin.times && !varint_get(&body, end, &difference)) || body != end)
        return BATCH_DAMAGED;
    if (reader->head.origin.times)
        lost->lost_until_ns = varint_add(lost->time_ns, difference);
    if (lost->lost_records == 0 ||
        lost->lost_records > reader->head.end.sequence - reader->sequence)
        return BATCH_DAMAGED;
    reader->sequence += lost->lost_records;
    return BATCH_ITEM;
}

static enum batch_result read_run_end(struct batch_reader *reader, const unsigned char *body,
                                      const unsigned char *end, struct batch_item *item)
{
    item->kind = BATCH_RUN_END;
    if (!varint_get(&body, end, &item->run) || body != end || item->run <= reader->run ||
        item->run > reader->head.end.run)
        return BATCH_DAMAGED;
    reader->run = item->run;
    return BATCH_ITEM;
}

static enum batch_result read_entry(struct batch_reader *reader, const unsigned char *body,
                                    const unsigned char *end, struct batch_item *item,
                                    bool *is_whole)
{
    struct mapring_entry *entry = &item->entry;
    uint64_t kind;
    item->kind = BATCH_ENTRY;
    if (!varint_get(&body, end, &kind) || !varint_get(&body, end, &entry->offset) || kind == 0 ||
        kind > UINT32_MAX || entry->offset < reader->dictionary)
        return BATCH_DAMAGED;
    size_t bytes = (size_t)(end - body);
    if (!join(reader, &body, &bytes, true, is_whole))
        return BATCH_DAMAGED;
    entry->kind = (uint32_t)kind;
    entry->payload = body;
    entry->bytes = bytes;
    uint64_t limit = reader->head.end.dictionary, after = batch_entry_end(entry->offset, bytes);
    if (*is_whole && (entry->offset > limit || after > limit || after < entry->offset))
        return BATCH_DAMAGED;
    reader->dictionary = after;
    return BATCH_ITEM;
}

static enum batch_result read_item(struct batch_reader *reader, struct batch_item *item,
                                   bool *is_whole)
{
    uint64_t head;
    *is_whole = true;
    if (!varint_get(&reader->at, reader->end, &head))
        return BATCH_DAMAGED;
    enum batch_mark mark = (enum batch_mark)(head & 7);
    if (mark <= MARK_GAP && !read_time(reader, &item->record))
        return BATCH_DAMAGED;
    const unsigned char *body = reader->at;
    if (head >> 3 > (uint64_t)(reader->end - body))
        return BATCH_DAMAGED;
    size_t bytes = (size_t)(head >> 3);
    reader->at += bytes;
    item->record.continued = mark == MARK_PART;
    item->died = mark == MARK_DIED;
    switch (mark) {
    case MARK_RECORD:
    case MARK_PART: return read_record(reader, body, bytes, item, is_whole);
    case MARK_GAP: return read_gap(reader, body, reader->at, item);
    case MARK_CLOSED:
    case MARK_DIED: return read_run_end(reader, body, reader->at, item);
    case MARK_ENTRY: return read_entry(reader, body, reader->at, item, is_whole);
    default: return BATCH_DAMAGED;
    }
}

/* What the headers say about the end is what whoever goes on after this message relies on. */
static enum batch_result check_end(const struct batch_reader *reader, char *problem)
{
    const struct batch_position *end = &reader->head.end;
    if (reader->sequence != end->sequence || (reader->run > 0 && reader->run != end->run))
        return damaged(reader, problem, "it holds less than its headers say");
    return BATCH_END;
}

enum batch_result batch_next(struct batch_reader *reader, struct batch_item *item,
                             char problem[BATCH_PROBLEM_BYTES])
{
    bool is_whole = false;
    while (!is_whole) {
        if (reader->at == reader->end)
            return check_end(reader, problem);
        *item = (struct batch_item){.kind = BATCH_RECORD};
        if (read_item(reader, item, &is_whole) != BATCH_ITEM)
            return damaged(reader, problem, "an item cannot be as it is");
    }
    return BATCH_ITEM;
}
