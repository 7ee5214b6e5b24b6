/* SPDX-License-Identifier: MIT */
/* The word in region 1 says nothing about other words, and no order is needed with it: a call that
 * misses a change by some nanoseconds came before it. But who finds another word, of a ring that was
 * made anew, must find that it has been given a level. */
#include "log/level.h"

#include <inttypes.h>
#include <stdlib.h>

#include "error.h"
#include "log/content.h"
#include "ring/open.h"
#include "ring/trust.h"

enum {
    SET = 1, /* a bit of the word: not by mapring_log_open() */
    TEXTS_IN_CAPACITY = 64
};

static uint32_t word_of(enum mapring_level level)
{
    return (uint32_t)level * 2;
}

static enum mapring_level level_of(uint32_t word)
{
    return word / 2 < MAPRING_LEVEL_OFF ? (enum mapring_level)(word / 2) : MAPRING_LEVEL_OFF;
}

const char *mapring_level_name(enum mapring_level level)
{
    static const char *const names[] = {NULL,   "TRACE", "DEBUG", "INFO",
                                        "WARN", "ERROR", "FATAL", "OFF"};
    return level >= MAPRING_LEVEL_TRACE && level <= MAPRING_LEVEL_OFF ? names[level] : NULL;
}

static int check_level(enum mapring_level level, const char *name)
{
    if (mapring_level_name(level))
        return MAPRING_OK;
    return fail(MAPRING_ERROR_ARGUMENT, name,
                "invalid level %d for log '%s': levels are 1 (TRACE) to 7 (OFF)", (int)level, name);
}

/* Says what to do, since it was to be written to. */
static int check_content(const struct ring *ring)
{
    if (log_has_content(ring))
        return MAPRING_OK;
    return fail(MAPRING_ERROR_WRONG_KIND, ring->name.text,
                "ring '%s' is not a log: its content is '%s' instead of '%s'; choose another name, "
                "or remove the ring first",
                ring->name.text, ring->content, MAPRING_LOG_CONTENT);
}

/* Leaves a level that was set; without options.level, any that is there. */
static void begin(const mapring_log *log, struct ring_cells *cells)
{
    enum mapring_level wanted = log->options.level;
    uint32_t word;
    do {
        word = load_relaxed(&cells->log_level);
        if (word & SET || (word && !wanted))
            return;
        /* not covered: another process sets it at that moment */
    } while (!compare_exchange32(&cells->log_level, word,
                                 word_of(wanted ? wanted : MAPRING_LEVEL_INFO)));
}

/* What an existing ring is like, unless the options say so, all rings of the log become. */
static void adopt(mapring_log *log, const struct ring *ring)
{
    struct mapring_options *options = &log->options.ring;
    options->capacity_bytes = ring_capacity(ring);
    options->slot_bytes = ring_slot_bytes(ring);
    options->when_full = (enum mapring_when_full)ring->when_full;
    options->dictionary_bytes = ring->dictionary_bytes;
    options->max_lag_attached_bytes = ring->max_lag_attached;
}

static struct mapring_options with_defaults(const mapring_log *log)
{
    enum { DICTIONARY = 1 << 20 };
    struct mapring_options options = log->options.ring;
    options.how = MAPRING_CREATE_OR_ATTACH;
    if (!options.when_full)
        options.when_full = MAPRING_OVERWRITE;
    if (!options.dictionary_bytes)
        options.dictionary_bytes = DICTIONARY;
    return options;
}

static int check_times(const struct ring *ring)
{
    if (record_has_times(ring->hot))
        return MAPRING_OK;
    return fail(MAPRING_ERROR_WRONG_KIND, ring->name.text,
                "ring '%s' is not a log: its records have no times; choose another name, or remove "
                "the ring first",
                ring->name.text);
}

static int check_text_limit(const mapring_log *log, const struct ring *ring)
{
    uint64_t most = ring_capacity(ring) / TEXTS_IN_CAPACITY;
    if (log->options.text_limit <= most)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_ARGUMENT, log->name,
                "invalid options.text_limit for log '%s': %" PRIu32
                "; with a capacity of %" PRIu64 " bytes, the limit is %" PRIu64,
                log->name, log->options.text_limit, ring_capacity(ring), most);
}

