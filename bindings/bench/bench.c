/* SPDX-License-Identifier: MIT */
/* What a record costs in C: bindings/bench/README.md says what is measured. */
#include <mapring/mapring.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RECORDS = 128000, ROUNDS = 7, BATCH = 64, BYTES = 64 };

static const char ring[] = "bindings-bench";
static const struct mapring_options options = {.capacity_bytes = 1 << 26, .prefault = true};
static const char payload[BYTES];

static void must(int result)
{
    if (result == MAPRING_OK)
        return;
    fprintf(stderr, "%s\n", mapring_last_error()->text);
    exit(1);
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void send_each(mapring_producer *producer)
{
    for (int i = 0; i < RECORDS; i++)
        must(mapring_producer_send(producer, payload, BYTES, 0));
}

static void send_batches(mapring_producer *producer)
{
    struct mapring_buffer batch[BATCH];
    for (int i = 0; i < BATCH; i++)
        batch[i] = (struct mapring_buffer){payload, BYTES};
    for (int i = 0; i < RECORDS; i += BATCH)
        must(mapring_producer_send_batch(producer, batch, BATCH, 0));
}

static unsigned read_each(mapring_consumer *consumer)
{
    struct mapring_record record;
    unsigned sum = 0;
    for (int i = 0; i < RECORDS; i++) {
        must(mapring_consumer_next(consumer, &record, 0));
        sum += *(const unsigned char *)record.payload;
        must(mapring_consumer_release(consumer));
    }
    return sum;
}

static unsigned read_batches(mapring_consumer *consumer)
{
    struct mapring_record records[BATCH];
    size_t count;
    unsigned sum = 0;
    for (size_t done = 0; done < RECORDS; done += count) {
        must(mapring_consumer_next_batch(consumer, records, BATCH, &count, 0));
        for (size_t i = 0; i < count; i++)
            sum += *(const unsigned char *)records[i].payload;
        must(mapring_consumer_release(consumer));
    }
    return sum;
}

/* Sends all records into a new ring, and then reads them. */
static void measure(void (*send)(mapring_producer *), unsigned (*read)(mapring_consumer *),
                    double ns[2])
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    must(mapring_producer_open(&producer, ring, &options));
    must(mapring_consumer_open(&consumer, ring, &(struct mapring_consumer_options){.prefault = true}));
    double start = now_ns();
    send(producer);
    double sent = now_ns();
    read(consumer);
    ns[0] = (sent - start) / RECORDS;
    ns[1] = (now_ns() - sent) / RECORDS;
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    must(mapring_remove(ring, MAPRING_LOCAL, false));
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void report(const char *what, void (*send)(mapring_producer *),
                   unsigned (*read)(mapring_consumer *))
{
    double sends[ROUNDS], reads[ROUNDS], ns[2];
    for (int i = 0; i < ROUNDS; i++) {
        measure(send, read, ns);
        sends[i] = ns[0];
        reads[i] = ns[1];
    }
    qsort(sends, ROUNDS, sizeof *sends, by_size);
    qsort(reads, ROUNDS, sizeof *reads, by_size);
    printf("C %s: send %.0f ns, read %.0f ns\n", what, sends[ROUNDS / 2], reads[ROUNDS / 2]);
}

int main(void)
{
    mapring_remove(ring, MAPRING_LOCAL, true);
    report("single", send_each, read_each);
    report("batches", send_batches, read_batches);
    return 0;
}
