/* SPDX-License-Identifier: MIT */
/* Records go through the ring in order and intact, whatever their size and place. */
#include "actor.h"

enum { SMALL = 65536 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

static void records_arrive_in_order_and_unharmed(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    tell(reader, "read 20000 10000");
    expect(writer, MAPRING_OK, "send 20000 100 forever");
    struct reply reply = answer(reader);
    check_result(MAPRING_OK, reply.result);
    check(reply.intact);
    check_number(19999, reply.sequence);
}

static void exchange(struct process *writer, struct process *reader, size_t bytes)
{
    expect(writer, MAPRING_OK, "send 1 %zu 10000", bytes);
    struct reply reply = expect(reader, MAPRING_OK, "next 10000");
    check_number(bytes, reply.bytes);
    expect(reader, MAPRING_OK, "release");
}

/* Tests sizes around every slot boundary up to a few slots, around the powers of two, and up to the
 * limit. */
static void sizes_from_zero_to_the_limit_arrive(void **state)
{
    (void)state;
    for (uint32_t slot = 8; slot <= 256; slot *= 2) {
        const char *name =
            new_ring(&(struct mapring_options){.capacity_bytes = SMALL, .slot_bytes = slot});
        struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
        size_t limit = (size_t)stat_of(name).record_limit;
        check_number(SMALL / 2 - 8, limit);
        for (size_t edge = 0; edge <= limit; edge = edge < 4 * slot ? edge + slot : 2 * edge)
            for (size_t bytes = edge < 10 ? 0 : edge - 10; bytes <= edge + 2; bytes++)
                exchange(writer, reader, bytes);
        exchange(writer, reader, limit - 1);
        exchange(writer, reader, limit);
        process_kill(writer);
        process_kill(reader);
    }
}

static void every_size_of_a_small_ring_arrives(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    size_t limit = mapring_producer_record_limit(producer), count = 0;
    tell(reader, "read %zu 20000", (limit + 96) / 97);
    for (size_t bytes = 0; bytes <= limit; bytes += 97) {
        void *payload;
        check_result(MAPRING_OK, mapring_producer_reserve(producer, bytes, &payload, TIME_LIMIT));
        record_fill(payload, bytes, count++);
        check_result(MAPRING_OK, mapring_producer_commit(producer, bytes));
    }
    struct reply reply = answer(reader);
    check_result(MAPRING_OK, reply.result);
    check(reply.intact);
    mapring_producer_close(producer);
}

static void a_record_across_the_end_of_the_ring_is_in_one_piece(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    bool crossed = false;
    for (uint64_t position = 0, i = 0; i < 8; i++) {
        expect(writer, MAPRING_OK, "send 1 20000");
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, TIME_LIMIT));
        check(record_is_intact(record.payload, record.bytes, record.sequence));
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
        crossed |= position / SMALL != (position + 20008) / SMALL;
        position += (20008 + 15) / 16 * 16;
    }
    check(crossed);
    mapring_consumer_close(consumer);
}

static void payloads_are_aligned_to_8_bytes(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.slot_bytes = 8});
    struct process *reader = start_consumer(name, "oldest");
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    for (size_t bytes = 0; bytes < 40; bytes++) {
        void *payload;
        check_result(MAPRING_OK, mapring_producer_reserve(producer, bytes, &payload, 0));
        check_number(0, (uintptr_t)payload % 8);
        record_fill(payload, bytes, bytes);
        check_result(MAPRING_OK, mapring_producer_commit(producer, bytes));
    }
    expect_records(reader, 0, 40);
    mapring_producer_close(producer);
}

static void a_record_of_no_bytes_is_a_record(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_send(producer, NULL, 0, 0));
    struct reply reply = expect(reader, MAPRING_OK, "receive");
    check_number(0, reply.bytes);
    check_number(0, reply.sequence);
    expect(reader, MAPRING_NOTHING, "receive");
    mapring_producer_close(producer);
}

static void a_record_is_unseen_until_committed(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "reserve 1000");
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "commit 1000");
    check_number(1000, expect(reader, MAPRING_OK, "next").bytes);
}

static void less_than_was_reserved_may_be_committed(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    static const unsigned sizes[] = {0, 1, 8, 9, 500, 999, 1000};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        expect(writer, MAPRING_OK, "reserve 1000");
        expect(writer, MAPRING_OK, "commit %u", sizes[i]);
        check_number(sizes[i], expect(reader, MAPRING_OK, "next").bytes);
        expect(reader, MAPRING_NOTHING, "next");
    }
    expect(writer, MAPRING_OK, "reserve 10");
    expect(writer, MAPRING_ERROR_ARGUMENT, "commit 11");
    expect(writer, MAPRING_OK, "commit 10");
    check_number(COUNT_OF(sizes), expect(reader, MAPRING_OK, "next").sequence);
}

