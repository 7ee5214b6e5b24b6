/* SPDX-License-Identifier: MIT */
/* Reads records from files, as many at a time as are there and may be sent together. */
#ifndef TOOLS_INPUT_H
#define TOOLS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "framing.h"
#include "mapring/mapring.h"

enum { BATCH_LIMIT = 512 };

struct batch {
    struct mapring_buffer records[BATCH_LIMIT]; /* in the input's buffer, until the next call */
    size_t count;
    uint64_t bytes; /* in the records */
    bool is_part;   /* one record, and the next one goes on with it */
    bool is_last;   /* one record, which goes on with parts before it */
};

/* What becomes of a line, or another unit of the input, that is longer than a record. */
enum too_long { TOO_LONG_SPLIT, TOO_LONG_TRUNCATE, TOO_LONG_SKIP, TOO_LONG_FAIL };

struct input {
    struct framing framing;
    size_t record_limit; /* largest record that the ring takes */
    size_t batch_limit;  /* most records at a time, up to BATCH_LIMIT */
    enum too_long too_long;
    uint64_t shortened, skipped; /* units of the input that were too long */
    uint64_t left_out_bytes;     /* of these */

    const char *name; /* of the file, for messages */
    int file;
    bool at_end;
    uint64_t offset;  /* in the file, of the bytes at `start` */
    uint64_t records; /* that were before them */
    bool is_inside;   /* of one that is too long: some of it was taken */
    bool leaves_out;  /* ... and the rest is not */
    uint64_t to_come; /* bytes of it, where they are known; else UINT64_MAX */
    uint64_t begun;   /* where it began */

    unsigned char *buffer;
    size_t buffer_bytes, start, end, looked_at;
};

/* Goes on with another file. */
void input_open(struct input *input, int file, const char *name);

/* Waits for the first record only. Returns how many there are: 0 at the end of the file; -1 when
 * it failed and said why, or a signal came. */
int input_next_batch(struct input *input, struct batch *batch);

void input_free(struct input *input);

#endif
