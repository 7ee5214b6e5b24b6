/* SPDX-License-Identifier: MIT */
/* Runs a producer and its readers for one slice. */
#include "scale_run.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
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
    WARM_NS = 20000000,
    SLICE_NS = 60000000,
    PATIENCE_S = 20,
    COUNT_EVERY = 16, /* records that a consumer reads, releases and counts at a time */
};

/* In memory that all processes share; each reader has lines of its own. */
struct counter {
    _Alignas(128) atomic_uint_least64_t records;
};
struct common {
    struct counter counter[SCALE_READERS]; /* consumers, then observers */
    _Alignas(128) sem_t ready;             /* posted by each reader that has the ring open */
};
static struct common *common;
static cpu_set_t allowed;
static int core_cpu[CPU_SETSIZE]; /* the first CPU of each core */
static unsigned cores;

char scale_name[40];

uint64_t scale_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void fail(const char *text)
{
    fprintf(stderr, "scale: %s\n", text);
    mapring_remove(scale_name, MAPRING_LOCAL, true);
    _exit(1);
}

void scale_must(int result)
{
    if (result != MAPRING_OK)
        fail(result < 0 ? mapring_last_error()->text : mapring_result_text(result));
}

/* ---- CPUs and cores ---- */

/* The lowest-numbered CPU of the same core; the CPU itself where the system does not say. */
static int first_sibling(int cpu)
{
    char path[80];
    int first = cpu;
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &first) != 1)
        first = cpu;
    if (file)
        fclose(file);
    return first;
}

static void find_cores(void)
{
    cpu_set_t seen;
    CPU_ZERO(&seen);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || CPU_ISSET(first_sibling(cpu), &seen))
            continue;
        CPU_SET(first_sibling(cpu), &seen);
        core_cpu[cores++] = cpu;
    }
}

unsigned scale_cores(void)
{
    return cores;
}

static void pin_to_core(unsigned core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core_cpu[core], &set);
    sched_setaffinity(0, sizeof set, &set);
}

/* Fails with one CPU, which all processes share. */
static void pin_off_producer(void)
{
    cpu_set_t set = allowed;
    CPU_CLR(core_cpu[0], &set);
    sched_setaffinity(0, sizeof set, &set);
}

/* Leaves a process behind that removes the ring when this one ends, in whatever way. */
static bool guard_ring(void)
{
    int ends[2];
    char byte;
    if (pipe(ends) != 0)
        return false;
    pid_t child = fork();
    if (child != 0) {
        close(ends[0]);
        return child > 0 && wait(NULL) == child;
    }
    if (fork() != 0)
        _exit(0);
    setsid();
    close(ends[1]);
    while (read(ends[0], &byte, 1) > 0)
        continue;
    mapring_remove(scale_name, MAPRING_LOCAL, true);
    _exit(0);
}

