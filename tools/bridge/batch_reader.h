/* SPDX-License-Identifier: MIT */
/* Reads the messages of a stream, and trusts nothing in them. */
#ifndef TOOLS_BRIDGE_BATCH_READER_H
#define TOOLS_BRIDGE_BATCH_READER_H

#include "batch.h"

enum batch_kind { BATCH_RECORD, BATCH_GAP, BATCH_RUN_END, BATCH_ENTRY };
enum batch_result { BATCH_ITEM, BATCH_END, BATCH_DAMAGED };

struct batch_item {
    enum batch_kind kind;
    struct mapring_record record; /* a record or a loss, as a reader of the ring got it, but without
                                     `continues` */
    uint64_t run;                 /* of a run's end */
    bool died;                    /* that run's producer did not close */
    struct mapring_entry entry;
};

struct batch_reader;

struct batch_reader *batch_reader_new(void);         /* NULL if memory is exhausted */
void batch_reader_free(struct batch_reader *reader); /* NULL is accepted */

/* Begins to read a message, which must stay as long as its items are used. An item that takes
 * several messages is returned with the last of them, if all of them were opened one after the
 * other: begin with the first message whose head.first is the wanted record. False: `problem` is a
 * sentence that says why it cannot be read. */
bool batch_open(struct batch_reader *reader, const struct engine_message *message,
                char problem[BATCH_PROBLEM_BYTES]);

/* The headers of the message that was opened last. */
const struct batch_head *batch_head(const struct batch_reader *reader);

/* The next item, valid until the next call. BATCH_DAMAGED: `problem` says what is wrong. */
enum batch_result batch_next(struct batch_reader *reader, struct batch_item *item,
                             char problem[BATCH_PROBLEM_BYTES]);

#endif
