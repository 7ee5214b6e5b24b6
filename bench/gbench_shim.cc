/* SPDX-License-Identifier: MIT */
/* A C interface to Google Benchmark. Apart from the peers that are templates, the only C++ of the
 * project. */
#include "gbench_shim.h"

#include <benchmark/benchmark.h>

#include <chrono>

using steady = std::chrono::steady_clock;

/* Google Benchmark's own clock takes a microsecond to pause and resume: too much for a few
 * records. */
struct gbench {
    benchmark::State &state;
    steady::time_point since;
    steady::duration spent;
    bool clock_runs;
};

void gbench_register(const char *name, void (*run)(struct gbench *bench), const int64_t *sizes,
                     unsigned count)
{
    auto *made = benchmark::RegisterBenchmark(name, [run](benchmark::State &state) {
        gbench bench{state, {}, {}, false};
        run(&bench);
    });
    made->UseManualTime();
    for (unsigned i = 0; i < count; ++i)
        made->Arg(sizes[i]);
}

int64_t gbench_size(const struct gbench *bench)
{
    return bench->state.range(0);
}

bool gbench_goes_on(struct gbench *bench, int64_t times)
{
    bool goes_on = bench->state.KeepRunningBatch(times);
    gbench_clock(bench, goes_on);
    if (!goes_on)
        bench->state.SetIterationTime(std::chrono::duration<double>(bench->spent).count());
    return goes_on;
}

void gbench_clock(struct gbench *bench, bool runs)
{
    if (runs == bench->clock_runs)
        return;
    steady::time_point now = steady::now();
    if (runs)
        bench->since = now;
    else
        bench->spent += now - bench->since;
    bench->clock_runs = runs;
}

void gbench_did(struct gbench *bench, int64_t records)
{
    bench->state.SetItemsProcessed(records);
}

void gbench_fail(struct gbench *bench, const char *message)
{
    bench->state.SkipWithError(message);
}

int gbench_main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
