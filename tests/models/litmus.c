/* SPDX-License-Identifier: MIT */
/*
 * Shows that the explorer knows C11, with small programs whose possible outcomes are known. Each
 * one fails when the outcome it is named for happens, and is run in all executions.
 */
#include <stdio.h>
#include <string.h>

#include "explorer.h"

enum { NONE = -1, RELAXED = __ATOMIC_RELAXED, ACQUIRE = __ATOMIC_ACQUIRE };
enum { RELEASE = __ATOMIC_RELEASE, BOTH = __ATOMIC_ACQ_REL, ORDERED = __ATOMIC_SEQ_CST };
enum { MEMBARRIER = 100, NEVER = 0, SEEN = 1 };

/* Orders of the stores, of the loads, and of the fences between them; or NONE. */
static struct {
    int store, load, first_fence, second_fence;
} with;

static uint64_t x, y, seen[4];
static struct explorer_mutex mutex;

#define LINE_TEXT_OF(line)        #line
#define LINE_TEXT(line)           LINE_TEXT_OF(line)
#define HERE                      "litmus.c:" LINE_TEXT(__LINE__)
#define LOAD(word, order)         explorer_load(HERE, &(word), sizeof(word), order)
#define STORE(word, value, order) explorer_store(HERE, &(word), sizeof(word), value, order)
#define ADD(word, order)          explorer_change(HERE, &(word), sizeof(word), CHANGE_ADD, 1, order)

static void fence(int order)
{
    if (order == MEMBARRIER)
        explorer_membarrier(HERE);
    else if (order != NONE)
        explorer_fence(HERE, order);
}

static void run(unsigned count, void *(*const threads[])(void *))
{
    unsigned started[4];
    for (unsigned i = 0; i < count; i++)
        started[i] = explorer_spawn(threads[i], NULL);
    while (count > 0)
        explorer_wait_for(started[--count]);
}

#define RUN(...)                                                 \
    do {                                                         \
        static void *(*const threads[])(void *) = {__VA_ARGS__}; \
        x = y = 0;                                               \
        memset(seen, 0, sizeof seen);                            \
        memset(&mutex, 0, sizeof mutex);                         \
        run(sizeof threads / sizeof *threads, threads);          \
    } while (0)

static void fail_if(bool happened)
{
    if (happened)
        explorer_fail(HERE, "seen");
}

/* ---- Store buffering: each thread stores, and does not see the other's store ---- */

static void *store_x_load_y(void *unused)
{
    STORE(x, 1, with.store);
    fence(with.first_fence);
    seen[0] = LOAD(y, with.load);
    return unused;
}

static void *store_y_load_x(void *unused)
{
    STORE(y, 1, with.store);
    fence(with.second_fence);
    seen[1] = LOAD(x, with.load);
    return unused;
}

static void store_buffering(void)
{
    RUN(store_x_load_y, store_y_load_x);
    fail_if(seen[0] == 0 && seen[1] == 0);
}

static void *change_x_load_y(void *unused)
{
    ADD(x, with.store);
    seen[0] = LOAD(y, with.load);
    return unused;
}

static void *change_y_load_x(void *unused)
{
    ADD(y, with.store);
    seen[1] = LOAD(x, with.load);
    return unused;
}

static void change_buffering(void)
{
    RUN(change_x_load_y, change_y_load_x);
    fail_if(seen[0] == 0 && seen[1] == 0);
}

/* ---- Message passing: the flag is seen, but the data is old ---- */

static void *store_x_then_y(void *unused)
{
    STORE(x, 1, RELAXED);
    fence(with.first_fence);
    STORE(y, 1, with.store);
    return unused;
}

static void *load_y_then_x(void *unused)
{
    seen[0] = LOAD(y, with.load);
    fence(with.second_fence);
    seen[1] = LOAD(x, RELAXED);
    return unused;
}

static void message_passing(void)
{
    RUN(store_x_then_y, load_y_then_x);
    fail_if(seen[0] == 1 && seen[1] == 0);
}

static void *write_x_store_y(void *unused)
{
    explorer_write(HERE, &x, 1);
    STORE(y, 1, with.store);
    return unused;
}

static void *load_y_read_x(void *unused)
{
    if (LOAD(y, with.load))
        seen[1] = explorer_read(HERE, &x);
    return unused;
}

static void racy_payload(void)
{
    RUN(write_x_store_y, load_y_read_x);
}

static void *read_x_store_y(void *unused)
{
    seen[0] = explorer_read(HERE, &x);
    STORE(y, 1, with.store);
    return unused;
}

static void *load_y_write_x(void *unused)
{
    if (LOAD(y, with.load))
        explorer_write(HERE, &x, 1);
    return unused;
}