static int check_ring(const mapring_log *log, const struct ring *ring)
{
    int result = check_content(ring);
    if (result == MAPRING_OK)
        result = check_times(ring);
    if (result == MAPRING_OK)
        result = check_text_limit(log, ring);
    return result == MAPRING_OK ? trust_check_owner(ring, &log->options.ring) : result;
}

/* What is there is judged by its content first: other differences say less. */
static int attach_or_make(const mapring_log *log, struct level_ring *level)
{
    struct mapring_options options = log->options.ring;
    options.how = MAPRING_ATTACH;
    options.content = NULL;
    options.times = false;
    int result = ring_open(&level->ring, &level->hot, log->name, &options, ACCESS_CONSUME);
    if (result == MAPRING_OK)
        return check_ring(log, &level->ring);
    if (result != MAPRING_ERROR_NOT_THERE)
        return result;
    ring_close(&level->ring);
    options = with_defaults(log);
    result = ring_open(&level->ring, &level->hot, log->name, &options, ACCESS_CONSUME);
    if (result == MAPRING_OK)
        result = check_ring(log, &level->ring);
    if (result == MAPRING_OK)
        result = ring_settle(&level->ring, NULL, ACCESS_CONSUME);
    return result;
}

int level_open(mapring_log *log)
{
    struct level_ring *level = calloc(1, sizeof *level);
    if (!level)
        return fail_memory(log->name, "a log");
    int result = attach_or_make(log, level);
    if (result != MAPRING_OK) {
        ring_close(&level->ring);
        free(level);
        return result;
    }
    adopt(log, &level->ring);
    begin(log, level->ring.cells);
    level->before = log->level;
    log->level = level;
    mapring_release_store(&log->hot.level, (const uint32_t *)&level->ring.cells->log_level);
    return MAPRING_OK;
}

int level_renew(mapring_log *log)
{
    bool is_good = log->level->hot.broken == MAPRING_OK && !ring_is_removed(&log->level->ring);
    return is_good ? MAPRING_OK : level_open(log);
}

void level_close(mapring_log *log)
{
    while (log->level) {
        struct level_ring *level = log->level;
        log->level = level->before;
        ring_close(&level->ring);
        free(level);
    }
}

enum mapring_level mapring_log_level(const mapring_log *log)
{
    if (!log)
        return MAPRING_LEVEL_OFF;
    return level_of(mapring_relaxed_load(mapring_acquire_load(&log->hot.level)));
}

int mapring_log_set_level(mapring_log *log, enum mapring_level level)
{
    if (!log)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the log is a null pointer");
    int result = check_level(level, log->name);
    if (result != MAPRING_OK)
        return result;
    uint32_t *word = (uint32_t *)mapring_relaxed_load(&log->hot.level);
    mapring_relaxed_store(word, word_of(level) | SET);
    return MAPRING_OK;
}

static int attach(struct ring *ring, struct mapring_hot *hot, const char *name,
                  enum mapring_scope scope)
{
    int result = ring_attach(ring, hot, name, scope, false, ACCESS_CONSUME);
    return result == MAPRING_OK ? check_content(ring) : result;
}

int mapring_level_get(const char *name, enum mapring_scope scope, enum mapring_level *level)
{
    struct ring ring = {0};
    struct mapring_hot hot;
    if (!level)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the level is a null pointer");
    int result = attach(&ring, &hot, name, scope);
    if (result == MAPRING_OK)
        *level = level_of(load_relaxed(&ring.cells->log_level));
    ring_close(&ring);
    return result;
}

int mapring_level_set(const char *name, enum mapring_scope scope, enum mapring_level level)
{
    struct ring ring = {0};
    struct mapring_hot hot;
    int result = check_level(level, name ? name : "");
    if (result == MAPRING_OK)
        result = attach(&ring, &hot, name, scope);
    if (result == MAPRING_OK)
        store_relaxed(&ring.cells->log_level, word_of(level) | SET);
    ring_close(&ring);
    return result;
}
