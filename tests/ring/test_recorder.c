/* SPDX-License-Identifier: MIT */
/* Rings in files: what is left when everybody was killed, and how it is read without a mapping. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, BYTES = 100, SPAN = 112, RECORDS = 50 };

static const struct mapring_options overwriting = {.capacity_bytes = SMALL,
                                                   .when_full = MAPRING_OVERWRITE};

/* Everything that an image yields. */
struct contents {
    uint64_t first, last, records, lost, lost_bytes;
    int result; /* at the end */
    char text[512];
};

static struct contents contents_of(const char *path)
{
    struct contents all = {0};
    mapring_image *image;
    struct mapring_record record;
    all.result = mapring_image_open(&image, path, MAPRING_LOCAL);
    bool started = false;
    while (all.result == MAPRING_OK || all.result == MAPRING_LOST) {
        all.result = mapring_image_next(image, &record);
        if (all.result != MAPRING_OK && all.result != MAPRING_LOST)
            break;
        check(!started || record.sequence == all.last + 1);
        if (!started)
            all.first = record.sequence;
        started = true;
        all.last = record.sequence + (all.result == MAPRING_LOST ? record.lost_records - 1 : 0);
        all.lost += record.lost_records;
        all.lost_bytes += record.lost_bytes;
        if (all.result == MAPRING_OK) {
            all.records++;
            check(record_is_intact(record.payload, record.bytes, record.sequence));
        }
    }
    if (all.result < 0)
        snprintf(all.text, sizeof all.text, "%s", mapring_last_error()->text);
    mapring_image_close(image);
    return all;
}

static void check_contents(const char *path, uint64_t first, uint64_t records)
{
    struct contents all = contents_of(path);
    if (all.result < 0)
        print_message("%s\n", all.text);
    check_result(MAPRING_NOTHING, all.result);
    check_number(first, all.first);
    check_number(records, all.records);
    check_number(0, all.lost);
}

/* A file with records whose producer was killed. */
static const char *dead_ring(uint64_t records, uint64_t bytes)
{
    const char *path = new_path(".ring");
    struct process *writer = start_actor();
    expect(writer, MAPRING_OK, "producer %s create %d", path, SMALL);
    expect(writer, MAPRING_OK, "send %" PRIu64 " %" PRIu64, records, bytes);
    process_kill(writer);
    return path;
}

static int64_t record_offset(uint64_t record)
{
    return 2 * 65536 + (int64_t)record * SPAN;
}

static const char *copy_of(const char *path, size_t bytes, size_t more)
{
    size_t size;
    char *data = read_file(path, &size);
    const char *copy = new_path(".copy");
    data = realloc(data, size + more);
    memset(data + size, 0xA5, more);
    write_file(copy, data, bytes ? bytes : size + more);
    free(data);
    return copy;
}

/* ---- After a kill ---- */

static void an_image_has_all_that_was_committed(void **state)
{
    (void)state;
    for (uint64_t records = 0; records < 500; records = records * 3 + 1)
        check_contents(dead_ring(records, BYTES), 0, records);
    check_contents(dead_ring(1, 32760), 0, 1);
    const char *path = dead_ring(3, BYTES);
    struct process *writer = start_producer(path);
    expect(writer, MAPRING_OK, "reserve 1000");
    process_kill(writer);
    check_contents(path, 0, 3);
    writer = start_producer(path);
    expect(writer, MAPRING_OK, "reserve 2000");
    expect(writer, MAPRING_OK, "torn 9 100");
    process_kill(writer);
    check_contents(path, 0, 3);
}

static void an_image_of_a_flight_recorder_has_the_newest(void **state)
{
    (void)state;
    for (unsigned bytes = 10; bytes < 30000; bytes *= 3) {
        const char *path = new_ring_file(&overwriting);
        struct process *writer = start_producer(path);
        uint64_t sent = 7 * SMALL / bytes;
        expect(writer, MAPRING_OK, "send %" PRIu64 " %u", sent, bytes);
        process_kill(writer);
        struct contents all = contents_of(path);
        check_result(MAPRING_NOTHING, all.result);
        check_number(sent - 1, all.last);
        check(all.records * (bytes + 24) > SMALL / 3 || bytes > 20000);
    }
}

