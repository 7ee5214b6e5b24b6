/* SPDX-License-Identifier: MIT */
/*
 * What a message of a stream says: headers about the ring and about the place of the message in it,
 * which are here, and a payload of items, each of which is something that a reader of the ring is
 * told; batch_builder.h writes them, and batch_reader.h reads them. See docs/bridge.md for the
 * format.
 */
#ifndef TOOLS_BRIDGE_BATCH_H
#define TOOLS_BRIDGE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine.h"
#include "mapring/mapring.h"

enum {
    BATCH_ID_BYTES = 64,
    BATCH_NAME_BYTES = 256,
    BATCH_PROBLEM_BYTES = 256,
    BATCH_TEXT_BYTES = 2048,
    BATCH_HEADERS = 16
};

/* What the ring is that a stream repeats: each message says it. */
struct batch_origin {
    char id[BATCH_ID_BYTES]; /* of this ring, and of no other one */
    char name[BATCH_NAME_BYTES];
    char content[MAPRING_CONTENT_BYTES];
    uint64_t capacity_bytes;
    uint32_t slot_bytes;
    bool times;
    uint64_t dictionary_bytes; /* its size; 0: none */
};

/* How far a stream goes: everything before it is in the stream. */
struct batch_position {
    uint64_t sequence;    /* of the next record, or gap */
    uint64_t run;         /* the last run whose end was told; 0: none */
    uint64_t dictionary;  /* where in the dictionary the next entry is; 0: at its beginning */
    uint64_t piece_bytes; /* of the next record or entry, so many bytes are in the stream; 0: none */
    bool piece_is_entry;
};

/* A message that holds only some bytes of one record or entry. */
struct batch_piece {
    uint64_t offset, bytes;
    uint64_t total; /* 0: the message holds whole items */
    bool is_entry;
};

/* The headers. */
struct batch_head {
    struct batch_origin origin;
    uint64_t first;            /* sequence number of the first record or gap, or of the next one */
    struct batch_position end; /* behind this message */
    uint64_t time_ns;          /* of the first record or gap; 0: unknown, or there is none */
    uint64_t uncertainty_ns;   /* the largest one of the records and gaps */
    struct batch_piece piece;
    uint32_t checksum; /* of the payload, before it was compressed */
    bool is_compressed;
};

struct batch_headers {
    struct engine_header header[BATCH_HEADERS];
    unsigned count;
    char text[BATCH_TEXT_BYTES]; /* what they point to */
    size_t used;
};

void batch_write_head(struct batch_headers *headers, const struct batch_head *head);

/* The longest headers that messages of this ring can have. */
void batch_write_longest(struct batch_headers *headers, const struct batch_origin *origin);

/* False: they are not the headers of a message of a bridge; `problem` is a sentence that says
 * why. */
bool batch_read_head(const struct engine_message *message, struct batch_head *head,
                     char problem[BATCH_PROBLEM_BYTES]);

bool batch_positions_equal(const struct batch_position *a, const struct batch_position *b);

/* ---- The payload ---- */

/* An item begins with its size in bytes << 3 | its kind, as a varint. */
enum batch_mark { MARK_RECORD, MARK_PART, MARK_GAP, MARK_CLOSED, MARK_DIED, MARK_ENTRY, MARK_LIMIT };

/* No payload is larger, also before it is compressed. */
#define BATCH_LIMIT_BYTES ((size_t)64 << 20)

/* Where in the dictionary the entry after one with this payload is. */
uint64_t batch_entry_end(uint64_t offset, uint64_t bytes);

#endif
