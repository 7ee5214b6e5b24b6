/* SPDX-License-Identifier: MIT */
/* Reads records from files, as many at a time as are available and may be sent together. */
#ifndef TOOLS_INPUT_H
#define TOOLS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feed.h"
#include "framing.h"
#include "mapring/mapring.h"

enum { BATCH_LIMIT = 512 };

struct batch {
    struct mapring_buffer records[BATCH_LIMIT]; /* in the input's buffer, until the next call */
    size_t count;
    uint64_t bytes; /* total payload */
    bool is_part;   /* holds one record, which the next one continues */
    bool is_last;   /* holds one record, which ends the parts before it */
};

/* What to do with a line or other unit of the input that is longer than a record may be. */
enum too_long { TOO_LONG_SPLIT, TOO_LONG_TRUNCATE, TOO_LONG_SKIP, TOO_LONG_FAIL };

struct input {
    struct framing framing;
    size_t record_limit; /* largest record that the ring takes */
    size_t batch_limit;  /* most records at a time, up to BATCH_LIMIT */
    enum too_long too_long;
    uint64_t shortened, skipped; /* units that were too long */
    uint64_t left_out_bytes;     /* bytes of these units that were not sent */

    const char *name; /* file name, for messages */
    struct feed feed;
    bool at_end;
    uint64_t offset;  /* file position of the bytes at `start` */
    uint64_t records; /* records before that position */
    bool is_inside;   /* in the middle of a unit that is too long */
    bool leaves_out;  /* ... and leaving out the rest of it */
    uint64_t to_come; /* bytes of it still to come; UINT64_MAX: unknown */
    uint64_t begun;   /* file position where it began */

    unsigned char *buffer;
    size_t buffer_bytes, start, end, looked_at;
};

/* What input_next_batch() returns besides a number of records. INPUT_FAILED: a signal came, or
 * reading failed and an error was printed. INPUT_NOTHING_YET: the feed never waits, and has nothing
 * now. */
enum { INPUT_END = 0, INPUT_FAILED = -1, INPUT_NOTHING_YET = -2 };

/* Begins to read another file. */
void input_open(struct input *input, struct feed feed, const char *name);

/* Waits only until there is one record. */
int input_next_batch(struct input *input, struct batch *batch);

/* Whether the last batch was a part of a record that is not at its end. */
bool input_is_in_parts(const struct input *input);

/* Ends such a record here: the batch is its last part, and what follows is another record. */
void input_end_parts(struct input *input, struct batch *batch);

/* Tells how many lines or records were too long. */
void input_tell_too_long(const struct input *input);

void input_free(struct input *input);

#endif
