/* SPDX-License-Identifier: MIT */
/* Opening and closing logs. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "log/level.h"
#include "log/part.h"
#include "log/place.h"
#include "log/ring.h"
#include "log/state.h"
#include "ring/options.h"

enum { TEXT_LIMIT = 1024, TEXT_LIMIT_MAX = 65535, NUMBER_BYTES = 6 };

static uint64_t numbers; /* of logs opened by this process */

static void before_fork(void)
{
    platform_lock(&log_lock);
    for (mapring_log *log = log_first; log; log = log->next)
        log->level_kept = mapring_relaxed_load(mapring_relaxed_load(&log->hot.level));
}

static void in_parent(void)
{
    platform_unlock(&log_lock);
}

/* The locks may be held by threads that the child does not have. */
static void in_child(void)
{
    for (mapring_log *log = log_first; log; log = log->next) {
        mapring_relaxed_store(&log->hot.level, &log->level_kept);
        log->kept = part_find(log);
        log->common_lock = (struct platform_lock){0};
        store_relaxed(&log->forked, 1);
        place_forget_all(log);
    }
    log_lock = (struct platform_lock){0};
}

static int check_name(const char *name)
{
    if (!name)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the name of the log is a null pointer");
    if (!strpbrk(name, "/\\") && strlen(name) > NAME_LIMIT - NUMBER_BYTES)
        return fail(MAPRING_ERROR_NAME, name,
                    "invalid name '%.120s' of a log: it has %zu characters; the limit is %d, since "
                    "numbers follow it",
                    name, strlen(name), NAME_LIMIT - NUMBER_BYTES);
    return MAPRING_OK;
}

static int check_options(const struct mapring_log_options *options, const char *name)
{
    int result = OPTIONS_CHECK_RESERVED(options, name);
    if (result != MAPRING_OK)
        return result;
    if (options->level && !mapring_level_name(options->level))
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid options.level %d for log '%s': levels are 1 (TRACE) to 7 (OFF)",
                    (int)options->level, name);
    if (options->timeout_ns < MAPRING_FOREVER)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid options.timeout_ns for log '%s': %" PRId64, name, options->timeout_ns);
    if (options->text_limit > TEXT_LIMIT_MAX)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid options.text_limit for log '%s': %" PRIu32 "; the limit is %d", name,
                    options->text_limit, TEXT_LIMIT_MAX);
    if (options->ring.how || (options->ring.origin && options->ring.origin[0]))
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "options.ring.how and options.ring.origin of log '%s' must be 0", name);
    if (options->ring.content && strcmp(options->ring.content, MAPRING_LOG_CONTENT) != 0)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid options.ring.content '%.80s' for log '%s': leave it out",
                    options->ring.content, name);
    return MAPRING_OK;
}

static char *copy_text(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    return copy ? memcpy(copy, text, strlen(text) + 1) : NULL;
}

static void discard(mapring_log *log)
{
    level_close(log);
    place_forget_all(log);
    free(log->group);
    free(log->name);
    free(log);
}

static int set_up(mapring_log *log, const char *name, const struct mapring_log_options *options)
{
    log->options = *options;
    log->name = copy_text(name);
    const char *group = options_group(&options->ring);
    log->group = group ? copy_text(group) : NULL;
    /* not covered: there is no memory for the name of the group */
    if (!log->name || (group && !log->group))
        return fail_memory(name, "a log");
    log->options.ring.group = log->group;
    log->options.ring.content = MAPRING_LOG_CONTENT;
    log->options.ring.times = true;
    if (log->options.text_limit == 0)
        log->options.text_limit = TEXT_LIMIT;
    return MAPRING_OK;
}

static void enter(mapring_log *log)
{
    static bool watches;
    platform_lock(&log_lock);
    log->hot.number = ++numbers;
    log->next = log_first;
    log_first = log;
    bool watch = !watches;
    watches = true;
    platform_unlock(&log_lock);
    if (watch)
        platform_at_fork(before_fork, in_parent, in_child);
}

int mapring_log_open(mapring_log **out, const char *name, const struct mapring_log_options *options)
{
    static const struct mapring_log_options defaults;
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the log is a null pointer");
    *out = NULL;
    options = options ? options : &defaults;
    int result = check_name(name);
    if (result == MAPRING_OK)
        result = check_options(options, name);
    if (result != MAPRING_OK)
        return result;
    mapring_log *log = calloc(1, sizeof *log);
    if (!log)
        return fail_memory(name, "a log");
    result = set_up(log, name, options);
    if (result == MAPRING_OK)
        result = level_open(log);
    if (result != MAPRING_OK) {
        discard(log);
        return result;
    }
    enter(log);
    *out = log;
    return MAPRING_OK;
}

/* At the same time, so that a thread that ends just then finds either both or none. */
static void leave(mapring_log *log)
{
    platform_lock(&log_lock);
    mapring_log **at = &log_first;
    while (*at != log)
        at = &(*at)->next;
    *at = log->next;
    parts_close(log);
    platform_unlock(&log_lock);
}

void mapring_log_close(mapring_log *log)
{
    if (!log)
        return;
    leave(log);
    log_ring_drop(&log->common);
    discard(log);
}

int mapring_log_stat(mapring_log *log, struct mapring_log_stat *stat)
{
    if (!log || !stat)
        return fail(MAPRING_ERROR_ARGUMENT, log ? log->name : NULL,
                    "the log, or the argument that receives its state, is a null pointer");
    platform_lock(&log_lock);
    *stat = (struct mapring_log_stat){
        .threads = log->threads,
        .interrupted_lines = load_relaxed(&log->interrupted),
        .unwritten_lines = log->unwritten,
        .error = log->error,
    };
    platform_unlock(&log_lock);
    return MAPRING_OK;
}
