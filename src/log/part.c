/* SPDX-License-Identifier: MIT */
/* A thread keeps the parts of closed logs for the next ones; when it ends, those go to all. */
#include "log/part.h"

#include <stdlib.h>

#include "error.h"
#include "log/ring.h"

static struct log_part *every;  /* part ever made, by next_made */
static struct log_part *unused; /* of no thread, and no log */

static _Thread_local struct log_part *own;  /* of this thread */
static _Thread_local volatile uint32_t busy;

void part_begin(void)
{
    busy = 1;
    compiler_barrier();
}

void part_end(void)
{
    compiler_barrier();
    busy = 0;
}

bool part_is_busy(void)
{
    return busy;
}

void part_turn(struct log_part *part)
{
    mapring_relaxed_store(&part->hot.turn, part->hot.turn + 1);
}

struct log_part *part_find(const mapring_log *log)
{
    for (struct log_part *part = own; part; part = part->next_own)
        if (load_relaxed(&part->log) == log->hot.number)
            return part;
    return NULL;
}

static struct log_part *pop(struct log_part **first)
{
    struct log_part *part = *first;
    if (part)
        *first = part->next;
    return part;
}

static void push(struct log_part **first, struct log_part *part)
{
    part->next = *first;
    *first = part;
}

static struct log_part *allocate(void)
{
    struct log_part *part = calloc(1, sizeof *part);
    if (!part)
        return NULL;
    part->next_made = every;
    every = part;
    return part;
}

/* The one in which the thread would log next if it continued where an earlier one has ended comes
 * first: the ring with the lowest number. */
static struct log_part *pop_left(mapring_log *log)
{
    struct log_part **least = &log->left;
    for (struct log_part **at = &log->left; *at; at = &(*at)->next)
        if ((*at)->own.place < (*least)->own.place)
            least = at;
    return pop(least);
}

static void make_own(struct log_part *part)
{
    part->next_own = own;
    own = part;
}

/* One that this thread has, but no log. */
static struct log_part *find_idle(void)
{
    struct log_part *part = own;
    while (part && load_relaxed(&part->log) != 0)
        part = part->next_own;
    return part;
}

static void thread_ends(void);

static struct log_part *obtain(mapring_log *log)
{
    struct log_part *part = pop_left(log);
    if (part) {
        make_own(part);
        return part;
    }
    part = find_idle();
    if (part)
        return part;
    part = pop(&unused);
    if (!part)
        part = allocate();
    if (part)
        make_own(part);
    return part;
}

struct log_part *part_make(mapring_log *log)
{
    platform_lock(&log_lock);
    struct log_part *part = obtain(log);
    if (part) {
        part->ring = log->options.shared ? &log->common : &part->own;
        part->hot.way.timeout_ns =
            log->options.timeout_ns ? log->options.timeout_ns : MAPRING_FOREVER;
        part->hot.way.text_limit = log->options.text_limit;
        part->told_ring = 0;
        part->retry_ns = 0;
        part->is_named = false;
        store_relaxed(&part->log, log->hot.number);
        log->threads++;
        platform_at_thread_end(thread_ends);
    }
    platform_unlock(&log_lock);
    if (!part)
        fail_memory(log->name, "a thread of a log");
    return part;
}

static mapring_log *log_numbered(uint64_t number)
{
    mapring_log *log = log_first;
    while (log && log->hot.number != number)
        log = log->next;
    return log;
}

/* Its ring stays open, for the log's next thread. */
static void leave(struct log_part *part)
{
    mapring_log *log = log_numbered(load_relaxed(&part->log));
    part_turn(part);
    if (log)
        log->threads--;
    if (log && !log->options.shared) {
        push(&log->left, part);
        return;
    }
    store_relaxed(&part->log, 0);
    push(&unused, part);
}

static void thread_ends(void)
{
    part_begin();
    platform_lock(&log_lock);
    while (own) {
        struct log_part *part = own;
        own = part->next_own;
        leave(part);
    }
    platform_unlock(&log_lock);
    part_end();
}

/* To those that are free, unless a thread still has it. */
static void free_part(struct log_part *part, bool has_thread)
{
    log_ring_drop(&part->own);
    part_turn(part);
    store_relaxed(&part->log, 0);
    if (!has_thread)
        push(&unused, part);
}

void parts_close(mapring_log *log)
{
    struct log_part *part;
    while ((part = pop(&log->left)))
        free_part(part, false);
    for (part = every; part; part = part->next_made)
        if (load_relaxed(&part->log) == log->hot.number)
            free_part(part, true);
}

/* The first thread of the child gives up its ring itself, at its next call, which another thread may
 * come before. */
static void forget(mapring_log *log)
{
    struct log_part *kept = log->kept;
    log->left = NULL;
    for (struct log_part *part = every; part; part = part->next_made)
        if (load_relaxed(&part->log) == log->hot.number && part != kept)
            free_part(part, false); /* of another thread, which the child does not have */
    if (kept && kept == part_find(log)) {
        log_ring_drop(&kept->own);
        part_turn(kept);
    }
    log_ring_drop(&log->common);
    log->threads = kept ? 1 : 0;
}

void parts_after_fork(mapring_log *log)
{
    if (!load_relaxed(&log->forked))
        return;
    part_begin();
    platform_lock(&log_lock);
    /* not covered: another thread of the child was faster */
    if (load_relaxed(&log->forked))
        forget(log);
    store_relaxed(&log->forked, 0);
    platform_unlock(&log_lock);
    part_end();
}
