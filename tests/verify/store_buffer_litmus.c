/* SPDX-License-Identifier: MIT */
/*
 * Tests edge W on the real machine. Two processes on two processors each store a word and then look
 * at the other's; only the sleeper's side uses the library's membarrier. A round in which neither
 * sees the other's word is a lost wake-up. The publisher's store waits behind stores that miss the
 * cache, since otherwise the window is too short to prove anything.
 *
 * usage: store_buffer_litmus registered|unregistered SECONDS
 * Prints "ROUNDS LOST". Exits with 0 after any outcome, and with 77 where it cannot run.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform.h"

enum { CLOG_LINES = 56, SPIN_SHORT = 60, SPIN_LONG = 600, SKIPPED = 77 };

struct line {
    alignas(128) shared_u32 word;
};

/* Lines at the same offset of different pages evict one another from the first-level cache. */
struct page {
    alignas(4096) shared_u32 word;
};

/* Each round has a number; words of earlier rounds count as absent. */
static struct shared {
    struct line commit_word, wait_set, round, done, saw_sleeper, ready, stop;
    struct page pages[CLOG_LINES];
} * shared;

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

static void pin(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        exit(SKIPPED);
}

static void fill_store_buffer(uint32_t value)
{
    for (int i = 0; i < CLOG_LINES; i++)
        store_relaxed(&shared->pages[i].word, value);
}

static bool wait_for_round(uint32_t round)
{
    while (load_acquire(&shared->round.word) != round)
        if (load_relaxed(&shared->stop.word))
            return false;
    return true;
}

/* W1, W2: like publish_word() and advance() for a registered producer. */
static void publish(bool registered)
{
    unsigned random = 12345;
    pin(1);
    if (registered && !platform_membarrier_register())
        _exit(SKIPPED);
    store_release(&shared->ready.word, 1);
    for (uint32_t round = 1; wait_for_round(round); round++) {
        spin(next_random(&random) % (round % 2 ? SPIN_SHORT : SPIN_LONG));
        fill_store_buffer(round);
        store_release(&shared->commit_word.word, round);
        compiler_barrier();
        uint32_t seen = load_relaxed(&shared->wait_set.word);
        store_relaxed(&shared->saw_sleeper.word, seen == round);
        store_release(&shared->done.word, round);
    }
    _exit(0);
}

/* W3, W4: like consumer_call() and consumer_sleep(). True: neither saw the other. */
static bool fall_asleep(uint32_t round, unsigned *random)
{
    fill_store_buffer(round + 7);
    exchange32(&shared->round.word, round);
    spin(next_random(random) % (round % 2 ? SPIN_SHORT + 100 : SPIN_LONG + 100));
    store_relaxed(&shared->wait_set.word, round);
    platform_membarrier();
    uint32_t seen = load_acquire(&shared->commit_word.word);
    while (load_acquire(&shared->done.word) != round)
        continue;
    return seen != round && !load_relaxed(&shared->saw_sleeper.word);
}

static void run(int64_t deadline, pid_t publisher)
{
    unsigned random = 777;
    uint32_t rounds = 0, lost = 0;
    while (!load_acquire(&shared->ready.word)) {
        int status;
        if (waitpid(publisher, &status, WNOHANG) == publisher)
            exit(SKIPPED);
    }
    while (platform_now_ns() < deadline)
        lost += fall_asleep(++rounds, &random);
    store_release(&shared->stop.word, 1);
    printf("%u %u\n", rounds, lost);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
        return SKIPPED;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 2;
    pid_t publisher = fork();
    if (publisher == 0)
        publish(strcmp(argv[1], "registered") == 0);
    pin(0);
    run(platform_now_ns() + (int64_t)(atof(argv[2]) * 1e9), publisher);
    waitpid(publisher, NULL, 0);
    return 0;
}
