/* SPDX-License-Identifier: MIT */
/* Google Benchmark for C. The only C++ of the project that is not a peer's template. */
#include "gbench_shim.h"

#include <benchmark/benchmark.h>

struct gbench {
    benchmark::State &state;
};

void gbench_register(const char *name, void (*run)(struct gbench *bench), const int64_t *sizes,
                     unsigned count)
{
    auto *made = benchmark::RegisterBenchmark(name, [run](benchmark::State &state) {
        gbench bench{state};
        run(&bench);
    });
    for (unsigned i = 0; i < count; ++i)
        made->Arg(sizes[i]);
}

int64_t gbench_size(const struct gbench *bench)
{
    return bench->state.range(0);
}

bool gbench_goes_on(struct gbench *bench, int64_t times)
{
    return bench->state.KeepRunningBatch(times);
}

void gbench_did(struct gbench *bench, int64_t items, int64_t bytes)
{
    bench->state.SetItemsProcessed(items);
    bench->state.SetBytesProcessed(bytes);
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
