/* SPDX-License-Identifier: MIT */
/* Many threads log, end and begin, while others change the level. */
#include "helpers.h"
#include "log_lines.h"

enum { THREADS = 4, LIVES = 6, LINES = 150, LOGS = 2 };

/* Threads return results instead of checking them, because only the main thread may fail a
 * check. */
struct work {
    mapring_log *log[LOGS];
    uint32_t writer;
};

static const struct mapring_log_options small = {
    .ring = {.capacity_bytes = UINT64_C(1) << 18, .dictionary_bytes = 65536}};

static const char *name_log(mapring_log **log)
{
    const char *path = new_path(".ring");
    check_result(MAPRING_OK, mapring_log_open(log, path, &small));
    return path;
}

static int write_lines(void *context)
{
    struct work *work = context;
    for (uint32_t i = 0; i < LINES; i++)
        line_write(work->log[i % LOGS], work->writer, i, i / 3 % LINE_SITES);
    return 0;
}

/* Lines of level INFO are written under all of these levels. */
static int change_level(void *context)
{
    struct work *work = context;
    for (uint32_t i = 0; i < THREADS * LIVES * LINES; i++) {
        enum mapring_level level = MAPRING_LEVEL_TRACE + i % MAPRING_LEVEL_INFO;
        int result = mapring_log_set_level(work->log[i % LOGS], level);
        if (result != MAPRING_OK)
            return result;
        level = mapring_log_level(work->log[i % LOGS]);
        if (level < MAPRING_LEVEL_TRACE || level > MAPRING_LEVEL_INFO)
            return -1000;
    }
    return 0;
}

/* What others want to know of a log meanwhile. */
static int ask(void *context)
{
    struct work *work = context;
    struct mapring_log_stat stat;
    for (uint32_t i = 0; i < LIVES * LINES; i++) {
        int result = mapring_log_stat(work->log[i % LOGS], &stat);
        if (result != MAPRING_OK || stat.unwritten_lines || stat.interrupted_lines)
            return -1001;
    }
    return 0;
}

/* Opens and closes a log of its own again and again. */
static int come_and_go(void *context)
{
    const char *path = context;
    for (uint32_t i = 0; i < 3 * LIVES; i++) {
        mapring_log *log;
        int result = mapring_log_open(&log, path, &small);
        if (result != MAPRING_OK)
            return result;
        line_write(log, THREADS * LIVES, i, i % LINE_SITES);
        mapring_log_close(log);
    }
    return 0;
}

static void check_written(const char *const *name, uint32_t writer, uint32_t rings_most)
{
    static struct lines lines;
    for (uint32_t i = 0, seen = 0; i < LOGS; i++, seen += lines.count) {
        lines.writer = writer;
        const char *wrong = lines_read(&lines, name[i]);
        check_text("", wrong ? wrong : "");
        check(lines.totals.rings <= rings_most);
        for (uint32_t j = 0; j < LINES; j++)
            check_number(j % LOGS == i, lines.seen[j]);
    }
}

static void write_with_threads(struct work *works, uint32_t life)
{
    struct os_thread *thread[THREADS];
    for (uint32_t i = 0; i < THREADS; i++) {
        works[i].writer = life * THREADS + i;
        thread[i] = os_thread_start(write_lines, &works[i]);
    }
    for (uint32_t i = 0; i < THREADS; i++)
        check_number(0, os_thread_join(thread[i]));
}

static void threads_log_while_others_begin_and_end_and_change_the_level(void **state)
{
    (void)state;
    struct work works[THREADS];
    const char *name[LOGS];
    for (uint32_t i = 0; i < LOGS; i++)
        name[i] = name_log(&works[0].log[i]);
    for (uint32_t i = 1; i < THREADS; i++)
        works[i] = works[0];
    struct work changed = works[0], asked = works[0];
    struct os_thread *changes = os_thread_start(change_level, &changed);
    struct os_thread *asks = os_thread_start(ask, &asked);
    const char *other = new_path(".ring");
    struct os_thread *comes = os_thread_start(come_and_go, (void *)other);
    for (uint32_t life = 0; life < LIVES; life++)
        write_with_threads(works, life);
    check_number(0, os_thread_join(changes));
    check_number(0, os_thread_join(asks));
    check_number(0, os_thread_join(comes));
    for (uint32_t i = 0; i < LOGS; i++)
        mapring_log_close(works[0].log[i]);
    for (uint32_t writer = 0; writer < THREADS * LIVES; writer++)
        check_written(name, writer, THREADS);
}

static const struct role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    TEST(threads_log_while_others_begin_and_end_and_change_the_level),
};
TEST_MAIN(roles, tests)
