/* SPDX-License-Identifier: MIT */
/* A producer runs at full speed over the smallest ring, and its observers are lapped all the time.
 * There is not one torn or invented record, and for each observer, read + lost = sent.
 *
 * MAPRING_TORTURE_RECORDS says how many records are sent; by default it takes some seconds. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, OBSERVERS = 3, LARGEST = 303, WORDS = (LARGEST + 7) / 8, PROGRESS = 100000 };

static uint64_t record_count(void)
{
    const char *wanted = getenv("MAPRING_TORTURE_RECORDS");
    if (wanted)
        return strtoull(wanted, NULL, 10);
    return os_is_sanitized() ? 300000 : 10000000;
}

static uint64_t scramble(uint64_t value)
{
    value = (value ^ value >> 31) * UINT64_C(0x7FB5D329728EA185);
    return value ^ value >> 29;
}

/* A record consists of its number, a word with a checksum of everything, and words of noise, the
 * last of which may be cut off. Short records have less of it. */
static size_t size_of(uint64_t sequence)
{
    return (size_t)(scramble(sequence) % (LARGEST + 1));
}

static uint64_t word_of(uint64_t sequence, size_t index)
{
    if (index == 0)
        return sequence;
    return (sequence + index) * UINT64_C(0x9E3779B97F4A7C15);
}

static void fill(unsigned char *to, uint64_t sequence, size_t bytes)
{
    uint64_t words[WORDS], sum = bytes;
    size_t count = (bytes + 7) / 8;
    for (size_t i = 0; i < count; i++)
        sum += words[i] = word_of(sequence, i);
    if (count > 2)
        words[1] += sum; /* so that all bytes depend on one another */
    memcpy(to, words, bytes);
}

static bool is_whole(const unsigned char *from, uint64_t sequence, size_t bytes)
{
    unsigned char expected[WORDS * 8];
    if (bytes != size_of(sequence))
        return false;
    fill(expected, sequence, bytes);
    return memcmp(expected, from, bytes) == 0;
}

/* producer NAME COUNT */
static int role_producer(int argc, char **argv)
{
    mapring_producer *producer;
    unsigned char data[WORDS * 8];
    check_number(2, argc);
    uint64_t count = strtoull(argv[1], NULL, 10);
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], NULL));
    role_say("ready");
    role_hear("go");
    int64_t start = now_ns();
    for (uint64_t i = 0; i < count; i++) {
        size_t bytes = size_of(i);
        fill(data, i, bytes);
        check_result(MAPRING_OK, mapring_producer_send(producer, data, bytes, 0));
        if (i % PROGRESS == 0)
            role_say("on"); /* so that the test's time limit applies to progress */
    }
    int64_t took = now_ns() - start;
    mapring_producer_close(producer);
    role_say("%" PRId64, took / MILLISECONDS);
    return 0;
}

/* observer NAME COUNT HOW: copies records, or reads them in place and then asks whether they were
 * valid. */
static int role_observer(int argc, char **argv)
{
    check_number(3, argc);
    const struct mapring_observer_options options = {
        .after_lap = strcmp(argv[2], "newest") == 0 ? MAPRING_NEWEST : MAPRING_OLDEST};
    bool in_place = strcmp(argv[2], "place") == 0;
    mapring_observer *observer;
    struct mapring_record record;
    unsigned char buffer[WORDS * 8];
    uint64_t count = strtoull(argv[1], NULL, 10), next = 0, read = 0, lost = 0, laps = 0, void_ = 0;
    check_result(MAPRING_OK, mapring_observer_open(&observer, argv[0], &options));
    role_say("ready");
    for (;;) {
        int result = in_place ? mapring_observer_next(observer, &record, TIME_LIMIT)
                              : mapring_observer_receive(observer, buffer, sizeof buffer, &record,
                                                         TIME_LIMIT);
        if (result == MAPRING_PRODUCER_CLOSED)
            break;
        if (result != MAPRING_OK && result != MAPRING_LOST)
            check_result(MAPRING_OK, result);
        check_number(next, record.sequence);
        if (result == MAPRING_LOST) {
            check(record.lost_records > 0);
            next += record.lost_records;
            lost += record.lost_records;
            laps++;
            continue;
        }
        bool whole = record.bytes <= sizeof buffer && is_whole(record.payload, next, record.bytes);
        if (in_place && !mapring_observer_is_valid(observer))
            void_++;
        else if (!whole)
            check_failed(__FILE__, __LINE__, "record %" PRIu64 " is torn", next);
        read++;
        next++;
    }
    check_number(count, next);
    check_number(count, read + lost);
    mapring_observer_close(observer);
    role_say("%" PRIu64 " read, %" PRIu64 " of them void when looked at in place, %" PRIu64
             " lost in %" PRIu64 " laps",
             read, void_, lost, laps);
    return 0;
}

static void observers_of_a_racing_producer_read_nothing_but_the_truth(void **state)
{
    (void)state;
    static const char *const hows[OBSERVERS] = {"copy", "newest", "place"};
    const struct mapring_options options = {.capacity_bytes = SMALL,
                                            .when_full = MAPRING_OVERWRITE};
    const char *name = new_ring(&options);
    char count[32];
    snprintf(count, sizeof count, "%" PRIu64, record_count());
    struct process *producer = start_role("producer", name, count, NULL), *observers[OBSERVERS];
    process_hear(producer, "ready");
    for (int i = 0; i < OBSERVERS; i++) {
        observers[i] = start_role("observer", name, count, hows[i], NULL);
        process_hear(observers[i], "ready");
    }
    process_say(producer, "go");
    const char *line;
    while ((line = process_line(producer)) != NULL && strcmp(line, "on") == 0)
        continue;
    check(line != NULL);
    print_message("%s records sent in %s ms\n", count, line);
    struct mapring_stat stat = stat_of(name);
    check_number(record_count(), stat.records);
    check_number(record_count(), stat.sequence);
    check(stat.balanced);
    for (int i = 0; i < OBSERVERS; i++) {
        line = process_line(observers[i]);
        check(line != NULL);
        print_message("observer (%s): %s\n", hows[i], line);
    }
    process_finish(producer);
    for (int i = 0; i < OBSERVERS; i++)
        process_finish(observers[i]);
}

static const struct role roles[] = {{"producer", role_producer}, {"observer", role_observer}};
static const struct CMUnitTest tests[] = {
    TEST(observers_of_a_racing_producer_read_nothing_but_the_truth),
};
TEST_MAIN(roles, tests)