static void a_new_producer_continues_the_sequence(void **state)
{
    (void)state;
    const char *path = dead_ring(RECORDS, BYTES);
    for (uint64_t i = 1; i < 5; i++) {
        struct process *writer = start_producer(path);
        expect(writer, MAPRING_OK, "send 10 100");
        process_kill(writer);
        check_contents(path, 0, RECORDS + 10 * i);
    }
}

static void a_consumer_gets_later_what_was_not_read(void **state)
{
    (void)state;
    const char *path = dead_ring(RECORDS, BYTES);
    struct process *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest d durable", path);
    expect_records(reader, 0, 20);
    process_kill(reader);
    check_contents(path, 0, RECORDS);
    struct process *writer = start_producer(path);
    expect(writer, MAPRING_OK, "send 10 100");
    process_kill(writer);
    reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest d durable", path);
    expect_records(reader, 20, RECORDS + 10 - 20);
    expect(reader, MAPRING_PRODUCER_DIED, "next 5000");
}

static void an_image_tells_of_drops(void **state)
{
    (void)state;
    const struct mapring_options dropping = {.capacity_bytes = SMALL, .when_full = MAPRING_DROP};
    const char *path = new_ring_file(&dropping);
    struct process *writer = start_producer(path);
    struct reply reply = expect(writer, MAPRING_OK, "flood 100 1000");
    struct process *reader = start_consumer(path, "oldest");
    expect_records(reader, 0, 30);
    expect(reader, MAPRING_OK, "close");
    expect(writer, MAPRING_OK, "send 3 1000");
    process_kill(writer);
    struct contents all = contents_of(path);
    check_result(MAPRING_NOTHING, all.result);
    check_number(reply.lost, all.lost);
    check_number(reply.lost * 1000, all.lost_bytes);
    check_number(102, all.last);
}

/* ---- Copies and damage ---- */

static void an_image_of_a_copy_is_the_same(void **state)
{
    (void)state;
    const char *path = dead_ring(RECORDS, BYTES);
    check_contents(copy_of(path, 0, 0), 0, RECORDS);
    check_contents(copy_of(path, 0, 5000), 0, RECORDS);
    check_contents(copy_of(path, 0, 1 << 20), 0, RECORDS);
}

static void an_image_does_not_modify_the_file(void **state)
{
    (void)state;
    const char *path = dead_ring(RECORDS, BYTES);
    size_t before_bytes, after_bytes;
    char *before = read_file(path, &before_bytes);
    check(os_make_read_only(path));
    check_contents(path, 0, RECORDS);
    char *after = read_file(path, &after_bytes);
    check_number(before_bytes, after_bytes);
    check(memcmp(before, after, before_bytes) == 0);
    free(before);
    free(after);
}

static void of_a_truncated_file_the_rest_is_given(void **state)
{
    (void)state;
    const char *path = dead_ring(RECORDS, BYTES);
    static const uint64_t cuts[] = {0, 1, 30, RECORDS - 1};
    for (size_t i = 0; i < COUNT_OF(cuts); i++)
        for (int64_t into = 0; into < SPAN; into += 37) {
            int64_t size = record_offset(cuts[i]) + into;
            struct contents all = contents_of(copy_of(path, (size_t)size, 0));
            check_result(MAPRING_ERROR_DAMAGED, all.result);
            check(strstr(all.text, "truncated") != NULL);
            check(all.records == cuts[i] || (all.records == cuts[i] + 1 && into >= 8 + BYTES));
        }
}

