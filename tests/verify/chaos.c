/* SPDX-License-Identifier: MIT */
/*
 * Kills both sides of a ring at random, again and again. Every record must arrive whole and in
 * order, the durable consumer must miss none, and an ephemeral consumer none while it lives.
 *
 * usage: chaos SECONDS sleep|busy named|file SEED. The last line is "N passed, N failed".
 */
#include "chaos.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapring/mapring.h"
#include "name.h"
#include "os.h"
#include "platform.h"

static const int64_t second = INT64_C(1000000000), hang_ns = INT64_C(10000000000);
static const int64_t life_ns = 3000000; /* the longest time at work before a kill */
static const char *const role_names[ROLES] = {"producer", "durable", "ephemeral"};

static struct os_process *children[ROLES];
static uint32_t opened[ROLES];  /* progress->opened when the present process was started */
static struct ring_name memory; /* memory that all processes share */
static uint64_t chance;
static int64_t kills;

static int64_t random_below(int64_t limit)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)(chance >> 33) % limit;
}

/* ---- The processes that are killed ---- */

static void start(int role)
{
    static const struct process_streams pipes;
    opened[role] = load_acquire(&progress->opened[role]);
    const char *const arguments[] = {"--role",    role_names[role],          name,
                                     memory.text, sleeps ? "sleep" : "busy", NULL};
    children[role] = os_process_start(os_own_program(), arguments, &pipes);
    if (!children[role])
        give_up("cannot start a process", 0, 0);
}

/* Shares memory in the library's own way. */
static void share(const char *text, bool first)
{
    struct platform_object *object = NULL;
    unsigned char *base = NULL;
    int result = ring_name_parse(&memory, text, MAPRING_LOCAL);
    if (result == MAPRING_OK)
        result = first ? platform_create(&object, &memory, 0, 0)
                       : platform_attach(&object, &memory, true);
    if (result == MAPRING_OK && first)
        result = platform_reserve(object, ring_file_bytes(0, 0));
    if (result == MAPRING_OK)
        result = platform_map(object, ACCESS_PRODUCE, 0, &base);
    if (result != MAPRING_OK)
        give_up("cannot share memory", MAPRING_OK, (uint64_t)result);
    progress = (struct progress *)(void *)base;
}

static int play_role(char **arguments)
{
    int role = 0;
    while (strcmp(role_names[role], arguments[0]) != 0)
        role++;
    name = arguments[1];
    share(arguments[2], false);
    sleeps = strcmp(arguments[3], "sleep") == 0;
    play((enum role)role);
    return 0;
}

/* ---- The process that kills ---- */

/* False if the process does not end, has crashed, or had already ended with a failure. */
static bool await_end(int role, enum process_fate wanted)
{
    struct process_end end;
    if (!os_process_wait(children[role], platform_now_ns() + hang_ns, &end)) {
        printf("the %s does not end\n", role_names[role]);
        return false;
    }
    os_process_free(children[role]);
    children[role] = NULL;
    bool good = end.fate == wanted || (end.fate == PROCESS_EXITED && end.code == 0);
    if (!good)
        printf("the %s ended with %d\n", role_names[role], end.code);
    return good;
}

static bool is_moving(void)
{
    static uint64_t last;
    static int64_t since;
    uint64_t released = load_acquire(&progress->released);
    int64_t now = platform_now_ns();
    if (released != last || since == 0) {
        last = released;
        since = now;
    }
    if (now - since > hang_ns)
        printf("nothing moves any more\n");
    return now - since <= hang_ns;
}

/* Waits until it is in the middle of its work, and is neither opening the ring nor finding it
 * empty. */
static void await_release(void)
{
    int64_t deadline = platform_now_ns() + life_ns;
    uint64_t released = load_acquire(&progress->released);
    while (load_acquire(&progress->released) - released < 2 && platform_now_ns() < deadline)
        spin_pause();
}

