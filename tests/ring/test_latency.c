/* SPDX-License-Identifier: MIT */
/* In a ring with times, everybody can see how far behind in time a consumer is, and how long its
 * records took until it had them. */
#include "actor.h"

#include "layout.h"
#include "platform.h"
#include "ring/latency.h"

enum { SMALL = 65536 };

static const struct mapring_options small = {.capacity_bytes = SMALL},
                                    timed = {.capacity_bytes = SMALL, .times = true};

static struct mapring_latency latency_of(const char *name, unsigned cell)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_latency latency;
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, &attach));
    check_result(MAPRING_OK, mapring_latency(ring, cell, &latency));
    mapring_close(ring);
    return latency;
}

static uint64_t sum(const struct mapring_latency *latency)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < MAPRING_LATENCY_BUCKETS; i++)
        all += latency->count[i];
    return all;
}

static uint64_t samples_of(const char *name)
{
    struct mapring_latency latency = latency_of(name, 0);
    struct mapring_stat stat = stat_of(name);
    check_number(sum(&latency), latency.samples);
    check_number(latency.samples, stat.consumer[0].latency_samples);
    return latency.samples;
}

/* ---- Buckets ---- */

static void buckets_are_an_eighth_wide(void **state)
{
    (void)state;
    check_number(0, latency_bucket(0));
    check_number(18, latency_bound(0));
    for (unsigned i = 0; i + 1 < MAPRING_LATENCY_BUCKETS; i++) {
        uint64_t bound = latency_bound(i), next = latency_bound(i + 1);
        check_number(i, latency_bucket(bound - 1));
        check_number(i + 1, latency_bucket(bound));
        check(next > bound && (i + 2 == MAPRING_LATENCY_BUCKETS || next - bound <= bound / 8));
    }
    check(latency_bound(MAPRING_LATENCY_BUCKETS - 2) > 15 * (uint64_t)SECONDS);
    check(latency_bound(MAPRING_LATENCY_BUCKETS - 1) == UINT64_MAX);
    check_number(MAPRING_LATENCY_BUCKETS - 1, latency_bucket(UINT64_MAX));
}

static void percentiles_are_those_of_the_counts(void **state)
{
    (void)state;
    static struct mapring_latency latency;
    check_number(0, latency_percentile(&latency, 500));
    for (unsigned i = 0; i < MAPRING_LATENCY_BUCKETS; i++)
        latency.bound_ns[i] = latency_bound(i);
    latency.longest_ns = 5 * SECONDS;
    latency.count[latency_bucket(1000)] = 989;
    latency.count[latency_bucket(2000)] = 10;
    latency.count[latency_bucket(5 * SECONDS)] = 1;
    check_number(latency_bound(latency_bucket(1000)), latency_percentile(&latency, 500));
    check_number(latency_bound(latency_bucket(1000)), latency_percentile(&latency, 989));
    check_number(latency_bound(latency_bucket(2000)), latency_percentile(&latency, 990));
    check_number(latency_bound(latency_bucket(2000)), latency_percentile(&latency, 999));
    check_number(5 * SECONDS, latency_percentile(&latency, 1000));
}

/* ---- What is noted ---- */

static void the_first_record_after_a_wait_is_noted(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    for (uint64_t i = 1; i <= 5; i++) {
        uint64_t before = platform_wall_clock_ns();
        tell(reader, "read 1 forever");
        await_sleeping_consumer(name, 0);
        expect(writer, MAPRING_OK, "send 1 100");
        check_result(MAPRING_OK, answer(reader).result);
        check_number(i, samples_of(name));
        struct mapring_consumer_stat stat = stat_of(name).consumer[0];
        check(stat.latency_max_ns > 0);
        check(stat.latency_max_ns < platform_wall_clock_ns() - before + SECONDS);
        check(stat.latency_p50_ns <= stat.latency_p99_ns);
        check(stat.latency_p99_ns <= stat.latency_p999_ns);
        check(stat.latency_p999_ns <= stat.latency_max_ns);
    }
}

static void one_in_64_of_the_others_is_noted(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 640 10");
    expect(reader, MAPRING_OK, "read 640");
    check_number(10, samples_of(name));
}

