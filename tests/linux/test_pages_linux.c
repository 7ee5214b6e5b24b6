/* SPDX-License-Identifier: MIT */
/* What the system says of the pages that a ring lies in. */
#include "actor.h"

#include <sys/resource.h>

enum { CAPACITY = 4 << 20, RECORDS = 1000, RECORD_BYTES = 4000, PAGES = 900 };

static long faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

static long faults_of_first_lap(bool prefault)
{
    static const unsigned char payload[RECORD_BYTES];
    const struct mapring_options options = {.capacity_bytes = CAPACITY, .prefault = prefault};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, new_ring_name(), &options));
    long before = faults();
    for (int i = 0; i < RECORDS; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, payload, sizeof payload, 0));
    long met = faults() - before;
    mapring_producer_close(producer);
    return met;
}

static long faults_of_reading(const char *name, bool prefault)
{
    const struct mapring_consumer_options options = {.prefault = prefault};
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    long before = faults();
    for (int i = 0; i < RECORDS; i++) {
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        check_number(0, *(const unsigned char *)record.payload);
    }
    long met = faults() - before;
    mapring_consumer_close(consumer);
    return met;
}

static void a_prefaulted_producer_meets_no_faults_in_the_first_lap(void **state)
{
    (void)state;
    if (os_is_sanitized())
        skip();
    check(faults_of_first_lap(false) > PAGES);
    check(faults_of_first_lap(true) < PAGES / 20);
}

static void a_prefaulted_consumer_meets_no_faults(void **state)
{
    (void)state;
    if (os_is_sanitized())
        skip();
    static const unsigned char payload[RECORD_BYTES];
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY});
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    for (int i = 0; i < RECORDS; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, payload, sizeof payload, 0));
    check(faults_of_reading(name, false) > 10); /* the system maps some pages around each */
    mapring_producer_close(producer);
    const char *again = new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY});
    check_result(MAPRING_OK, mapring_producer_open(&producer, again, NULL));
    for (int i = 0; i < RECORDS; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, payload, sizeof payload, 0));
    check(faults_of_reading(again, true) < 10);
    mapring_producer_close(producer);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_prefaulted_producer_meets_no_faults_in_the_first_lap),
    TEST(a_prefaulted_consumer_meets_no_faults),
};
TEST_MAIN(roles, tests)
