/* SPDX-License-Identifier: MIT */
/*
 * Both sides of a ring are killed at random, again and again: every record arrives whole and in
 * order, the durable consumer misses none, and an ephemeral one none while it lives.
 *
 * usage: chaos SECONDS sleep|busy SEED. The last line is "N passed, N failed".
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layout.h"
#include "mapring/mapring.h"
#include "platform.h"

enum { PRODUCER, DURABLE, EPHEMERAL, ROLES, LARGEST = 1500, SLEEP_RECORDS = 64, LIVES_US = 3000 };
static const int64_t hang_ns = INT64_C(3000000000);

/* Seen by all; each word is written by one role. */
static struct progress {
    shared_u64 sent;     /* records that the producer was told are sent */
    shared_u64 checked;  /* behind the last record that the durable consumer has seen whole */
    shared_u64 released; /* and before which it was told that all is released */
    shared_u64 seen;     /* records that ephemeral consumers have seen */
    shared_u32 stopping;
} *progress;
static char name[64];
static bool sleeps;

static size_t fill(unsigned char *data, uint64_t sequence)
{
    uint64_t noise = (sequence + 1) * UINT64_C(0x9E3779B97F4A7C15);
    size_t bytes = noise >> 40 & 3 ? noise % 100 : noise % LARGEST;
    for (size_t i = 0; i < bytes; i++)
        data[i] = (unsigned char)(noise >> (i % 8 * 8)) + (unsigned char)(i * 7);
    return bytes;
}

static bool is_whole(const struct mapring_record *record)
{
    unsigned char expected[LARGEST];
    size_t bytes = fill(expected, record->sequence);
    return bytes == record->bytes && memcmp(expected, record->payload, bytes) == 0;
}

static void give_up(const char *what, uint64_t expected, uint64_t found)
{
    printf("%s: expected %llu, found %llu; last error: %s\n", what, (unsigned long long)expected,
           (unsigned long long)found, mapring_last_error()->text);
    fflush(stdout);
    _exit(1);
}

/* The number of the next record: what is counted in the ring itself. */
static uint64_t next_sequence(void)
{
    static struct mapring_stat stat;
    mapring_ring *ring;
    if (mapring_open(&ring, name, NULL) != MAPRING_OK || mapring_stat(ring, &stat) != MAPRING_OK)
        give_up("cannot look at the ring", 0, 0);
    mapring_close(ring);
    return stat.sequence;
}

static int send_some(mapring_producer *producer, uint64_t *next)
{
    static unsigned char data[3][LARGEST];
    struct mapring_buffer records[3];
    for (unsigned i = 0; i < 3; i++)
        records[i] = (struct mapring_buffer){data[i], fill(data[i], *next + i)};
    size_t count = *next % 5 == 0 ? 3 : 1;
    int64_t patience = sleeps ? MAPRING_FOREVER : 0;
    int result = count == 3 ? mapring_producer_send_batch(producer, records, 3, patience)
                            : mapring_producer_send(producer, data[0], records[0].bytes, patience);
    if (result == MAPRING_OK)
        *next += count;
    return result;
}

static void produce(void)
{
    mapring_producer *producer;
    int result = mapring_producer_open(&producer, name, NULL);
    if (result != MAPRING_OK)
        give_up("the producer cannot open", MAPRING_OK, (uint64_t)result);
    uint64_t next = next_sequence();
    if (next < load_acquire(&progress->sent))
        give_up("records are lost at their sender", load_acquire(&progress->sent), next);
    while (!load_acquire(&progress->stopping)) {
        result = send_some(producer, &next);
        if (result < 0)
            give_up("cannot send", MAPRING_OK, (uint64_t)result);
        store_release(&progress->sent, next);
        if (sleeps && next % SLEEP_RECORDS == 0)
            platform_pause_ns(50000);
    }
    mapring_producer_close(producer);
    _exit(0);
}

/* Checks one record after another until the producer has closed for good. */
static void read_on(mapring_consumer *consumer, bool is_durable)
{
    struct mapring_record record;
    uint64_t next = UINT64_MAX, seen = load_relaxed(&progress->seen);
    for (;;) {
        int result = mapring_consumer_next(consumer, &record, sleeps ? MAPRING_FOREVER : 0);
        if (result == MAPRING_PRODUCER_CLOSED)
            return;
        if (result < 0 || result == MAPRING_LOST)
            give_up("cannot read", MAPRING_OK, (uint64_t)result);
        if (result != MAPRING_OK)
            continue;
        uint64_t checked = load_relaxed(&progress->checked);
        uint64_t released = load_relaxed(&progress->released);
        if (next == UINT64_MAX && is_durable && (record.sequence > checked || record.sequence < released))
            give_up("the durable consumer goes on elsewhere", released, record.sequence);
        if (next != UINT64_MAX && record.sequence != next)
            give_up("a record is missing", next, record.sequence);
        if (!is_whole(&record))
            give_up("a record is torn", record.sequence, record.bytes);
        next = record.sequence + 1;
        if (is_durable && next > checked)
            store_release(&progress->checked, next);
        if (mapring_consumer_release(consumer) != MAPRING_OK)
            give_up("cannot release", 0, 0);
        if (is_durable)
            store_release(&progress->released, next);
        else
            store_release(&progress->seen, ++seen);
    }
}

