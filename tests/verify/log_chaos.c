/* SPDX-License-Identifier: MIT */
/*
 * Processes that log into one log, with threads that end and begin, are killed at random, and so are
 * those that read it.
 *
 * usage: log_chaos SECONDS SEED
 *
 * Each line is acknowledged when its call has returned. Afterwards, a log that blocks must have all
 * lines that were acknowledged, and a log that overwrites must have counted them; of each thread, one
 * more may be there. The last line is "N passed, N failed". Runs on Linux only.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log_lines.h"

enum {
    PROCESSES = 3,
    THREADS = 2,          /* of a process, at a time */
    WRITERS = 400,        /* in a round: each thread is another one */
    LINES_MOST = 400,     /* of a thread */
    LARGE = 8 << 20,      /* a ring that has room for all of a round */
    SMALL = 65536,
    REMOVED = 64,
    KILLS_IN_VAIN = 20,
};

static struct board {
    _Atomic uint32_t next_writer;
    _Atomic uint32_t acknowledged[WRITERS];
    _Atomic int is_over;
    char wrong[600]; /* said by a reader */
} *board;

static char log_path[64];
static struct mapring_log_options options;
static bool seen[WRITERS][LINES_MOST];
static unsigned long kills, lines_checked;

static uint32_t random_below(uint32_t limit)
{
    return (uint32_t)(random() % (long)limit);
}

static void pause_us(long us)
{
    const struct timespec pause = {.tv_nsec = us * 1000};
    nanosleep(&pause, NULL);
}

/* ---- Who writes ---- */

static mapring_log *opened;

static void *write_lines(void *unused)
{
    uint32_t writer = atomic_fetch_add(&board->next_writer, 1);
    (void)unused;
    if (writer >= WRITERS)
        return NULL;
    uint32_t count = 1 + (writer * 7919u) % (LINES_MOST - 1);
    for (uint32_t i = 0; i < count; i++) {
        line_write(opened, writer, i, (writer + i) % LINE_SITES);
        atomic_store(&board->acknowledged[writer], i + 1);
    }
    return NULL;
}

static void run_writer(void)
{
    if (mapring_log_open(&opened, log_path, &options) != MAPRING_OK) {
        snprintf(board->wrong, sizeof board->wrong, "%s", mapring_last_error()->text);
        return;
    }
    while (atomic_load(&board->next_writer) < WRITERS) {
        pthread_t thread[THREADS];
        for (int i = 0; i < THREADS; i++)
            if (pthread_create(&thread[i], NULL, write_lines, NULL) != 0)
                abort();
        for (int i = 0; i < THREADS; i++)
            pthread_join(thread[i], NULL);
    }
    mapring_log_close(opened);
}

/* ---- Who reads ---- */

static const char *look(void *context, const struct line *line)
{
    (void)context;
    return line->writer < WRITERS && line->number < LINES_MOST ? NULL : "it reads nonsense";
}

static void run_reader(void)
{
    struct line_totals totals;
    const char *wrong = NULL;
    while (!wrong && !atomic_load(&board->is_over))
        wrong = lines_each(log_path, look, NULL, &totals);
    if (wrong)
        snprintf(board->wrong, sizeof board->wrong, "a reader: %s", wrong);
}

/* ---- The round ---- */