static void an_aborted_reservation_has_never_been(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 1 10");
    expect(writer, MAPRING_OK, "reserve 30000");
    expect(writer, MAPRING_OK, "abort");
    expect(writer, MAPRING_OK, "send 1 20");
    expect_records(reader, 0, 2);
    expect(reader, MAPRING_NOTHING, "next");
}

static void one_reservation_at_a_time(void **state)
{
    (void)state;
    struct process *writer = start_producer(new_ring(&small));
    expect(writer, MAPRING_OK, "reserve 10");
    struct reply reply = expect(writer, MAPRING_ERROR_HELD, "reserve 10");
    check(strstr(reply.text, "another thread is using the handle") != NULL);
    expect(writer, MAPRING_ERROR_HELD, "send 1 10");
    expect(writer, MAPRING_ERROR_HELD, "batch 2 10");
    expect(writer, MAPRING_OK, "commit 10");
    expect(writer, MAPRING_OK, "reserve 10");
}

static void a_commit_of_more_than_is_reserved_leaves_the_reservation(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "reserve 10");
    struct reply reply = expect(writer, MAPRING_ERROR_ARGUMENT, "commit 11");
    check(strstr(reply.text, "only 10 bytes are reserved, and they still are") != NULL);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "commit 10");
    check_number(0, expect(reader, MAPRING_OK, "next").sequence);
}

static void nothing_reserved_is_nothing_to_commit_or_abort(void **state)
{
    (void)state;
    struct process *writer = start_producer(new_ring(&small));
    expect(writer, MAPRING_ERROR_NOTHING_HELD, "commit 0");
    expect(writer, MAPRING_ERROR_NOTHING_HELD, "abort");
    expect(writer, MAPRING_OK, "reserve 10");
    expect(writer, MAPRING_OK, "commit 10");
    expect(writer, MAPRING_ERROR_NOTHING_HELD, "commit 10");
    expect(writer, MAPRING_OK, "reserve 10");
    expect(writer, MAPRING_OK, "abort");
    expect(writer, MAPRING_ERROR_NOTHING_HELD, "abort");
}

static void oversized_records_are_refused_with_the_limit(void **state)
{
    (void)state;
    struct process *writer = start_producer(new_ring(&small));
    struct reply reply = expect(writer, MAPRING_ERROR_RECORD_TOO_LARGE, "send 1 32761");
    check(strstr(reply.text, "32760") != NULL);
    expect(writer, MAPRING_ERROR_RECORD_TOO_LARGE, "reserve 18446744073709551615");
    expect(writer, MAPRING_OK, "send 1 32760");
}

static void released_twice_or_unread_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(reader, MAPRING_ERROR_NOTHING_HELD, "release");
    expect(writer, MAPRING_OK, "send 2 10");
    expect(reader, MAPRING_ERROR_NOTHING_HELD, "release");
    expect(reader, MAPRING_OK, "next");
    expect(reader, MAPRING_OK, "release");
    expect(reader, MAPRING_ERROR_NOTHING_HELD, "release");
    check_number(1, expect(reader, MAPRING_OK, "next").sequence);
}

static void records_held_together_are_released_together(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 3 10");
    for (int i = 0; i < 3; i++)
        check_number(i, expect(reader, MAPRING_OK, "next").sequence);
    expect(reader, MAPRING_ERROR_HELD, "receive");
    expect(reader, MAPRING_OK, "release");
    expect(reader, MAPRING_NOTHING, "receive");
    check_number(0, stat_of(name).consumer[0].pending_records);
}

static void a_record_that_does_not_fit_the_buffer_stays(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    mapring_consumer *consumer;
    struct mapring_record record;
    unsigned char buffer[100];
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    expect(writer, MAPRING_OK, "send 2 100");
    for (size_t room = 0; room < 100; room += 33) {
        check_result(MAPRING_ERROR_BUFFER_TOO_SMALL,
                     mapring_consumer_receive(consumer, buffer, room, &record, 0));
        check_number(100, record.bytes);
    }
    for (uint64_t i = 0; i < 2; i++) {
        check_result(MAPRING_OK, mapring_consumer_receive(consumer, buffer, 100, &record, 0));
        check_number(i, record.sequence);
        check(record.payload == buffer && record_is_intact(buffer, 100, i));
    }
    mapring_consumer_close(consumer);
}

