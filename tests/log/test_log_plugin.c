/* SPDX-License-Identifier: MIT */
/* Libraries that log and are unloaded, while lines, logs and threads stay. */
#include "atomic.h"
#include "lines.h"
#include "plugin.h"

static const char *copy_of(const char *path)
{
    size_t bytes;
    const char *copy = new_path(strrchr(path, '.'));
    char *library = read_file(path, &bytes);
    write_file(copy, library, bytes);
    free(library);
    return copy;
}

/* Until the program ends. */
static void keep_mapring(void)
{
    check(os_library_load(getenv("MAPRING_LIBRARY")) != NULL);
}

static void log_once(const char *path, mapring_log *log, int number)
{
    struct plugin plugin = plugin_load(path);
    plugin.calls->log(log, number);
    plugin_unload(&plugin);
}

static uint32_t check_line(struct lines *lines, const char *expected)
{
    check_text(expected, lines_next(lines));
    check(lines->last.site != 0);
    return lines->last.site;
}

static void test_lines_of_a_library_that_was_unloaded_are_whole(void **state)
{
    (void)state;
    const char *first = plugin_path("FIRST"), *other = plugin_path("OTHER");
    const char *name = new_ring_name(), *copy = copy_of(first);
    keep_mapring();
    mapring_log *log;
    struct plugin opener = plugin_load(other);
    check_result(MAPRING_OK, opener.calls->open(&log, name));
    plugin_unload(&opener);
    log_once(first, log, 1);
    log_once(other, log, 2); /* where the first one was */
    struct plugin in_the_way = plugin_load(first);
    log_once(copy, log, 3); /* elsewhere */
    in_the_way.calls->log(log, 4);
    plugin_unload(&in_the_way);
    log_once(other, log, 5);
    struct lines lines;
    lines_open(&lines, name);
    uint32_t of_first = check_line(&lines, "INFO first says %d and %s|1|'first'");
    uint32_t of_other = check_line(&lines, "INFO other says %d and %s|2|'other'");
    check_number(of_first, check_line(&lines, "INFO first says %d and %s|3|'first'"));
    check_number(of_first, check_line(&lines, "INFO first says %d and %s|4|'first'"));
    check_number(of_other, check_line(&lines, "INFO other says %d and %s|5|'other'"));
    check(!lines_next(&lines));
    lines_close(&lines);
    struct plugin closer = plugin_load(first);
    closer.calls->close(log);
    plugin_unload(&closer);
}

/* A thread that logs when it is told to, and ends when there is nothing more to call. */
struct worker {
    struct os_thread *thread;
    const struct plugin_calls *calls;
    mapring_log *log;
    uint32_t told;
    shared_u32 orders, done;
};

static int work(void *context)
{
    struct worker *worker = context;
    for (uint32_t order = 1;; order++) {
        while (load_acquire(&worker->orders) != order)
            os_yield();
        if (!worker->calls)
            return 0;
        worker->calls->log(worker->log, (int)order);
        store_release(&worker->done, order);
    }
}

static void worker_log(struct worker *worker, const struct plugin *plugin, mapring_log *log)
{
    worker->calls = plugin->calls;
    worker->log = log;
    store_release(&worker->orders, ++worker->told);
    check_soon(load_acquire(&worker->done) == worker->told);
}

static void worker_end(struct worker *worker)
{
    worker->calls = NULL;
    store_release(&worker->orders, ++worker->told);
    check_number(0, os_thread_join(worker->thread));
}

static void test_a_thread_that_has_logged_outlives_the_library(void **state)
{
    (void)state;
    const char *first = plugin_path("FIRST"), *name = new_ring_name();
    keep_mapring();
    struct worker worker = {.thread = NULL};
    mapring_log *log;
    struct plugin plugin = plugin_load(first);
    check_result(MAPRING_OK, plugin.calls->open(&log, name));
    worker.thread = os_thread_start(work, &worker);
    worker_log(&worker, &plugin, log);
    plugin_unload(&plugin);
    plugin = plugin_load(plugin_path("OTHER"));
    worker_log(&worker, &plugin, log);
    plugin_unload(&plugin);
    worker_end(&worker);
    log_once(first, log, 3); /* continues the thread's ring */
    struct lines lines;
    lines_open(&lines, name);
    check_line(&lines, "INFO first says %d and %s|1|'first'");
    check_line(&lines, "INFO other says %d and %s|2|'other'");
    check_line(&lines, "INFO first says %d and %s|3|'first'");
    lines_close(&lines);
    plugin = plugin_load(first);
    plugin.calls->close(log);
    plugin_unload(&plugin);
}

static void check_number_of_last(const char *name, int expected)
{
    struct lines lines;
    char text[64], last[LINE_TEXT] = "";
    snprintf(text, sizeof text, "INFO alone says %%d and %%s|%d|'alone'", expected);
    lines_open(&lines, name);
    for (const char *line; (line = lines_next(&lines));)
        snprintf(last, sizeof last, "%s", line);
    check_text(text, last);
    lines_close(&lines);
}

/* Opens the log, and writes a line in a ring of the worker and in one of its own. */
static void log_alone(struct worker *worker, const char *name)
{
    const char *path = plugin_path("ALONE");
    mapring_log *log;
    struct plugin plugin = plugin_load(path);
    check_result(MAPRING_OK, plugin.calls->open(&log, name));
    worker_log(worker, &plugin, log);
    plugin.calls->log(log, -1);
    check_number_of_last(name, (int)worker->told);
    plugin.calls->close(log);
    plugin_unload(&plugin);
}

static void test_threads_outlive_a_library_that_brings_mapring_along(void **state)
{
    (void)state;
    plugin_skip_if_sanitized();
    const char *name = new_path(".ring");
    struct worker early = {.thread = NULL}, late = {.thread = NULL};
    early.thread = os_thread_start(work, &early);
    late.thread = os_thread_start(work, &late);
    log_alone(&early, name);
    log_alone(&late, name);
    worker_end(&early);
    log_alone(&late, name);
    worker_end(&late);
    check_number_of_last(name, 2);
}

static const struct CMUnitTest tests[] = {
    TEST(test_lines_of_a_library_that_was_unloaded_are_whole),
    TEST(test_a_thread_that_has_logged_outlives_the_library),
    TEST(test_threads_outlive_a_library_that_brings_mapring_along),
};

static const struct role roles[] = {{0}};

TEST_MAIN(roles, tests)
