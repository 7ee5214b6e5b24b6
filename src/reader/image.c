/* SPDX-License-Identifier: MIT */
/* Reading a ring post mortem, by read calls into a window rather than through a mapping, so that
 * neither the contents of the file nor its truncation can crash the reader. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "layout.h"
#include "platform.h"
#include "reader/space.h"
#include "ring/clock.h"
#include "ring/kept.h"
#include "ring/open.h"
#include "ring/ring.h"
#include "ring/walk.h"

enum {
    WINDOW_BYTES = 1 << 18,
    HEADER_ALIGNMENT = alignof(struct ring_header),
    FIND_TRIES = 1000,
    OLDEST_TRIES = 100,
};

struct mapring_image {
    struct mapring_hot hot;
    struct ring ring; /* its header is a private copy */
    struct ring_place cursor;
    struct clock_view clock;
    uint64_t counter; /* of the record at the cursor, in a ring with times */
    bool continues;   /* the next record continues the one before */
    uint64_t horizon; /* when it was opened: what a running producer adds after it is left out */
    uint64_t window_position;
    uint64_t window_bytes;
    uint64_t settled; /* everything before it was committed when the window was read */
    struct space payload;
    unsigned char header_space[sizeof(struct ring_header) + HEADER_ALIGNMENT];
    unsigned char window[WINDOW_BYTES];
};

static uint64_t offset_of(const struct ring *ring, uint64_t position)
{
    return ring_file_bytes(0, 0) + (position & (ring_capacity(ring) - 1));
}

uint64_t mapring_image_offset(const mapring_image *image)
{
    return image ? offset_of(&image->ring, image->cursor.position) : 0;
}

/* H: read after the window, so its horizon shows what in the window may have been overwritten. */
static int refresh_header(mapring_image *image)
{
    return platform_read(image->ring.object, 0, image->ring.header, sizeof(struct ring_header));
}

static bool is_lapped(const mapring_image *image)
{
    return !ring_intact(&image->ring, image->cursor.position);
}

