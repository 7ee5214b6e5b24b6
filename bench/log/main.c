/* SPDX-License-Identifier: MIT */
/* What a log call costs, beside a minimal one over the same ring, and beside other ways to log:
 *     bench_log [--json] [--rounds N] [--folder FOLDER] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/os.h"
#include "core/report.h"
#include "core/statistics.h"
#include "log/reader.h"
#include "log/single.h"
#include "log/slice.h"
#include "shared/command.h"
#include "shared/json.h"
#include "shared/message.h"
#include "shared/os.h"

enum { CASES = 128, USUAL_ROUNDS = 9 };

static uint64_t rounds = USUAL_ROUNDS;
static const char *folder = ".";
static bool json;

static const struct option_row options[] = {
    OPTION_JSON(&json),
    {"rounds", "N", value_count, &rounds, "measure each case N times, at most 101 (default 9)"},
    {"folder", "FOLDER", value_text, &folder,
     "where other loggers write their files: best in memory (default: the current one)"},
    {NULL, NULL, NULL, NULL, NULL},
};

static const struct logger *const loggers[] = {
    &logger_prototype, &logger_mapring,      &logger_text_ring, &logger_file,
#ifdef LOG_SPDLOG
    &logger_spdlog,    &logger_spdlog_async,
#endif
};
static const char *const line_names[] = {"values", "text", "plain"};
static const char *const policy_names[] = {"", "block", "drop", "overwrite"};

static struct log_case cases[CASES];
static size_t count;
static struct log_single single;

static void add(const struct logger *logger, enum log_line line, enum mapring_when_full when_full,
                unsigned threads, bool read, unsigned cpus)
{
    struct log_case *each = &cases[count];
    *each = (struct log_case){logger, line, when_full, threads, read, NULL, {0}, {0}};
    if (count == CASES || log_case_cpus(each) > cpus)
        return;
    each->bursts = calloc(1, sizeof *each->bursts);
    count += each->bursts != NULL;
}

/* Without a reader, other rings than those that overwrite would soon be full for good. */
static void add_policies(const struct logger *logger, enum log_line line, unsigned threads,
                         unsigned cpus)
{
    for (int full = MAPRING_OVERWRITE; full >= MAPRING_BLOCK; full--)
        for (int read = full == MAPRING_OVERWRITE ? 0 : 1; read < 2; read++)
            add(logger, line, (enum mapring_when_full)full, threads, read, cpus);
}

static void make_cases(unsigned cpus)
{
    for (unsigned threads = 1; threads <= LOGGER_THREADS; threads++)
        for (int line = 0; line < (threads == 1 ? LINE_KINDS : 1); line++)
            for (size_t i = 0; i < sizeof loggers / sizeof *loggers; i++)
                if (loggers[i]->has_rings)
                    add_policies(loggers[i], (enum log_line)line, threads, cpus);
                else
                    add(loggers[i], (enum log_line)line, MAPRING_UNSPECIFIED, threads, false, cpus);
}

static const struct log_case *prototype_of(const struct log_case *each)
{
    for (size_t i = 0; i < count; i++)
        if (cases[i].logger == &logger_prototype && cases[i].line == each->line &&
            cases[i].threads == each->threads && cases[i].read == each->read &&
            cases[i].when_full == (each->when_full ? each->when_full : MAPRING_OVERWRITE))
            return &cases[i];
    return NULL;
}

/* The median over all rounds; 0 if there is nothing to compare with. */
static double ratio_of(const struct log_case *each)
{
    const struct log_case *reference = prototype_of(each);
    double ratios[LOG_ROUNDS];
    for (uint64_t i = 0; reference && i < rounds; i++)
        ratios[i] = each->middle[i] / reference->middle[i];
    return reference ? spread_of(ratios, (size_t)rounds).median : 0;
}

static double percentile(const struct log_case *each, double share)
{
    return slice_call_ns(histogram_percentile(each->bursts, share));
}

