/* SPDX-License-Identifier: MIT */
/* Rings for stepping, at any position and sequence number, and the checks of what is left of
 * them. */
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layout.h"
#include "platform.h"

enum {
    SECOND_ENTRY = 16 + EARLIER_BYTES,
    STALE = 0xA5,
    STALE_TIMED = 0x25, /* as a counter, it is in the future */
    AFTER_BYTES = 4000,
    AFTER_RECORDS = 2 * CAPACITY / AFTER_BYTES
};

size_t ring_bytes;

#define must(condition)                                                     \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(2);                                                        \
        }                                                                   \
    } while (0)

void record_fill(unsigned char *payload, uint64_t sequence, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        payload[i] = (unsigned char)(sequence * 31 + i * 7 + (i >> 8) + bytes);
}

static bool has_times; /* the ring last made */

/* Whether the record is of this day, or its ring has no times. */
static bool time_is_possible(uint64_t time_ns)
{
    static const uint64_t day_ns = 86400 * UINT64_C(1000000000);
    return !has_times || platform_wall_clock_ns() + day_ns / 2 - time_ns < day_ns;
}

bool record_is_whole(const struct mapring_record *record)
{
    static unsigned char expected[LARGEST];
    if (record->bytes > sizeof expected || !time_is_possible(record->time_ns))
        return false;
    record_fill(expected, record->sequence, record->bytes);
    return memcmp(expected, record->payload, record->bytes) == 0;
}

uint64_t sequence_after(const struct trial *trial)
{
    return FIRST_SEQUENCE + trial->earlier;
}

size_t record_bytes(const struct trial *trial, uint64_t sequence)
{
    return sequence < sequence_after(trial) ? EARLIER_BYTES : trial->bytes;
}

static int ring_file(const char *name)
{
    int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    must(file >= 0);
    return file;
}

void ring_put(const char *name, const unsigned char *image)
{
    int file = ring_file(name);
    must(pwrite(file, image, ring_bytes, 0) == (ssize_t)ring_bytes);
    close(file);
}

const unsigned char *ring_view(const char *name)
{
    int file = ring_file(name);
    void *view = mmap(NULL, ring_bytes, PROT_READ, MAP_SHARED, file, 0);
    must(view != MAP_FAILED);
    close(file);
    return view;
}

/* Turns a new ring into one that begins elsewhere, over the bytes of an earlier lap. */
static void shift(const struct trial *trial, unsigned char *image)
{
    struct ring_header *header = (struct ring_header *)(void *)image;
    unsigned char *slots = image + 2 * REGION_BYTES;
    memset(slots, trial->operation->times ? STALE_TIMED : STALE, CAPACITY);
    memset(slots + trial->first_position % CAPACITY, 0, COMMIT_WORD_BYTES);
    header->identity.first_position = trial->first_position;
    store_relaxed(&header->tail, trial->first_position);
    store_relaxed(&header->horizon, trial->first_position);
    store_relaxed(&header->marks[0].position, trial->first_position);
    store_relaxed(&header->marks[0].sequence, FIRST_SEQUENCE);
}

static void image_get(const char *name, unsigned char *image)
{
    int file = ring_file(name);
    must(pread(file, image, ring_bytes, 0) == (ssize_t)ring_bytes);
    close(file);
}

static const struct mapring_consumer_options durable = {.name = "check", .durable = true};

/* Returns the offset of an entry, or UINT64_MAX. */
static uint64_t define(mapring_producer *producer, uint64_t sequence, size_t bytes)
{
    static unsigned char payload[LARGEST];
    uint64_t offset;
    record_fill(payload, sequence, bytes);
    int result = mapring_producer_define(producer, DEFINED_KIND, payload, bytes, &offset);
    return result == MAPRING_OK ? offset : UINT64_MAX;
}

static uint64_t define_earlier(mapring_producer *producer)
{
    return define(producer, FIRST_SEQUENCE, EARLIER_BYTES);
}

static const struct mapring_options repeating = {.origin = "origin",
                                                 .first_sequence = FIRST_SEQUENCE};

