/* SPDX-License-Identifier: MIT */
/*
 * A process scribbles random words and plausible lies over a ring while others use it. They may
 * fail and read nonsense, but must never crash, hang, or access anything outside the mapping.
 * Whoever finds the ring damaged waits for the next one.
 *
 * usage: scribble SECONDS SEED. The last line is "N passed, N failed".
 */
#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fuzz/hostile.h"
#include "../fuzz/hostile_atomic.h"
#include "command/commands.h"
#include "platform.h"
#include "record.h"

enum { ROLES = 7, RING_NS = 60000000, WAIT_NS = 5000000, RECORD_BYTES = 64, LIES = 24 };
static const int64_t hang_ns = INT64_C(2000000000);

/* Shared by all processes. */
static struct board {
    shared_u32 ring; /* its number */
    shared_u32 stopping;
    struct place {
        shared_u64 since; /* when its current call began; 0: it is not in a call */
        shared_u32 done;  /* the number of the last ring that it has finished with */
        shared_u64 calls, failures;
    } places[ROLES];
} * board;
static struct place *own;
static int id; /* process id of the first process, used in the rings' names */

void hostile_look(void)
{
}

static void path_of(uint32_t ring, char path[64])
{
    snprintf(path, 64, "/dev/shm/mapring-scribble-%d-%u.ring", id, ring);
}

static void call_begins(void)
{
    store_release(&own->since, (uint64_t)platform_now_ns());
}

static int call_ends(int result)
{
    store_release(&own->since, 0);
    store_relaxed(&own->calls, load_relaxed(&own->calls) + 1);
    if (checked(result) < 0)
        store_relaxed(&own->failures, load_relaxed(&own->failures) + 1);
    return result;
}

#define timed(call) (call_begins(), call_ends(call))

static bool goes_on(uint32_t ring)
{
    return load_acquire(&board->ring) == ring && !load_acquire(&board->stopping);
}

static void produce(const char *path, uint32_t ring)
{
    static const unsigned char data[20000];
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_producer *producer;
    int result = timed(mapring_producer_open(&producer, path, &attach));
    if (result < 0)
        return;
    for (unsigned i = 0; goes_on(ring) && result >= 0; i++)
        result = timed(mapring_producer_send(producer, data,
                                             i % 50 ? RECORD_BYTES - 8 : sizeof data - 8, WAIT_NS));
    mapring_producer_close(producer);
}

static void consume_as(const char *path, uint32_t ring, const char *name)
{
    const struct mapring_consumer_options options = {.name = name, .durable = name != NULL};
    struct mapring_record records[20];
    mapring_consumer *consumer;
    size_t count;
    int result = timed(mapring_consumer_open(&consumer, path, &options));
    if (result < 0)
        return;
    for (unsigned i = 0; goes_on(ring) && result >= 0; i++) {
        if (i % 16 == 0)
            platform_pause_ns(300000); /* otherwise there would never be much to lie about */
        result = timed(mapring_consumer_next_batch(consumer, records, 20, &count, WAIT_NS));
        for (size_t k = 0; k < count; k++)
            check_payload(&records[k]);
        if (count > 0)
            result = timed(mapring_consumer_release(consumer));
    }
    mapring_consumer_close(consumer);
}

static void consume(const char *path, uint32_t ring)
{
    consume_as(path, ring, NULL);
}

static void consume_for_good(const char *path, uint32_t ring)
{
    consume_as(path, ring, CONSUMER_NAME);
}

static void observe(const char *path, uint32_t ring)
{
    static unsigned char buffer[CAPACITY];
    struct mapring_record record;
    mapring_observer *observer;
    int result = timed(mapring_observer_open(&observer, path, NULL));
    if (result < 0)
        return;
    while (goes_on(ring) && result >= 0)
        result = timed(mapring_observer_receive(observer, buffer, sizeof buffer, &record, WAIT_NS));
    mapring_observer_close(observer);
}

/* The command writes much, and only a crash is of interest. The sanitizer still reports to standard
 * error. */
static void silence(void)
{
    int errors = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);
    __sanitizer_set_report_fd((void *)(intptr_t)errors);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
}

static void command(const struct command *command, const char *path, uint32_t ring)
{
    char *arguments[] = {(char *)path};
    while (goes_on(ring)) {
        call_begins();
        int status = command->run(1, arguments);
        call_ends(MAPRING_OK);
        must(status == 0 || status == 1);
    }
}

static void stat_on(const char *path, uint32_t ring)
{
    silence();
    command(&command_stat, path, ring);
}

static void dump(const char *path, uint32_t ring)
{
    silence();
    command(&command_dump, path, ring);
}