static void print_case(const struct log_case *each)
{
    printf("%-6s %u  %-26s %-10s %-6s %8.1f %8.1f %8.1f %8.1f %7.2f %8.1f\n",
           line_names[each->line], each->threads, each->logger->title,
           policy_names[each->when_full], each->read ? "read" : "",
           spread_of(each->middle, (size_t)rounds).median, percentile(each, 0.5),
           percentile(each, 0.95), percentile(each, 0.999), ratio_of(each),
           spread_of(each->rate, (size_t)rounds).median);
}

static void write_case(const struct log_case *each)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("logger", each->logger->name);
    json_text("line", line_names[each->line]);
    json_text("when_full", policy_names[each->when_full]);
    json_number("threads", each->threads);
    json_bool("read", each->read);
    json_fixed("middle", spread_of(each->middle, (size_t)rounds).median, 2);
    json_fixed("p50", percentile(each, 0.5), 2);
    json_fixed("p95", percentile(each, 0.95), 2);
    json_fixed("p99.9", percentile(each, 0.999), 2);
    json_fixed("to_prototype", ratio_of(each), 3);
    json_fixed("million_calls_per_second", spread_of(each->rate, (size_t)rounds).median, 2);
    json_end();
}

static void report(unsigned cpus)
{
    struct machine machine = machine_here();
    if (!json) {
        printf("%s, %u CPUs, %s; %u rounds; bursts of %u calls, ns per call\n\n", machine.processor,
               cpus, machine.system, (unsigned)rounds, (unsigned)BURST);
        printf("line threads                     when full  reader   middle      p50      p95    "
               "p99.9   ratio M calls/s\n");
        for (size_t i = 0; i < count; i++)
            print_case(&cases[i]);
        printf("\nfirst call of a place: p50 %.0f ns, at most %.0f ns\n", single.first_p50,
               single.first_most);
        printf("call below the level: %.2f ns a turn of a loop, an empty loop %.2f ns\n",
               single.disabled, single.empty);
        return;
    }
    json_object_begin(NULL, JSON_IN_LINES);
    json_text("processor", machine.processor);
    json_number("cpus", cpus);
    json_text("system", machine.system);
    json_number("rounds", rounds);
    json_fixed("first_call_p50", single.first_p50, 1);
    json_fixed("first_call_most", single.first_most, 1);
    json_fixed("disabled_turn", single.disabled, 3);
    json_fixed("empty_turn", single.empty, 3);
    json_array_begin("cases", JSON_IN_LINES);
    for (size_t i = 0; i < count; i++)
        write_case(&cases[i]);
    json_end();
    json_end();
}

static int run(int argument_count, char **arguments)
{
    static unsigned cpu[LOG_CPUS + LOGGER_THREADS * 2];
    if (argument_count == 5 && strcmp(arguments[0], "reader") == 0)
        return reader_run(arguments + 1);
    if (argument_count > 0)
        return usage_error("unexpected argument '%s'", arguments[0]);
    unsigned cpus = bench_cpus(cpu, LOG_CPUS);
    rounds = rounds < LOG_ROUNDS ? rounds : LOG_ROUNDS;
    make_cases(cpus);
    for (unsigned round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++)
            if (os_interrupted() || !slice_run(&cases[i], round, cpu, folder))
                return EXIT_FAILED;
    char name[LOGGER_RING_BYTES];
    snprintf(name, sizeof name, "bench-log-%llu", (unsigned long long)bench_process_id());
    if (!log_single_measure(name, cpu[0], &single))
        return EXIT_FAILED;
    report(cpus);
    return EXIT_DONE;
}

static const struct command command = {
    .name = "bench_log",
    .full_name = "bench_log",
    .arguments = "[OPTION...]",
    .help = "Measures what a log call costs, beside a minimal one over the same ring, the "
            "prototype, and beside other ways to log.",
    .options = options,
    .most = 5,
    .run = run,
};

int main(int argc, char **argv)
{
    os_catch_interrupts();
    return command_run(&command, argc, argv);
}