static int truncated(const mapring_image *image, uint64_t size)
{
    return fail(MAPRING_ERROR_DAMAGED, image->ring.name.text,
                "ring '%s' is truncated: record %" PRIu64 " begins at offset %" PRIu64
                ", but the ring has only %" PRIu64 " of its %" PRIu64 " bytes",
                image->ring.name.text, image->cursor.sequence, mapring_image_offset(image), size,
                ring_file_bytes(ring_capacity(&image->ring), 0));
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The window begins at the position and ends no later than the file. */
static int move_window(mapring_image *image, uint64_t position)
{
    struct ring *ring = &image->ring;
    uint64_t offset = offset_of(ring, position), size;
    image->window_bytes = 0;
    int result = platform_size(ring->object, &size);
    if (result != MAPRING_OK)
        return result;
    uint64_t end = least(size, ring_file_bytes(ring_capacity(ring), 0));
    image->window_position = position;
    image->settled = load_relaxed(&ring->header->tail);
    if (offset >= end)
        return truncated(image, size);
    uint64_t bytes = least(end - offset, WINDOW_BYTES);
    result = platform_read(ring->object, offset, image->window, (size_t)bytes);
    if (result == MAPRING_OK)
        result = refresh_header(image);
    if (result == MAPRING_OK)
        image->window_bytes = bytes;
    return result;
}

static int read_at(mapring_image *image, uint64_t position, void *buffer, size_t bytes)
{
    unsigned char *to = buffer;
    while (bytes > 0) {
        uint64_t into = position - image->window_position;
        if (into >= image->window_bytes) {
            int result = move_window(image, position);
            if (result != MAPRING_OK)
                return result;
            into = 0;
        }
        uint64_t rest = image->window_bytes - into;
        size_t part = bytes < rest ? bytes : (size_t)rest;
        memcpy(to, image->window + into, part);
        to += part;
        position += part;
        bytes -= part;
    }
    return MAPRING_OK;
}

/* Beside a running producer, the parts of a copy of the header may be of different ages. A place in
 * it counts only if a second copy shows that it was not replaced in between. MAPRING_NOTHING: try
 * again. */
static int look_for_beginning(mapring_image *image, bool oldest)
{
    struct ring *ring = &image->ring;
    const shared_u64 *made = oldest ? &ring->header->kept_made : &ring->header->marks_made;
    uint64_t more = oldest ? 0 : MARK_COUNT / 2;
    struct ring_place place;
    int result = refresh_header(image);
    if (result != MAPRING_OK)
        return result;
    uint64_t before = load_relaxed(made);
    bool found = oldest ? kept_read(ring, &place) : mark_newest(ring, &place);
    result = refresh_header(image);
    if (result != MAPRING_OK)
        return result;
    if (!found || load_relaxed(made) - before > more || !ring_intact(ring, place.position))
        return MAPRING_NOTHING;
    image->cursor = place;
    return MAPRING_OK;
}

/* A producer may overwrite the oldest record each time before it is found. Then the image begins at
 * the newest mark: of all places to start from, it is overwritten last. */
static int find_beginning(mapring_image *image)
{
    int result = MAPRING_NOTHING;
    for (int tries = 0; tries < FIND_TRIES && result == MAPRING_NOTHING; tries++)
        result = look_for_beginning(image, tries < OLDEST_TRIES);
    if (result != MAPRING_NOTHING)
        return result;
    return fail(MAPRING_ERROR_DAMAGED, image->ring.name.text,
                "ring '%s' is damaged: no place to start from is within reach of its horizon",
                image->ring.name.text);
}

static struct ring_header *aligned(unsigned char *space)
{
    return (struct ring_header *)(void *)(space + -(uintptr_t)space % HEADER_ALIGNMENT);
}

int mapring_image_open(mapring_image **out, const char *name, enum mapring_scope scope)
{
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the image is a null pointer");
    *out = NULL;
    mapring_image *image = calloc(1, sizeof *image);
    if (!image)
        return fail_memory(name, "an image");
    struct mapring_options options = {.how = MAPRING_ATTACH, .scope = scope};
    int result = ring_find(&image->ring, &image->hot, name, &options, ACCESS_READ);
    image->ring.header = aligned(image->header_space);
    if (result == MAPRING_OK) {
        platform_break_on_fork(image->ring.object, &image->hot.broken);
        result = find_beginning(image);
    }
    image->horizon = load_relaxed(&image->ring.header->horizon);
    if (result == MAPRING_OK)
        *out = image;
    else
        mapring_image_close(image);
    return result;
}

void mapring_image_close(mapring_image *image)
{
    if (!image)
        return;
    ring_close(&image->ring);
    free(image->payload.at);
    free(image);
}

/* Whether, according to the header's tail, there is a record at the cursor. */
static bool is_counted(const mapring_image *image)
{
    return ahead(load_relaxed(&image->ring.header->tail), image->cursor.position) > 0;
}

/* A tail beyond the last record remains if the machine fails when it has written the header to the
 * disk but not the slots. */
static int end(mapring_image *image)
{
    const struct ring *ring = &image->ring;
    uint64_t tail = load_relaxed(&ring->header->tail);
    if (!is_counted(image))
        return MAPRING_NOTHING;
    return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                "ring '%s' has a torn end: there is no record at offset %" PRIu64
                ", position %" PRIu64
                ", but according to its header, records end at position %" PRIu64,
                ring->name.text, mapring_image_offset(image), image->cursor.position, tail);
}

/* A record at or after the horizon remains if the machine fails when it has written the slots but
 * not the header. Nothing tells where such records end. */
static bool is_unknown(const mapring_image *image)
{
    return ahead(image->cursor.position, load_relaxed(&image->ring.header->horizon)) >= 0;
}

static int unknown(const mapring_image *image)
{
    const struct ring *ring = &image->ring;
    return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                "ring '%s' has a torn end: there is a record at offset %" PRIu64
                ", position %" PRIu64
                ", but according to its header, nothing was written from position %" PRIu64 " on",
                ring->name.text, mapring_image_offset(image), image->cursor.position,
                load_relaxed(&ring->header->horizon));
}

static int damaged(const mapring_image *image, uint64_t word)
{
    return fail(MAPRING_ERROR_DAMAGED, image->ring.name.text,
                "ring '%s' is damaged: 0x%016" PRIx64 " at offset %" PRIu64
                " cannot be the header of record %" PRIu64,
                image->ring.name.text, word, mapring_image_offset(image), image->cursor.sequence);
}

static uint64_t time_of(mapring_image *image, uint64_t counter)
{
    return clock_view_time(&image->ring, &image->clock, image->cursor.sequence, counter);
}

