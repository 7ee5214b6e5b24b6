/* SPDX-License-Identifier: MIT */
/* Reads a recording frame by frame, and believes nothing in it. */
#ifndef TOOLS_RECORDING_READER_H
#define TOOLS_RECORDING_READER_H

#include "recording.h"

enum recording_result {
    RECORDING_FRAME,
    RECORDING_END,       /* behind the last frame */
    RECORDING_TORN,      /* the file ends within a frame, as after a crash */
    RECORDING_DAMAGED,   /* what follows is no valid frame */
    RECORDING_FOREIGN,   /* the file is not a recording */
    RECORDING_UNREADABLE /* reading or memory failed; os_error() may say why */
};

struct recording_frame {
    struct frame_head head;
    const unsigned char *body; /* valid until the next call, */
    size_t bytes;
    struct recorded_ring ring;    /* of the kind RING; the texts are valid as long, too */
    struct mapring_record record; /* of the kinds RECORD and GAP; the time of a record may be
                                     that of reading */
};

struct recording_reader {
    ptrdiff_t (*read)(void *context, void *buffer, size_t bytes); /* as os_read() */
    void *context;
    uint64_t offset; /* in the file: behind the last frame, where the result is about */

    /* The rest is private to recording_reader.c. */
    struct recording_frame frame;
    unsigned char *buffer;
    size_t space, held, used; /* bytes; those used are of the last frame */
    bool has_begun, has_read_all;
    char names[RECORDED_NAME_BYTES + MAPRING_CONTENT_BYTES + 2];
    unsigned char rings[65536 / 8]; /* a bit for each number: whether it has been given */
};

/* Reads the next frame into reader->frame. After anything but RECORDING_FRAME, there is no
 * other. */
enum recording_result recording_next(struct recording_reader *reader);

/* Says on standard error what is wrong with the file, if anything is. Returns an exit status. */
int recording_tell(const struct recording_reader *reader, enum recording_result result,
                   const char *path);

void recording_free(struct recording_reader *reader);

#endif