static void records_in_a_batch_are_noted_too(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    struct process *writer = start_producer(name);
    static struct mapring_record records[640];
    mapring_consumer *consumer;
    size_t count;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    expect(writer, MAPRING_OK, "send 640 10");
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 640, &count, 0));
    check_number(640, count);
    check_number(10, samples_of(name));
    mapring_consumer_close(consumer);
}

static void what_was_there_before_the_consumer_is_not_noted(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 640 10");
    struct process *reader = start_consumer(name, "oldest");
    expect(reader, MAPRING_OK, "read 640");
    check_number(0, samples_of(name));
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 1 10");
    expect(reader, MAPRING_OK, "read 1");
    check_number(1, samples_of(name));
}

static void a_new_consumer_begins_with_nothing(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 1 10");
    expect(reader, MAPRING_OK, "read 1");
    check_number(1, samples_of(name));
    process_kill(reader);
    start_consumer(name, "newest");
    check_number(0, samples_of(name));
    check_number(0, stat_of(name).consumer[0].latency_max_ns);
}

static void a_durable_consumer_goes_on(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    struct process *writer = start_producer(name), *reader = start_actor();
    for (uint64_t i = 1; i <= 3; i++) {
        expect(reader, MAPRING_OK, "consumer %s oldest archive durable", name);
        expect(reader, MAPRING_NOTHING, "next");
        expect(writer, MAPRING_OK, "send 1 10");
        expect(reader, MAPRING_OK, "read 1");
        expect(reader, MAPRING_OK, "close");
        check_number(i, samples_of(name));
    }
}

static void without_times_nothing_is_noted(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 1 10");
    struct mapring_stat stat = stat_of(name);
    check(!stat.times);
    check_number(1, stat.consumer[0].pending_records);
    check_number(0, stat.consumer[0].lag_ns);
    expect(reader, MAPRING_OK, "read 1");
    check_number(0, samples_of(name));
}

/* ---- Behind in time ---- */

static uint64_t lag_of(const char *name)
{
    struct mapring_stat stat = stat_of(name);
    check(stat.times);
    return stat.consumer[0].lag_ns;
}

static void a_consumer_is_as_far_behind_as_its_next_record_is_old(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    check_number(0, lag_of(name));
    uint64_t before = platform_wall_clock_ns();
    expect(writer, MAPRING_OK, "send 2 100");
    uint64_t lag = lag_of(name);
    check(lag > 0 && lag < platform_wall_clock_ns() - before + SECONDS);
    check_soon(lag_of(name) > lag);
    expect(reader, MAPRING_OK, "read 1");
    check_soon(lag_of(name) > 0);
    expect(reader, MAPRING_OK, "read 1");
    expect(reader, MAPRING_NOTHING, "next");
    check_number(0, lag_of(name));
}

static void notes_are_passed_over(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 1 100");
    expect(reader, MAPRING_OK, "read 1");
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "close");
    expect(writer, MAPRING_OK, "producer %s", name); /* a run end comes first */
    expect(writer, MAPRING_OK, "send 1 100");
    check(lag_of(name) > 0);
}

/* ---- Nonsense ---- */

static void write_cells(const char *path, size_t offset, const void *data, size_t bytes)
{
    check(os_file_write_at(path, REGION_BYTES + (int64_t)offset, data, bytes));
}

static void check_order(const struct mapring_consumer_stat *stat)
{
    check(stat->latency_p50_ns <= stat->latency_p99_ns);
    check(stat->latency_p99_ns <= stat->latency_p999_ns);
    check(stat->latency_p999_ns <= stat->latency_max_ns);
}

static void a_histogram_may_contain_anything(void **state)
{
    (void)state;
    static unsigned char nonsense[sizeof(struct ring_latency)];
    const char *path = new_ring_file(&timed);
    start_producer(path);
    start_consumer(path, "oldest");
    for (uint64_t i = 0; i < 20; i++) {
        memset(nonsense, 0xff, sizeof nonsense);
        for (size_t k = 0; i > 0 && k < sizeof nonsense; k++)
            nonsense[k] = (unsigned char)mix(i * sizeof nonsense + k);
        write_cells(path, offsetof(struct ring_cells, latency), nonsense, sizeof nonsense);
        struct mapring_stat stat = stat_of(path);
        check_order(&stat.consumer[0]);
    }
}