static int tell_gap(mapring_image *image, struct mapring_record *record)
{
    struct ring_loss loss;
    memcpy(&loss, image->payload.at, sizeof loss);
    *record = (struct mapring_record){.sequence = image->cursor.sequence,
                                      .lost_records = loss.records,
                                      .lost_bytes = loss.payload_bytes};
    if (record_has_times(image->ring.hot)) {
        struct ring_loss_times times;
        memcpy(&times, image->payload.at + sizeof loss, sizeof times);
        record->time_ns = time_of(image, times.first);
        record->lost_until_ns = time_of(image, times.last);
        record->time_uncertainty_ns = image->clock.point.uncertainty_ns;
    }
    image->cursor.sequence += loss.records;
    image->continues = false;
    return MAPRING_LOST;
}

static int tell_record(mapring_image *image, uint64_t word, struct mapring_record *record)
{
    *record = (struct mapring_record){0};
    mapring1_describe(record, image->payload.at, word, image->cursor.sequence, image->continues);
    image->continues = record->continued;
    if (record_has_times(image->ring.hot)) {
        record->time_ns = time_of(image, image->counter);
        record->time_uncertainty_ns = image->clock.point.uncertainty_ns;
    }
    image->cursor.sequence++;
    return MAPRING_OK;
}

/* Happens only beside a running producer. */
static int go_on_after_lap(mapring_image *image, struct mapring_record *record)
{
    uint64_t sequence = image->cursor.sequence;
    image->window_bytes = 0;
    int result = find_beginning(image);
    if (result != MAPRING_OK)
        return result;
    *record = (struct mapring_record){.sequence = sequence,
                                      .lost_records = image->cursor.sequence - sequence};
    image->continues = false;
    return MAPRING_LOST;
}

static int read_record(mapring_image *image, uint64_t word)
{
    size_t bytes = (size_t)commit_bytes(word);
    size_t header = (size_t)record_header_bytes(image->ring.hot);
    uint64_t position = image->cursor.position;
    int result = space_grow(&image->payload, bytes + 1, image->ring.name.text, "a record");
    if (result == MAPRING_OK)
        result = read_at(image, position + sizeof word, &image->counter, header - sizeof word);
    return result == MAPRING_OK ? read_at(image, position + header, image->payload.at, bytes)
                                : result;
}

/* C: a read call copies in any order, so the window may have a record's commit word without its
 * payload, or neither although the header counts the record. A window read again has both. */
static int read_word(mapring_image *image, uint64_t *word)
{
    int result = read_at(image, image->cursor.position, word, sizeof *word);
    if (result != MAPRING_OK || ahead(image->settled, image->cursor.position) > 0)
        return result;
    if (*word == 0 && !is_counted(image))
        return MAPRING_OK;
    image->window_bytes = 0;
    return read_at(image, image->cursor.position, word, sizeof *word);
}

/* Whether the cursor is at what was added after the image was opened: without this limit, reading
 * beside a running producer might never end. */
static bool is_beyond(const mapring_image *image)
{
    return ahead(image->cursor.position, image->horizon) >= 0 &&
           load_relaxed(&image->ring.header->horizon) != image->horizon;
}

/* Hands out a record or a loss. A run end is passed over, with MAPRING_OK. */
static int tell(mapring_image *image, uint64_t word, struct mapring_record *record)
{
    image->cursor.position += record_span(image->ring.hot, commit_bytes(word));
    if (commit_is_run_end(word)) {
        image->continues = false;
        return MAPRING_OK;
    }
    return commit_kind(word) == RECORD_GAP ? tell_gap(image, record)
                                           : tell_record(image, word, record);
}

static int take(mapring_image *image, uint64_t word, struct mapring_record *record)
{
    bool fits = record_fits(image->ring.hot, word, image->cursor.sequence);
    int result = fits ? read_record(image, word) : MAPRING_OK;
    if (result != MAPRING_OK)
        return result;
    if (is_lapped(image))
        return go_on_after_lap(image, record);
    if (!fits)
        return word == 0 ? end(image) : damaged(image, word);
    if (is_unknown(image))
        return unknown(image);
    return tell(image, word, record);
}

static int next(mapring_image *image, struct mapring_record *record)
{
    if (!image)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the image is a null pointer");
    if (!record)
        return fail(MAPRING_ERROR_ARGUMENT, image->ring.name.text,
                    "the argument that receives a record of ring '%s' is a null pointer",
                    image->ring.name.text);
    if (image->hot.broken)
        return ring_broken(&image->ring);
    uint64_t word;
    int result;
    do {
        if (is_beyond(image))
            return MAPRING_NOTHING;
        result = read_word(image, &word);
        if (result == MAPRING_OK)
            result = take(image, word, record);
    } while (result == MAPRING_OK && commit_is_run_end(word));
    return result;
}

int mapring_image_next(mapring_image *image, struct mapring_record *record)
{
    return outcome(next(image, record));
}
