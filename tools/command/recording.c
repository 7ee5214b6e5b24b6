/* SPDX-License-Identifier: MIT */
/* The layout of a recording. */
#include "recording.h"

#include <string.h>

#include "shared/checksum.h"

static void put(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t get(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << 8 * i;
    return value;
}

void frame_put_head(unsigned char head[FRAME_BYTES], const struct frame_head *frame,
                    const void *body, size_t bytes)
{
    put(head + 4, bytes, 4);
    put(head + 8, frame->kind, 1);
    put(head + 9, frame->flags, 1);
    put(head + 10, frame->ring, 2);
    put(head + 12, frame->detail, 4);
    put(head + 16, frame->sequence, 8);
    put(head + 24, frame->time_ns, 8);
    put(head, checksum(checksum(0, head + 4, FRAME_BYTES - 4), body, bytes), 4);
}

size_t frame_get_head(const unsigned char head[FRAME_BYTES], struct frame_head *frame)
{
    uint64_t bytes = get(head + 4, 4);
    frame->kind = (enum frame_kind)head[8];
    frame->flags = head[9];
    frame->ring = (uint16_t)get(head + 10, 2);
    frame->detail = (uint32_t)get(head + 12, 4);
    frame->sequence = get(head + 16, 8);
    frame->time_ns = get(head + 24, 8);
    return bytes <= FRAME_LIMIT ? (size_t)bytes : SIZE_MAX;
}

bool frame_is_whole(const unsigned char *frame, size_t body_bytes)
{
    return get(frame, 4) == checksum(0, frame + 4, FRAME_BYTES - 4 + body_bytes);
}

size_t frame_put_ring(unsigned char *body, const struct recorded_ring *ring)
{
    size_t name_bytes = strlen(ring->name), content_bytes = strlen(ring->content);
    put(body, ring->created_ns, 8);
    put(body + 8, ring->capacity_bytes, 8);
    put(body + 16, ring->dictionary_bytes, 8);
    put(body + 24, ring->slot_bytes, 4);
    put(body + 28, ring->when_full, 1);
    put(body + 29, ring->times, 1);
    put(body + 30, name_bytes, 2);
    memcpy(body + RING_BYTES, ring->name, name_bytes);
    memcpy(body + RING_BYTES + name_bytes, ring->content, content_bytes);
    return RING_BYTES + name_bytes + content_bytes;
}

/* Copies a text of that size; false: it contains a NUL. */
static bool get_text(const unsigned char *from, size_t bytes, char *to)
{
    memcpy(to, from, bytes);
    to[bytes] = '\0';
    return strlen(to) == bytes;
}

bool frame_get_ring(const unsigned char *body, size_t bytes, struct recorded_ring *ring,
                    char *names)
{
    size_t name_bytes = bytes >= RING_BYTES ? (size_t)get(body + 30, 2) : 0;
    if (name_bytes == 0 || name_bytes > RECORDED_NAME_BYTES || name_bytes > bytes - RING_BYTES)
        return false;
    size_t content_bytes = bytes - RING_BYTES - name_bytes;
    *ring = (struct recorded_ring){
        .created_ns = get(body, 8),
        .capacity_bytes = get(body + 8, 8),
        .dictionary_bytes = get(body + 16, 8),
        .slot_bytes = (uint32_t)get(body + 24, 4),
        .when_full = (enum mapring_when_full)body[28],
        .times = body[29] & 1,
        .name = names,
        .content = names + name_bytes + 1,
    };
    return content_bytes < MAPRING_CONTENT_BYTES &&
           get_text(body + RING_BYTES, name_bytes, names) &&
           get_text(body + RING_BYTES + name_bytes, content_bytes, names + name_bytes + 1);
}

void frame_put_gap(unsigned char body[GAP_BYTES], const struct mapring_record *lost)
{
    put(body, lost->lost_records, 8);
    put(body + 8, lost->lost_bytes, 8);
    put(body + 16, lost->lost_until_ns, 8);
}

void frame_get_gap(const unsigned char body[GAP_BYTES], struct mapring_record *lost)
{
    lost->lost_records = get(body, 8);
    lost->lost_bytes = get(body + 8, 8);
    lost->lost_until_ns = get(body + 16, 8);
}
