/* SPDX-License-Identifier: MIT */
/* Writes records of several rings as frames of a recording. */
#include "recorder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "look.h"
#include "recording_reader.h"
#include "shared/message.h"
#include "shared/os.h"

enum { RING_LIMIT = 65536, RINGS_AT_ONCE = 16 };

struct bytes {
    unsigned char *data;
    size_t count, space;
};

struct recorded {
    char *name;   /* NULL: this number is free */
    bool is_gone; /* it is free as soon as another ring needs it: records may still be buffered */
    mapring_dictionary *dictionary;
    struct bytes definition; /* frames that each file needs: the ring, and what is defined in it */
};

struct recorder {
    enum mapring_scope scope;
    struct recorded *rings; /* by their numbers */
    size_t count, current;
    struct bytes preface;
};

static void no_memory(void)
{
    complain("not enough memory to record");
    exit(EXIT_FAILED);
}

static void add_bytes(struct bytes *bytes, const void *data, size_t count)
{
    if (bytes->space - bytes->count < count) {
        size_t space = 2 * (bytes->count + count);
        unsigned char *larger = realloc(bytes->data, space);
        if (!larger)
            no_memory();
        bytes->data = larger;
        bytes->space = space;
    }
    if (count > 0)
        memcpy(bytes->data + bytes->count, data, count);
    bytes->count += count;
}

struct recorder *recorder_new(enum mapring_scope scope)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    if (recorder)
        recorder->scope = scope;
    return recorder;
}

/* ---- Rings ---- */

static void put_frame(struct output *output, const struct frame_head *frame, const void *body,
                      size_t bytes)
{
    unsigned char head[FRAME_BYTES];
    frame_put_head(head, frame, body, bytes);
    output_bytes(output, head, sizeof head);
    output_bytes(output, body, bytes);
    if (frame->kind == FRAME_RECORD && frame->flags & FRAME_CONTINUED)
        output_end_part(output);
    else
        output_end_record(output);
}

/* Keeps a frame for the beginning of each file, and writes it unless that is still to come. */
static void put_definition(struct output *output, struct recorded *ring,
                           const struct frame_head *frame, const void *body, size_t bytes)
{
    unsigned char head[FRAME_BYTES];
    frame_put_head(head, frame, body, bytes);
    add_bytes(&ring->definition, head, sizeof head);
    add_bytes(&ring->definition, body, bytes);
    if (output->has_begun)
        put_frame(output, frame, body, bytes);
}

static uint16_t number_of(const struct recorder *recorder, const struct recorded *ring)
{
    return (uint16_t)(ring - recorder->rings);
}

/* Of a ring that is gone already, only the name is known. */
static void define_ring(struct output *output, struct recorded *ring)
{
    static unsigned char body[RING_BYTES + RECORDED_NAME_BYTES + MAPRING_CONTENT_BYTES];
    static struct mapring_stat stat;
    struct recorder *recorder = output->recorder;
    if (look(ring->name, recorder->scope, &stat) != MAPRING_OK)
        memset(&stat, 0, sizeof stat);
    const struct recorded_ring recorded = {
        .created_ns = stat.created_ns,
        .capacity_bytes = stat.capacity_bytes,
        .dictionary_bytes = stat.dictionary_bytes,
        .slot_bytes = stat.slot_bytes,
        .when_full = stat.when_full,
        .times = stat.times,
        .name = ring->name,
        .content = stat.content,
    };
    const struct frame_head frame = {
        .kind = FRAME_RING, .ring = number_of(recorder, ring), .time_ns = os_time_ns()};
    put_definition(output, ring, &frame, body, frame_put_ring(body, &recorded));
    if (stat.dictionary_bytes > 0)
        mapring_dictionary_open(&ring->dictionary, ring->name, recorder->scope);
}

/* What a record refers to was defined before it was sent. */
static void define_entries(struct output *output, struct recorded *ring)
{
    struct mapring_entry entry;
    while (ring->dictionary && mapring_dictionary_next(ring->dictionary, &entry) == MAPRING_OK) {
        const struct frame_head frame = {.kind = FRAME_ENTRY,
                                         .ring = number_of(output->recorder, ring),
                                         .detail = entry.kind,
                                         .sequence = entry.offset,
                                         .time_ns = os_time_ns()};
        put_definition(output, ring, &frame, entry.payload, entry.bytes);
    }
}

static void forget(struct recorded *ring)
{
    mapring_dictionary_close(ring->dictionary);
    free(ring->definition.data);
    free(ring->name);
    *ring = (struct recorded){0};
}

static struct recorded *free_number(struct recorder *recorder)
{
    for (size_t i = 0; i < recorder->count; i++) {
        if (recorder->rings[i].is_gone)
            forget(&recorder->rings[i]);
        if (!recorder->rings[i].name)
            return &recorder->rings[i];
    }
    if (recorder->count == RING_LIMIT)
        no_memory();
    struct recorded *larger =
        realloc(recorder->rings, (recorder->count + RINGS_AT_ONCE) * sizeof *larger);
    if (!larger)
        no_memory();
    memset(larger + recorder->count, 0, RINGS_AT_ONCE * sizeof *larger);
    recorder->rings = larger;
    recorder->count += RINGS_AT_ONCE;
    return &larger[recorder->count - RINGS_AT_ONCE];
}

