/* SPDX-License-Identifier: MIT */
/* Steps through calls of a log. All that opens the log, apart from readers, is a process of its own,
 * so that each call is the first of its process. */
#include "step_log.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log_lines.h"
#include "step.h"

/* Who writes: the stepped process, the one after it, the one beside it, one that filled the ring. */
enum { WRITER = 1, NEXT_WRITER, OTHER_WRITER, EARLIER_WRITER };

enum { NEXT_LINES = 3, EARLIER_LINES = 3, LAP_LINES = 3000, RINGS_LIMIT = 8, CLOSED = 1 << 20 };

struct log_call {
    const char *name;
    enum mapring_when_full when_full;
    unsigned before;  /* lines that the stepped process has written before */
    unsigned earlier; /* lines of a process that died before it */
    unsigned site;    /* of the line; those before it have the other one, or with `known` the same */
    bool known;
    bool held;  /* another process has the ring NAME meanwhile */
    bool opens; /* makes or takes over a ring: tens of thousands of steps */
    void (*run)(void);
};

/* What the processes tell the tracer. */
static struct told {
    volatile uint32_t returned; /* calls of the stepped process; CLOSED: the log is closed, too */
    volatile uint32_t written, is_ready;
} *told;

static char log_name[80];
static const struct log_call *call;
static mapring_log *stepped;

static mapring_log *open_log(void)
{
    const struct mapring_log_options options = {
        .ring = {.capacity_bytes = CAPACITY,
                 .dictionary_bytes = DICTIONARY_BYTES,
                 .when_full = call->when_full}};
    mapring_log *log;
    return mapring_log_open(&log, log_name, &options) == MAPRING_OK ? log : NULL;
}

static void remove_log(void)
{
    for (unsigned i = 0; i < RINGS_LIMIT; i++) {
        char path[128];
        line_ring(path, sizeof path, log_name, i);
        unlink(path);
    }
}

/* ---- The stepped process ---- */

static void prepare(struct actor *actor)
{
    stepped = open_log();
    expect(actor, stepped);
    for (uint32_t i = 0; i < call->before; i++)
        line_write(stepped, WRITER, i, call->known ? call->site : !call->site);
    told->returned = call->before;
}

static void prepare_nothing(struct actor *actor)
{
    (void)actor;
}

static void run(struct actor *actor)
{
    (void)actor;
    call->run();
}

static void end_log(struct actor *actor)
{
    (void)actor;
    if (told->returned < CLOSED)
        mapring_log_close(stepped);
}

static void write_line(void)
{
    line_write(stepped, WRITER, call->before, call->site);
    told->returned = call->before + 1;
}

static void open_and_write(void)
{
    stepped = open_log();
    write_line();
}

static void name_thread(void)
{
    mapring_log_name_thread(stepped, "stepped");
}

static void close_log(void)
{
    mapring_log_close(stepped);
    told->returned = CLOSED;
}

/* ---- Other processes ---- */