static void a_batch_is_seen_as_a_whole(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "batch 100 33");
    expect_records(reader, 0, 100);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "batch 1 5");
    expect(writer, MAPRING_OK, "batch 10 0");
    expect_records(reader, 100, 11);
}

/* Small and large records alternate. Together they exceed what is copied at once, and they cross
 * the end of the ring. */
static void a_batch_may_mix_all_sizes(void **state)
{
    enum { RECORDS = 64, BATCHES = 9, LARGEST = 40000 };
    (void)state;
    static const size_t sizes[] = {0, 5, 8184, 8185, 100, LARGEST, 3, 8176, 1000};
    static unsigned char payload[RECORDS][LARGEST];
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 2 << 20});
    struct process *reader = start_consumer(name, "oldest");
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    tell(reader, "read %d 20000", RECORDS * BATCHES);
    for (size_t batch = 0; batch < BATCHES; batch++) {
        struct mapring_buffer records[RECORDS];
        for (size_t i = 0; i < RECORDS; i++) {
            records[i] = (struct mapring_buffer){payload[i], sizes[(batch + i) % 9]};
            record_fill(payload[i], records[i].bytes, batch * RECORDS + i);
        }
        check_result(MAPRING_OK,
                     mapring_producer_send_batch(producer, records, RECORDS, TIME_LIMIT));
    }
    struct reply reply = answer(reader);
    check_result(MAPRING_OK, reply.result);
    check(reply.intact);
    check_number(RECORDS * BATCHES - 1, reply.sequence);
    mapring_producer_close(producer);
}

/* A 64 KiB ring holds 4095 empty records of one slot: 2047 and then 2048 of them, but no 2049. */
static void a_batch_without_room_leaves_nothing(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "batch 2048 8");
    expect(writer, MAPRING_NO_ROOM, "batch 2048 8");
    expect(writer, MAPRING_TIMED_OUT, "batch 2048 8 20");
    expect(writer, MAPRING_OK, "batch 2047 8");
    expect(writer, MAPRING_NO_ROOM, "batch 1 8");
    expect_records(reader, 0, 4095);
    expect(reader, MAPRING_NOTHING, "next");
    check_number(4095, stat_of(name).records);
}

static void a_batch_larger_than_half_of_the_ring_is_refused(void **state)
{
    (void)state;
    struct process *writer = start_producer(new_ring(&small));
    expect(writer, MAPRING_ERROR_RECORD_TOO_LARGE, "batch 2049 8");
    expect(writer, MAPRING_ERROR_RECORD_TOO_LARGE, "batch 2 32760");
    expect(writer, MAPRING_ERROR_RECORD_TOO_LARGE, "batch 1 32761");
    expect(writer, MAPRING_OK, "batch 2048 8");
}

static void a_batch_is_read_and_released_at_once(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    mapring_consumer *consumer;
    struct mapring_record records[8];
    size_t count = 99;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_NOTHING, mapring_consumer_next_batch(consumer, records, 8, &count, 0));
    check_number(0, count);
    expect(writer, MAPRING_OK, "send 11 100");
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 8, &count, 0));
    check_number(8, count);
    for (size_t i = 0; i < count; i++)
        check(records[i].sequence == i && record_is_intact(records[i].payload, 100, i));
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 8, &count, 0));
    check_number(3, count);
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_ERROR_NOTHING_HELD, mapring_consumer_release(consumer));
    mapring_consumer_close(consumer);
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    struct mapring_buffer hollow = {NULL, 5};
    void *payload;
    size_t count;
    const int bad = MAPRING_ERROR_ARGUMENT;
    check_result(bad, mapring_producer_open(NULL, name, NULL));
    check_result(bad, mapring_producer_open(&producer, NULL, NULL));
    check(producer == NULL);
    check_result(bad, mapring_consumer_open(NULL, name, NULL));
    check_result(bad, mapring_consumer_open(&consumer, NULL, NULL));
    check(consumer == NULL);
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(bad, mapring_producer_send(NULL, "x", 1, 0));
    check_result(bad, mapring_producer_send(producer, NULL, 1, 0));
    check_result(bad, mapring_producer_reserve(NULL, 1, &payload, 0));
    check_result(bad, mapring_producer_reserve(producer, 1, NULL, 0));
    check_result(bad, mapring_producer_commit(NULL, 0));
    check_result(bad, mapring_producer_abort(NULL));
    check_result(bad, mapring_producer_send_batch(producer, NULL, 1, 0));
    check_result(bad, mapring_producer_send_batch(producer, &hollow, 0, 0));
    check_result(bad, mapring_producer_send_batch(producer, &hollow, 1, 0));
    check_result(bad, mapring_producer_send_batch(NULL, &hollow, 1, 0));
    check_result(bad, mapring_producer_drain(NULL, 0));
    check_result(bad, mapring_producer_wait_consumers(NULL, 1, 0));
    check_result(bad, mapring_producer_wait_consumers(producer, 33, 0));
    check_number(0, mapring_producer_record_limit(NULL));
    check_result(bad, mapring_consumer_next(NULL, &record, 0));
    check_result(bad, mapring_consumer_next(consumer, NULL, 0));
    check_result(bad, mapring_consumer_next_batch(consumer, NULL, 1, &count, 0));
    check_result(bad, mapring_consumer_next_batch(consumer, &record, 0, &count, 0));
    check_result(bad, mapring_consumer_next_batch(consumer, &record, 1, NULL, 0));
    check_result(bad, mapring_consumer_next_batch(NULL, &record, 1, &count, 0));
    check_result(bad, mapring_consumer_release(NULL));
    check_result(bad, mapring_consumer_receive(consumer, NULL, 1, &record, 0));
    check_result(bad, mapring_consumer_receive(consumer, &count, 1, NULL, 0));
    check_result(bad, mapring_consumer_receive(NULL, &count, 1, &record, 0));
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0));
    mapring_producer_close(producer);
    mapring_consumer_close(consumer);
    mapring_producer_close(NULL);
    mapring_consumer_close(NULL);
    mapring_close(NULL);
}

