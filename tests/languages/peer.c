/* SPDX-License-Identifier: MIT */
/*
 * The truth that other languages are held against: each has a program like this one, which does the
 * same through its own interface. check_peer.py runs them.
 *
 *     peer read consumer|batch|observer RING MILLISECONDS
 *         prints what it reads, one line each, until a run has ended or nothing comes in time:
 *             record SEQUENCE CONTINUED CONTINUES PAYLOAD-IN-HEXADECIMAL
 *             lost SEQUENCE COUNT
 *             end RESULT
 *     peer send|batch RING
 *         says "open", and sends each line of standard input as a record; as batches of up to 64
 *     peer hold RING
 *         reads a record, says "held", and keeps it until standard input ends
 *     peer layout
 *         prints where the fields of the structures are, for languages that declare them anew
 *     peer bench one|batch ROUNDS
 *         sends 128000 records of 64 bytes into a new ring, and then reads them; prints for each round
 *         the nanoseconds per record of both
 *
 * A failure is told on standard error in the library's words; the exit status is then its number
 * without the sign, and 64 for wrong usage. MILLISECONDS may be -1: without limit.
 */
#include <inttypes.h>
#include <mapring/mapring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 64, LINE_BYTES = 100000, BENCH_BYTES = 64, BENCH_RECORDS = 128000 };

static int failed(int result)
{
    fprintf(stderr, "peer: %s\n", mapring_last_error()->text);
    return -result;
}

/* ---- Reading ---- */

static void print_record(const struct mapring_record *record)
{
    printf("record %" PRIu64 " %d %d ", record->sequence, record->continued, record->continues);
    for (size_t i = 0; i < record->bytes; i++)
        printf("%02x", ((const unsigned char *)record->payload)[i]);
    printf("\n");
}

/* Returns whether more can come; otherwise *code is the exit status. */
static bool tell(int result, const struct mapring_record *record, int *code)
{
    if (result == MAPRING_OK)
        print_record(record);
    else if (result == MAPRING_LOST)
        printf("lost %" PRIu64 " %" PRIu64 "\n", record->sequence, record->lost_records);
    else if (result > 0)
        printf("end %d\n", result);
    else
        *code = failed(result);
    fflush(stdout);
    return result == MAPRING_OK || result == MAPRING_LOST;
}

static int read_consumer(const char *ring, int64_t timeout_ns, size_t limit)
{
    static struct mapring_record records[BATCH];
    mapring_consumer *consumer;
    const struct mapring_consumer_options options = {.from = MAPRING_OLDEST};
    int code = 0, result = mapring_consumer_open(&consumer, ring, &options);
    if (result != MAPRING_OK)
        return failed(result);
    bool more;
    do {
        size_t count = 1;
        result = limit == 1
                     ? mapring_consumer_next(consumer, records, timeout_ns)
                     : mapring_consumer_next_batch(consumer, records, limit, &count, timeout_ns);
        more = tell(result, records, &code);
        for (size_t i = 1; result == MAPRING_OK && i < count; i++)
            print_record(&records[i]);
        if (result == MAPRING_OK)
            mapring_consumer_release(consumer);
    } while (more);
    mapring_consumer_close(consumer);
    return code;
}

static int read_observer(const char *ring, int64_t timeout_ns)
{
    static char buffer[LINE_BYTES];
    struct mapring_record record;
    mapring_observer *observer;
    const struct mapring_observer_options options = {.from = MAPRING_OLDEST};
    int code = 0, result = mapring_observer_open(&observer, ring, &options);
    if (result != MAPRING_OK)
        return failed(result);
    do
        result = mapring_observer_receive(observer, buffer, sizeof buffer, &record, timeout_ns);
    while (tell(result, &record, &code));
    mapring_observer_close(observer);
    return code;
}

static int read_ring(const char *how, const char *ring, const char *milliseconds)
{
    int64_t timeout = atoll(milliseconds);
    int64_t timeout_ns = timeout < 0 ? MAPRING_FOREVER : timeout * 1000000;
    if (strcmp(how, "observer") == 0)
        return read_observer(ring, timeout_ns);
    return read_consumer(ring, timeout_ns, strcmp(how, "batch") == 0 ? BATCH : 1);
}