static pid_t begin(void (*run)(void))
{
    pid_t child = fork();
    if (child < 0)
        abort();
    if (child > 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    run();
    _exit(0);
}

static void end(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    kills++;
}

static bool is_played(void)
{
    return atomic_load(&board->next_writer) >= WRITERS || *board->wrong;
}

/* Who finds a log that was left half-made waits for its creator for longer than anybody lives who is
 * killed as often as here. */
static void let_live(void)
{
    static uint32_t before, in_vain;
    uint32_t begun = atomic_load(&board->next_writer);
    in_vain = begun == before ? in_vain + 1 : 0;
    while (in_vain > KILLS_IN_VAIN && atomic_load(&board->next_writer) == begun && !is_played())
        pause_us(1000);
    before = begun;
}

static void play_round(void)
{
    pid_t child[PROCESSES + 1];
    for (int i = 0; i <= PROCESSES; i++)
        child[i] = begin(i < PROCESSES ? run_writer : run_reader);
    while (!is_played()) {
        uint32_t which = random_below(PROCESSES + 1);
        pause_us(random_below(8000));
        let_live();
        end(child[which]);
        child[which] = begin(which < PROCESSES ? run_writer : run_reader);
    }
    atomic_store(&board->is_over, 1);
    for (int i = 0; i <= PROCESSES; i++)
        end(child[i]);
}

/* ---- What must be there ---- */

static const char *note(void *context, const struct line *line)
{
    (void)context;
    if (line->writer >= WRITERS || line->number >= LINES_MOST)
        return "a line is there that nobody has written";
    if (seen[line->writer][line->number])
        return "a line is there twice";
    seen[line->writer][line->number] = true;
    return NULL;
}

/* The lines of a writer that are there are its last ones; one that blocks has all of them. */
static const char *check_writer(uint32_t writer)
{
    uint32_t acknowledged = atomic_load(&board->acknowledged[writer]), first = 0, last = LINES_MOST;
    bool overwrites = options.ring.when_full == MAPRING_OVERWRITE;
    while (overwrites && first < LINES_MOST && !seen[writer][first])
        first++;
    if (first == LINES_MOST)
        return NULL;
    while (last > first && !seen[writer][last - 1])
        last--;
    for (uint32_t i = first; i < last; i++)
        if (!seen[writer][i])
            return "a line is missing between others of its thread";
    if (last < acknowledged)
        return "a line that was acknowledged is missing";
    return last > acknowledged + 1 ? "a line is there that was never acknowledged" : NULL;
}

static const char *check_round(void)
{
    struct line_totals totals;
    uint64_t acknowledged = 0;
    memset(seen, 0, sizeof seen);
    const char *wrong = *board->wrong ? board->wrong : lines_each(log_path, note, NULL, &totals);
    for (uint32_t i = 0; !wrong && i < WRITERS; i++) {
        wrong = check_writer(i);
        acknowledged += atomic_load(&board->acknowledged[i]);
    }
    if (!wrong && (totals.records < acknowledged || totals.records > acknowledged + WRITERS))
        wrong = "the rings have counted other numbers of lines than were acknowledged";
    lines_checked += acknowledged;
    return wrong;
}

static void remove_log(void)
{
    for (unsigned i = 0; i < REMOVED; i++) {
        char path[128];
        line_ring(path, sizeof path, log_path, i);
        unlink(path);
    }
}

static bool try_round(enum mapring_when_full when_full)
{
    memset(board, 0, sizeof *board);
    options.ring.when_full = when_full;
    options.ring.capacity_bytes = when_full == MAPRING_OVERWRITE ? SMALL : LARGE;
    remove_log();
    play_round();
    const char *wrong = check_round();
    if (wrong)
        printf("%s: %s\n", when_full == MAPRING_OVERWRITE ? "overwriting" : "blocking", wrong);
    remove_log();
    return !wrong;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: log_chaos SECONDS SEED\n", stderr);
        return 2;
    }
    time_t until = time(NULL) + atol(argv[1]);
    unsigned passed = 0, failed = 0;
    srandom((unsigned)atol(argv[2]));
    snprintf(log_path, sizeof log_path, "/dev/shm/mapring-log-chaos-%d.ring", (int)getpid());
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED)
        return 2;
    do {
        bool good = try_round(passed % 2 ? MAPRING_OVERWRITE : MAPRING_BLOCK);
        passed += good;
        failed += !good;
    } while (!failed && (passed < 2 || time(NULL) < until));
    printf("seed %s: %lu lines, %lu kills\n%u passed, %u failed\n", argv[2], lines_checked, kills,
           passed, failed);
    return failed != 0;
}
