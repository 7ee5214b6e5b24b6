/* SPDX-License-Identifier: MIT */
/* A process that makes the calls, with at most one handle of each kind. A command is a line of
 * numbers: the verb, the sequence number that a record sent now would get, and the arguments. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "calls.h"
#include "platform.h"

enum { READY_PATIENCE_S = 10, NOT_READY_MS = 5, BUFFER_BYTES = CAPACITY };

static struct {
    const char *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    mapring_handle handle, producer_handle;
    void *payload;
    unsigned char data[BUFFER_BYTES];
    struct outcome out;
} my;

static int64_t limit_of(uint64_t milliseconds)
{
    return (int64_t)milliseconds * MILLISECONDS;
}

/* ---- Records ---- */

uint64_t hash_record(uint64_t hash, uint64_t sequence, uint64_t bytes)
{
    return mix(hash ^ mix(sequence) ^ (bytes << 1));
}

static int note(int result, const struct mapring_record *record)
{
    if (result != MAPRING_OK && result != MAPRING_LOST && result != MAPRING_ERROR_BUFFER_TOO_SMALL)
        return result;
    my.out.last = record->sequence;
    my.out.bytes = record->bytes;
    if (result == MAPRING_LOST) {
        my.out.lost_records = record->lost_records;
        my.out.lost_bytes = record->lost_bytes;
    }
    if (result != MAPRING_OK)
        return result;
    if (my.out.count++ == 0)
        my.out.sequence = record->sequence;
    my.out.hash = hash_record(my.out.hash, record->sequence, record->bytes);
    if (!record_is_intact(record->payload, record->bytes, record->sequence))
        my.out.intact = 0;
    return result;
}

/* ---- Producer ---- */

/* Waits for long only if the handle should be ready. */
static int look_if_ready(mapring_handle handle, bool expected)
{
    int64_t limit = expected ? READY_PATIENCE_S * SECONDS : NOT_READY_MS * MILLISECONDS;
    my.out.ready = handle && os_wait_for_any(&handle, 1, limit) == 0;
    return MAPRING_OK;
}

static int send_some(uint64_t sequence, uint64_t count, size_t bytes, int64_t timeout_ns)
{
    int result = MAPRING_OK;
    for (; my.out.count < count && result == MAPRING_OK; my.out.count += result == MAPRING_OK) {
        record_fill(my.data, bytes < BUFFER_BYTES ? bytes : BUFFER_BYTES, sequence + my.out.count);
        result = mapring_producer_send(my.producer, my.data, bytes, timeout_ns);
    }
    return result;
}

static int send_batch(uint64_t sequence, size_t count, size_t bytes)
{
    struct mapring_buffer *records = calloc(count, sizeof *records);
    unsigned char *data = malloc(count * bytes + 1);
    for (size_t i = 0; i < count; i++) {
        record_fill(data + i * bytes, bytes, sequence + i);
        records[i] = (struct mapring_buffer){data + i * bytes, bytes};
    }
    int result = mapring_producer_send_batch(my.producer, records, count, 0);
    free(records);
    free(data);
    return result;
}

static int reserve(size_t bytes, int64_t timeout_ns)
{
    void *payload;
    int result = mapring_producer_reserve(my.producer, bytes, &payload, timeout_ns);
    if (result == MAPRING_OK)
        my.payload = payload;
    return result;
}

static int commit(uint64_t sequence, size_t bytes)
{
    if (my.payload && bytes <= my.out.count)
        record_fill(my.payload, bytes, sequence);
    int result = mapring_producer_commit(my.producer, bytes);
    my.out.count = 0;
    if (result == MAPRING_OK)
        my.payload = NULL;
    return result;
}

static int abort_it(void)
{
    my.payload = NULL;
    return mapring_producer_abort(my.producer);
}

static int open_producer(void)
{
    const struct mapring_options options = {.how = MAPRING_ATTACH};
    my.payload = NULL;
    my.producer_handle = 0;
    return mapring_producer_open(&my.producer, my.ring, &options);
}

static int arm_producer(size_t bytes)
{
    int result = MAPRING_OK;
    if (!my.producer_handle)
        result = mapring_producer_wait_handle(my.producer, &my.producer_handle);
    return result == MAPRING_OK ? mapring_producer_arm(my.producer, bytes) : result;
}