static void a_record_from_the_future_took_no_time(void **state)
{
    (void)state;
    const char *path = new_ring_file(&timed);
    struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
    static const uint64_t never = UINT64_MAX / 2;
    expect(writer, MAPRING_OK, "send 1 10");
    check(os_file_write_at(path, 2 * (int64_t)REGION_BYTES + COMMIT_WORD_BYTES, &never,
                           sizeof never));
    expect(reader, MAPRING_OK, "read 1");
    check_number(1, latency_of(path, 0).count[0]);
    check_number(0, stat_of(path).consumer[0].latency_max_ns);
}

static void times_by_another_clock_are_not_compared(void **state)
{
    (void)state;
    static const uint32_t other = 77;
    const char *path = new_ring_file(&timed);
    struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
    expect(writer, MAPRING_OK, "send 1 10");
    for (size_t i = 0; i < CLOCK_POINT_COUNT; i++)
        check(os_file_write_at(path, (int64_t)offsetof(struct ring_header, clock_points[i].clock),
                               &other, sizeof other));
    expect(reader, MAPRING_OK, "read 1");
    check_number(0, samples_of(path));
}

static void a_full_count_halves_all_of_them(void **state)
{
    (void)state;
    static struct ring_latency full;
    const char *path = new_ring_file(&timed);
    struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
    memset(full.bucket, 0xff, sizeof full.bucket);
    write_cells(path, offsetof(struct ring_cells, latency), &full, sizeof full);
    expect(writer, MAPRING_OK, "send 1 10");
    expect(reader, MAPRING_OK, "read 1");
    struct mapring_latency latency = latency_of(path, 0);
    check_number(1, latency.samples);
    check(sum(&latency) == UINT64_C(240) * (UINT32_MAX / 2) + 1);
}

static void a_ledger_may_point_anywhere(void **state)
{
    (void)state;
    const char *path = new_ring_file(&timed);
    struct process *writer = start_producer(path);
    start_consumer(path, "oldest");
    expect(writer, MAPRING_OK, "send 200 100");
    for (uint64_t i = 0; i < 50; i++) {
        struct ring_ledger ledgers[2];
        for (size_t k = 0; k < sizeof ledgers; k += sizeof(uint64_t)) {
            uint64_t word = mix(100 * i + k) >> (i % 8 * 8);
            memcpy((char *)ledgers + k, &word, sizeof word);
        }
        write_cells(path, offsetof(struct ring_cells, cell[0].ledger), ledgers, sizeof ledgers);
        stat_of(path);
    }
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_latency latency;
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, new_ring(&small), &attach));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_latency(NULL, 0, &latency));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_latency(ring, 0, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_latency(ring, MAPRING_CONSUMER_LIMIT, &latency));
    check(strstr(mapring_last_error()->text, "cells 0 to 31") != NULL);
    check_result(MAPRING_OK, mapring_latency(ring, MAPRING_CONSUMER_LIMIT - 1, &latency));
    check_number(0, latency.samples);
    mapring_close(ring);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(buckets_are_an_eighth_wide),
    TEST(percentiles_are_those_of_the_counts),
    TEST(the_first_record_after_a_wait_is_noted),
    TEST(one_in_64_of_the_others_is_noted),
    TEST(records_in_a_batch_are_noted_too),
    TEST(what_was_there_before_the_consumer_is_not_noted),
    TEST(a_new_consumer_begins_with_nothing),
    TEST(a_durable_consumer_goes_on),
    TEST(without_times_nothing_is_noted),
    TEST(a_consumer_is_as_far_behind_as_its_next_record_is_old),
    TEST(notes_are_passed_over),
    TEST(a_histogram_may_contain_anything),
    TEST(a_record_from_the_future_took_no_time),
    TEST(times_by_another_clock_are_not_compared),
    TEST(a_full_count_halves_all_of_them),
    TEST(a_ledger_may_point_anywhere),
    TEST(wrong_arguments_are_refused),
};
TEST_MAIN(roles, tests)
