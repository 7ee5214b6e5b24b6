/* SPDX-License-Identifier: MIT */
/*
 * The explorer as a program, for one scenario:
 *
 *     PROGRAM [--deviations N] [--executions N] [--seed N] [--weaken SITE,...] [--choices LIST]
 *             [--trace]
 *
 * Runs all executions with at most N deviations (2) from the usual choices, or the first million of
 * them, and then a number of random executions (10000). Exit status 0 says that none was bad. With
 * --weaken, does the same with each of these accesses weakened in turn, and prints a line for each:
 * "SITE found", "not found" or "not reached". --choices runs the one execution that a failure
 * names.
 */
#include "explorer.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explorer_run.h"

enum { SYSTEMATIC_AT_MOST = 1000000 };

static void (*scenario)(void);
static unsigned weakened;
static bool weakened_reached;
static bool tracing;
static const char *problem, *problem_where;

static unsigned deviations = 2;
static unsigned long executions = 10000;
static uint64_t seed = 1;

bool explorer_weakens(unsigned site)
{
    if (site != weakened)
        return false;
    weakened_reached = true;
    return true;
}

void explorer_assume(bool condition)
{
    if (!condition)
        threads_end(OUTCOME_IGNORED);
}

static const char *without_folder(const char *where)
{
    const char *end = strchr(where, ':');
    const char *slash = where;
    for (const char *at = where; end && at < end; at++)
        if (*at == '/')
            slash = at + 1;
    return slash;
}

void trace(const char *where, const char *format, ...)
{
    if (!tracing)
        return;
    va_list list;
    va_start(list, format);
    printf("  %u  %s  ", threads_current(), without_folder(where));
    vprintf(format, list);
    printf("\n");
    va_end(list);
}

void explorer_fail(const char *where, const char *what)
{
    problem = what;
    problem_where = where;
    trace(where, "%s", what);
    threads_end(OUTCOME_BAD);
}

static bool is_bad(void)
{
    return threads_run(scenario) == OUTCOME_BAD;
}

/* Prints the failure that the search has found, after making it short, and how to see it again. */
static void report(void)
{
    choices_shrink(is_bad);
    tracing = true;
    is_bad();
    tracing = false;
    printf("FAILED: %s, %s\n", without_folder(problem_where), problem);
    printf("again with --choices ");
    choices_print();
}

struct tally {
    unsigned long systematic, random, ignored;
    bool complete; /* all executions up to that many deviations were run */
};

/* True as soon as an execution is bad. */
static bool search(unsigned long limit, unsigned long *done, struct tally *tally)
{
    do {
        enum outcome outcome = threads_run(scenario);
        ++*done;
        tally->ignored += outcome == OUTCOME_IGNORED;
        if (outcome == OUTCOME_BAD)
            return true;
        if (*done >= limit)
            return false;
    } while (choices_next());
    tally->complete = true;
    return false;
}

static bool find_bad(struct tally *tally)
{
    for (unsigned i = 0; i <= deviations; i++) {
        tally->complete = false;
        tally->systematic = tally->ignored = 0;
        choices_start_systematic(i);
        if (search(SYSTEMATIC_AT_MOST, &tally->systematic, tally))
            return true;
        if (weakened && i > 0 && !weakened_reached)
            return false;
        if (!tally->complete)
            break;
    }
    bool complete = tally->complete;
    choices_start_random(seed);
    bool bad = executions > 0 && search(executions, &tally->random, tally);
    tally->complete = complete;
    return bad;
}

int explorer_exhaust(void (*the_scenario)(void))
{
    struct tally tally = {0};
    scenario = the_scenario;
    choices_start_systematic(UINT_MAX);
    if (search(SYSTEMATIC_AT_MOST, &tally.systematic, &tally))
        return 1;
    return tally.complete ? 0 : -1;
}

static int run_all(void)
{
    struct tally tally = {0};
    if (find_bad(&tally)) {
        report();
        return 1;
    }
    printf("%lu executions with at most %u deviations (%s), %lu random ones; %lu left aside\n",
           tally.systematic, deviations, tally.complete ? "all of them" : "some of them",
           tally.random, tally.ignored);
    return tally.systematic + tally.random > tally.ignored ? 0 : 1;
}

static void weaken(const char *text, char **end)
{
    weakened = (unsigned)strtoul(text, end, 10);
    weakened_reached = false;
}

static void tell_weakened(void)
{
    struct tally tally = {0};
    bool found = find_bad(&tally);
    const char *result = found ? "found" : weakened_reached ? "not found" : "not reached";
    printf("%u %s", weakened, result);
    if (found)
        printf(" after %lu: %s, %s", tally.systematic + tally.random, without_folder(problem_where),
               problem);
    printf("\n");
}

static int run_each(const char *sites)
{
    for (char *end; *sites; sites = end + (*end == ',')) {
        weaken(sites, &end);
        tell_weakened();
    }
    return 0;
}

static int run_once(const char *list)
{
    choices_start_replay(list);
    if (!is_bad())
        return 0;
    printf("FAILED: %s, %s\n", without_folder(problem_where), problem);
    return 1;
}

int explorer_main(int count, char **arguments, void (*the_scenario)(void))
{
    const char *list = NULL, *sites = "";
    char *end;
    scenario = the_scenario;
    for (int i = 1; i < count; i++) {
        const char *name = arguments[i];
        if (strcmp(name, "--trace") == 0) {
            tracing = true;
            continue;
        }
        const char *value = i + 1 < count ? arguments[++i] : "";
        if (strcmp(name, "--deviations") == 0)
            deviations = (unsigned)strtoul(value, NULL, 10);
        else if (strcmp(name, "--executions") == 0)
            executions = strtoul(value, NULL, 10);
        else if (strcmp(name, "--seed") == 0)
            seed = strtoull(value, NULL, 10);
        else if (strcmp(name, "--weaken") == 0)
            sites = value;
        else if (strcmp(name, "--choices") == 0)
            list = value;
        else
            return fprintf(stderr, "explorer: unknown option %s\n", name), 2;
    }
    if (!list)
        return *sites ? run_each(sites) : run_all();
    if (*sites)
        weaken(sites, &end);
    return run_once(list);
}