/* ---- Consumer ---- */

static const char *name_of(uint64_t number)
{
    static const char *const names[] = {NULL, "first", "second", "third"};
    return names[number];
}

static int open_consumer(const uint64_t *argument)
{
    const struct mapring_consumer_options options = {.from = (enum mapring_from)argument[0],
                                                     .sequence = argument[1],
                                                     .name = name_of(argument[2]),
                                                     .durable = argument[2] != 0,
                                                     .max_lag_bytes = argument[3],
                                                     .wait_producer = argument[4] != 0};
    int result = mapring_consumer_open(&my.consumer, my.ring, &options);
    my.handle = 0;
    return result;
}

static int next_some(uint64_t count, int64_t timeout_ns, bool release)
{
    struct mapring_record record;
    int result = MAPRING_OK;
    while (my.out.count < count && result == MAPRING_OK) {
        result = note(mapring_consumer_next(my.consumer, &record, timeout_ns), &record);
        if (result == MAPRING_OK && release)
            result = mapring_consumer_release(my.consumer);
    }
    return result;
}

static int next_batch(size_t limit)
{
    struct mapring_record *records = calloc(limit, sizeof *records);
    size_t count = 0;
    int result = mapring_consumer_next_batch(my.consumer, records, limit, &count, 0);
    if (result != MAPRING_OK)
        note(result, records);
    for (size_t i = 0; i < count; i++)
        note(MAPRING_OK, &records[i]);
    free(records);
    return result;
}

static int receive(size_t buffer_bytes, int64_t timeout_ns)
{
    struct mapring_record record;
    if (buffer_bytes > BUFFER_BYTES)
        buffer_bytes = BUFFER_BYTES;
    return note(mapring_consumer_receive(my.consumer, my.data, buffer_bytes, &record, timeout_ns),
                &record);
}

static int arm(void)
{
    int result = MAPRING_OK;
    if (!my.handle)
        result = mapring_consumer_wait_handle(my.consumer, &my.handle);
    return result == MAPRING_OK ? mapring_consumer_arm(my.consumer) : result;
}

/* ---- Observer and image ---- */

static int open_observer(const uint64_t *argument)
{
    const struct mapring_observer_options options = {.from = (enum mapring_from)argument[0],
                                                     .after_lap = (enum mapring_from)argument[1],
                                                     .wait_producer = argument[2] != 0};
    return mapring_observer_open(&my.observer, my.ring, &options);
}

static int look(uint64_t count, int64_t timeout_ns)
{
    struct mapring_record record;
    int result = MAPRING_OK;
    while (my.out.count < count && result == MAPRING_OK)
        result = note(
            mapring_observer_receive(my.observer, my.data, sizeof my.data, &record, timeout_ns),
            &record);
    return result;
}

static int peek(void)
{
    struct mapring_record record;
    int result = note(mapring_observer_next(my.observer, &record, 0), &record);
    my.out.ready = mapring_observer_is_valid(my.observer);
    return result;
}

static int read_image(void)
{
    mapring_image *image;
    struct mapring_record record;
    struct outcome all = {0};
    int result = mapring_image_open(&image, my.ring, MAPRING_LOCAL);
    while (result == MAPRING_OK || result == MAPRING_LOST) {
        result = note(mapring_image_next(image, &record), &record);
        all.lost_records += result == MAPRING_LOST ? record.lost_records : 0;
        all.lost_bytes += result == MAPRING_LOST ? record.lost_bytes : 0;
    }
    my.out.lost_records = all.lost_records;
    my.out.lost_bytes = all.lost_bytes;
    mapring_image_close(image);
    return result;
}

/* ---- Commands ---- */

static int close_producer(void)
{
    mapring_producer_close(my.producer);
    my.producer = NULL;
    return MAPRING_OK;
}

static int close_consumer(void)
{
    mapring_consumer_close(my.consumer);
    my.consumer = NULL;
    my.handle = 0;
    return MAPRING_OK;
}

static int close_observer(void)
{
    mapring_observer_close(my.observer);
    my.observer = NULL;
    return MAPRING_OK;
}