static void consume(bool is_durable)
{
    const struct mapring_consumer_options options = {
        .name = is_durable ? "durable" : NULL,
        .durable = is_durable,
        .from = is_durable ? MAPRING_OLDEST : MAPRING_NEWEST};
    mapring_consumer *consumer;
    int result = mapring_consumer_open(&consumer, name, &options);
    if (result != MAPRING_OK)
        give_up("a consumer cannot open", MAPRING_OK, (uint64_t)result);
    read_on(consumer, is_durable);
    mapring_consumer_close(consumer);
    _exit(0);
}

static pid_t start(int role)
{
    pid_t child = fork();
    if (child < 0)
        give_up("cannot fork", 0, 0);
    if (child == 0) {
        if (role == PRODUCER)
            produce();
        consume(role == DURABLE);
    }
    return child;
}

/* False when it had ended by itself, with a failure. */
static bool end(pid_t child)
{
    int status;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) || WEXITSTATUS(status) == 0;
}

static bool is_moving(int64_t now)
{
    static uint64_t last;
    static int64_t since;
    uint64_t released = load_acquire(&progress->released);
    if (released != last || since == 0) {
        last = released;
        since = now;
    }
    return now - since < hang_ns;
}

static bool finish(pid_t children[ROLES])
{
    int64_t deadline = platform_now_ns() + hang_ns;
    int left = ROLES, status;
    bool good = true;
    store_release(&progress->stopping, 1);
    while (left > 0 && platform_now_ns() < deadline) {
        pid_t child = waitpid(-1, &status, WNOHANG);
        if (child > 0) {
            left--;
            good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
        } else {
            platform_pause_ns(1000000);
        }
    }
    for (int i = 0; left > 0 && i < ROLES; i++)
        kill(children[i], SIGKILL);
    if (left > 0)
        printf("somebody does not come to the end\n");
    return good && left == 0;
}

/* In the middle of its work, and not while it opens the ring or finds it empty. */
static void await_release(void)
{
    int64_t deadline = platform_now_ns() + 3000000;
    uint64_t released = load_acquire(&progress->released);
    while (load_acquire(&progress->released) - released < 2 && platform_now_ns() < deadline)
        spin_pause();
}

static void run(int64_t seconds, unsigned seed)
{
    pid_t children[ROLES];
    long kills = 0;
    bool good = true;
    srand(seed);
    for (int i = 0; i < ROLES; i++)
        children[i] = start(i);
    int64_t now, deadline = platform_now_ns() + seconds * 1000000000;
    while (good && (now = platform_now_ns()) < deadline) {
        platform_pause_ns(rand() % LIVES_US * 1000);
        int role = rand() % ROLES;
        if (role == DURABLE && !sleeps)
            await_release();
        good = end(children[role]);
        children[role] = start(role);
        kills++;
        if (!is_moving(now)) {
            printf("nothing moves any more\n");
            good = false;
        }
    }
    good &= finish(children);
    uint64_t sent = load_relaxed(&progress->sent), released = load_relaxed(&progress->released);
    uint64_t total = next_sequence();
    if (released != total || sent > total || load_relaxed(&progress->seen) == 0) {
        printf("of %llu records, %llu arrived\n", (unsigned long long)total,
               (unsigned long long)released);
        good = false;
    }
    printf("%ld kills, %llu records\n%d passed, %d failed\n", kills, (unsigned long long)total,
           good, !good);
    exit(!good);
}

/* Its place is there before anybody else comes: what is sent earlier need not be kept for it. */
static void place_durable(void)
{
    const struct mapring_consumer_options options = {.name = "durable", .durable = true};
    mapring_consumer *consumer;
    if (mapring_consumer_open(&consumer, name, &options) != MAPRING_OK)
        give_up("the durable consumer cannot open", 0, 0);
    mapring_consumer_close(consumer);
}

static void clear_up(void)
{
    unlink(name);
}

int main(int argc, char **argv)
{
    const struct mapring_options options = {.how = MAPRING_CREATE, .capacity_bytes = 65536};
    mapring_ring *ring;
    if (argc != 4)
        return 2;
    sleeps = strcmp(argv[2], "sleep") == 0;
    progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    snprintf(name, sizeof name, "/dev/shm/mapring-chaos-%d.ring", (int)getpid());
    if (progress == MAP_FAILED || mapring_open(&ring, name, &options) != MAPRING_OK)
        return 2;
    mapring_close(ring);
    atexit(clear_up);
    place_durable();
    run(atol(argv[1]), (unsigned)atol(argv[3]));
}
