/* SPDX-License-Identifier: MIT */
/* Measures how costs scale: throughput by capacity, by the number of readers and by the size of
 * records, and the time to create and open rings. Writes the tables of docs/performance.md:
 *     scale [ROUNDS]
 * The producer runs on the first CPU that this process may use. Consumers share the others, except
 * where each further reader is to have a core of its own. Rings are in shared memory, one at a
 * time, up to 1 GiB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapring/mapring.h"
#include "scale_run.h"

enum { BAR = 30, APART = 12 /* readers beyond the producer */ };

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

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

/* Runs the cases in turns, and sorts what each one came to. Ends a sentence with the line. */
static void run_cases(struct scale_case *cases, size_t count, unsigned rounds)
{
    double line[SCALE_ROUNDS];
    for (unsigned r = 0; r < rounds; r++) {
        line[r] = scale_line_ns();
        for (size_t i = 0; i < count; i++)
            scale_slice(&cases[i], r);
    }
    printf("a cache line goes one way in %.0f ns.\n\n", median(line, rounds));
}

static double best_rate(struct scale_case *cases, size_t count, unsigned rounds)
{
    double best = 0;
    for (size_t i = 0; i < count; i++) {
        double rate = median(cases[i].rate, rounds);
        best = rate > best ? rate : best;
    }
    return best;
}

/* Ends a row with a bar as long as the rate. */
static void print_bar(double rate, double best)
{
    printf(" %.*s |\n", (int)(rate / best * BAR + 0.5), "##############################");
}

