/* SPDX-License-Identifier: MIT */
/* What the system reports about the pages of a ring. */
#include "actor.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    CAPACITY = 4 << 20,
    RECORDS = 1000,
    RECORD_BYTES = 4000,
    PAGES = 900,
    HUGE_PAGE = 1 << 21,
    COLLAPSE = 25
};

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
    check(faults_of_reading(name, false) > 10); /* the system maps some pages around each fault */
    mapring_producer_close(producer);
    const char *again = new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY});
    check_result(MAPRING_OK, mapring_producer_open(&producer, again, NULL));
    for (int i = 0; i < RECORDS; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, payload, sizeof payload, 0));
    check(faults_of_reading(again, true) < 10);
    mapring_producer_close(producer);
}

/* Whether the system has huge pages for shared memory, and some of them are free. */
static bool has_huge_pages(void)
{
    size_t bytes = 2 * HUGE_PAGE;
    int descriptor = memfd_create("huge", MFD_CLOEXEC);
    check(descriptor >= 0 && ftruncate(descriptor, (off_t)bytes) == 0);
    char *reserved = mmap(NULL, 2 * bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(reserved != MAP_FAILED);
    char *at = reserved + -(uintptr_t)reserved % HUGE_PAGE;
    check(mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, 0) == at);
    memset(at, 1, bytes);
    bool has = madvise(at, bytes, COLLAPSE) == 0;
    munmap(reserved, 2 * bytes);
    close(descriptor);
    return has;
}

/* How much of a ring's views this process maps by huge pages, in KiB. */
static long huge_kib(const char *ring)
{
    char line[512];
    long sum = 0, kib;
    unsigned long begin, end;
    bool is_ours = false;
    FILE *file = fopen("/proc/self/smaps", "r");
    check(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
            is_ours = strstr(line, ring) != NULL;
        else if (is_ours && sscanf(line, "ShmemPmdMapped: %ld", &kib) == 1)
            sum += kib;
    }
    fclose(file);
    return sum;
}

/* Both views of the slots have huge pages, except for at most 2 MiB of each, also in handles opened
 * later. */
static void a_ring_with_huge_pages_has_them_for_everybody(void **state)
{
    (void)state;
    if (!has_huge_pages())
        skip();
    enum { RING = 16 << 20, LEAST_KIB = (RING - HUGE_PAGE) / 1024 * 2 };
    const struct mapring_options options = {.capacity_bytes = RING, .huge = true};
    const char *name = new_ring(&options);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
    check(huge_kib(name) >= LEAST_KIB);
    mapring_producer_close(producer);
    mapring_consumer *consumer;
    const struct mapring_consumer_options prefault = {.prefault = true};
    long before = huge_kib(name); /* in the handle that keeps the ring */
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &prefault));
    check(huge_kib(name) - before >= LEAST_KIB);
    mapring_consumer_close(consumer);
}

/* The policy belongs to the shared memory, so it also applies to those who come later. */
static void the_node_stays_with_the_ring(void **state)
{
    (void)state;
    const struct mapring_options options = {.capacity_bytes = 65536, .on_numa_node = true};
    const char *name = new_ring(&options);
    char line[512];
    bool told = false;
    FILE *file = fopen("/proc/self/numa_maps", "r");
    if (file == NULL)
        skip();
    while (fgets(line, sizeof line, file) != NULL)
        told = told || (strstr(line, name) != NULL && strstr(line, "prefer:0") != NULL);
    fclose(file);
    check(told);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_prefaulted_producer_meets_no_faults_in_the_first_lap),
    TEST(a_prefaulted_consumer_meets_no_faults),
    TEST(a_ring_with_huge_pages_has_them_for_everybody),
    TEST(the_node_stays_with_the_ring),
};
TEST_MAIN(roles, tests)
