/* SPDX-License-Identifier: MIT */
/*
 * Tests edge W on the real machine. Two threads on two processors each store a word and then look at
 * the other's, as a producer that publishes and a consumer that falls asleep do; only the sleeper pays,
 * by membarrier(), or by looking on and by a short sleep. A round in which neither sees the other's word
 * is a lost wake-up; one that only the look after the short sleep saves is a late one. The publisher's
 * store waits behind stores that miss the cache, since otherwise the window is too short to prove
 * anything.
 *
 * usage: litmus registered|unregistered|settled SECONDS
 *
 *     registered    with membarrier()
 *     unregistered  without anything: shows that the machine does lose wake-ups
 *     settled       as consumer_sleep() does where there is no membarrier()
 *
 * Prints "ROUNDS LOST LATE". Exits with 1 if a round was lost with `settled`, with 0 after any other
 * outcome, and with 77 where it cannot run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "consumer/sleep.h"
#include "os.h"
#include "platform.h"

enum {
    CLOG_LINES = 56,
    SPIN_SHORT = 60,
    SPIN_LONG = 600,
    SKIPPED = 77,
};

enum way { REGISTERED, UNREGISTERED, SETTLED };

struct line {
    alignas(128) shared_u32 word;
};

/* Lines at the same offset of different pages evict one another from the first-level cache. */
struct page {
    alignas(4096) shared_u32 word;
};

/* Each round has a number; words of earlier rounds count as absent. */
static struct shared {
    struct line commit_word, wait_set, round, done, saw_sleeper, ready, skipped, stop;
    struct page pages[CLOG_LINES];
} shared;

static void spin(unsigned count)
{
    for (volatile unsigned i = 0; i < count; i++)
        continue;
}

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 16;
}

static void fill_store_buffer(uint32_t value)
{
    for (int i = 0; i < CLOG_LINES; i++)
        store_relaxed(&shared.pages[i].word, value);
}

static bool wait_for_round(uint32_t round)
{
    while (load_acquire(&shared.round.word) != round)
        if (load_relaxed(&shared.stop.word))
            return false;
    return true;
}

/* W1, W2: like publish_word() and advance(). */
static void publish_round(uint32_t round, unsigned *random)
{
    spin(next_random(random) % (round % 2 ? SPIN_SHORT : SPIN_LONG));
    fill_store_buffer(round);
    store_release(&shared.commit_word.word, round);
    compiler_barrier();
    uint32_t seen = load_relaxed(&shared.wait_set.word);
    store_relaxed(&shared.saw_sleeper.word, seen == round);
    store_release(&shared.done.word, round);
}

static void publish(void *way)
{
    unsigned random = 12345;
    bool is_ready = os_pin(1);
    if (*(const enum way *)way == REGISTERED)
        is_ready = is_ready && platform_membarrier_register();
    store_release(&shared.skipped.word, !is_ready);
    store_release(&shared.ready.word, 1);
    for (uint32_t round = 1; wait_for_round(round); round++)
        publish_round(round, &random);
}

static bool is_there(uint32_t round)
{
    return load_acquire(&shared.commit_word.word) == round;
}

/* W3, W4: like consumer_request_wake() and consumer_sleep(). */
static bool sees_record(enum way way, uint32_t round)
{
    if (way == SETTLED) {
        exchange32(&shared.wait_set.word, round);
        int64_t until = platform_now_ns() + LOOK_ON_NS;
        while (!is_there(round) && platform_now_ns() < until)
            spin_pause();
    } else {
        store_relaxed(&shared.wait_set.word, round);
        platform_membarrier();
    }
    return is_there(round);
}

/* Whether the sleeper would have slept on with a record there. */
static bool fall_asleep(enum way way, uint32_t round, unsigned *random, uint32_t *late)
{
    fill_store_buffer(round + 7);
    exchange32(&shared.round.word, round);
    spin(next_random(random) % (round % 2 ? SPIN_SHORT + 100 : SPIN_LONG + 100));
    bool seen = sees_record(way, round), seen_late = seen;
    if (!seen && way == SETTLED) {
        platform_pause_ns(SHORT_SLEEP_NS);
        seen_late = is_there(round);
    }
    while (load_acquire(&shared.done.word) != round)
        continue;
    bool woken = load_relaxed(&shared.saw_sleeper.word);
    *late += !woken && !seen && seen_late;
    return !woken && !seen_late;
}

static int run(enum way way, int64_t deadline)
{
    unsigned random = 777;
    uint32_t rounds = 0, lost = 0, late = 0;
    while (!load_acquire(&shared.ready.word))
        continue;
    if (load_acquire(&shared.skipped.word))
        return SKIPPED;
    while (platform_now_ns() < deadline)
        lost += fall_asleep(way, ++rounds, &random, &late);
    printf("%u %u %u\n", rounds, lost, late);
    return way == SETTLED && lost > 0;
}

static enum way way_of(const char *name)
{
    return strcmp(name, "settled") == 0      ? SETTLED
           : strcmp(name, "registered") == 0 ? REGISTERED
                                             : UNREGISTERED;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    enum way way = way_of(argv[1]);
    struct platform_thread *thread;
    if (platform_thread_start(&thread, "litmus", publish, &way) != 0)
        return 2;
    int status = os_pin(0) ? run(way, platform_now_ns() + (int64_t)(atof(argv[2]) * 1e9)) : SKIPPED;
    store_release(&shared.stop.word, 1);
    platform_thread_join(thread);
    return status;
}