static void await_open(void)
{
    int64_t deadline = platform_now_ns() + hang_ns;
    for (int role = 0; role < ROLES; role++)
        while (load_acquire(&progress->opened[role]) == opened[role] &&
               platform_now_ns() < deadline)
            platform_pause_ns(100000);
}

/* Kills one, two, or all of them at once. */
static bool kill_some(void)
{
    unsigned victims = 1 + (unsigned)random_below((1 << ROLES) - 1);
    bool good = true;
    if (!sleeps && victims >> DURABLE & 1)
        await_release();
    for (int role = 0; role < ROLES; role++)
        if (victims >> role & 1)
            os_process_kill(children[role]);
    for (int role = 0; role < ROLES && good; role++)
        if (victims >> role & 1) {
            good = await_end(role, PROCESS_KILLED);
            start(role);
            kills++;
        }
    return good;
}

static bool run(int64_t seconds)
{
    int64_t begun = platform_now_ns();
    bool good = true;
    for (int role = 0; role < ROLES; role++)
        start(role);
    while (good && platform_now_ns() - begun < seconds * second) {
        if (random_below(4) > 0) /* one time in four, they may die while they open */
            await_open();
        platform_pause_ns(random_below(life_ns));
        good = kill_some() && is_moving();
    }
    int64_t took = platform_now_ns() - begun;
    printf("%" PRId64 " kills, %" PRId64 " a second\n", kills, kills * second / took);
    store_release(&progress->stopping, 1);
    for (int role = 0; role < ROLES; role++)
        good = good && await_end(role, PROCESS_EXITED);
    return good;
}

static bool has_arrived(void)
{
    uint64_t sent = load_relaxed(&progress->sent), released = load_relaxed(&progress->released);
    uint64_t total = next_sequence(), seen = load_relaxed(&progress->seen);
    printf("%" PRIu64 " records, %" PRIu64 " seen by the durable consumer, %" PRIu64
           " by ephemeral ones, %" PRIu64 " known to be sent\n",
           total, released, seen, sent);
    return released == total && sent <= total && seen > 0;
}

/* Gives the durable consumer its place before anybody else comes; otherwise what is sent earlier
 * need not be kept for it. */
static void place_durable(void)
{
    const struct mapring_consumer_options options = {.name = "durable", .durable = true};
    mapring_consumer *consumer;
    if (mapring_consumer_open(&consumer, name, &options) != MAPRING_OK)
        give_up("the durable consumer cannot open", 0, 0);
    mapring_consumer_close(consumer);
}

static bool holds(int64_t seconds)
{
    const struct mapring_options options = {.how = MAPRING_CREATE, .capacity_bytes = 65536};
    mapring_ring *ring;
    if (mapring_open(&ring, name, &options) != MAPRING_OK)
        give_up("cannot create the ring", 0, 0);
    place_durable();
    bool good = run(seconds) && has_arrived();
    for (int role = 0; role < ROLES; role++)
        if (children[role])
            os_process_kill(children[role]);
    mapring_close(ring);
    mapring_remove(name, MAPRING_LOCAL, true);
    platform_remove(&memory);
    return good;
}

int main(int argc, char **argv)
{
    char folder[1024], ring[1100];
    os_prepare(&argc, &argv);
    if (argc > 1 && strcmp(argv[1], "--role") == 0)
        return play_role(argv + 2);
    if (argc != 5 || !os_make_temporary_directory(folder, sizeof folder))
        return 2;
    sleeps = strcmp(argv[2], "sleep") == 0;
    chance = strtoull(argv[4], NULL, 10);
    snprintf(ring, sizeof ring, "chaos-memory-%" PRIu64, platform_process());
    share(ring, true);
    snprintf(ring, sizeof ring, "%schaos-%" PRIu64, strcmp(argv[3], "file") == 0 ? folder : "",
             platform_process());
    name = ring;
    bool good = holds(atol(argv[1]));
    while (!os_remove_tree(folder))
        os_yield(); /* a killed process may not be gone yet */
    printf("%d passed, %d failed\n", good, !good);
    return !good;
}
