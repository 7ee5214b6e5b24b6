/* SPDX-License-Identifier: MIT */
/* Measures how costs scale: throughput by capacity, by the number of consumers and by the size of
 * records, and the time to create and open rings. Writes the tables of docs/performance.md:
 *     scale [ROUNDS]
 * The producer runs on the first CPU that this process may use, and all consumers share the others.
 * Rings are in shared memory, one at a time, up to 1 GiB. Each loses its name once all processes
 * have it open, so that nothing stays if this program is killed. */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mapring/mapring.h"

enum {
    CONSUMERS = 16,
    ROUNDS_LIMIT = 51,
    WARM_NS = 20000000,
    SLICE_NS = 60000000,
    COUNT_EVERY = 16, /* records that a consumer reads, releases and counts at a time */
    BAR = 30,
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct scale_case {
    uint64_t capacity;
    size_t bytes;
    unsigned consumers;
    double rate[ROUNDS_LIMIT]; /* million records a second, as read by the slowest consumer */
};

/* In memory that all processes share; each consumer has lines of its own. */
struct counter {
    _Alignas(128) atomic_uint_least64_t records;
};
static struct counter *counters;
static cpu_set_t allowed;
static char name[40];

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void must(int result)
{
    if (result == MAPRING_OK)
        return;
    const char *text = result < 0 ? mapring_last_error()->text : mapring_result_text(result);
    fprintf(stderr, "scale: %s\n", text);
    mapring_remove(name, MAPRING_LOCAL, true);
    _exit(1);
}

static void pin(bool first)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    bool is_first = true;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        if (is_first == first)
            CPU_SET(cpu, &set);
        is_first = false;
    }
    sched_setaffinity(0, sizeof set, &set); /* fails with one CPU, which all processes share */
}

static uint64_t sum_of(const struct mapring_record *record)
{
    const uint64_t *words = record->payload;
    uint64_t sum = 0;
    for (size_t i = 0; i < record->bytes / sizeof *words; i++)
        sum += words[i];
    return sum;
}

static void consume(unsigned number)
{
    static volatile uint64_t sink;
    const struct mapring_consumer_options options = {.prefault = true};
    mapring_consumer *consumer;
    struct mapring_record record[COUNT_EVERY];
    size_t count;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pin(false);
    must(mapring_consumer_open(&consumer, name, &options));
    int result;
    while ((result = mapring_consumer_next_batch(consumer, record, COUNT_EVERY, &count,
                                                 MAPRING_FOREVER)) == MAPRING_OK) {
        for (size_t i = 0; i < count; i++)
            sink = sink + sum_of(&record[i]);
        mapring_consumer_release(consumer);
        atomic_fetch_add_explicit(&counters[number].records, count, memory_order_relaxed);
    }
    must(result == MAPRING_PRODUCER_CLOSED ? MAPRING_OK : result);
    _exit(0);
}

static uint64_t slowest(const struct scale_case *each)
{
    uint64_t least = UINT64_MAX;
    for (unsigned i = 0; i < each->consumers; i++) {
        uint64_t records = atomic_load_explicit(&counters[i].records, memory_order_relaxed);
        least = records < least ? records : least;
    }
    return least;
}

static void produce_until(mapring_producer *producer, size_t bytes, uint64_t end)
{
    enum { HANDFUL = 64 };
    size_t handful = bytes > 4096 ? 1 : HANDFUL;
    while (now_ns() < end)
        for (size_t i = 0; i < handful; i++) {
            void *payload;
            must(mapring_producer_reserve(producer, bytes, &payload, MAPRING_FOREVER));
            memset(payload, (int)i, bytes);
            must(mapring_producer_commit(producer, bytes));
        }
}

static double slice(const struct scale_case *each)
{
    const struct mapring_options options = {.capacity_bytes = each->capacity, .prefault = true};
    mapring_producer *producer;
    memset(counters, 0, CONSUMERS * sizeof *counters);
    must(mapring_producer_open(&producer, name, &options));
    for (unsigned i = 0; i < each->consumers; i++)
        if (fork() == 0)
            consume(i);
    must(mapring_producer_wait_consumers(producer, each->consumers, 20000000000));
    mapring_remove(name, MAPRING_LOCAL, true);
    produce_until(producer, each->bytes, now_ns() + WARM_NS);
    uint64_t begin = now_ns(), before = slowest(each);
    produce_until(producer, each->bytes, begin + SLICE_NS);
    uint64_t records = slowest(each) - before, took = now_ns() - begin;
    mapring_producer_close(producer);
    while (wait(NULL) > 0)
        continue;
    return (double)records / (double)took * 1e3;
}

static void bounce(unsigned mine, uint64_t trips)
{
    for (uint64_t i = 1; i <= trips; i++) {
        atomic_store_explicit(&counters[mine].records, i, memory_order_release);
        uint64_t end = mine == 0 ? i : i + (i < trips);
        while (atomic_load_explicit(&counters[!mine].records, memory_order_acquire) < end)
            continue;
    }
}

/* How long a cache line takes one way between the CPUs of producer and consumer, in ns. */
static double line_ns(void)
{
    enum { TRIPS = 20000 };
    memset(counters, 0, CONSUMERS * sizeof *counters);
    if (fork() == 0) {
        pin(false);
        while (atomic_load_explicit(&counters[0].records, memory_order_acquire) == 0)
            continue;
        bounce(1, TRIPS);
        _exit(0);
    }
    uint64_t begin = now_ns();
    bounce(0, TRIPS);
    double took = (double)(now_ns() - begin);
    wait(NULL);
    return took / TRIPS / 2;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

static const char *size_text(uint64_t bytes, char text[24])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    unsigned unit = 0;
    for (; bytes >= 1024; bytes /= 1024)
        unit++;
    snprintf(text, 24, "%u %s", (unsigned)bytes, units[unit]);
    return text;
}