mapring_producer *ring_open_producer(const struct trial *trial, const char *name)
{
    mapring_producer *producer;
    const struct mapring_options *options = trial->operation->repeats ? &repeating : NULL;
    return mapring_producer_open(&producer, name, options) == MAPRING_OK ? producer : NULL;
}

/* Whatever the next producer of a ring that repeats is given must have the number that comes next. */
static int put(const struct trial *trial, mapring_producer *producer, uint64_t sequence,
               const void *payload, size_t bytes)
{
    const struct mapring_record record = {.payload = payload,
                                          .bytes = bytes,
                                          .sequence = sequence,
                                          .time_ns = platform_wall_clock_ns()};
    return trial->operation->repeats ? mapring_producer_repeat(producer, &record, 0)
                                     : mapring_producer_send(producer, payload, bytes, 0);
}

/* An operation that only takes over comes after a run of the origin. */
static bool ended_before(const struct operation *operation)
{
    return operation->repeats && operation->opens;
}

/* The users of the ring die without closing it. */
static void live_and_die(const struct trial *trial, const char *name)
{
    mapring_consumer *consumer = NULL;
    unsigned char payload[EARLIER_BYTES];
    struct mapring_record record;
    if (trial->operation->when_full != MAPRING_OVERWRITE)
        must(mapring_consumer_open(&consumer, name, &durable) == MAPRING_OK);
    mapring_producer *producer = ring_open_producer(trial, name);
    must(producer);
    if (trial->operation->defines)
        must(define_earlier(producer) == 0);
    for (unsigned i = 0; i < trial->earlier; i++) {
        record_fill(payload, FIRST_SEQUENCE + i, sizeof payload);
        must(put(trial, producer, FIRST_SEQUENCE + i, payload, sizeof payload) == MAPRING_OK);
    }
    if (ended_before(trial->operation))
        must(mapring_producer_end_run(producer, ENDED_RUN, true, 0) == MAPRING_OK);
    for (unsigned i = 0; consumer && i < trial->read; i++) {
        must(mapring_consumer_next(consumer, &record, 0) == MAPRING_OK);
        must(mapring_consumer_release(consumer) == MAPRING_OK);
    }
    _exit(0);
}

/* As if the producer had died before it said in the header that a run had ended. */
static void forget_end(const char *name, unsigned char *image)
{
    struct ring_header *header = (struct ring_header *)(void *)image;
    store_relaxed(&header->origin_run, 0);
    store_relaxed(&header->origin_run_position, 0);
    store_relaxed(&header->run_sequence, 0);
    ring_put(name, image);
}

void ring_make(const struct trial *trial, const char *name, unsigned char *image)
{
    const struct mapring_options options = {
        .how = MAPRING_CREATE,
        .capacity_bytes = CAPACITY,
        .slot_bytes = trial->slot_bytes,
        .when_full = trial->operation->when_full,
        .times = trial->operation->times,
        .origin = trial->operation->repeats ? repeating.origin : NULL,
        .first_sequence = trial->operation->repeats ? repeating.first_sequence : 0,
        .dictionary_bytes = trial->operation->defines ? DICTIONARY_BYTES : 0};
    mapring_ring *ring;
    has_times = options.times;
    ring_bytes = FILE_BYTES - DICTIONARY_BYTES + (size_t)options.dictionary_bytes;
    unlink(name);
    must(mapring_open(&ring, name, &options) == MAPRING_OK);
    mapring_close(ring);
    image_get(name, image);
    shift(trial, image);
    ring_put(name, image);
    pid_t child = fork();
    if (child == 0)
        live_and_die(trial, name);
    int status;
    must(waitpid(child, &status, 0) == child && status == 0);
    image_get(name, image);
    if (ended_before(trial->operation))
        forget_end(name, image);
}

