/* SPDX-License-Identifier: MIT */
/*
 * usage: calls [--seed NUMBER] [--runs NUMBER] [--calls NUMBER] [--seconds NUMBER]
 *              [--failures NUMBER]
 *        calls --replay FILE [--trace]
 *
 * Ends at the first failure, or after the given number of failures. With --seconds instead of
 * --runs, runs for that long. The last line is "N passed, N failed".
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "calls.h"

static struct script script;
static uint64_t seed = 1, runs = 200, calls = 100, seconds, failures = 1;
static const char *replay;

static bool has_failed(const char *wrong, const struct script *failed)
{
    if (!wrong)
        return false;
    script_print(stdout, failed);
    printf("# the last call %s\n", wrong);
    return true;
}

static bool run_replay(void)
{
    FILE *file = strcmp(replay, "-") == 0 ? stdin : os_file_open(replay, "r");
    size_t at;
    if (!file || !script_read(file, &script))
        return false;
    const char *wrong = play(&script, &at);
    if (wrong)
        script.count = at + 1;
    return !has_failed(wrong, &script);
}

static bool run_seed(uint64_t number)
{
    size_t at;
    script_make(&script, number, (size_t)calls);
    const char *wrong = play(&script, &at);
    if (!wrong)
        return true;
    printf("# seed %" PRIu64 ", %" PRIu64 " calls: %s\n", number, calls, wrong);
    return !has_failed(shrink(&script, at, wrong), &script);
}

static bool run_seeds(void)
{
    uint64_t good = 0, bad = 0;
    int64_t end = now_ns() + (int64_t)seconds * SECONDS;
    for (uint64_t i = 0; seconds ? now_ns() < end : i < runs; i++) {
        bool passed = run_seed(seed + i);
        good += passed;
        bad += !passed;
        fflush(stdout);
        if (bad == failures)
            break;
    }
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", good, bad);
    return bad == 0;
}

static bool read_option(const char *name, const char *value)
{
    uint64_t number = value ? strtoull(value, NULL, 10) : 0;
    if (!value)
        return false;
    if (strcmp(name, "--seed") == 0)
        seed = number;
    else if (strcmp(name, "--runs") == 0)
        runs = number;
    else if (strcmp(name, "--calls") == 0)
        calls = number < CALLS_MOST ? number : CALLS_MOST;
    else if (strcmp(name, "--seconds") == 0)
        seconds = number;
    else if (strcmp(name, "--failures") == 0)
        failures = number;
    else if (strcmp(name, "--replay") == 0)
        replay = value;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    os_prepare();
    if (argc > 1 && strcmp(argv[1], "--hands") == 0)
        return hands_main(argc, argv);
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--trace") == 0)
            play_trace(i-- > 0);
        else if (!read_option(argv[i], argv[i + 1])) {
            fprintf(stderr, "calls: unknown option '%s'\n", argv[i]);
            return 2;
        }
    }
    bool good = replay ? run_replay() : run_seeds();
    play_end();
    return good ? 0 : 1;
}
