/* SPDX-License-Identifier: MIT */
/* A hostile recording is read to its end, with its checksums put right, since chance finds none. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "command/recording_reader.h"
#include "shared/checksum.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { BYTES_MOST = 4096 };

static void must(bool condition)
{
    if (!condition)
        abort();
}

struct input {
    unsigned char data[BYTES_MOST];
    size_t bytes, at;
};

/* In small pieces, so that frames arrive in parts. */
static ptrdiff_t read_input(void *context, void *buffer, size_t bytes)
{
    struct input *input = context;
    size_t some = input->bytes - input->at;
    some = some < bytes ? some : bytes;
    some = some < 37 ? some : 37;
    memcpy(buffer, input->data + input->at, some);
    input->at += some;
    return (ptrdiff_t)some;
}

static void put_right(struct input *input)
{
    struct frame_head head;
    for (size_t at = MAGIC_BYTES;
         input->bytes >= FRAME_BYTES && at <= input->bytes - FRAME_BYTES;) {
        unsigned char *frame = input->data + at;
        size_t body = frame_get_head(frame, &head);
        if (body > input->bytes - FRAME_BYTES - at)
            break;
        uint32_t sum = checksum(0, frame + 4, FRAME_BYTES - 4 + body);
        for (int i = 0; i < 4; i++)
            frame[i] = (unsigned char)(sum >> 8 * i);
        at += FRAME_BYTES + body;
    }
}

static void use(const struct recording_frame *frame)
{
    static unsigned char copy[BYTES_MOST];
    must(frame->bytes <= sizeof copy);
    memcpy(copy, frame->body, frame->bytes);
    if (frame->head.kind == FRAME_RING)
        must(strlen(frame->ring.name) > 0 && strlen(frame->ring.content) < MAPRING_CONTENT_BYTES);
    if (frame->head.kind == FRAME_ENTRY)
        must(frame->head.detail != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct input input;
    static struct recording_reader reader;
    enum recording_result result;
    memset(&reader, 0, sizeof reader);
    memcpy(input.data, RECORDING_MAGIC, MAGIC_BYTES);
    bytes = bytes < BYTES_MOST - MAGIC_BYTES ? bytes : BYTES_MOST - MAGIC_BYTES;
    memcpy(input.data + MAGIC_BYTES, data, bytes);
    input.bytes = bytes + MAGIC_BYTES;
    input.at = 0;
    put_right(&input);
    reader.read = read_input;
    reader.context = &input;
    while ((result = recording_next(&reader)) == RECORDING_FRAME)
        use(&reader.frame);
    must(reader.offset <= input.bytes);
    must(result == RECORDING_END || result == RECORDING_TORN || result == RECORDING_DAMAGED);
    recording_free(&reader);
    return 0;
}