static int hold(const char *ring)
{
    mapring_consumer *consumer;
    struct mapring_record record;
    int result = mapring_consumer_open(&consumer, ring, NULL);
    if (result == MAPRING_OK)
        result = mapring_consumer_next(consumer, &record, MAPRING_FOREVER);
    if (result != MAPRING_OK)
        return failed(result);
    puts("held");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    mapring_consumer_close(consumer);
    return 0;
}

/* ---- Sending ---- */

static int send_one_by_one(mapring_producer *producer)
{
    static char line[LINE_BYTES];
    while (fgets(line, sizeof line, stdin)) {
        int result = mapring_producer_send(producer, line, strcspn(line, "\n"), MAPRING_FOREVER);
        if (result != MAPRING_OK)
            return result;
    }
    return MAPRING_OK;
}

static int send_batches(mapring_producer *producer)
{
    static char lines[BATCH][512];
    struct mapring_buffer records[BATCH];
    size_t count;
    do {
        for (count = 0; count < BATCH && fgets(lines[count], sizeof *lines, stdin); count++)
            records[count] = (struct mapring_buffer){lines[count], strcspn(lines[count], "\n")};
        int result = count == 0
                         ? MAPRING_OK
                         : mapring_producer_send_batch(producer, records, count, MAPRING_FOREVER);
        if (result != MAPRING_OK)
            return result;
    } while (count == BATCH);
    return MAPRING_OK;
}

static int send_lines(const char *how, const char *ring)
{
    mapring_producer *producer;
    int result = mapring_producer_open(&producer, ring, NULL);
    if (result != MAPRING_OK)
        return failed(result);
    puts("open");
    fflush(stdout);
    result = strcmp(how, "batch") == 0 ? send_batches(producer) : send_one_by_one(producer);
    int code = result == MAPRING_OK ? 0 : failed(result);
    mapring_producer_close(producer);
    return code;
}

/* ---- Layout ---- */

#define WHOLE(type)        printf(#type " %zu\n", sizeof(struct mapring_##type))
#define FIELD(type, field) printf(#type "." #field " %zu\n", offsetof(struct mapring_##type, field))

static int print_layout(void)
{
    WHOLE(error);
    FIELD(error, code);
    FIELD(error, system);
    FIELD(error, name);
    FIELD(error, text);
    WHOLE(options);
    FIELD(options, how);
    FIELD(options, scope);
    FIELD(options, capacity_bytes);
    FIELD(options, slot_bytes);
    FIELD(options, mode);
    FIELD(options, when_full);
    FIELD(options, sync);
    FIELD(options, sync_interval_ms);
    FIELD(options, prefault);
    FIELD(options, huge);
    FIELD(options, on_numa_node);
    FIELD(options, numa_node);
    FIELD(options, trust_owner);
    FIELD(options, dictionary_bytes);
    FIELD(options, content);
    FIELD(options, times);
    FIELD(options, max_lag_attached_bytes);
    FIELD(options, group);
    FIELD(options, origin);
    FIELD(options, first_sequence);
    WHOLE(consumer_options);
    FIELD(consumer_options, scope);
    FIELD(consumer_options, from);
    FIELD(consumer_options, sequence);
    FIELD(consumer_options, name);
    FIELD(consumer_options, durable);
    FIELD(consumer_options, max_lag_bytes);
    FIELD(consumer_options, wake_bytes);
    FIELD(consumer_options, wake_delay_ns);
    FIELD(consumer_options, prefault);
    FIELD(consumer_options, wait_producer);
    FIELD(consumer_options, every_run);
    WHOLE(observer_options);
    FIELD(observer_options, scope);
    FIELD(observer_options, from);
    FIELD(observer_options, after_lap);
    FIELD(observer_options, prefault);
    FIELD(observer_options, wait_producer);
    WHOLE(record);
    FIELD(record, payload);
    FIELD(record, bytes);
    FIELD(record, sequence);
    FIELD(record, continued);
    FIELD(record, continues);
    FIELD(record, lost_records);
    FIELD(record, lost_bytes);
    FIELD(record, time_ns);
    FIELD(record, time_uncertainty_ns);
    FIELD(record, lost_until_ns);
    FIELD(record, run);
    WHOLE(buffer);
    FIELD(buffer, data);
    FIELD(buffer, bytes);
    return 0;
}

