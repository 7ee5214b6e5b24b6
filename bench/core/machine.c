/* SPDX-License-Identifier: MIT */
/* The machine that was measured, and figures that all reports need. */
#include <string.h>

#include "report.h"

#if defined __x86_64__ || defined __i386__
#include <cpuid.h>

/* The processor's name, which CPUID returns in three parts of four words. */
static void processor(char *text)
{
    unsigned words[12] = {0};
    for (unsigned i = 0; i < 3; i++)
        if (!__get_cpuid(0x80000002 + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2],
                         &words[4 * i + 3]))
            break;
    const char *name = (const char *)words;
    size_t begin = 0, end = strnlen(name, sizeof words);
    while (begin < end && name[begin] == ' ')
        begin++;
    while (end > begin && name[end - 1] == ' ')
        end--;
    memcpy(text, name + begin, end - begin);
}
#else
static void processor(char *text)
{
    memcpy(text, "unknown processor", sizeof "unknown processor");
}
#endif

struct machine machine_here(void)
{
    struct machine machine = {.processor = ""};
    processor(machine.processor);
    bench_system(machine.system, sizeof machine.system);
    return machine;
}

const struct bench_word bench_words[] = {
    {"probe", "one bare cache line handed to and fro before and after each slice"},
    {"batch", "up to 32 records sent and received at a time"},
    {"middle", "the mean without the lowest and the highest twentieth"},
};
const size_t bench_words_count = sizeof bench_words / sizeof *bench_words;

const double percentile_shares[PERCENTILES] = {0.5, 0.9, 0.99, 0.999, 0.9999};
const char *const percentile_names[PERCENTILES] = {"p50", "p90", "p99", "p99.9", "p99.99"};

struct percentiles percentiles_of(const struct bench_case *each, const struct case_result *placed)
{
    struct percentiles result = {{0}, 0, 0};
    if (!placed->times)
        return result;
    for (int i = 0; i < PERCENTILES; i++)
        result.ns[i] =
            case_times_ns(each->group, histogram_percentile(placed->times, percentile_shares[i]));
    result.max = case_times_ns(each->group, (double)placed->times->max);
    result.middle = case_times_ns(each->group, histogram_middle(placed->times));
    return result;
}

unsigned placements_seen(const struct bench_cases *cases, enum placement *order)
{
    unsigned count = 0;
    for (int p = 0; p < PLACEMENT_COUNT; p++) {
        if (cases->kept[p] == 0)
            continue;
        unsigned at = count++;
        for (; at > 0 && cases->kept[order[at - 1]] < cases->kept[p]; at--)
            order[at] = order[at - 1];
        order[at] = (enum placement)p;
    }
    return count;
}
