/* SPDX-License-Identifier: MIT */
/*
 * How a stream of bytes is cut into records: a line each, without its newline; 4 bytes of length,
 * little-endian, before each; or blocks of a fixed size.
 */
#ifndef TOOLS_FRAMING_H
#define TOOLS_FRAMING_H

#include <stddef.h>
#include <stdint.h>

enum framing_kind { FRAMING_LINE, FRAMING_LENGTH, FRAMING_BLOCK };

enum { FRAMING_EXTRA = 4, BLOCK_BYTES = 4096 }; /* most bytes around a record; default block */

struct framing {
    enum framing_kind kind;
    size_t block_bytes;
};

struct frame {
    const unsigned char *payload;
    size_t bytes; /* of the payload; of an incomplete one, as many as are known to come */
};

/* Cuts the first record off the data. Returns how many bytes it takes, framing included; 0: it is
 * incomplete. The first `looked_at` bytes are known to hold no newline. */
size_t framing_cut(const struct framing *framing, const unsigned char *data, size_t bytes,
                   size_t looked_at, struct frame *frame);

/* What stands before and behind a record's payload. Return the number of bytes. */
size_t framing_head(const struct framing *framing, size_t payload_bytes, unsigned char *head);
size_t framing_foot(const struct framing *framing, unsigned char *foot);

#endif