const char *read_all(mapring_consumer *consumer, uint64_t *next)
{
    struct mapring_record record;
    for (;;) {
        int result = mapring_consumer_next(consumer, &record, 0);
        if (result < 0)
            return mapring_last_error()->text;
        if (result == MAPRING_PRODUCER_DIED || result == MAPRING_PRODUCER_CLOSED)
            continue; /* told once; the next producer's records may follow */
        if (result != MAPRING_OK && result != MAPRING_LOST)
            return NULL;
        if (*next == UINT64_MAX)
            *next = record.sequence;
        if (record.sequence != *next)
            return "a record is missing or comes twice";
        *next += result == MAPRING_LOST ? record.lost_records : 1;
        if (result == MAPRING_OK && !record_is_whole(&record))
            return "a record is torn";
        if (result == MAPRING_OK)
            mapring_consumer_release(consumer);
    }
}

static const char *next_entry(mapring_dictionary *dictionary, uint64_t sequence, size_t bytes)
{
    struct mapring_entry entry;
    int result = mapring_dictionary_next(dictionary, &entry);
    if (result < 0)
        return mapring_last_error()->text;
    if (result != MAPRING_OK)
        return "an entry is missing";
    const struct mapring_record record = {
        .payload = entry.payload, .bytes = entry.bytes, .sequence = sequence};
    bool is_whole = entry.kind == DEFINED_KIND && entry.bytes == bytes && record_is_whole(&record);
    return is_whole ? NULL : "an entry is torn";
}

/* The dictionary holds the earlier entry, and the one of the operation or nothing else. */
static const char *judge_entries(const struct trial *trial, const char *name, bool done)
{
    mapring_dictionary *dictionary;
    struct mapring_stat stat;
    mapring_ring *ring;
    if (!trial->operation->defines)
        return NULL;
    must(mapring_open(&ring, name, NULL) == MAPRING_OK && mapring_stat(ring, &stat) == MAPRING_OK);
    mapring_close(ring);
    if (mapring_dictionary_open(&dictionary, name, MAPRING_LOCAL) != MAPRING_OK)
        return mapring_last_error()->text;
    const char *wrong = next_entry(dictionary, FIRST_SEQUENCE, EARLIER_BYTES);
    if (!wrong && (done || stat.dictionary_used_bytes > SECOND_ENTRY))
        wrong = next_entry(dictionary, sequence_after(trial), trial->bytes);
    mapring_dictionary_close(dictionary);
    return wrong;
}

/* The next producer finds the entries where they are, or completes them. */
static const char *define_again(const struct trial *trial, mapring_producer *producer)
{
    if (!trial->operation->defines)
        return NULL;
    if (define(producer, sequence_after(trial), trial->bytes) != SECOND_ENTRY ||
        define_earlier(producer) != 0)
        return "the next producer does not find an entry, or has no room for it";
    return NULL;
}

static unsigned count_ends(const char *name)
{
    const struct mapring_consumer_options options = {.from = MAPRING_OLDEST, .every_run = true};
    struct mapring_record record;
    mapring_consumer *consumer;
    unsigned ends = 0;
    int result;
    must(mapring_consumer_open(&consumer, name, &options) == MAPRING_OK);
    while ((result = mapring_consumer_next(consumer, &record, 0)) >= 0 && result != MAPRING_NOTHING)
        ends += result == MAPRING_PRODUCER_DIED && record.run == ENDED_RUN;
    mapring_consumer_close(consumer);
    return ends;
}

static struct mapring_repetition repetition_of(const char *name)
{
    struct mapring_repetition repetition;
    mapring_ring *ring;
    must(mapring_open(&ring, name, NULL) == MAPRING_OK);
    must(mapring_repetition(ring, &repetition) == MAPRING_OK);
    mapring_close(ring);
    return repetition;
}

/* The next producer is told where to go on, and ends the run if that is not done. */
static const char *end_again(const struct trial *trial, const char *name,
                             mapring_producer *producer, uint64_t next)
{
    if (!trial->operation->repeats)
        return NULL;
    struct mapring_repetition before = repetition_of(name);
    if (before.sequence != next)
        return "it is said wrongly how far the ring has come";
    if (before.run != ENDED_RUN && (before.run || ended_before(trial->operation)))
        return "it is said wrongly which run has ended";
    if (mapring_producer_end_run(producer, ENDED_RUN, true, 0) != MAPRING_OK)
        return mapring_last_error()->text;
    if (repetition_of(name).run != ENDED_RUN)
        return "it is not said that the run has ended";
    return count_ends(name) == 1 ? NULL : "the end of a run is missing or there twice";
}

