/* SPDX-License-Identifier: MIT */
/* The threads of a scenario as coroutines, and the choice of which one goes on. */
#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#include "explorer_run.h"

enum { STACK_BYTES = 128 * 1024, STEPS_AT_MOST = 20000 };

enum state { READY, JOINS, LOCKS, SLEEPS, RETRIES, DONE };

struct thread {
    enum state state;
    bool started;
    void *(*run)(void *argument);
    void *argument;
    ucontext_t start;
    jmp_buf place;
    const char *where;                  /* where it waits */
    unsigned joined;                    /* the thread that it waits for */
    const struct explorer_mutex *mutex; /* or the mutex */
    struct {                            /* or the word that has to change */
        const void *at;
        size_t bytes;
        uint64_t value;
    } word;
    unsigned others_stores; /* stores by others before it tried */
    /* 1 + number of stores when it last began to try with the newest values */
    unsigned tried_newest;
    bool reads_newest;
};

static struct thread threads[THREADS_AT_MOST];
static alignas(16) char stacks[THREADS_AT_MOST][STACK_BYTES];
static unsigned thread_count, current, steps;
static jmp_buf end_of_run;
static void (*the_scenario)(void);

unsigned threads_current(void)
{
    return current;
}

bool threads_current_reads_newest(void)
{
    return threads[current].reads_newest;
}

void threads_end(enum outcome outcome)
{
    longjmp(end_of_run, (int)outcome + 1);
}

/* ---- Which threads can go on ---- */

static unsigned others_stores(unsigned thread)
{
    return memory_stores() - memory_stores_of(thread);
}

static bool can_go_on(unsigned number)
{
    const struct thread *thread = &threads[number];
    switch (thread->state) {
    case READY: return true;
    case JOINS: return threads[thread->joined].state == DONE;
    case LOCKS: return !thread->mutex->held;
    case SLEEPS: return memory_newest(thread->word.at, thread->word.bytes) != thread->word.value;
    case RETRIES: return others_stores(number) != thread->others_stores;
    default: return false;
    }
}

/* It has tried with stale values, and may see more in the newest ones. */
static bool can_look_again(unsigned number)
{
    const struct thread *thread = &threads[number];
    return thread->state == RETRIES && thread->tried_newest != memory_stores() + 1;
}

/* Lists the current thread first, then the others in turn. */
static unsigned list(bool (*fits)(unsigned number), unsigned *out)
{
    unsigned count = 0;
    for (unsigned i = 0; i < thread_count; i++)
        if (fits((current + i) % thread_count))
            out[count++] = (current + i) % thread_count;
    return count;
}

static void report_stuck(void)
{
    for (unsigned i = 0; i < thread_count; i++)
        if (threads[i].state != DONE)
            trace(threads[i].where, "thread %u waits here for ever", i);
    explorer_fail(threads[current].where, "nobody can go on");
}

/* The next thread to run; ends the execution if there is none. */
static unsigned pick(void)
{
    unsigned fitting[THREADS_AT_MOST];
    unsigned count = list(can_go_on, fitting);
    if (count > 0)
        return fitting[choose(CHOOSE_THREAD, count)];
    count = list(can_look_again, fitting);
    if (count == 0 && threads[0].state == DONE)
        threads_end(OUTCOME_GOOD);
    if (count == 0)
        report_stuck();
    unsigned next = fitting[choose(CHOOSE_THREAD, count)];
    threads[next].reads_newest = true;
    threads[next].tried_newest = memory_stores() + 1; /* it may miss stores that come meanwhile */
    return next;
}

/* ---- Switching to another thread ---- */

static void go_to(unsigned next)
{
    current = next;
    threads[next].state = READY;
    if (threads[next].started)
        _longjmp(threads[next].place, 1);
    threads[next].started = true;
    setcontext(&threads[next].start);
}

/* Not inlined, so that no registers of the caller hold anything when it comes back. */
__attribute__((noinline)) static void make_way(unsigned next)
{
    if (!_setjmp(threads[current].place))
        go_to(next);
}

static void reschedule(void)
{
    unsigned next = pick();
    if (next == current)
        threads[current].state = READY;
    else
        make_way(next);
}

static void wait_in(enum state state, const char *where)
{
    threads[current].state = state;
    threads[current].where = where;
    reschedule();
}

void threads_step(const char *where)
{
    if (++steps > STEPS_AT_MOST)
        explorer_fail(where, "no end in sight");
    threads[current].where = where;
    reschedule();
}

/* ---- Beginning and end of threads ---- */

static void run_current(void)
{
    threads[current].run(threads[current].argument);
    threads[current].state = DONE;
    reschedule();
}

static unsigned add_thread(void *(*run)(void *), void *argument)
{
    if (thread_count == THREADS_AT_MOST)
        explorer_fail(__FILE__, "too many threads for the explorer");
    struct thread *thread = &threads[thread_count];
    thread->state = READY;
    thread->started = thread->reads_newest = false;
    thread->others_stores = thread->tried_newest = 0;
    thread->where = "its beginning";
    thread->run = run;
    thread->argument = argument;
    getcontext(&thread->start);
    thread->start.uc_stack.ss_sp = stacks[thread_count];
    thread->start.uc_stack.ss_size = STACK_BYTES;
    thread->start.uc_link = NULL;
    makecontext(&thread->start, run_current, 0);
    return thread_count++;
}

unsigned explorer_spawn(void *(*run)(void *), void *argument)
{
    unsigned thread = add_thread(run, argument);
    memory_start_thread(thread, current);
    return thread;
}

void explorer_wait_for(unsigned thread)
{
    threads[current].joined = thread;
    wait_in(JOINS, "the end of a thread");
    memory_join_thread(current, thread);
}

static void *run_scenario(void *unused)
{
    (void)unused;
    the_scenario();
    return NULL;
}

enum outcome threads_run(void (*scenario)(void))
{
    the_scenario = scenario;
    memory_reset();
    thread_count = current = steps = 0;
    add_thread(run_scenario, NULL);
    int ended = _setjmp(end_of_run);
    if (ended)
        return (enum outcome)(ended - 1);
    go_to(0);
    return OUTCOME_BAD;
}

/* ---- Waiting ---- */

void explorer_lock(const char *where, struct explorer_mutex *mutex)
{
    threads[current].mutex = mutex;
    wait_in(LOCKS, where);
    mutex->held = true;
    explorer_change(where, &mutex->word, sizeof mutex->word, CHANGE_ADD, 1, __ATOMIC_ACQUIRE);
}

void explorer_unlock(const char *where, struct explorer_mutex *mutex)
{
    explorer_change(where, &mutex->word, sizeof mutex->word, CHANGE_ADD, 1, __ATOMIC_RELEASE);
    mutex->held = false;
}

void explorer_sleep_while(const char *where, const void *at, size_t bytes, uint64_t value)
{
    struct thread *thread = &threads[current];
    thread->word.at = at;
    thread->word.bytes = bytes;
    thread->word.value = value;
    wait_in(SLEEPS, where);
    while (explorer_load(where, at, bytes, __ATOMIC_ACQUIRE) == value)
        continue;
}

void explorer_retry(const char *where)
{
    struct thread *thread = &threads[current];
    thread->reads_newest = false;
    wait_in(RETRIES, where);
    thread->others_stores = others_stores(current);
}