/* Runs it in a process of its own, which ends without closing anything. */
static bool apart(bool (*work)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(!work());
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool write_lines(uint32_t writer, uint32_t count)
{
    mapring_log *log = open_log();
    for (uint32_t i = 0; log && i < count; i++)
        line_write(log, writer, i, i % LINE_SITES);
    struct mapring_log_stat stat;
    return log && mapring_log_stat(log, &stat) == MAPRING_OK && stat.unwritten_lines == 0;
}

static bool write_earlier(void)
{
    return write_lines(EARLIER_WRITER, call->earlier);
}

static bool write_next(void)
{
    return write_lines(NEXT_WRITER, NEXT_LINES);
}

static bool write_beside(void)
{
    return write_lines(OTHER_WRITER, NEXT_LINES);
}

/* Has the ring NAME until it is killed. */
static pid_t hold(void)
{
    told->is_ready = 0;
    pid_t child = call->held ? fork() : 0;
    if (!call->held || child > 0) {
        while (call->held && !told->is_ready)
            usleep(100);
        return child;
    }
    mapring_log *log = open_log();
    line_write(log, OTHER_WRITER, 0, 0);
    told->is_ready = 1;
    for (;;)
        pause();
}

static void let_go(pid_t holder)
{
    if (holder == 0)
        return;
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
}

/* ---- What must be there ---- */

static struct lines lines;

/* The writer's lines 0 to `least` - 1, and perhaps the next one; in a ring that overwrites, without
 * the first ones. */
static const char *check_writer(uint32_t writer, uint32_t least, uint32_t most, bool overwritten)
{
    lines.writer = writer;
    const char *wrong = lines_read(&lines, log_name);
    uint32_t first = 0, end = most;
    if (wrong)
        return wrong;
    while (end > 0 && !lines.seen[end - 1])
        end--;
    while (overwritten && first < least && !lines.seen[first])
        first++;
    if (end < least)
        return "a line is missing whose call had returned";
    return lines.count == end - first ? NULL : "lines are missing, or there are too many";
}

static const char *check_lines(bool done)
{
    bool overwritten = call->earlier > EARLIER_LINES;
    uint32_t returned = told->returned, least = returned < CLOSED ? returned : call->before;
    const char *wrong = check_writer(WRITER, least, call->before + 1, false);
    if (!wrong && done && call->run == write_line && least != call->before + 1)
        wrong = "the call has not returned at its end";
    if (!wrong)
        wrong = check_writer(EARLIER_WRITER, call->earlier, call->earlier, overwritten);
    return wrong;
}

/* The next process writes into a log that a dead one has left. */
static const char *check_log(bool done)
{
    const char *wrong = check_lines(done);
    if (!wrong && !apart(write_next))
        wrong = "the next process cannot write";
    if (!wrong)
        wrong = check_writer(NEXT_WRITER, NEXT_LINES, NEXT_LINES, false);
    return wrong ? wrong : check_lines(done);
}

/* ---- The trials ---- */

static void make_log(void)
{
    remove_log();
    memset((void *)told, 0, sizeof *told);
    if (call->earlier > 0 && !apart(write_earlier))
        judge("the process before cannot write", 0);
}

static bool kill_at(const struct trial *trial, long boundary, bool *done)
{
    make_log();
    pid_t holder = hold(), child = spawn(trial);
    *done = !step_to(child, boundary);
    end_by_kill(child);
    let_go(holder);
    return judge(check_log(*done), boundary);
}

/* Another process logs while this one is stopped. */
static bool preempt_at(const struct trial *trial, long boundary)
{
    make_log();
    pid_t child = spawn(trial);
    step_to(child, boundary);
    const char *wrong = check_lines(false);
    if (!wrong && !apart(write_beside))
        wrong = "another process cannot write beside a stopped one";
    if (!wrong)
        wrong = check_writer(OTHER_WRITER, NEXT_LINES, NEXT_LINES, false);
    const char *other = finish(child);
    wrong = wrong ? wrong : other;
    return judge(wrong ? wrong : check_log(true), boundary);
}

static long count_steps(const struct trial *trial)
{
    make_log();
    pid_t holder = hold(), child = spawn(trial);
    long steps = 1;
    way_begin();
    while (step(child))
        steps++;
    end_by_kill(child);
    let_go(holder);
    return steps;
}

static void try_call(const struct trial *trial, bool thorough)
{
    bool good = true, done = false;
    begin("kill log %s", call->name);
    long steps = count_steps(trial), kills = 0;
    long stops = thorough ? 4000 : call->opens ? 8 : 200;
    for (long at = 0; at <= steps || !done; at += steps / stops + 1, kills++)
        good &= kill_at(trial, at, &done);
    count(good);
    printf("log %s: %ld kills in %ld instructions\n", call->name, kills, steps);
    if (call->opens || call->held)
        return;
    begin("preempt log %s", call->name);
    good = true;
    for (long at = 0; at < steps; at += steps / (thorough ? 400 : 20) + 1)
        good &= preempt_at(trial, at);
    count(good);
}

/* "lap" moves the horizon somewhere, since each line takes a part of the way. */
static const struct log_call calls[] = {
    {.name = "line", .before = 2, .known = true, .when_full = MAPRING_OVERWRITE, .run = write_line},
    {.name = "line-block", .before = 2, .known = true, .when_full = MAPRING_BLOCK, .run = write_line},
    {.name = "line-drop", .before = 2, .known = true, .when_full = MAPRING_DROP, .run = write_line},
    {.name = "lap", .before = 1, .earlier = LAP_LINES, .known = true,
     .when_full = MAPRING_OVERWRITE, .run = write_line},
    {.name = "site", .before = 1, .when_full = MAPRING_OVERWRITE, .run = write_line},
    {.name = "site-known", .before = 1, .earlier = EARLIER_LINES, .when_full = MAPRING_OVERWRITE,
     .run = write_line},
    {.name = "thread", .when_full = MAPRING_OVERWRITE, .opens = true, .run = write_line},
    {.name = "thread-held", .when_full = MAPRING_OVERWRITE, .opens = true, .held = true,
     .run = write_line},
    {.name = "thread-left", .earlier = EARLIER_LINES, .when_full = MAPRING_OVERWRITE,
     .opens = true, .run = write_line},
    {.name = "name", .when_full = MAPRING_OVERWRITE, .opens = true, .run = name_thread},
    {.name = "close", .before = 2, .known = true, .when_full = MAPRING_OVERWRITE, .opens = true,
     .run = close_log},
    {.name = "open", .when_full = MAPRING_OVERWRITE, .opens = true, .run = open_and_write},
};

void try_log(const char *only, bool thorough)
{
    snprintf(log_name, sizeof log_name, "%.*s-log.ring", (int)(strlen(ring_name) - 5), ring_name);
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (told == MAP_FAILED)
        exit(2);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        call = &calls[i];
        const struct operation operation = {.name = call->name,
                                            .prepare = call->run == open_and_write
                                                           ? prepare_nothing
                                                           : prepare,
                                            .run = run,
                                            .finish = end_log};
        const struct trial trial = {.operation = &operation};
        if (!only || strcmp(only, call->name) == 0)
            try_call(&trial, thorough);
        remove_log();
    }
}