/* The cut is beyond what the image has read ahead. */
static void a_file_that_is_cut_off_while_it_is_read_is_told(void **state)
{
    (void)state;
    enum { CUT = 300000, LARGE_SPAN = 1008 };
    const char *path = new_path(".ring");
    struct process *writer = start_actor();
    expect(writer, MAPRING_OK, "producer %s create %d", path, 1 << 20);
    expect(writer, MAPRING_OK, "send 1000 1000");
    process_kill(writer);
    mapring_image *image;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_image_open(&image, path, MAPRING_LOCAL));
    check_result(MAPRING_OK, mapring_image_next(image, &record));
    check(os_file_resize(path, 2 * 65536 + CUT));
    int result;
    while ((result = mapring_image_next(image, &record)) == MAPRING_OK)
        check(record_is_intact(record.payload, record.bytes, record.sequence));
    check_result(MAPRING_ERROR_DAMAGED, result);
    check(strstr(mapring_last_error()->text, "truncated") != NULL);
    check_number(CUT / LARGE_SPAN - 1, record.sequence);
    mapring_image_close(image);
}

static void a_file_cut_off_in_its_header_is_told(void **state)
{
    (void)state;
    const char *path = dead_ring(RECORDS, BYTES);
    static const size_t sizes[] = {1, 50, 152, 155, 156, 200, 4096, 65535, 65536, 131071};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct contents all = contents_of(copy_of(path, sizes[i], 0));
        check(all.result == MAPRING_ERROR_DAMAGED || all.result == MAPRING_ERROR_WRONG_KIND);
        check(all.records == 0 && all.text[0] != '\0');
    }
    mapring_image *image;
    const char *empty = new_path(".empty");
    write_file(empty, "", 0);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_image_open(&image, empty, MAPRING_LOCAL));
    check_result(MAPRING_ERROR_NOT_THERE,
                 mapring_image_open(&image, new_path(".none"), MAPRING_LOCAL));
}

/* All bits but bit 63, which says that another record continues this one. */
static void a_flipped_commit_word_is_told_with_its_offset(void **state)
{
    (void)state;
    static const int bits[] = {0, 1, 13, 31, 62};
    for (size_t i = 0; i < COUNT_OF(bits); i++) {
        const char *path = dead_ring(RECORDS, BYTES);
        char offset[32];
        uint64_t word;
        check(os_file_read_at(path, record_offset(30), &word, sizeof word));
        word ^= UINT64_C(1) << bits[i];
        check(os_file_write_at(path, record_offset(30), &word, sizeof word));
        struct contents all = contents_of(path);
        check_result(MAPRING_ERROR_DAMAGED, all.result);
        snprintf(offset, sizeof offset, "%" PRId64, record_offset(30));
        check_number(30, all.records);
        check(strstr(all.text, offset) != NULL);
    }
}

/* A wrong length is noticed only by what comes behind it. */
static void a_flipped_length_is_told_where_the_next_record_is_not(void **state)
{
    (void)state;
    const char *path = dead_ring(RECORDS, BYTES);
    uint64_t word = commit_word(RECORD_DATA, 60000, 30);
    check(os_file_write_at(path, record_offset(30), &word, sizeof word));
    struct contents all = contents_of(path);
    check_result(MAPRING_ERROR_DAMAGED, all.result);
    check_number(30, all.records);
    mapring_image *image;
    struct mapring_record record;
    word = commit_word(RECORD_DATA, 20, 30);
    check(os_file_write_at(path, record_offset(30), &word, sizeof word));
    check_result(MAPRING_OK, mapring_image_open(&image, path, MAPRING_LOCAL));
    for (uint64_t i = 0; i < 31; i++)
        check_result(MAPRING_OK, mapring_image_next(image, &record));
    check_number(record_offset(30) + 32, mapring_image_offset(image));
    check_result(MAPRING_ERROR_DAMAGED, mapring_image_next(image, &record));
    mapring_image_close(image);
}