static void racy_release(void)
{
    RUN(read_x_store_y, load_y_write_x);
}

/* ---- Release sequences: the flag passes through a third thread ---- */

static void *change_y(void *unused)
{
    ADD(y, RELAXED);
    return unused;
}

static void *replace_y(void *unused)
{
    if (LOAD(y, RELAXED) == 1)
        STORE(y, 2, RELAXED);
    return unused;
}

static void *load_y_2_then_x(void *unused)
{
    if (LOAD(y, ACQUIRE) == 2)
        seen[0] = 1 + LOAD(x, RELAXED);
    return unused;
}

static void sequence_of_change(void)
{
    RUN(store_x_then_y, change_y, load_y_2_then_x);
    fail_if(seen[0] == 1);
}

static void sequence_of_store(void)
{
    RUN(store_x_then_y, replace_y, load_y_2_then_x);
    fail_if(seen[0] == 1);
}

/* ---- Independent reads of independent writes: two readers disagree ---- */

static void *store_x(void *unused)
{
    STORE(x, 1, with.store);
    return unused;
}

static void *load_x_then_y(void *unused)
{
    seen[2] = LOAD(x, with.load);
    seen[3] = LOAD(y, with.load);
    return unused;
}

static void *load_y_then_x_alike(void *unused)
{
    seen[0] = LOAD(y, with.load);
    seen[1] = LOAD(x, with.load);
    return unused;
}

/* The scenario itself stores y, because there may be only four threads. */
static void independent_reads(void)
{
    static void *(*const threads[])(void *) = {store_x, load_x_then_y, load_y_then_x_alike};
    unsigned started[3];
    x = y = 0;
    memset(seen, 0, sizeof seen);
    for (unsigned i = 0; i < 3; i++)
        started[i] = explorer_spawn(threads[i], NULL);
    STORE(y, 1, with.store);
    for (unsigned i = 0; i < 3; i++)
        explorer_wait_for(started[i]);
    fail_if(seen[0] == 1 && seen[1] == 0 && seen[2] == 1 && seen[3] == 0);
}

/* ---- Coherence: a newer value and then an older one of the same word ---- */

static void *store_x_twice(void *unused)
{
    STORE(x, 1, RELAXED);
    STORE(x, 2, RELAXED);
    return unused;
}

static void *load_x_twice(void *unused)
{
    seen[0] = LOAD(x, RELAXED);
    seen[1] = LOAD(x, RELAXED);
    return unused;
}

static void going_back(void)
{
    RUN(store_x_twice, load_x_twice);
    fail_if(seen[1] < seen[0]);
}

static void skipping_none(void)
{
    RUN(store_x_twice, load_x_twice);
    fail_if(seen[0] == 1 && seen[1] == 2);
}

/* ---- Read-modify-writes: two additions of 1 make 1 ---- */

static void *change_x(void *unused)
{
    ADD(x, RELAXED);
    return unused;
}

static void lost_update(void)
{
    RUN(change_x, change_x);
    fail_if(LOAD(x, RELAXED) != 2);
}

/* ---- Threads ---- */

static void *change_x_locked(void *unused)
{
    explorer_lock(HERE, &mutex);
    explorer_write(HERE, &x, explorer_read(HERE, &x) + 1);
    explorer_unlock(HERE, &mutex);
    return unused;
}

static void locked(void)
{
    RUN(change_x_locked, change_x_locked);
    fail_if(explorer_read(HERE, &x) != 2);
}

static void *look_and_sleep(void *unused)
{
    if (LOAD(x, with.load) == 0)
        explorer_sleep_while(HERE, &y, sizeof y, 0);
    return unused;
}

static void *wake_early(void *unused)
{
    STORE(x, 1, with.store);
    return unused;
}

static void asleep_for_ever(void)
{
    RUN(look_and_sleep, wake_early);
}

static void *try_until_x(void *unused)
{
    while (LOAD(x, RELAXED) == 0)
        explorer_retry(HERE);
    return unused;
}

static void trying_in_vain(void)
{
    RUN(try_until_x, store_x_then_y);
}

static void *do_nothing(void *unused)
{
    return unused;
}

static void trying_for_ever(void)
{
    RUN(try_until_x, do_nothing);
}