bool scale_begin(void)
{
    common = mmap(NULL, sizeof *common, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (common == MAP_FAILED || sem_init(&common->ready, 1, 0) != 0 ||
        sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return false;
    snprintf(scale_name, sizeof scale_name, "mapring-scale-%ld", (long)getpid());
    find_cores();
    if (!guard_ring())
        return false;
    pin_to_core(0);
    return true;
}

/* ---- Readers ---- */

static volatile uint64_t sink;

static uint64_t sum_of(const struct mapring_record *record)
{
    const uint64_t *words = record->payload;
    uint64_t sum = 0;
    for (size_t i = 0; i < record->bytes / sizeof *words; i++)
        sum += words[i];
    return sum;
}

static void count_records(unsigned number, size_t count)
{
    atomic_fetch_add_explicit(&common->counter[number].records, count, memory_order_relaxed);
}

static int consume(unsigned number)
{
    const struct mapring_consumer_options options = {.prefault = true};
    mapring_consumer *consumer;
    struct mapring_record record[COUNT_EVERY];
    size_t count;
    int result;
    scale_must(mapring_consumer_open(&consumer, scale_name, &options));
    sem_post(&common->ready);
    while ((result = mapring_consumer_next_batch(consumer, record, COUNT_EVERY, &count,
                                                 MAPRING_FOREVER)) == MAPRING_OK) {
        for (size_t i = 0; i < count; i++)
            sink = sink + sum_of(&record[i]);
        mapring_consumer_release(consumer);
        count_records(number, count);
    }
    return result;
}

static int observe(unsigned number, size_t bytes)
{
    const struct mapring_observer_options options = {.prefault = true};
    mapring_observer *observer;
    struct mapring_record record;
    void *buffer = malloc(bytes + 1);
    int result;
    scale_must(mapring_observer_open(&observer, scale_name, &options));
    sem_post(&common->ready);
    do {
        result = mapring_observer_receive(observer, buffer, bytes, &record, MAPRING_FOREVER);
        if (result == MAPRING_OK) {
            sink = sink + sum_of(&record);
            count_records(number, 1);
        }
    } while (result == MAPRING_OK || result == MAPRING_LOST);
    return result;
}

/* In a process of its own. */
static void read_all(const struct scale_case *each, unsigned number)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (each->apart)
        pin_to_core(number + 1);
    else
        pin_off_producer();
    int result = number < each->consumers ? consume(number) : observe(number, each->bytes);
    scale_must(result == MAPRING_PRODUCER_CLOSED ? MAPRING_OK : result);
    _exit(0);
}

static void await_readers(unsigned count)
{
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += PATIENCE_S;
    while (count > 0) {
        if (sem_timedwait(&common->ready, &limit) == 0)
            count--;
        else if (errno != EINTR)
            fail("a reader does not start");
    }
}

/* ---- The producer ---- */

static uint64_t slowest(unsigned first, unsigned count)
{
    uint64_t least = UINT64_MAX;
    for (unsigned i = first; i < first + count; i++) {
        uint64_t records = atomic_load_explicit(&common->counter[i].records, memory_order_relaxed);
        least = records < least ? records : least;
    }
    return count > 0 ? least : 0;
}

static void produce_until(mapring_producer *producer, size_t bytes, uint64_t end)
{
    enum { HANDFUL = 64 };
    size_t handful = bytes > 4096 ? 1 : HANDFUL;
    while (scale_now_ns() < end)
        for (size_t i = 0; i < handful; i++) {
            void *payload;
            scale_must(mapring_producer_reserve(producer, bytes, &payload, MAPRING_FOREVER));
            memset(payload, (int)i, bytes);
            scale_must(mapring_producer_commit(producer, bytes));
        }
}

static mapring_producer *start(const struct scale_case *each)
{
    const struct mapring_options options = {.capacity_bytes = each->capacity, .prefault = true};
    unsigned readers = each->consumers + each->observers;
    mapring_producer *producer;
    memset(common->counter, 0, sizeof common->counter);
    scale_must(mapring_producer_open(&producer, scale_name, &options));
    for (unsigned i = 0; i < readers; i++)
        if (fork() == 0)
            read_all(each, i);
    await_readers(readers);
    return producer;
}

void scale_slice(struct scale_case *each, unsigned round)
{
    mapring_producer *producer = start(each);
    produce_until(producer, each->bytes, scale_now_ns() + WARM_NS);
    uint64_t begin = scale_now_ns(), consumed = slowest(0, each->consumers),
             observed = slowest(each->consumers, each->observers);
    produce_until(producer, each->bytes, begin + SLICE_NS);
    uint64_t took = scale_now_ns() - begin;
    consumed = slowest(0, each->consumers) - consumed;
    observed = slowest(each->consumers, each->observers) - observed;
    mapring_producer_close(producer);
    while (wait(NULL) > 0)
        continue;
    mapring_remove(scale_name, MAPRING_LOCAL, true);
    each->rate[round] = (double)consumed / (double)took * 1e3;
    each->seen[round] = consumed > 0 ? (double)observed / (double)consumed : 0;
}

/* ---- The line ---- */

static void bounce(unsigned mine, uint64_t trips)
{
    for (uint64_t i = 1; i <= trips; i++) {
        atomic_store_explicit(&common->counter[mine].records, i, memory_order_release);
        uint64_t end = mine == 0 ? i : i + (i < trips);
        while (atomic_load_explicit(&common->counter[!mine].records, memory_order_acquire) < end)
            continue;
    }
}

double scale_line_ns(void)
{
    /* On one CPU each trip waits for the scheduler. */
    const unsigned trips = CPU_COUNT(&allowed) > 1 ? 20000 : 20;
    memset(common->counter, 0, sizeof common->counter);
    if (fork() == 0) {
        pin_off_producer();
        while (atomic_load_explicit(&common->counter[0].records, memory_order_acquire) == 0)
            continue;
        bounce(1, trips);
        _exit(0);
    }
    uint64_t begin = scale_now_ns();
    bounce(0, trips);
    double took = (double)(scale_now_ns() - begin);
    wait(NULL);
    return took / trips / 2;
}