/* A ring that looks as if so much had gone through it already. */
static const char *ring_at_position(uint64_t position, uint64_t sequence)
{
    const char *path = new_path(".ring");
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    header_begin_at(path, position, sequence);
    return path;
}

static void positions_and_sequences_may_wrap(void **state)
{
    (void)state;
    static const struct {
        uint64_t position, sequence;
    } starts[] = {
        {(UINT64_C(1) << 32) - 4096, 0},
        {0, (UINT64_C(1) << 32) - 10},
        {(UINT64_C(1) << 32) - 4096, (UINT64_C(1) << 32) - 10},
        {(UINT64_C(1) << 63) - 4096, (UINT64_C(1) << 63) - 10},
        {-UINT64_C(4096), 0},
        {-UINT64_C(4096), -UINT64_C(10)},
        {-UINT64_C(65536), -UINT64_C(10)},
    };
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        const char *path = ring_at_position(starts[i].position, starts[i].sequence);
        struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
        for (uint64_t done = 0; done < 300; done += 30) {
            expect(writer, MAPRING_OK, "send 30 1000");
            expect_records(reader, starts[i].sequence + done, 30);
        }
        expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
        process_kill(writer);
        writer = start_producer(path); /* must find its place in the ring, too */
        expect_records(reader, starts[i].sequence + 300, 60);
        expect(writer, MAPRING_OK, "send 1 5");
        struct process *late = start_consumer(path, "newest");
        expect(late, MAPRING_NOTHING, "next");
        process_kill(writer);
        process_kill(reader);
        process_kill(late);
    }
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(records_arrive_in_order_and_unharmed),
    TEST(sizes_from_zero_to_the_limit_arrive),
    TEST(every_size_of_a_small_ring_arrives),
    TEST(a_record_across_the_end_of_the_ring_is_in_one_piece),
    TEST(payloads_are_aligned_to_8_bytes),
    TEST(a_record_of_no_bytes_is_a_record),
    TEST(a_record_is_unseen_until_committed),
    TEST(less_than_was_reserved_may_be_committed),
    TEST(an_aborted_reservation_has_never_been),
    TEST(one_reservation_at_a_time),
    TEST(a_commit_of_more_than_is_reserved_leaves_the_reservation),
    TEST(nothing_reserved_is_nothing_to_commit_or_abort),
    TEST(oversized_records_are_refused_with_the_limit),
    TEST(released_twice_or_unread_is_refused),
    TEST(records_held_together_are_released_together),
    TEST(a_record_that_does_not_fit_the_buffer_stays),
    TEST(a_batch_is_seen_as_a_whole),
    TEST(a_batch_may_mix_all_sizes),
    TEST(a_batch_without_room_leaves_nothing),
    TEST(a_batch_larger_than_half_of_the_ring_is_refused),
    TEST(a_batch_is_read_and_released_at_once),
    TEST(null_arguments_are_refused),
    TEST(positions_and_sequences_may_wrap),
};
TEST_MAIN(roles, tests)