/* Ends of runs, of which others check that they are told, are passed over. */
static int next_record(mapring_consumer *consumer, struct mapring_record *record)
{
    int result;
    do
        result = mapring_consumer_next(consumer, record, 0);
    while (result == MAPRING_PRODUCER_DIED || result == MAPRING_PRODUCER_CLOSED);
    return result;
}

/* Two more laps: no dead process may be in the way, and no role may still be taken. */
static const char *go_on(const struct trial *trial, const char *name, mapring_consumer *consumer,
                         uint64_t *next)
{
    static unsigned char payload[AFTER_BYTES];
    mapring_producer *producer = ring_open_producer(trial, name);
    if (!producer)
        return mapring_last_error()->text;
    const char *wrong = define_again(trial, producer);
    if (!wrong)
        wrong = end_again(trial, name, producer, *next);
    for (int i = 0; i < AFTER_RECORDS && !wrong; i++) {
        struct mapring_record record;
        uint64_t before = *next;
        if (put(trial, producer, *next, payload, sizeof payload) != MAPRING_OK)
            wrong = "there is no room, although all is read";
        int result = next_record(consumer, &record);
        if (result == MAPRING_LOST) {
            *next += record.lost_records;
            if (record.lost_bytes != record.lost_records * trial->bytes)
                wrong = "the dropped bytes do not match the dropped records";
            result = mapring_consumer_next(consumer, &record, 0);
        }
        if (!wrong && (result != MAPRING_OK || record.sequence != *next))
            wrong = before == *next ? "a record of the next producer has the wrong number"
                                    : "the count of dropped records is wrong";
        ++*next;
        mapring_consumer_release(consumer);
    }
    mapring_producer_close(producer);
    return wrong;
}

static const char *judge_records(const struct trial *trial, uint64_t first, uint64_t next,
                                 bool done, uint64_t more)
{
    const struct operation *operation = trial->operation;
    uint64_t released = FIRST_SEQUENCE + trial->read, end = sequence_after(trial) + more;
    bool none = first == UINT64_MAX;
    if (!none && (first < released || first > released + operation->releases))
        return "the consumer does not continue where it was";
    if (!none && done && operation->releases && first != released + operation->releases)
        return "a release is lost";
    if (none ? trial->earlier + more > trial->read + operation->releases : next < end)
        return "a committed record is lost";
    if (!none && operation->when_full != MAPRING_DROP && next != end &&
        next != end + operation->sends)
        return "a part of a batch is visible";
    if (operation->sends && done && (none || next != end + operation->sends))
        return "a record is not there after its commit";
    return NULL;
}

const char *ring_check(const struct trial *trial, const char *name, bool done, uint64_t more)
{
    mapring_consumer *consumer;
    struct mapring_record record;
    if (mapring_consumer_open(&consumer, name, &durable) != MAPRING_OK)
        return mapring_last_error()->text;
    uint64_t first = UINT64_MAX, next = UINT64_MAX;
    const char *wrong = NULL;
    int result = mapring_consumer_next(consumer, &record, 0);
    if (result == MAPRING_OK) {
        first = record.sequence;
        next = first + 1;
        wrong = record_is_whole(&record) ? NULL : "the first record is torn";
        mapring_consumer_release(consumer);
    } else if (result < 0) {
        wrong = mapring_last_error()->text;
    }
    if (!wrong)
        wrong = read_all(consumer, &next);
    if (!wrong)
        wrong = judge_records(trial, first, next, done, more);
    if (!wrong)
        wrong = judge_entries(trial, name, done);
    if (next == UINT64_MAX)
        next = sequence_after(trial) + more; /* all had been read before */
    if (!wrong)
        wrong = go_on(trial, name, consumer, &next);
    mapring_consumer_close(consumer);
    return wrong;
}
