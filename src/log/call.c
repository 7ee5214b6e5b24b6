/* SPDX-License-Identifier: MIT */
/* What the inlined part of a log call leaves to the library: a thread's first call of a log, a
 * place's first call in a ring, and whatever is out of the ordinary. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "error.h"
#include "log/level.h"
#include "log/packed.h"
#include "log/part.h"
#include "log/ring.h"
#include "log/site.h"
#include "ring/geometry.h"

enum { RETRY_NS = 1000000000 };

struct line {
    struct mapring1_log_site *site;
    struct mapring1_log_value *values;
    unsigned count;
};

static void count_interrupted(mapring_log *log, struct log_part *part)
{
    fetch_add32(&log->interrupted, 1);
    /* not covered: the handler has interrupted the thread's first call */
    if (!part)
        return;
    fetch_add32(&part->interrupted, 1);
    part_turn(part);
}

/* MAPRING_NOTHING: for the same reason as the line before. */
static void count_unwritten(mapring_log *log, int result)
{
    part_begin();
    platform_lock(&log_lock);
    log->unwritten++;
    if (result != MAPRING_NOTHING) {
        log->error = *mapring_last_error();
        log->error.code = result;
    }
    platform_unlock(&log_lock);
    part_end();
}

static int renew_level(mapring_log *log)
{
    platform_lock(&log_lock);
    int result = level_renew(log);
    platform_unlock(&log_lock);
    return result;
}

static int open_ring(mapring_log *log, struct log_part *part)
{
    if (part->ring->producer)
        return MAPRING_OK;
    part_begin();
    int result = renew_level(log);
    if (result == MAPRING_OK)
        result = log_ring_open(log, part->ring);
    part_end();
    return result;
}

static void tell_thread(struct log_part *part)
{
    if (!part->is_named)
        platform_thread_name(part->name, sizeof part->name);
    part->hot.way.number = log_ring_thread(part->ring, part->name);
    part->told_ring = part->ring->opened;
    part_turn(part);
}

/* Afterwards, the part can be used for a call, without its numbers. MAPRING_NOTHING: not yet, since
 * it failed a short time ago. */
static int prepare(mapring_log *log, struct log_part *part)
{
    /* not covered: a second has passed since */
    if (part->retry_ns && platform_now_ns() < part->retry_ns)
        return MAPRING_NOTHING;
    int result = open_ring(log, part);
    if (result != MAPRING_OK) {
        part->retry_ns = platform_now_ns() + RETRY_NS;
        return result;
    }
    part->retry_ns = 0;
    if (part->told_ring != part->ring->opened)
        tell_thread(part);
    part->hot.way.producer = part->ring->producer;
    return MAPRING_OK;
}

static const struct site_entry *entry_of(struct mapring1_log_site *site)
{
    part_begin();
    platform_lock(&log_lock);
    const struct site_entry *entry = site_register(site);
    platform_unlock(&log_lock);
    part_end();
    return entry;
}

/* A line that says itself where it is from. */
static int send_with_site(struct log_part *part, const struct site_entry *entry,
                          const struct line *line)
{
    const struct mapring1_log_way *way = &part->hot.way;
    const struct mapring1_log_line packed = {line->site, line->site->types, line->values,
                                             line->count, {0, way->number}};
    size_t bytes =
        mapring1_log_measure(&packed, way->text_limit) + sizeof entry->bytes + entry->bytes;
    void *payload;
    int result = mapring_producer_reserve(way->producer, bytes, &payload, way->timeout_ns);
    if (result != MAPRING_OK)
        return result;
    unsigned char *to = mapring1_put(payload, packed.numbers, sizeof packed.numbers);
    to = mapring1_put(to, &entry->bytes, sizeof entry->bytes);
    mapring1_log_pack_values(&packed, mapring1_put(to, entry->payload, entry->bytes));
    return mapring_producer_commit(way->producer, bytes);
}

/* Copies of the old ones must not be used again. */
static void take_numbers(struct log_part *part)
{
    struct mapring1_log_way *way = &part->hot.way;
    if (way->numbers == part->ring->numbers && way->number_count == part->ring->number_count)
        return;
    way->numbers = part->ring->numbers;
    way->number_count = part->ring->number_count;
    part_turn(part);
}

static int send(struct log_part *part, const struct line *line)
{
    const struct site_entry *entry = entry_of(line->site);
    if (!entry)
        return MAPRING_ERROR_NO_MEMORY;
    uint32_t number = log_ring_number(part->ring, entry);
    take_numbers(part);
    if (number == 0)
        return send_with_site(part, entry, line);
    return mapring1_log_send(&part->hot.way, number, line->site, line->site->types, line->values,
                             line->count);
}

static bool is_over(int result)
{
    /* not covered: somebody has damaged the ring */
    return result == MAPRING_REMOVED || result == MAPRING_ERROR_FORKED ||
           result == MAPRING_ERROR_DAMAGED;
}

static int write_once(mapring_log *log, struct log_part *part, const struct line *line)
{
    int result = prepare(log, part);
    return result == MAPRING_OK ? send(part, line) : result;
}