static unsigned char *view_of(const char *path)
{
    int file = open(path, O_RDWR);
    void *view = mmap(NULL, MAPPING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return view == MAP_FAILED ? NULL : view;
}

/* Tells one of the lies that are believed most easily: a record has the right number but is too
 * long. */
static void stretch(unsigned char *view)
{
    unsigned char *place = view + 2 * REGION_BYTES + rand() % (CAPACITY / 8) * 8;
    uint64_t word;
    memcpy(&word, place, sizeof word);
    word |= ((uint64_t)rand() & PAYLOAD_MAX) << 32;
    if (commit_is_data(word))
        memcpy(place, &word, sizeof word);
}

/* Makes changes as random input of a fuzzer would, at a different pace for each ring. */
static void scribble(const char *path, uint32_t ring)
{
    static struct hostile_ring places;
    struct script script = {.ring = &places, .view = view_of(path)};
    uint8_t lies[LIES];
    for (places.records = 0; places.records < RECORDS_KNOWN; places.records++)
        places.record[places.records] = 2 * REGION_BYTES + places.records * RECORD_BYTES;
    int64_t pause = 1000 << rand() % 12;
    platform_pause_ns(1000000);
    while (script.view && goes_on(ring)) {
        for (size_t i = 0; i < LIES; i++)
            lies[i] = (uint8_t)(rand() >> 8);
        script.rest = lies;
        script.end = lies + 1 + rand() % LIES;
        script_go_on(&script);
        stretch(script.view);
        platform_pause_ns(pause);
    }
    if (script.view)
        munmap(script.view, MAPPING_BYTES);
}

static const struct {
    const char *name;
    void (*use)(const char *path, uint32_t ring);
} roles[ROLES] = {
    {"producer", produce},   {"consumer", consume}, {"durable", consume_for_good},
    {"observer", observe},   {"stat", stat_on},     {"dump", dump},
    {"scribbler", scribble},
};

static void live(unsigned role)
{
    char path[64];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    own = &board->places[role];
    while (!load_acquire(&board->stopping)) {
        uint32_t ring = load_acquire(&board->ring);
        path_of(ring, path);
        roles[role].use(path, ring);
        store_release(&own->done, ring);
        while (goes_on(ring))
            platform_pause_ns(200000);
    }
    exit(0);
}

static void make_ring(uint32_t ring)
{
    char path[64];
    const struct mapring_options options = {.how = MAPRING_CREATE,
                                            .capacity_bytes = CAPACITY,
                                            .dictionary_bytes = DICTIONARY,
                                            .when_full = (enum mapring_when_full)(1 + ring % 3)};
    mapring_ring *made;
    path_of(ring, path);
    must(mapring_open(&made, path, &options) == MAPRING_OK);
    mapring_close(made);
    store_release(&board->ring, ring);
    path_of(ring - 1, path);
    unlink(path);
}

static bool is_used_up(uint32_t ring, int64_t age)
{
    unsigned done = 0;
    for (unsigned i = 0; i < 4; i++) /* the roles that stop when they find damage */
        done += load_acquire(&board->places[i].done) == ring;
    return done == 4 || age > RING_NS;
}

/* Reports a process that has crashed or does not return from a call. */
static bool all_is_well(const pid_t children[ROLES])
{
    int status;
    for (unsigned i = 0; i < ROLES; i++) {
        uint64_t since = load_acquire(&board->places[i].since);
        if (waitpid(children[i], &status, WNOHANG) != 0)
            printf("the %s has crashed\n", roles[i].name);
        else if (since && platform_now_ns() - (int64_t)since > hang_ns)
            printf("the %s hangs\n", roles[i].name);
        else
            continue;
        return false;
    }
    return true;
}

static bool watch(const pid_t children[ROLES], int64_t deadline)
{
    int64_t made = platform_now_ns();
    uint32_t ring = 1;
    while (platform_now_ns() < deadline) {
        platform_pause_ns(1000000);
        if (!all_is_well(children))
            return false;
        if (is_used_up(ring, platform_now_ns() - made)) {
            made = platform_now_ns();
            make_ring(++ring);
        }
    }
    return true;
}

static bool finish(const pid_t children[ROLES], bool good)
{
    int64_t deadline = platform_now_ns() + hang_ns;
    store_release(&board->stopping, 1);
    for (unsigned i = 0; i < ROLES; i++) {
        int status = 0;
        bool ended;
        while (!(ended = waitpid(children[i], &status, WNOHANG) != 0) &&
               platform_now_ns() < deadline)
            platform_pause_ns(1000000);
        if (!ended) {
            printf("the %s does not end\n", roles[i].name);
            kill(children[i], SIGKILL);
            good = false;
        } else if (good && status != 0) {
            printf("the %s has crashed\n", roles[i].name);
            good = false;
        }
    }
    return good;
}

static void tell(void)
{
    printf("%u rings; calls, failed:", load_relaxed(&board->ring));
    for (unsigned i = 0; i + 1 < ROLES; i++)
        printf(" %s %llu, %llu;", roles[i].name,
               (unsigned long long)load_relaxed(&board->places[i].calls),
               (unsigned long long)load_relaxed(&board->places[i].failures));
}

int main(int argc, char **argv)
{
    pid_t children[ROLES];
    char path[64];
    if (argc != 3)
        return 2;
    id = (int)getpid();
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(board != MAP_FAILED);
    make_ring(1);
    for (unsigned i = 0; i < ROLES; i++) {
        srand((unsigned)atol(argv[2]) + i);
        children[i] = fork();
        must(children[i] >= 0);
        if (children[i] == 0)
            live(i);
    }
    bool good = watch(children, platform_now_ns() + atol(argv[1]) * 1000000000);
    good = finish(children, good);
    path_of(load_relaxed(&board->ring), path);
    unlink(path);
    tell();
    printf("\n%d passed, %d failed\n", good, !good);
    return !good;
}