/* A row for each case. */
static void print_cases(struct scale_case *cases, size_t count, unsigned rounds, const char *head)
{
    double best = best_rate(cases, count, rounds);
    printf("| %s | M records/s | MB/s | |\n|---|---|---|---|\n", head);
    for (size_t i = 0; i < count; i++) {
        char text[24];
        double rate = median(cases[i].rate, rounds);
        if (strcmp(head, "consumers") == 0)
            snprintf(text, sizeof text, "%u", cases[i].consumers);
        else
            size_text(head[0] == 'c' ? cases[i].capacity : cases[i].bytes, text);
        printf("| %s | %.3g | %.0f |", text, rate, rate * (double)cases[i].bytes);
        print_bar(rate, best);
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
    run_cases(cases, COUNT_OF(cases), rounds);
    print_cases(cases, COUNT_OF(cases), rounds, "capacity");
}

static void by_consumers(unsigned rounds, size_t bytes)
{
    struct scale_case cases[5];
    for (unsigned i = 0; i < COUNT_OF(cases); i++)
        cases[i] = (struct scale_case){.capacity = 1 << 20, .bytes = bytes, .consumers = 1u << i};
    printf(
        "\nRecords of %zu bytes, ring of 1 MiB, consumers that share all CPUs but the producer's; ",
        bytes);
    run_cases(cases, COUNT_OF(cases), rounds);
    print_cases(cases, COUNT_OF(cases), rounds, "consumers");
}

/* ---- Each further reader on a core of its own ---- */

/* Says what could not be measured, if anything. `others` is the number of other processes. */
static void print_unmeasured(const char *readers, unsigned measured, unsigned others)
{
    if (measured < APART)
        printf(
            "\nBeyond %u, the cost of %s could not be measured: %u of them, each on a core of its "
            "own, take %u cores with the other processes, and this program may use %u here.\n",
            measured, readers, (unsigned)APART, APART + others, scale_cores());
}

static void print_apart(struct scale_case *cases, size_t count, unsigned rounds,
                        const char *readers, bool observed)
{
    double best = best_rate(cases, count, rounds), before = 0;
    printf("| %s | M records/s | ns a record | one more costs, ns |%s |\n|---|---|---|---|%s---|\n",
           readers, observed ? " the slowest observer reads |" : "", observed ? "---|" : "");
    for (size_t i = 0; i < count; i++) {
        double rate = median(cases[i].rate, rounds), ns = 1e3 / rate;
        printf("| %u | %.3g | %.1f |", observed ? cases[i].observers : cases[i].consumers, rate,
               ns);
        if (i > 0)
            printf(" %.1f |", ns - before);
        else
            printf(" |");
        if (observed && cases[i].observers > 0)
            printf(" %.0f %% |", 100 * median(cases[i].seen, rounds));
        else if (observed)
            printf(" |");
        print_bar(rate, best);
        before = ns;
    }
    fflush(stdout);
}

/* From one consumer, or from one consumer and no observer, to APART of them. */
static void by_readers_apart(unsigned rounds, size_t bytes, bool observed)
{
    struct scale_case cases[APART + 1];
    const char *readers = observed ? "observers" : "consumers";
    unsigned others = observed ? 2 : 1, measured = 0;
    size_t count = 0;
    for (unsigned i = observed ? 0 : 1; i <= APART && i + others <= scale_cores(); i++) {
        cases[count++] = (struct scale_case){.capacity = 1 << 20,
                                             .bytes = bytes,
                                             .consumers = observed ? 1 : i,
                                             .observers = observed ? i : 0,
                                             .apart = true};
        measured = i;
    }
    printf("\nRecords of %zu bytes, ring of 1 MiB, %s, each process on a core of its own; ", bytes,
           observed ? "one consumer and more and more observers" : "more and more consumers");
    run_cases(cases, count, rounds);
    print_apart(cases, count, rounds, readers, observed);
    print_unmeasured(readers, measured, others);
}

/* ---- Sizes, and opening ---- */

static void by_size(unsigned rounds)
{
    static const size_t sizes[] = {0, 8, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};
    struct scale_case cases[COUNT_OF(sizes)];
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        cases[i] = (struct scale_case){.capacity = 4 << 20, .bytes = sizes[i], .consumers = 1};
    printf("\nRing of 4 MiB, one consumer; ");
    run_cases(cases, COUNT_OF(sizes), rounds);
    print_cases(cases, COUNT_OF(sizes), rounds, "payload");
}

static double took_ms(uint64_t begin)
{
    return (double)(scale_now_ns() - begin) / 1e6;
}

static void opening(uint64_t capacity, unsigned rounds)
{
    double create[SCALE_ROUNDS], produce[SCALE_ROUNDS], consume_one[SCALE_ROUNDS],
        prefault[SCALE_ROUNDS];
    char text[24];
    for (unsigned r = 0; r < rounds; r++) {
        const struct mapring_options options = {.capacity_bytes = capacity};
        const struct mapring_consumer_options touching = {.prefault = true};
        mapring_ring *ring;
        mapring_producer *producer;
        mapring_consumer *consumer;
        uint64_t begin = scale_now_ns();
        scale_must(mapring_open(&ring, scale_name, &options));
        create[r] = took_ms(begin);
        scale_must(mapring_producer_open(&producer, scale_name, (begin = scale_now_ns(), NULL)));
        produce[r] = took_ms(begin);
        scale_must(mapring_consumer_open(&consumer, scale_name, (begin = scale_now_ns(), NULL)));
        consume_one[r] = took_ms(begin);
        mapring_consumer_close(consumer);
        scale_must(
            mapring_consumer_open(&consumer, scale_name, (begin = scale_now_ns(), &touching)));
        prefault[r] = took_ms(begin);
        mapring_consumer_close(consumer);
        mapring_producer_close(producer);
        mapring_close(ring);
        mapring_remove(scale_name, MAPRING_LOCAL, true);
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
    rounds = rounds < 1 ? 1 : rounds > SCALE_ROUNDS ? SCALE_ROUNDS : rounds;
    if (!scale_begin()) {
        perror("scale");
        return 1;
    }
    by_capacity(rounds, 64);
    by_capacity(rounds, 1024);
    by_consumers(rounds, 64);
    by_consumers(rounds, 1024);
    by_readers_apart(rounds, 64, false);
    by_readers_apart(rounds, 1024, false);
    by_readers_apart(rounds, 64, true);
    by_readers_apart(rounds, 1024, true);
    by_size(rounds);
    by_opening(rounds);
    return 0;
}