/* What a machine that failed may leave: the header was written, but the last records were not. */
static void a_torn_end_is_told_with_its_offset(void **state)
{
    (void)state;
    for (uint64_t torn = RECORDS - 5; torn < RECORDS; torn++) {
        const char *path = dead_ring(RECORDS, BYTES);
        static const char zeros[5 * SPAN];
        char offset[32];
        check(os_file_write_at(path, record_offset(torn), zeros, (size_t)(RECORDS - torn) * SPAN));
        struct contents all = contents_of(path);
        check_result(MAPRING_ERROR_DAMAGED, all.result);
        check_number(torn, all.records);
        snprintf(offset, sizeof offset, "%" PRId64, record_offset(torn));
        check(strstr(all.text, "torn") != NULL && strstr(all.text, offset) != NULL);
    }
}

/* The opposite case: the records were written, but the header was not. */
static const char *ring_with_an_old_header(void)
{
    const char *path = new_path(".ring");
    struct process *writer = start_actor(), *reader = start_actor();
    expect(writer, MAPRING_OK, "producer %s create %d", path, SMALL);
    expect(reader, MAPRING_OK, "consumer %s oldest d durable 0", path);
    expect(writer, MAPRING_OK, "send 30 %d", BYTES);
    expect_records(reader, 0, 30);
    process_kill(reader);
    process_kill(writer);
    uint64_t horizon = 20 * SPAN;
    check(os_file_write_at(path, offsetof(struct ring_header, horizon), &horizon, sizeof horizon));
    return path;
}

static void an_image_tells_the_first_record_behind_the_horizon(void **state)
{
    (void)state;
    struct contents all = contents_of(ring_with_an_old_header());
    char offset[32];
    check_result(MAPRING_ERROR_DAMAGED, all.result);
    check_number(20, all.records);
    snprintf(offset, sizeof offset, "%" PRId64, record_offset(20));
    check(strstr(all.text, "torn") != NULL && strstr(all.text, offset) != NULL);
}

static void records_behind_the_horizon_send_nobody_in_circles(void **state)
{
    (void)state;
    const char *path = ring_with_an_old_header();
    struct process *observer = start_actor(), *reader = start_actor(), *writer = start_actor();
    expect(observer, MAPRING_OK, "observer %s oldest", path);
    struct reply reply = expect(observer, MAPRING_OK, "follow 30 10");
    check(reply.count == 30 && reply.lost == 0 && reply.intact);
    expect(reader, MAPRING_ERROR_DAMAGED, "consumer %s oldest d durable 0", path);
    expect(writer, MAPRING_ERROR_DAMAGED, "producer %s attach", path);
}

static void a_file_that_is_no_ring_has_no_image(void **state)
{
    (void)state;
    const char *path = new_path(".txt");
    char text[10000];
    mapring_image *image;
    memset(text, 'x', sizeof text);
    write_file(path, text, sizeof text);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_image_open(&image, path, MAPRING_LOCAL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_image_open(NULL, path, MAPRING_LOCAL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_image_next(NULL, NULL));
    mapring_image_close(NULL);
}

/* ---- Beside a running producer ---- */

static void an_image_beside_a_running_producer_invents_nothing(void **state)
{
    (void)state;
    const char *path = new_ring_file(&overwriting);
    struct process *writer = start_producer(path);
    expect(writer, MAPRING_OK, "send 1000 300");
    tell(writer, "send 1000000000 300");
    uint64_t records = 0, lost = 0;
    for (int i = 0; i < 300; i++) {
        struct contents all = contents_of(path);
        if (all.result < 0)
            print_message("%s\n", all.text);
        check_result(MAPRING_NOTHING, all.result);
        records += all.records;
        lost += all.lost;
    }
    print_message("%" PRIu64 " records, %" PRIu64 " lost in 300 images\n", records, lost);
}

/* The producer never laps, so the image ends where it writes. */
static void an_image_ends_where_a_running_producer_writes(void **state)
{
    (void)state;
    const struct mapring_options large = {.capacity_bytes = 16 << 20};
    for (int i = 0; i < 20; i++) {
        const char *path = new_path(".ring");
        struct process *writer = start_actor();
        mapring_ring *ring;
        check_result(MAPRING_OK, mapring_open(&ring, path, &large));
        mapring_close(ring);
        expect(writer, MAPRING_OK, "producer %s", path);
        tell(writer, "send 100000 100");
        uint64_t before = 0;
        do {
            struct contents all = contents_of(path);
            if (all.result < 0)
                print_message("%s\n", all.text);
            check_result(MAPRING_NOTHING, all.result);
            check(all.records >= before && all.lost == 0);
            before = all.records;
        } while (before < 100000);
        check_result(MAPRING_OK, answer(writer).result);
        process_kill(writer);
    }
}

/* ---- On the disk ---- */

static void sync_wants_a_file_and_an_interval(void **state)
{
    (void)state;
    const struct mapring_options wrong[] = {
        {.sync = MAPRING_SYNC_ON_CLOSE},
        {.sync = MAPRING_SYNC_INTERVAL, .sync_interval_ms = 10},
        {.sync = (enum mapring_sync)3},
    };
    mapring_producer *producer;
    mapring_ring *ring;
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const char *name = new_ring_name();
        check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_open(&producer, name, &wrong[i]));
        check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, name, &attach));
    }
    const struct mapring_options none = {.sync = MAPRING_SYNC_INTERVAL};
    const char *path = new_path(".ring");
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_open(&producer, path, &none));
    check_number(-1, os_file_size(path));
}

