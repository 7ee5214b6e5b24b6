/* SPDX-License-Identifier: MIT */
/* Measures a logger: bursts with pauses in between, and then calls back to back. */
#include "slice.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "reader.h"

enum { WARM_MS = 5, BURSTS_MS = 30, RUSH_MS = 10, NS_PER_MS = 1000000, DITHER = 61 };

struct slice {
    const struct log_case *each;
    void *log;
    pthread_barrier_t barrier; /* of the writers and the thread that conducts them */
    bool failed;
};

struct writer {
    struct slice *slice;
    pthread_t thread;
    unsigned number, cpu;
    void *log;
    struct histogram *bursts;
    double rate;
};

double slice_call_ns(double ticks)
{
    double ns = (ticks - clock_overhead()) / clock_ticks_per_ns() / BURST;
    return ns > 0 ? ns : 0;
}

unsigned log_case_cpus(const struct log_case *each)
{
    bool has_thread = each->logger->has_thread;
    return each->threads * (each->read ? 2 : 1) + has_thread;
}

static uint64_t ticks_of(double ns)
{
    return (uint64_t)(ns * clock_ticks_per_ns());
}

/* The clock advances in steps: bursts begin at different points of one. */
static void dither(unsigned number)
{
    for (unsigned i = 0; i < number % DITHER; i++)
        __asm__ volatile("" : : "r"(i) : "memory");
}

static void write_bursts(const struct writer *writer, uint64_t end, struct histogram *bursts)
{
    const struct log_case *each = writer->slice->each;
    uint64_t pause = ticks_of(each->logger->pause_ns);
    for (unsigned number = 0; clock_ticks() < end; number++) {
        for (uint64_t due = clock_ticks() + pause; clock_ticks() < due;)
            continue;
        dither(number);
        uint64_t begin = clock_ticks_in_order();
        each->logger->write[each->line](writer->log, BURST);
        histogram_add(bursts, clock_ticks_in_order() - begin);
    }
}

/* Returns million calls per second. */
static double write_back_to_back(const struct writer *writer)
{
    enum { HANDFUL = 200 };
    const struct log_case *each = writer->slice->each;
    uint64_t begin = clock_ticks(), limit = ticks_of(RUSH_MS * NS_PER_MS), took = 0, calls = 0;
    for (; took < limit; took = clock_ticks() - begin, calls += HANDFUL)
        each->logger->write[each->line](writer->log, HANDFUL);
    return (double)calls / ((double)took / clock_ticks_per_ns()) * 1e3;
}

static void *run_writer(void *argument)
{
    struct writer *writer = argument;
    struct slice *slice = writer->slice;
    bench_pin(writer->cpu);
    writer->log = slice->each->logger->enter(slice->log, writer->number);
    if (!writer->log)
        __atomic_store_n(&slice->failed, true, __ATOMIC_RELAXED);
    pthread_barrier_wait(&slice->barrier); /* all have entered */
    pthread_barrier_wait(&slice->barrier); /* and are read */
    if (__atomic_load_n(&slice->failed, __ATOMIC_RELAXED))
        return NULL;
    struct histogram *warm = calloc(1, sizeof *warm);
    if (warm)
        write_bursts(writer, clock_ticks() + ticks_of(WARM_MS * NS_PER_MS), warm);
    free(warm);
    write_bursts(writer, clock_ticks() + ticks_of(BURSTS_MS * NS_PER_MS), writer->bursts);
    pthread_barrier_wait(&slice->barrier);
    writer->rate = write_back_to_back(writer);
    return NULL;
}

/* Takes in what the writers have measured. */
static void add_up(struct log_case *each, unsigned round, struct writer *writers)
{
    each->rate[round] = 0;
    for (unsigned i = 1; i < each->threads; i++)
        histogram_merge(writers[0].bursts, writers[i].bursts);
    for (unsigned i = 0; i < each->threads; i++)
        each->rate[round] += writers[i].rate;
    each->middle[round] = slice_call_ns(histogram_middle(writers[0].bursts));
    histogram_merge(each->bursts, writers[0].bursts);
}

static bool start_writers(struct slice *slice, struct writer *writers, const unsigned *cpu)
{
    pthread_barrier_init(&slice->barrier, NULL, slice->each->threads + 1);
    for (unsigned i = 0; i < slice->each->threads; i++) {
        writers[i] = (struct writer){.slice = slice,
                                     .number = i,
                                     .cpu = cpu[i],
                                     .bursts = calloc(1, sizeof *writers->bursts)};
        if (!writers[i].bursts ||
            pthread_create(&writers[i].thread, NULL, run_writer, &writers[i]) != 0) {
            perror("bench_log");
            exit(1); /* the others wait for this one */
        }
    }
    pthread_barrier_wait(&slice->barrier);
    return !slice->failed;
}

static void end_writers(struct slice *slice, struct writer *writers)
{
    pthread_barrier_wait(&slice->barrier);
    if (!slice->failed)
        pthread_barrier_wait(&slice->barrier); /* between the bursts and the rush */
    for (unsigned i = 0; i < slice->each->threads; i++)
        pthread_join(writers[i].thread, NULL);
    pthread_barrier_destroy(&slice->barrier);
}

static void remove_rings(const struct logger_setup *setup)
{
    for (unsigned i = 0; i < setup->threads; i++) {
        char name[LOGGER_RING_BYTES];
        logger_ring(setup->ring, i, name);
        mapring_remove(name, MAPRING_LOCAL, true);
    }
}

bool slice_run(struct log_case *each, unsigned round, const unsigned *cpu, const char *folder)
{
    char ring[LOGGER_RING_BYTES / 2];
    snprintf(ring, sizeof ring, "bench-log-%llu", (unsigned long long)bench_process_id());
    const struct logger_setup setup = {.ring = ring,
                                       .folder = folder,
                                       .when_full = each->when_full,
                                       .threads = each->threads,
                                       .spare_cpu = cpu[each->threads]};
    struct slice slice = {.each = each, .log = each->logger->open(&setup)};
    struct writer writers[LOGGER_THREADS] = {{0}};
    struct readers readers = {.count = 0};
    if (!slice.log)
        return false;
    slice.failed = !start_writers(&slice, writers, cpu) ||
                   (each->read && !readers_start(&readers, &setup, cpu + each->threads));
    end_writers(&slice, writers);
    each->logger->close(slice.log);
    readers_wait(&readers);
    if (each->logger->has_rings)
        remove_rings(&setup);
    if (!slice.failed)
        add_up(each, round, writers);
    for (unsigned i = 0; i < each->threads; i++)
        free(writers[i].bursts);
    return !slice.failed;
}
