/* SPDX-License-Identifier: MIT */
/*
 * How a stream of bytes is divided into records: one line each, without its newline; a length of
 * 4 bytes, little-endian, before each; or blocks of a fixed size.
 */
#ifndef TOOLS_FRAMING_H
#define TOOLS_FRAMING_H

#include <stddef.h>
#include <stdint.h>

enum framing_kind { FRAMING_LINE, FRAMING_LENGTH, FRAMING_BLOCK };

enum { FRAMING_EXTRA = 4, BLOCK_BYTES = 4096 }; /* most framing of a record; default block */

struct framing {
    enum framing_kind kind;
    size_t block_bytes;
};

struct frame {
    const unsigned char *payload;
    size_t bytes; /* payload size; of an incomplete record, what is known of it */
};

/* Cuts the first record off the data. Returns how many bytes it takes, framing included; 0: it is
 * incomplete. The first `looked_at` bytes are known to contain no newline. */
size_t framing_cut(const struct framing *framing, const unsigned char *data, size_t bytes,
                   size_t looked_at, struct frame *frame);

/* Write the framing before and after a payload. Return the number of bytes. */
size_t framing_head(const struct framing *framing, size_t payload_bytes, unsigned char *head);
size_t framing_foot(const struct framing *framing, unsigned char *foot);

#endif
