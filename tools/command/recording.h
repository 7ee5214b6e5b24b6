/* SPDX-License-Identifier: MIT */
/*
 * The layout of a recording, which mapring record writes: docs/recording.md. A file begins with
 * RECORDING_MAGIC; the rest are frames, each a head of FRAME_BYTES and its body. Numbers are
 * little-endian.
 *
 *     0  u32  CRC-32 of everything after it, to the end of the body
 *     4  u32  size of the body
 *     8  u8   kind
 *     9  u8   flags
 *    10  u16  which ring, by the number that a frame of the kind RING gave it last
 *    12  u32  detail: an entry's kind; how a run ended
 *    16  u64  sequence number: of a record; of the first one lost; an entry's offset
 *    24  u64  time in nanoseconds since 1970
 */
#ifndef TOOLS_RECORDING_H
#define TOOLS_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

#define RECORDING_MAGIC "mapring-record 1"

enum { MAGIC_BYTES = 16, FRAME_BYTES = 32, RING_BYTES = 32, GAP_BYTES = 24 };
enum { RECORDED_NAME_BYTES = 4096, FRAME_LIMIT = 0x40000000 };

enum frame_kind { FRAME_RING = 1, FRAME_ENTRY, FRAME_RECORD, FRAME_GAP, FRAME_END };

/* Flags of records and gaps. */
enum { FRAME_CONTINUED = 1, FRAME_CONTINUES = 2, FRAME_TIME_OF_READING = 4 };

/* Details of FRAME_END. */
enum run_end { RUN_CLOSED = 1, RUN_DIED, RUN_REMOVED, RUN_UNREADABLE };

struct frame_head {
    enum frame_kind kind;
    uint8_t flags;
    uint16_t ring;
    uint32_t detail;
    uint64_t sequence, time_ns;
};

/* The body of FRAME_RING: these, and then the name and the content. */
struct recorded_ring {
    uint64_t created_ns, capacity_bytes, dictionary_bytes;
    uint32_t slot_bytes;
    enum mapring_when_full when_full;
    bool times;
    const char *name;    /* as it was given to the command that recorded it */
    const char *content; /* of the ring */
};

/* Writes a head, for a body that follows it. */
void frame_put_head(unsigned char head[FRAME_BYTES], const struct frame_head *frame,
                    const void *body, size_t bytes);

/* Reads a head. Returns the size of the body; SIZE_MAX: it is larger than FRAME_LIMIT. */
size_t frame_get_head(const unsigned char head[FRAME_BYTES], struct frame_head *frame);

/* Whether the checksum is right; the body follows the head. */
bool frame_is_whole(const unsigned char *frame, size_t body_bytes);

/* Writes the body of FRAME_RING into RING_BYTES + RECORDED_NAME_BYTES + MAPRING_CONTENT_BYTES
 * bytes. Returns its size. */
size_t frame_put_ring(unsigned char *body, const struct recorded_ring *ring);

/* The opposite. `names` receives the texts; it has room for the body and two bytes more. False: the
 * body is invalid. */
bool frame_get_ring(const unsigned char *body, size_t bytes, struct recorded_ring *ring,
                    char *names);

/* The body of FRAME_GAP. */
void frame_put_gap(unsigned char body[GAP_BYTES], const struct mapring_record *lost);
void frame_get_gap(const unsigned char body[GAP_BYTES], struct mapring_record *lost);

#endif