static int run_producer_verb(enum verb verb, uint64_t sequence, const uint64_t *argument)
{
    switch (verb) {
    case PRODUCER_OPEN: return open_producer();
    case PRODUCER_CLOSE: return close_producer();
    case SEND: return send_some(sequence, argument[0], (size_t)argument[1], limit_of(argument[2]));
    case BATCH: return send_batch(sequence, (size_t)argument[0], (size_t)argument[1]);
    case RESERVE: return reserve((size_t)argument[0], limit_of(argument[1]));
    case COMMIT: my.out.count = argument[1]; return commit(sequence, (size_t)argument[0]);
    case ABORT: return abort_it();
    case DRAIN: return mapring_producer_drain(my.producer, 0);
    case WAIT_CONSUMERS:
        return mapring_producer_wait_consumers(my.producer, (unsigned)argument[0], 0);
    case PRODUCER_ARM: return arm_producer((size_t)argument[0]);
    case PRODUCER_READY: return look_if_ready(my.producer_handle, argument[0] != 0);
    case QUIET: return mapring_producer_quiet(my.producer, argument[0] != 0);
    default: return mapring_producer_wake(my.producer);
    }
}

static int run_reader_verb(enum verb verb, const uint64_t *argument)
{
    switch (verb) {
    case CONSUMER_OPEN: return open_consumer(argument);
    case CONSUMER_CLOSE: return close_consumer();
    case NEXT: return next_some(argument[0], limit_of(argument[1]), false);
    case READ: return next_some(argument[0], limit_of(argument[1]), true);
    case NEXT_BATCH: return next_batch((size_t)argument[0]);
    case RELEASE: return mapring_consumer_release(my.consumer);
    case RECEIVE: return receive((size_t)argument[0], limit_of(argument[1]));
    case SEEK:
        return mapring_consumer_seek(my.consumer, (enum mapring_from)argument[0], argument[1]);
    case ARM: return arm();
    case READY: return look_if_ready(my.handle, argument[0] != 0);
    case WAIT_PRODUCER: return mapring_consumer_wait_producer(my.consumer, limit_of(argument[0]));
    case REMOVE_CONSUMER:
        return mapring_consumer_remove(my.ring, MAPRING_LOCAL, name_of(argument[0]));
    case OBSERVER_OPEN: return open_observer(argument);
    case OBSERVER_CLOSE: return close_observer();
    case LOOK: return look(argument[0], limit_of(argument[1]));
    case PEEK: return peek();
    default: return read_image();
    }
}

static void close_all(void)
{
    close_producer();
    close_consumer();
    close_observer();
}

static void answer_it(void)
{
    const struct mapring_error *error = mapring_last_error();
    if (my.out.result < 0 && (error->code != my.out.result || strcmp(error->name, my.ring) != 0))
        my.out.intact = 0;
    role_say("%d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
             " %d %d %" PRId64 " %s",
             my.out.result, my.out.count, my.out.sequence, my.out.hash, my.out.last, my.out.bytes,
             my.out.lost_records, my.out.lost_bytes, my.out.intact, my.out.ready, my.out.took_ns,
             my.out.result < 0 ? error->text : "");
}

static void run(char *line)
{
    uint64_t number[2 + ARGUMENTS] = {0};
    for (size_t i = 0; i < COUNT_OF(number) && *line; i++)
        number[i] = strtoull(line, &line, 10);
    enum verb verb = (enum verb)number[0];
    my.out = (struct outcome){.intact = 1};
    int64_t start = now_ns();
    my.out.result = verb <= WAKE ? run_producer_verb(verb, number[1], number + 2)
                                 : run_reader_verb(verb, number + 2);
    my.out.took_ns = now_ns() - start;
    answer_it();
}

/* The line "ring NAME" closes everything and begins with that ring. */
int hands_main(int argc, char **argv)
{
    static char ring[1024];
    char line[1024];
    (void)argc;
    (void)argv;
    for (;;) {
        snprintf(line, sizeof line, "%s", role_line());
        if (strcmp(line, "end") == 0)
            break;
        if (strncmp(line, "ring ", 5) != 0) {
            run(line);
            continue;
        }
        close_all();
        snprintf(ring, sizeof ring, "%s", line + 5);
        my.ring = ring;
        role_say("%" PRIu64, platform_process());
    }
    close_all();
    return 0;
}