static const struct {
    const char *name;
    void (*scenario)(void);
    int store, load, first_fence, second_fence, expected;
} tests[] = {
    {"store buffering, relaxed", store_buffering, RELAXED, RELAXED, NONE, NONE, SEEN},
    {"store buffering, release and acquire", store_buffering, RELEASE, ACQUIRE, NONE, NONE, SEEN},
    {"store buffering, ordered loads", store_buffering, RELEASE, ORDERED, NONE, NONE, SEEN},
    {"store buffering, ordered stores", store_buffering, ORDERED, ACQUIRE, NONE, NONE, SEEN},
    {"store buffering, ordered", store_buffering, ORDERED, ORDERED, NONE, NONE, NEVER},
    {"store buffering, ordered fences", store_buffering, RELAXED, RELAXED, ORDERED, ORDERED, NEVER},
    {"store buffering, other fences", store_buffering, RELAXED, RELAXED, BOTH, BOTH, SEEN},
    {"store buffering, one fence", store_buffering, RELAXED, RELAXED, ORDERED, NONE, SEEN},
    {"store buffering, one membarrier", store_buffering, RELAXED, RELAXED, MEMBARRIER, NONE, NEVER},
    {"changes, ordered", change_buffering, ORDERED, ORDERED, NONE, NONE, NEVER},
    {"changes, not ordered", change_buffering, BOTH, ORDERED, NONE, NONE, SEEN},
    {"message passing, relaxed", message_passing, RELAXED, RELAXED, NONE, NONE, SEEN},
    {"message passing, no release", message_passing, RELAXED, ACQUIRE, NONE, NONE, SEEN},
    {"message passing, no acquire", message_passing, RELEASE, RELAXED, NONE, NONE, SEEN},
    {"message passing", message_passing, RELEASE, ACQUIRE, NONE, NONE, NEVER},
    {"message passing, ordered", message_passing, ORDERED, ORDERED, NONE, NONE, NEVER},
    {"message passing, fences", message_passing, RELAXED, RELAXED, RELEASE, ACQUIRE, NEVER},
    {"message passing, release fence", message_passing, RELAXED, ACQUIRE, RELEASE, NONE, NEVER},
    {"message passing, acquire fence", message_passing, RELEASE, RELAXED, NONE, ACQUIRE, NEVER},
    {"message passing, wrong fence", message_passing, RELAXED, ACQUIRE, ACQUIRE, NONE, SEEN},
    {"message passing, one fence", message_passing, RELAXED, RELAXED, RELEASE, NONE, SEEN},
    {"plain payload, ordered", racy_payload, RELEASE, ACQUIRE, NONE, NONE, NEVER},
    {"plain payload, no release", racy_payload, RELAXED, ACQUIRE, NONE, NONE, SEEN},
    {"plain payload, no acquire", racy_payload, RELEASE, RELAXED, NONE, NONE, SEEN},
    {"plain payload released, ordered", racy_release, RELEASE, ACQUIRE, NONE, NONE, NEVER},
    {"plain payload released, relaxed", racy_release, RELAXED, ACQUIRE, NONE, NONE, SEEN},
    {"release sequence of a change", sequence_of_change, RELEASE, NONE, NONE, NONE, NEVER},
    {"change of no release", sequence_of_change, RELAXED, NONE, NONE, NONE, SEEN},
    {"store that ends a release sequence", sequence_of_store, RELEASE, NONE, NONE, NONE, SEEN},
    {"independent reads, acquire", independent_reads, RELEASE, ACQUIRE, NONE, NONE, SEEN},
    {"independent reads, ordered", independent_reads, ORDERED, ORDERED, NONE, NONE, NEVER},
    {"coherence", going_back, NONE, NONE, NONE, NONE, NEVER},
    {"each value in turn", skipping_none, NONE, NONE, NONE, NONE, SEEN},
    {"lost update", lost_update, NONE, NONE, NONE, NONE, NEVER},
    {"critical sections", locked, NONE, NONE, NONE, NONE, NEVER},
    {"lost wake-up", asleep_for_ever, RELAXED, RELAXED, NONE, NONE, SEEN},
    {"waiting for a store", trying_in_vain, RELAXED, NONE, NONE, NONE, NEVER},
    {"waiting for nothing", trying_for_ever, NONE, NONE, NONE, NONE, SEEN},
};

int main(void)
{
    unsigned failed = 0, count = sizeof tests / sizeof *tests;
    for (unsigned i = 0; i < count; i++) {
        with.store = tests[i].store;
        with.load = tests[i].load;
        with.first_fence = tests[i].first_fence;
        with.second_fence = tests[i].second_fence;
        int found = explorer_exhaust(tests[i].scenario);
        if (found == tests[i].expected)
            continue;
        failed++;
        printf("FAILED  litmus test: %s: expected %d, was %d\n", tests[i].name, tests[i].expected,
               found);
    }
    printf("%u passed, %u failed\n", count - failed, failed);
    return failed > 0;
}
