/* SPDX-License-Identifier: MIT */
/*
 * What a message of a stream says: headers about the ring and about the place of the message in it,
 * and a payload of items, each of which is something that a reader of the ring is told. See
 * docs/bridge.md for the format.
 *
 * An item that is larger than a message may be takes several messages. Neither side sees that: the
 * builder takes what is left of it again, and the reader returns it with the last of them.
 */
#ifndef BRIDGE_BATCH_H
#define BRIDGE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

struct engine_message;

enum {
    BATCH_ID_BYTES = 64,
    BATCH_NAME_BYTES = 256,
    BATCH_PROBLEM_BYTES = 256,
    BATCH_HEADERS_BYTES = 2048, /* all headers of a message take less */
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

/* The headers. */
struct batch_head {
    struct batch_origin origin;
    uint64_t first;            /* sequence number of the first record or gap, or of the next one */
    struct batch_position end; /* behind this message */
    uint64_t time_ns;          /* of the first record or gap; 0: unknown, or there is none */
    uint64_t piece_offset;     /* the message holds bytes of one record or entry, from there on, */
    uint64_t piece_total;      /* which has this many; 0: it holds whole items */
    uint32_t checksum;         /* of the payload, before it was compressed */
    bool is_compressed;
};

/* ---- Writing ---- */

struct batch_builder;

/* `target_bytes`: a message with a payload of this size is full. `limit_bytes`: no payload is
 * larger. NULL if memory is exhausted. */
struct batch_builder *batch_builder_new(const struct batch_origin *origin, size_t target_bytes,
                                        size_t limit_bytes, bool compress);
void batch_builder_free(struct batch_builder *builder); /* NULL is accepted */

/* Whether this build can compress. */
extern const bool batch_can_compress;

/* Begins a message at a position. With `until`, makes the same cut as before: the message goes on
 * to that position, whatever the target is. */
void batch_begin(struct batch_builder *builder, const struct batch_position *from,
                 const struct batch_position *until);

/* Add what the ring has next. What is in the stream already is left out. False if the message
 * cannot take it, or not all of it: then finish the message, begin another one where it ended, and
 * add the same again. The sequence number of a record or a loss must not be after the position. */
bool batch_add_record(struct batch_builder *builder, const struct mapring_record *record);
bool batch_add_gap(struct batch_builder *builder, const struct mapring_record *lost);
bool batch_add_run_end(struct batch_builder *builder, uint64_t run, bool died);
bool batch_add_entry(struct batch_builder *builder, const struct mapring_entry *entry);

/* Where the message ends by now. */
const struct batch_position *batch_end(const struct batch_builder *builder);

bool batch_is_empty(const struct batch_builder *builder);

/* Whether it has its size or, with `until`, has come there. */
bool batch_is_full(const struct batch_builder *builder);

/* The message, valid until the next call of batch_begin(). NULL if memory is exhausted. */
const struct engine_message *batch_finish(struct batch_builder *builder);

/* ---- Reading ---- */

enum batch_kind { BATCH_RECORD, BATCH_GAP, BATCH_RUN_END, BATCH_ENTRY };
enum batch_result { BATCH_ITEM, BATCH_END, BATCH_DAMAGED };

struct batch_item {
    enum batch_kind kind;
    struct mapring_record record; /* a record or a loss, as a reader of the ring got it, but without
                                     `continues`; or `run` of a run's end */
    bool died;                    /* of a run's end: its producer did not close */
    struct mapring_entry entry;
};

/* Reads the headers alone. False: they are not those of a message of a bridge; `problem` is a
 * sentence that says why. */
bool batch_read_head(const struct engine_message *message, struct batch_head *head,
                     char problem[BATCH_PROBLEM_BYTES]);

struct batch_reader;
struct batch_reader *batch_reader_new(void); /* NULL if memory is exhausted */
void batch_reader_free(struct batch_reader *reader);

/* Begins to read a message, which must stay as long as its items are used. An item in several
 * messages is returned only if they were all opened one after the other: begin with the first
 * message whose head.first is the wanted one. False as above. */
bool batch_open(struct batch_reader *reader, const struct engine_message *message,
                char problem[BATCH_PROBLEM_BYTES]);

/* The headers of the message that was opened last. */
const struct batch_head *batch_head(const struct batch_reader *reader);

/* The next item, valid until the next call. BATCH_DAMAGED: `problem` says what is wrong; nothing
 * of the message was wrong so far. */
enum batch_result batch_next(struct batch_reader *reader, struct batch_item *item,
                             char problem[BATCH_PROBLEM_BYTES]);

#endif
