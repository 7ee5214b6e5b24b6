/* SPDX-License-Identifier: MIT */
/* Reads a recording frame by frame. */
#include "recording_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shared/message.h"
#include "shared/os.h"

enum { STEP_BYTES = 1 << 17 };

/* Moves what is left to the beginning, and makes room for a step more. The buffer grows with what
 * the file really contains, whatever its heads say. */
static bool make_room(struct recording_reader *reader)
{
    reader->held -= reader->used;
    if (reader->used > 0)
        memmove(reader->buffer, reader->buffer + reader->used, reader->held);
    reader->used = 0;
    if (reader->space - reader->held >= STEP_BYTES)
        return true;
    size_t space = 2 * reader->space > STEP_BYTES ? 2 * reader->space : 2 * STEP_BYTES;
    unsigned char *larger = realloc(reader->buffer, space);
    if (!larger)
        return false;
    reader->buffer = larger;
    reader->space = space;
    return true;
}

/* Whether so many bytes are there. If not, either reading has failed or the file ends before. */
static bool fetch(struct recording_reader *reader, size_t bytes, bool *failed)
{
    while (reader->held - reader->used < bytes && !reader->has_read_all && !*failed) {
        *failed = !make_room(reader);
        if (*failed)
            break;
        ptrdiff_t got = reader->read(reader->context, reader->buffer + reader->held, STEP_BYTES);
        *failed = got < 0;
        reader->has_read_all = got == 0;
        reader->held += got > 0 ? (size_t)got : 0;
    }
    return reader->held - reader->used >= bytes;
}

static enum recording_result shortage(const struct recording_reader *reader, bool failed)
{
    if (failed)
        return RECORDING_UNREADABLE;
    return reader->held == reader->used ? RECORDING_END : RECORDING_TORN;
}

/* An empty file is a recording of nothing. */
static enum recording_result begin(struct recording_reader *reader)
{
    bool failed = false;
    bool is_there = fetch(reader, MAGIC_BYTES, &failed);
    size_t some = reader->held < MAGIC_BYTES ? reader->held : MAGIC_BYTES;
    if (some > 0 && memcmp(reader->buffer, RECORDING_MAGIC, some) != 0)
        return RECORDING_FOREIGN;
    if (!is_there)
        return shortage(reader, failed);
    reader->used = MAGIC_BYTES;
    reader->offset = MAGIC_BYTES;
    reader->has_begun = true;
    return RECORDING_FRAME;
}

static bool ring_is_known(const struct recording_reader *reader, uint16_t ring)
{
    return reader->rings[ring / 8] >> ring % 8 & 1;
}

static bool read_ring(struct recording_reader *reader)
{
    struct recording_frame *frame = &reader->frame;
    uint16_t ring = frame->head.ring;
    if (frame->bytes > RING_BYTES + RECORDED_NAME_BYTES + MAPRING_CONTENT_BYTES ||
        !frame_get_ring(frame->body, frame->bytes, &frame->ring, reader->names))
        return false;
    reader->rings[ring / 8] |= (unsigned char)(1 << ring % 8);
    return true;
}

static void read_record(struct recording_frame *frame)
{
    frame->record = (struct mapring_record){
        .payload = frame->body,
        .bytes = frame->bytes,
        .sequence = frame->head.sequence,
        .time_ns = frame->head.time_ns,
        .continued = frame->head.flags & FRAME_CONTINUED,
        .continues = frame->head.flags & FRAME_CONTINUES,
    };
}

static bool read_gap(struct recording_frame *frame)
{
    if (frame->bytes != GAP_BYTES)
        return false;
    bool is_known = !(frame->head.flags & FRAME_TIME_OF_READING);
    frame->record = (struct mapring_record){.sequence = frame->head.sequence,
                                            .time_ns = is_known ? frame->head.time_ns : 0};
    frame_get_gap(frame->body, &frame->record);
    uint64_t end;
    return !__builtin_add_overflow(frame->record.sequence, frame->record.lost_records, &end);
}

/* Frames of kinds that are not known yet are for later versions. */
static bool read_body(struct recording_reader *reader)
{
    struct recording_frame *frame = &reader->frame;
    if (frame->head.kind == FRAME_RING)
        return read_ring(reader);
    if (frame->head.kind <= FRAME_END && !ring_is_known(reader, frame->head.ring))
        return false;
    if (frame->head.kind == FRAME_RECORD)
        read_record(frame);
    if (frame->head.kind == FRAME_GAP)
        return read_gap(frame);
    return frame->head.kind != 0 && (frame->head.kind != FRAME_ENTRY || frame->head.detail != 0);
}

static enum recording_result read_frame(struct recording_reader *reader)
{
    struct recording_frame *frame = &reader->frame;
    bool failed = false;
    if (!fetch(reader, FRAME_BYTES, &failed))
        return shortage(reader, failed);
    frame->bytes = frame_get_head(reader->buffer + reader->used, &frame->head);
    if (frame->bytes == SIZE_MAX)
        return RECORDING_DAMAGED;
    if (!fetch(reader, FRAME_BYTES + frame->bytes, &failed))
        return shortage(reader, failed);
    frame->body = reader->buffer + reader->used + FRAME_BYTES;
    if (!frame_is_whole(reader->buffer + reader->used, frame->bytes) || !read_body(reader))
        return RECORDING_DAMAGED;
    reader->used += FRAME_BYTES + frame->bytes;
    reader->offset += FRAME_BYTES + frame->bytes;
    return RECORDING_FRAME;
}

enum recording_result recording_next(struct recording_reader *reader)
{
    enum recording_result result = reader->has_begun ? RECORDING_FRAME : begin(reader);
    while (result == RECORDING_FRAME) {
        result = read_frame(reader);
        if (result == RECORDING_FRAME && reader->frame.head.kind <= FRAME_END)
            break;
    }
    return result;
}

int recording_tell(const struct recording_reader *reader, enum recording_result result,
                   const char *path)
{
    if (os_interrupted() != 0)
        return os_interrupted();
    if (result == RECORDING_FOREIGN)
        complain("'%s' is not a recording of 'mapring record'", path);
    else if (result == RECORDING_TORN)
        complain("'%s' ends within a record, at offset %" PRIu64
                 ", as it does after a crash or on a full disk; everything before is whole",
                 path, reader->offset);
    else if (result == RECORDING_DAMAGED)
        complain("'%s' is damaged at offset %" PRIu64 "; everything before is whole", path,
                 reader->offset);
    else if (result == RECORDING_UNREADABLE)
        complain("cannot read '%s' at offset %" PRIu64 ": %s", path, reader->offset, os_error());
    return result == RECORDING_END ? EXIT_DONE : EXIT_FAILED;
}

void recording_free(struct recording_reader *reader)
{
    free(reader->buffer);
    reader->buffer = NULL;
}