static bool has_name(const struct recorded *ring, const char *name)
{
    return ring->name && !ring->is_gone && strcmp(ring->name, name) == 0;
}

static struct recorded *find(struct recorder *recorder, const char *name)
{
    if (recorder->count > 0 && has_name(&recorder->rings[recorder->current], name))
        return &recorder->rings[recorder->current];
    for (size_t i = 0; i < recorder->count; i++)
        if (has_name(&recorder->rings[i], name))
            return &recorder->rings[i];
    return NULL;
}

static struct recorded *ring_of(struct output *output)
{
    struct recorder *recorder = output->recorder;
    struct recorded *ring = find(recorder, output->ring);
    if (!ring) {
        ring = free_number(recorder);
        ring->name = strdup(output->ring);
        if (!ring->name)
            no_memory();
        define_ring(output, ring);
    }
    recorder->current = (size_t)(ring - recorder->rings);
    define_entries(output, ring);
    return ring;
}

/* ---- What happens in them ---- */

/* A ring without times has the time of reading. */
static void set_time(struct frame_head *frame, uint64_t time_ns)
{
    frame->time_ns = time_ns != 0 ? time_ns : os_time_ns();
    frame->flags |= time_ns != 0 ? 0 : FRAME_TIME_OF_READING;
}

void recorder_put_record(struct output *output, const struct mapring_record *record)
{
    struct frame_head frame = {.kind = FRAME_RECORD,
                               .ring = number_of(output->recorder, ring_of(output)),
                               .sequence = record->sequence};
    frame.flags = (uint8_t)((record->continued ? FRAME_CONTINUED : 0) |
                            (record->continues ? FRAME_CONTINUES : 0));
    set_time(&frame, record->time_ns);
    put_frame(output, &frame, record->payload, record->bytes);
}

void recorder_put_lost(struct output *output, const struct mapring_record *lost)
{
    unsigned char body[GAP_BYTES];
    struct frame_head frame = {.kind = FRAME_GAP,
                               .ring = number_of(output->recorder, ring_of(output)),
                               .sequence = lost->sequence};
    set_time(&frame, lost->time_ns);
    frame_put_gap(body, lost);
    put_frame(output, &frame, body, sizeof body);
}

static enum run_end end_of(int result)
{
    switch (result) {
    case MAPRING_PRODUCER_CLOSED: return RUN_CLOSED;
    case MAPRING_PRODUCER_DIED: return RUN_DIED;
    case MAPRING_REMOVED: return RUN_REMOVED;
    default: return RUN_UNREADABLE;
    }
}

/* The next ring of that name is another one. */
void recorder_put_end(struct output *output, int result)
{
    enum run_end end = end_of(result);
    if (end == RUN_UNREADABLE && !find(output->recorder, output->ring))
        return;
    struct recorded *ring = ring_of(output);
    const struct frame_head frame = {.kind = FRAME_END,
                                     .ring = number_of(output->recorder, ring),
                                     .detail = end,
                                     .time_ns = os_time_ns()};
    put_frame(output, &frame, NULL, 0);
    ring->is_gone = end == RUN_REMOVED || end == RUN_UNREADABLE;
}

/* ---- Files ---- */

static size_t preface_of(void *context, bool is_new, const unsigned char **data)
{
    struct recorder *recorder = context;
    struct bytes *preface = &recorder->preface;
    preface->count = 0;
    if (is_new)
        add_bytes(preface, RECORDING_MAGIC, MAGIC_BYTES);
    for (size_t i = 0; i < recorder->count; i++)
        add_bytes(preface, recorder->rings[i].definition.data, recorder->rings[i].definition.count);
    *data = preface->data;
    return preface->count;
}

void recorder_attach(struct recorder *recorder, struct output *output)
{
    output->recorder = recorder;
    output->framing.kind = FRAMING_BLOCK; /* nothing is added to the frames */
    output->preface = preface_of;
    output->preface_context = recorder;
}

static ptrdiff_t read_file(void *context, void *buffer, size_t bytes)
{
    return disk_read(*(const int *)context, buffer, bytes);
}

static int cut(struct archive *archive, uint64_t offset)
{
    uint64_t bytes = disk_bytes(archive_file(archive));
    if (!archive_cut(archive, offset)) {
        complain("cannot truncate '%s': %s", archive->path, os_error());
        return EXIT_FAILED;
    }
    if (bytes > offset)
        complain("'%s' ended within a record, at offset %" PRIu64 "; the last %" PRIu64
                 " bytes were removed",
                 archive->path, offset, bytes - offset);
    return EXIT_DONE;
}

int recorder_repair(struct archive *archive)
{
    static struct recording_reader reader;
    int file = archive_file(archive);
    enum recording_result result;
    reader.read = read_file;
    reader.context = &file;
    if (!disk_rewind(file))
        return recording_tell(&reader, RECORDING_UNREADABLE, archive->path);
    do
        result = recording_next(&reader);
    while (result == RECORDING_FRAME && os_interrupted() == 0);
    recording_free(&reader);
    if (result == RECORDING_FRAME)
        return os_interrupted();
    if (result == RECORDING_TORN || result == RECORDING_END)
        return cut(archive, reader.offset);
    int status = recording_tell(&reader, result, archive->path);
    complain("nothing is added to it; choose another file, or move this one away");
    return status;
}