/* A ring that was removed, or is the parent's, is left for another one. */
static int write_line(mapring_log *log, struct log_part *part, const struct line *line, int tried)
{
    int result = tried == MAPRING_OK ? write_once(log, part, line) : tried;
    /* not covered: the ring ended between a call that failed and this one */
    if (!is_over(result) || (tried == MAPRING_OK && !part->ring->producer))
        return result;
    if (part->ring->producer)
        log_ring_close(log, part->ring);
    part_turn(part);
    return write_once(log, part, line);
}

/* Says first what was left out. */
static void tell_interrupted(mapring_log *log, struct log_part *part)
{
    static const unsigned char types[] = {MAPRING1_UINT32, 0};
    static struct mapring1_log_site site = {
        "%u lines of signal handlers were left out", __FILE__, __func__, types, __LINE__,
        MAPRING_LEVEL_WARN, 0, {0}};
    /* not covered: somebody has set a level above that since */
    if (mapring_log_level(log) > MAPRING_LEVEL_WARN)
        return;
    struct mapring1_log_value value = mapring1_natural(exchange32(&part->interrupted, 0));
    int result = write_line(log, part, &(struct line){&site, &value, 1}, MAPRING_OK);
    if (result != MAPRING_OK)
        fetch_add32(&part->interrupted, (uint32_t)value.bits);
}

static int write_all(mapring_log *log, struct log_part *part, const struct line *line, int tried)
{
    if (load_relaxed(&part->interrupted))
        tell_interrupted(log, part);
    return write_line(log, part, line, tried);
}

static int write_shared(mapring_log *log, struct log_part *part, const struct line *line)
{
    platform_lock(&log->common_lock);
    int result = write_all(log, part, line, MAPRING_OK);
    platform_unlock(&log->common_lock);
    return result;
}

/* A signal handler that interrupts this sees no log, and cannot keep another one meanwhile. */
static void keep(const mapring_log *log, struct log_part *part, struct mapring1_log_last *last)
{
    if (!last || log->options.shared)
        return;
    part_begin();
    last->log = 0;
    compiler_barrier();
    last->thread = &part->hot;
    last->turn = part->hot.turn;
    last->way = part->hot.way;
    compiler_barrier();
    last->log = log->hot.number;
    part_end();
}

static struct log_part *part_for(mapring_log *log)
{
    struct log_part *part = part_find(log);
    if (part)
        return part;
    part_begin();
    part = part_make(log);
    part_end();
    return part;
}

static void write_in(mapring_log *log, struct log_part *part, const struct line *line, int tried,
                     struct mapring1_log_last *last)
{
    part->hot.inside = 1;
    compiler_barrier();
    int result = log->options.shared ? write_shared(log, part, line)
                                     : write_all(log, part, line, tried);
    if (result == MAPRING_OK)
        keep(log, part, last);
    else if (result != MAPRING_DROPPED)
        count_unwritten(log, result);
    compiler_barrier();
    part->hot.inside = 0;
}

/* Neither the thread's last failure nor errno is changed: a program may log before it looks at
 * them. */
void mapring1_log_call(mapring_log *log, struct mapring1_log_site *site,
                       struct mapring1_log_value *values, unsigned count, int tried,
                       struct mapring1_log_last *last)
{
    int before = errno;
    struct log_part *part = log ? part_find(log) : NULL;
    if (!log)
        return;
    /* not covered: a handler has interrupted the library */
    if (part_is_busy() || (part && part->hot.inside)) {
        count_interrupted(log, part);
        return;
    }
    struct mapring_error error = *mapring_last_error();
    parts_after_fork(log);
    part = part_for(log);
    if (part)
        write_in(log, part, &(struct line){site, values, count}, tried, last);
    else
        count_unwritten(log, MAPRING_ERROR_NO_MEMORY);
    error_restore(&error);
    errno = before;
}

static int name_part(mapring_log *log, struct log_part *part, const char *name)
{
    memcpy(part->name, name, strlen(name) + 1);
    part->is_named = true;
    int result = prepare(log, part);
    if (result == MAPRING_OK)
        tell_thread(part);
    return result;
}

static int check_name(const mapring_log *log, const char *name)
{
    if (!log)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the log is a null pointer");
    if (!name)
        return fail(MAPRING_ERROR_ARGUMENT, log->name,
                    "the name of a thread of log '%s' is a null pointer", log->name);
    if (text_is_valid(name, THREAD_NAME_BYTES))
        return MAPRING_OK;
    return fail(MAPRING_ERROR_ARGUMENT, log->name,
                "invalid name of a thread of log '%s': '%.80s'; it must be UTF-8 without control "
                "characters, of at most %d bytes",
                log->name, name, THREAD_NAME_BYTES - 1);
}

static int name_thread(mapring_log *log, struct log_part *part, const char *name)
{
    part->hot.inside = 1;
    compiler_barrier();
    if (log->options.shared)
        platform_lock(&log->common_lock);
    part->retry_ns = 0;
    int result = name_part(log, part, name);
    if (log->options.shared)
        platform_unlock(&log->common_lock);
    compiler_barrier();
    part->hot.inside = 0;
    return result;
}

int mapring_log_name_thread(mapring_log *log, const char *name)
{
    int result = check_name(log, name);
    if (result != MAPRING_OK)
        return result;
    parts_after_fork(log);
    struct log_part *part = part_for(log);
    /* not covered: there is no memory for the thread */
    return part ? name_thread(log, part, name) : MAPRING_ERROR_NO_MEMORY;
}