/* ---- Measuring ---- */

static uint64_t now_ns(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static const char bench_payload[BENCH_BYTES];

static bool bench_send(mapring_producer *producer)
{
    for (int i = 0; i < BENCH_RECORDS; i++)
        if (mapring_producer_send(producer, bench_payload, BENCH_BYTES, 0) != MAPRING_OK)
            return false;
    return true;
}

static bool bench_send_batches(mapring_producer *producer)
{
    struct mapring_buffer records[BATCH];
    for (size_t i = 0; i < BATCH; i++)
        records[i] = (struct mapring_buffer){bench_payload, BENCH_BYTES};
    for (int i = 0; i < BENCH_RECORDS; i += BATCH)
        if (mapring_producer_send_batch(producer, records, BATCH, 0) != MAPRING_OK)
            return false;
    return true;
}

static bool bench_read(mapring_consumer *consumer)
{
    struct mapring_record record;
    unsigned sum = 0;
    for (int i = 0; i < BENCH_RECORDS; i++) {
        if (mapring_consumer_next(consumer, &record, 0) != MAPRING_OK)
            return false;
        sum += *(const unsigned char *)record.payload;
        if (mapring_consumer_release(consumer) != MAPRING_OK)
            return false;
    }
    return sum == 0;
}

static bool bench_read_batches(mapring_consumer *consumer)
{
    struct mapring_record records[BATCH];
    unsigned sum = 0;
    size_t got;
    for (size_t done = 0; done < BENCH_RECORDS; done += got) {
        if (mapring_consumer_next_batch(consumer, records, BATCH, &got, 0) != MAPRING_OK)
            return false;
        for (size_t i = 0; i < got; i++)
            sum += *(const unsigned char *)records[i].payload;
        if (mapring_consumer_release(consumer) != MAPRING_OK)
            return false;
    }
    return sum == 0;
}

static int measure_round(bool in_batches)
{
    static const char ring[] = "test-peer-bench-c";
    mapring_producer *producer;
    mapring_consumer *consumer;
    int result = mapring_producer_open(
        &producer, ring, &(struct mapring_options){.capacity_bytes = 1 << 26, .prefault = true});
    if (result == MAPRING_OK)
        result = mapring_consumer_open(&consumer, ring,
                                       &(struct mapring_consumer_options){.prefault = true});
    if (result != MAPRING_OK)
        return failed(result);
    uint64_t begin = now_ns();
    bool done = in_batches ? bench_send_batches(producer) : bench_send(producer);
    uint64_t sent = now_ns();
    done = done && (in_batches ? bench_read_batches(consumer) : bench_read(consumer));
    printf("%.1f %.1f\n", (double)(sent - begin) / BENCH_RECORDS,
           (double)(now_ns() - sent) / BENCH_RECORDS);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    mapring_remove(ring, MAPRING_LOCAL, true);
    return done ? 0 : 1;
}

static int measure(const char *how, int rounds)
{
    int status = 0;
    for (int i = 0; i < rounds && status == 0; i++)
        status = measure_round(strcmp(how, "batch") == 0);
    return status;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "read") == 0 && argc == 5)
        return read_ring(argv[2], argv[3], argv[4]);
    if ((strcmp(what, "send") == 0 || strcmp(what, "batch") == 0) && argc == 3)
        return send_lines(what, argv[2]);
    if (strcmp(what, "hold") == 0 && argc == 3)
        return hold(argv[2]);
    if (strcmp(what, "layout") == 0 && argc == 2)
        return print_layout();
    if (strcmp(what, "bench") == 0 && argc == 4)
        return measure(argv[2], atoi(argv[3]));
    fprintf(stderr, "usage: peer read|send|batch|hold|layout|bench ARGUMENT...\n");
    return 64;
}