static void a_ring_is_written_to_its_disk(void **state)
{
    (void)state;
    const struct mapring_options levels[] = {
        {.capacity_bytes = SMALL},
        {.capacity_bytes = SMALL, .sync = MAPRING_SYNC_ON_CLOSE},
        {.capacity_bytes = SMALL, .sync = MAPRING_SYNC_INTERVAL, .sync_interval_ms = 1},
    };
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        const char *path = new_path(".ring");
        mapring_producer *producer;
        char payload[BYTES];
        check_result(MAPRING_OK, mapring_producer_open(&producer, path, &levels[i]));
        struct process *reader = start_consumer(path, "oldest");
        for (uint64_t sent = 0; sent < 2000; sent++) {
            record_fill(payload, sizeof payload, sent);
            check_result(MAPRING_OK, mapring_producer_send(producer, payload, sizeof payload, 0));
            if (sent % 100 != 99)
                continue;
            check_result(MAPRING_OK, mapring_producer_sync(producer));
            expect_records(reader, sent - 99, 100);
            expect(reader, MAPRING_NOTHING, "next");
        }
        mapring_producer_close(producer);
        expect(reader, MAPRING_PRODUCER_CLOSED, "next");
        check_number(1999, contents_of(path).last);
    }
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_sync(NULL));
}

static void a_named_ring_has_no_disk(void **state)
{
    (void)state;
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, new_ring_name(), NULL));
    int result = mapring_producer_sync(producer);
    check(result <= MAPRING_OK);
    mapring_producer_close(producer);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(an_image_has_all_that_was_committed),
    TEST(an_image_of_a_flight_recorder_has_the_newest),
    TEST(a_new_producer_continues_the_sequence),
    TEST(a_consumer_gets_later_what_was_not_read),
    TEST(an_image_tells_of_drops),
    TEST(an_image_of_a_copy_is_the_same),
    TEST(an_image_does_not_modify_the_file),
    TEST(of_a_truncated_file_the_rest_is_given),
    TEST(a_file_that_is_cut_off_while_it_is_read_is_told),
    TEST(a_file_cut_off_in_its_header_is_told),
    TEST(a_flipped_commit_word_is_told_with_its_offset),
    TEST(a_flipped_length_is_told_where_the_next_record_is_not),
    TEST(a_torn_end_is_told_with_its_offset),
    TEST(an_image_tells_the_first_record_behind_the_horizon),
    TEST(records_behind_the_horizon_send_nobody_in_circles),
    TEST(a_file_that_is_no_ring_has_no_image),
    TEST(an_image_beside_a_running_producer_invents_nothing),
    TEST(an_image_ends_where_a_running_producer_writes),
    TEST(sync_wants_a_file_and_an_interval),
    TEST(a_ring_is_written_to_its_disk),
    TEST(a_named_ring_has_no_disk),
};
TEST_MAIN(roles, tests)