/* Runs the cases in turns, then prints a row for each, with a bar as long as its value. */
static void run_cases(struct scale_case *cases, size_t count, unsigned rounds, const char *head)
{
    double best = 0, line[ROUNDS_LIMIT];
    for (unsigned r = 0; r < rounds; r++) {
        line[r] = line_ns();
        for (size_t i = 0; i < count; i++)
            cases[i].rate[r] = slice(&cases[i]);
    }
    for (size_t i = 0; i < count; i++) {
        double value = median(cases[i].rate, rounds);
        best = value > best ? value : best;
    }
    printf("a cache line goes one way in %.0f ns.\n", median(line, rounds));
    printf("\n| %s | M records/s | MB/s | |\n|---|---|---|---|\n", head);
    for (size_t i = 0; i < count; i++) {
        char text[24];
        double value = cases[i].rate[rounds / 2], mb = value * (double)cases[i].bytes;
        if (strcmp(head, "consumers") == 0)
            snprintf(text, sizeof text, "%u", cases[i].consumers);
        else
            size_text(head[0] == 'c' ? cases[i].capacity : cases[i].bytes, text);
        printf("| %s | %.3g | %.0f | %.*s |\n", text, value, mb, (int)(value / best * BAR + 0.5),
               "##############################");
    }
    fflush(stdout);
}

static void by_capacity(unsigned rounds, size_t bytes)
{
    struct scale_case cases[8];
    for (unsigned i = 0; i < COUNT_OF(cases); i++)
        cases[i] =
            (struct scale_case){.capacity = i < 7 ? UINT64_C(65536) << 2 * i : UINT64_C(1) << 30,
                                .bytes = bytes,
                                .consumers = 1};
    printf("\nRecords of %zu bytes, one consumer; ", bytes);
    run_cases(cases, COUNT_OF(cases), rounds, "capacity");
}

static void by_consumers(unsigned rounds, size_t bytes)
{
    struct scale_case cases[5];
    for (unsigned i = 0; i < COUNT_OF(cases); i++)
        cases[i] = (struct scale_case){.capacity = 1 << 20, .bytes = bytes, .consumers = 1u << i};
    printf("\nRecords of %zu bytes, ring of 1 MiB; ", bytes);
    run_cases(cases, COUNT_OF(cases), rounds, "consumers");
}

static void by_size(unsigned rounds)
{
    static const size_t sizes[] = {0, 8, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};
    struct scale_case cases[COUNT_OF(sizes)];
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        cases[i] = (struct scale_case){.capacity = 4 << 20, .bytes = sizes[i], .consumers = 1};
    printf("\nRing of 4 MiB, one consumer; ");
    run_cases(cases, COUNT_OF(sizes), rounds, "payload");
}

static double took_ms(uint64_t begin)
{
    return (double)(now_ns() - begin) / 1e6;
}

static void opening(uint64_t capacity, unsigned rounds)
{
    double create[ROUNDS_LIMIT], produce[ROUNDS_LIMIT], consume_one[ROUNDS_LIMIT],
        prefault[ROUNDS_LIMIT];
    char text[24];
    for (unsigned r = 0; r < rounds; r++) {
        const struct mapring_options options = {.capacity_bytes = capacity};
        const struct mapring_consumer_options touching = {.prefault = true};
        mapring_ring *ring;
        mapring_producer *producer;
        mapring_consumer *consumer;
        uint64_t begin = now_ns();
        must(mapring_open(&ring, name, &options));
        create[r] = took_ms(begin);
        must(mapring_producer_open(&producer, name, (begin = now_ns(), NULL)));
        produce[r] = took_ms(begin);
        must(mapring_consumer_open(&consumer, name, (begin = now_ns(), NULL)));
        consume_one[r] = took_ms(begin);
        mapring_consumer_close(consumer);
        must(mapring_consumer_open(&consumer, name, (begin = now_ns(), &touching)));
        prefault[r] = took_ms(begin);
        mapring_consumer_close(consumer);
        mapring_producer_close(producer);
        mapring_close(ring);
        mapring_remove(name, MAPRING_LOCAL, true);
    }
    printf("| %s | %llu KiB | %.3g | %.3g | %.3g | %.3g |\n", size_text(capacity, text),
           (unsigned long long)(capacity / 1024 + 128), median(create, rounds),
           median(produce, rounds), median(consume_one, rounds), median(prefault, rounds));
    fflush(stdout);
}

static void by_opening(unsigned rounds)
{
    printf("\nTime in ms:\n\n| capacity | memory | create | open producer | open consumer | "
           "the same with prefault |\n|---|---|---|---|---|---|\n");
    for (uint64_t capacity = 65536; capacity <= UINT64_C(1) << 28; capacity *= 4)
        opening(capacity, rounds);
    opening(UINT64_C(1) << 30, rounds);
}

int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 5;
    rounds = rounds < 1 ? 1 : rounds > ROUNDS_LIMIT ? ROUNDS_LIMIT : rounds;
    counters = mmap(NULL, CONSUMERS * sizeof *counters, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (counters == MAP_FAILED)
        return 1;
    snprintf(name, sizeof name, "mapring-scale-%ld", (long)getpid());
    sched_getaffinity(0, sizeof allowed, &allowed);
    pin(true);
    by_capacity(rounds, 64);
    by_capacity(rounds, 1024);
    by_consumers(rounds, 64);
    by_consumers(rounds, 1024);
    by_size(rounds);
    by_opening(rounds);
    return 0;
}
