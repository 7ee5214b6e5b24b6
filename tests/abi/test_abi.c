/* SPDX-License-Identifier: MIT */
/* A program that was compiled with the headers of 0.1 runs with the present library: the fields
 * that it knows are where they were, and nothing is written beyond its structures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fields.h"
#include "mapring/mapring.h"

enum { GUARD_BYTES = 256, GUARD = 0xA5, SECOND_NS = 1000000000 };

static char name[64];

/* A structure, followed by bytes that nobody may touch. */
#define GUARDED(type)                     \
    struct {                              \
        struct type it;                   \
        unsigned char guard[GUARD_BYTES]; \
    }
#define guard(place)       (memset(&(place), 0, sizeof(place)), memset((place).guard, GUARD, GUARD_BYTES))
#define check_guard(place) assert_true(is_untouched((place).guard))

static int is_untouched(const unsigned char *bytes)
{
    size_t i = 0;
    while (i < GUARD_BYTES && bytes[i] == GUARD)
        i++;
    return i == GUARD_BYTES;
}

static void each_field_of_0_1_is_where_it_was(void **state)
{
    (void)state;
    assert_true(frozen_count > 0 && present_count >= frozen_count);
    for (size_t i = 0; i < frozen_count; i++) {
        size_t j = 0;
        while (j < present_count && strcmp(present_fields[j].name, frozen_fields[i].name) != 0)
            j++;
        if (j == present_count)
            fail_msg("%s no longer exists", frozen_fields[i].name);
        if (present_fields[j].offset != frozen_fields[i].offset ||
            present_fields[j].bytes != frozen_fields[i].bytes)
            fail_msg("%s has moved or changed its size", frozen_fields[i].name);
    }
}

static void check_record(const struct mapring_record *record, uint64_t sequence)
{
    assert_int_equal(5, record->bytes);
    assert_memory_equal("hello", record->payload, 5);
    assert_int_equal(sequence, record->sequence);
}

static void check_stat(unsigned consumers)
{
    static GUARDED(mapring_stat) stat;
    mapring_ring *ring;
    guard(stat);
    assert_int_equal(MAPRING_OK, mapring_open(&ring, name, NULL));
    assert_int_equal(MAPRING_OK, mapring_stat(ring, &stat.it));
    check_guard(stat);
    assert_int_equal(2, stat.it.records);
    assert_int_equal(consumers, stat.it.consumers);
    assert_string_equal("old", stat.it.consumer[0].name);
    mapring_close(ring);
}

static void check_observer(void)
{
    const struct mapring_observer_options options = {.from = MAPRING_OLDEST};
    mapring_observer *observer;
    GUARDED(mapring_record) record;
    char buffer[16];
    guard(record);
    assert_int_equal(MAPRING_OK, mapring_observer_open(&observer, name, &options));
    assert_int_equal(MAPRING_OK, mapring_observer_next(observer, &record.it, SECOND_NS));
    check_record(&record.it, 0);
    assert_int_equal(MAPRING_OK, mapring_observer_receive(observer, buffer, sizeof buffer,
                                                          &record.it, SECOND_NS));
    check_record(&record.it, 1);
    check_guard(record);
    mapring_observer_close(observer);
}

static void an_old_program_runs_and_keeps_what_lies_beside_its_structures(void **state)
{
    (void)state;
    const struct mapring_consumer_options options = {.name = "old"};
    const struct mapring_buffer hello = {"hello", 5};
    mapring_producer *producer;
    mapring_consumer *consumer;
    GUARDED(mapring_record) record;
    guard(record);
    assert_int_equal(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    assert_int_equal(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    assert_int_equal(MAPRING_OK, mapring_producer_send(producer, "hello", 5, 0));
    assert_int_equal(MAPRING_OK, mapring_producer_send_batch(producer, &hello, 1, 0));
    assert_int_equal(MAPRING_OK, mapring_consumer_next(consumer, &record.it, SECOND_NS));
    check_record(&record.it, 0);
    assert_int_equal(MAPRING_OK, mapring_consumer_release(consumer));
    check_stat(1);
    check_observer();
    size_t count;
    assert_int_equal(MAPRING_OK,
                     mapring_consumer_next_batch(consumer, &record.it, 1, &count, SECOND_NS));
    assert_int_equal(1, count);
    check_record(&record.it, 1);
    check_guard(record);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    mapring_remove(name, MAPRING_LOCAL, true);
}

/* A later version may give a meaning to reserved fields. A program that leaves them to chance would
 * then ask for something. */
static void what_is_reserved_must_be_zero(void **state)
{
    (void)state;
    const struct mapring_options ring = {.reserved = {[7] = 1}};
    const struct mapring_consumer_options consumer = {.reserved = {[7] = 1}};
    const struct mapring_observer_options observer = {.reserved = {1}};
    mapring_producer *opened_producer;
    mapring_consumer *opened_consumer;
    mapring_observer *opened_observer;
    assert_int_equal(MAPRING_ERROR_ARGUMENT, mapring_producer_open(&opened_producer, name, &ring));
    assert_non_null(strstr(mapring_last_error()->text, "options.reserved"));
    assert_int_equal(MAPRING_ERROR_ARGUMENT,
                     mapring_consumer_open(&opened_consumer, name, &consumer));
    assert_int_equal(MAPRING_ERROR_ARGUMENT,
                     mapring_observer_open(&opened_observer, name, &observer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_of_0_1_is_where_it_was),
        cmocka_unit_test(an_old_program_runs_and_keeps_what_lies_beside_its_structures),
        cmocka_unit_test(what_is_reserved_must_be_zero),
    };
    snprintf(name, sizeof name, "test-abi-%ld", (long)getpid());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
