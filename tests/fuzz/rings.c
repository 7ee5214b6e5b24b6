/* SPDX-License-Identifier: MIT */
/* The rings that hostile mappings are made from. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

struct hostile_ring hostile_rings[HOSTILE_RINGS];

static const struct {
    enum mapring_when_full when_full;
    uint32_t slot_bytes;
    uint64_t first_position;
    unsigned records;
    bool times, repeats;
} kinds[HOSTILE_RINGS] = {
    {MAPRING_BLOCK, 16, 0, 0, false, false},
    {MAPRING_BLOCK, 16, 0, 180, false, false},
    {MAPRING_DROP, 16, 0, 400, false, false},
    {MAPRING_OVERWRITE, 8, 0, 700, false, false},
    {MAPRING_BLOCK, 64, -(uint64_t)4096, 180, false, false},
    {MAPRING_BLOCK, 8, 0, 170, true, false},
    {MAPRING_DROP, 16, 0, 400, true, false},
    {MAPRING_OVERWRITE, 16, -(uint64_t)4096, 700, true, false},
    {MAPRING_BLOCK, 16, 0, 180, false, true},
    {MAPRING_BLOCK, 16, -(uint64_t)4096, 180, true, true},
};

const struct mapring_options hostile_repetition = {.origin = "origin", .first_sequence = 1000};

static const unsigned char payload[2000];

static size_t size_of(unsigned record)
{
    return record % 16 == 15 ? sizeof payload : record * 29 % 300;
}

static struct ring_header *header_in(unsigned char *view)
{
    return (struct ring_header *)(void *)view;
}

static void begin_at(struct ring_header *header, uint64_t position)
{
    header->identity.first_position = position;
    header->tail.value = header->horizon.value = header->marks[0].position.value = position;
}

/* Uses the image reader, which passes all records that are still there. */
static void find_records(struct hostile_ring *ring, const char *path)
{
    mapring_image *image;
    struct mapring_record record;
    must(mapring_image_open(&image, path, MAPRING_LOCAL) == MAPRING_OK);
    do
        ring->record[ring->records] = mapring_image_offset(image);
    while (mapring_image_next(image, &record) != MAPRING_NOTHING &&
           ++ring->records < RECORDS_KNOWN - 1);
    ring->records++; /* also the place of the next record */
    mapring_image_close(image);
}

static void read_some(mapring_consumer *consumer, unsigned count)
{
    struct mapring_record record;
    while (count-- > 0 && mapring_consumer_next(consumer, &record, 0) == MAPRING_OK)
        mapring_consumer_release(consumer);
}

/* The fuzzer's changes reach the first KiB. */
static void define_some(mapring_producer *producer, unsigned count)
{
    uint64_t offset;
    for (unsigned i = 0; i < count; i++)
        must(mapring_producer_define(producer, 1 + i, payload, i * 5 % 70, &offset) == MAPRING_OK);
}

/* Every sixteenth record is a loss, or the run ends there instead. Returns the next number. */
static uint64_t repeat(mapring_producer *producer, uint64_t sequence, unsigned i)
{
    const struct mapring_record record = {.payload = payload,
                                          .bytes = size_of(i),
                                          .sequence = sequence,
                                          .time_ns = 1000 * (1 + (uint64_t)i),
                                          .continued = i % 5 == 0,
                                          .lost_records = i % 32 == 7 ? 3 : 0};
    if (i % 32 == 23)
        mapring_producer_end_run(producer, i, i % 3 == 0, 0);
    else if (mapring_producer_repeat(producer, &record, 0) == MAPRING_OK)
        sequence += record.lost_records ? record.lost_records : 1;
    return sequence;
}

/* Copies the file while its users still have it open and have not closed properly. */
static void make(struct hostile_ring *ring, unsigned kind, const char *path, unsigned char *view)
{
    static const struct mapring_options of_its_own;
    const struct mapring_options *repetition =
        kinds[kind].repeats ? &hostile_repetition : &of_its_own;
    const struct mapring_options options = {.capacity_bytes = CAPACITY,
                                            .slot_bytes = kinds[kind].slot_bytes,
                                            .when_full = kinds[kind].when_full,
                                            .times = kinds[kind].times,
                                            .origin = repetition->origin,
                                            .first_sequence = repetition->first_sequence,
                                            .dictionary_bytes = DICTIONARY,
                                            .content = "text/plain"};
    const struct mapring_consumer_options durable = {.name = CONSUMER_NAME, .durable = true};
    uint64_t sequence = repetition->first_sequence;
    mapring_ring *made;
    mapring_producer *producer;
    mapring_consumer *consumer = NULL, *other = NULL;
    must(truncate(path, 0) == 0 && mapring_open(&made, path, &options) == MAPRING_OK);
    begin_at(header_in(view), kinds[kind].first_position);
    must(mapring_producer_open(&producer, path, repetition) == MAPRING_OK);
    if (kinds[kind].records > 0 && kinds[kind].when_full != MAPRING_OVERWRITE) {
        must(mapring_consumer_open(&consumer, path, &durable) == MAPRING_OK);
        must(mapring_consumer_open(&other, path, NULL) == MAPRING_OK);
    }
    define_some(producer, kinds[kind].records / 20);
    for (unsigned i = 0; i < kinds[kind].records; i++) {
        if (kinds[kind].repeats)
            sequence = repeat(producer, sequence, i);
        else
            mapring_producer_send(producer, payload, size_of(i), 0);
        if (i % 100 == 99 && consumer) {
            read_some(consumer, 20);
            read_some(other, 100);
        }
    }
    ring->repeats = kinds[kind].repeats;
    ring->image = malloc(MAPPING_BYTES);
    must(ring->image);
    memcpy(ring->image, view, MAPPING_BYTES);
    find_records(ring, path);
    mapring_consumer_close(other);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    mapring_close(made);
}

void hostile_rings_make(const char *path, unsigned char *view)
{
    for (unsigned kind = 0; kind < HOSTILE_RINGS; kind++)
        make(&hostile_rings[kind], kind, path, view);
}
