/* SPDX-License-Identifier: MIT */
/* Runs the cases slice by slice in turns, and sorts the results by placement. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "clock.h"
#include "shared/message.h"

enum { ROUNDS = 11, QUICK_ROUNDS = 3, VALUES_FIRST = 32, LEAST_PART = 16 };

/* The side that measures: the reader measures arrivals, the sender everything else. */
static unsigned measuring_side(const struct bench_case *each)
{
    return each->group == CASE_WAKE ? 1 : 0;
}

static const struct result *rate_result(const struct session *session)
{
    const struct result *result = session_result(session, 1);
    return result->ticks > 0 ? result : session_result(session, 0);
}

static double rate_value(const struct session *session)
{
    const struct result *result = rate_result(session);
    return (double)result->records / (double)result->ticks * clock_ticks_per_ns() * 1e3;
}

static double sleep_value(const struct session *session, const struct bench_case *each,
                          double *wakes)
{
    const struct result *result =
        session_result(session, each->job.kind == JOB_WRITER_SLEEPS ? 0 : 1);
    if (result->idle_ns == 0)
        return 0;
    *wakes = (double)result->switches * 1e9 / (double)result->idle_ns;
    return 100.0 * (double)result->cpu_ns / (double)result->idle_ns;
}

static double slice_value(const struct session *session, const struct bench_case *each,
                          double *wakes)
{
    if (case_wants_more(each->group))
        return rate_value(session);
    return sleep_value(session, each, wakes);
}

static bool add_value(struct case_result *placed, double value)
{
    if (placed->count == placed->room) {
        size_t room = 2 * placed->room + VALUES_FIRST;
        double *larger = realloc(placed->value, room * sizeof *larger);
        if (!larger)
            return false;
        placed->value = larger;
        placed->room = room;
    }
    placed->value[placed->count++] = value;
    return true;
}

static bool add_times(struct case_result *placed, const struct histogram *times)
{
    if (!placed->times)
        placed->times = calloc(1, sizeof *placed->times);
    if (!placed->times)
        return false;
    histogram_merge(placed->times, times);
    placed->count++;
    return true;
}

static bool keep(const struct session *session, struct bench_case *each, enum placement placement)
{
    struct case_result *placed = &each->placed[placement];
    if (case_has_times(each->group))
        return add_times(placed, &session_result(session, measuring_side(each))->times);
    double wakes = 0;
    if (!add_value(placed, slice_value(session, each, &wakes)))
        return false;
    placed->wakes += (wakes - placed->wakes) / (double)placed->count;
    return true;
}

/* A sender that was suspended for nearly all of a slice sends few records, at an arbitrary rate. */
static bool is_empty(const struct session *session, const struct bench_case *each)
{
    if (case_wants_more(each->group))
        return rate_result(session)->ticks < each->job.slice_ticks / LEAST_PART;
    return case_has_times(each->group) &&
           session_result(session, measuring_side(each))->times.count == 0;
}

/* Whether the slice gave a result; otherwise notes why not. */
static bool is_good(const struct session *session, const struct outcome *outcome,
                    struct bench_case *each)
{
    if (!outcome->failed && !is_empty(session, each))
        return true;
    each->failures++;
    snprintf(each->error, sizeof each->error, "%s",
             outcome->failed ? outcome->error : "too few records arrived in time");
    return false;
}

/* False: the run cannot continue. */
static bool run_slice(struct bench_cases *cases, struct session *session, struct bench_case *each)
{
    struct outcome outcome = session_run(session, &each->job);
    enum placement placement;
    if (!is_good(session, &outcome, each))
        return !outcome.is_over;
    if (!outcome_placement(&outcome, &placement)) {
        each->discarded++;
        cases->discarded++;
        return true;
    }
    cases->kept[placement]++;
    cases->probe_sum[placement] += (outcome.probe_ns[0] + outcome.probe_ns[1]) / 2;
    return keep(session, each, placement);
}

static void show_progress(const struct bench_cases *cases, size_t at, bool shown)
{
    if (shown)
        fprintf(stderr, "\rround %u, %zu of %zu ", cases->rounds + 1, at + 1, cases->count);
}

/* Not every transport supports every kind of job. */
static bool is_possible(const struct bench_cases *cases, const struct bench_case *each)
{
    return cases->transports[each->transport]->loops(&each->job) != NULL;
}

static bool run_round(struct bench_cases *cases, struct session *session, bool shown)
{
    for (size_t i = 0; i < cases->count && os_interrupted() == 0; i++) {
        struct bench_case *each = &cases->list[i];
        show_progress(cases, i, shown);
        bool is_hopeless = each->failures > 2 && each->failures > cases->rounds / 2;
        if (cases->rounds % each->every == 0 && !is_hopeless && is_possible(cases, each) &&
            !run_slice(cases, session, each)) {
            complain("%s, %s, %u bytes: %s", case_group_names[each->group],
                     cases->transports[each->transport]->name, each->job.bytes, each->error);
            return false;
        }
    }
    return true;
}

static bool goes_on(const struct bench_cases *cases, const struct bench_settings *settings,
                    int64_t begin)
{
    if (os_interrupted() != 0)
        return false;
    if (cases->rounds == 0)
        return true;
    if (settings->duration_ns > 0)
        return os_now_ns() - begin < settings->duration_ns;
    return cases->rounds < (settings->quick ? QUICK_ROUNDS : ROUNDS);
}

bool cases_run(struct bench_cases *cases, const struct bench_settings *settings)
{
    struct session session;
    if (!session_open(&session, cases->transports, cases_most_workers(cases)))
        return false;
    if (session.cpus < 2)
        complain("only one CPU is available: the two sides take turns on it");
    cases->cpus = session.cpus;
    bool shown = os_is_terminal(STANDARD_ERROR), done = true;
    int64_t begin = os_now_ns();
    for (; done && goes_on(cases, settings, begin); cases->rounds++)
        done = run_round(cases, &session, shown);
    if (shown)
        fputs("\r                              \r", stderr);
    session_close(&session);
    return done && os_interrupted() == 0;
}
