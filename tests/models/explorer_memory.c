/* SPDX-License-Identifier: MIT */
/* The memory of an execution: histories, views, clocks. See explorer.h. */
#include <stdio.h>
#include <string.h>

#include "explorer_run.h"

enum {
    LOCATIONS_AT_MOST = 256,
    MESSAGES_AT_MOST = 8192,
    HASHES = 1024,
    LARGEST_HISTORY = 60000,
};

/* How far each location's history is known, and the clocks of happens-before. */
struct view {
    uint32_t clock[THREADS_AT_MOST];
    uint16_t seen[LOCATIONS_AT_MOST];
};

struct message {
    uint64_t value;
    struct view view;
    unsigned older; /* index of the message before it in the same history */
    uint16_t stamp;
};

enum access { ATOMIC_READ, ATOMIC_WRITE, PLAIN_READ, PLAIN_WRITE, ACCESSES };

struct location {
    const void *at;
    size_t bytes;
    unsigned newest; /* index of the newest message */
    uint32_t last[ACCESSES][THREADS_AT_MOST];
};

struct mind {
    struct view current;  /* what the thread knows */
    struct view acquired; /* what it will know after an acquire fence */
    struct view released; /* what its relaxed stores carry */
    unsigned stores;
};

static struct location locations[LOCATIONS_AT_MOST];
static struct message messages[MESSAGES_AT_MOST];
static struct mind minds[THREADS_AT_MOST];
static struct view ordered; /* of sequentially consistent stores and fences */
static unsigned location_count, message_count, stores;
static uint16_t hashes[HASHES]; /* index of the location + 1 */

static unsigned hash_of(const void *at)
{
    return (unsigned)((uintptr_t)at / 4 * 2654435761u >> 7) % HASHES;
}

void memory_reset(void)
{
    memset(minds, 0, sizeof minds);
    memset(&ordered, 0, sizeof ordered);
    memset(hashes, 0, sizeof hashes);
    location_count = message_count = stores = 0;
}

static void join_seen(struct view *view, const struct view *other)
{
    for (unsigned i = 0; i < location_count; i++)
        if (view->seen[i] < other->seen[i])
            view->seen[i] = other->seen[i];
}

static void join(struct view *view, const struct view *other)
{
    join_seen(view, other);
    for (unsigned i = 0; i < THREADS_AT_MOST; i++)
        if (view->clock[i] < other->clock[i])
            view->clock[i] = other->clock[i];
}

void memory_start_thread(unsigned thread, unsigned parent)
{
    minds[thread].current = minds[parent].current;
    minds[parent].current.clock[parent]++;
}

void memory_join_thread(unsigned thread, unsigned other)
{
    join(&minds[thread].current, &minds[other].current);
}

unsigned memory_stores(void)
{
    return stores;
}

unsigned memory_stores_of(unsigned thread)
{
    return minds[thread].stores;
}

/* ---- Locations ---- */

static uint64_t value_at(const void *at, size_t bytes)
{
    uint64_t value = 0;
    memcpy(&value, at, bytes); /* little-endian */
    return value;
}

static unsigned add_message(const struct location *location, uint64_t value)
{
    if (message_count == MESSAGES_AT_MOST)
        explorer_fail(__FILE__, "too many stores for the explorer");
    struct message *message = &messages[message_count];
    message->value = value;
    message->older = location->newest;
    message->stamp = 0;
    return message_count++;
}

static struct location *add_location(const void *at, size_t bytes)
{
    if (location_count == LOCATIONS_AT_MOST)
        explorer_fail(__FILE__, "too many locations for the explorer");
    struct location *location = &locations[location_count++];
    memset(location, 0, sizeof *location);
    location->at = at;
    location->bytes = bytes;
    location->newest = add_message(location, value_at(at, bytes));
    memset(&messages[location->newest].view, 0, sizeof messages->view);
    return location;
}

static struct location *find(const void *at, size_t bytes)
{
    unsigned hash = hash_of(at);
    while (hashes[hash] && locations[hashes[hash] - 1].at != at)
        hash = (hash + 1) % HASHES;
    if (!hashes[hash]) {
        add_location(at, bytes);
        hashes[hash] = (uint16_t)location_count;
    }
    struct location *location = &locations[hashes[hash] - 1];
    if (location->bytes != bytes)
        explorer_fail(__FILE__, "accesses of different sizes to the same word");
    return location;
}

static unsigned number(const struct location *location)
{
    return (unsigned)(location - locations);
}

uint64_t memory_newest(const void *at, size_t bytes)
{
    return messages[find(at, bytes)->newest].value;
}

/* ---- Races ---- */

static bool races(const struct location *location, enum access with)
{
    const uint32_t *clock = minds[threads_current()].current.clock;
    for (unsigned i = 0; i < THREADS_AT_MOST; i++)
        if (i != threads_current() && location->last[with][i] > clock[i])
            return true;
    return false;
}

static void note(const char *where, struct location *location, enum access access)
{
    static const bool conflicts[ACCESSES][ACCESSES] = {
        [ATOMIC_READ] = {[PLAIN_WRITE] = true},
        [ATOMIC_WRITE] = {[PLAIN_READ] = true, [PLAIN_WRITE] = true},
        [PLAIN_READ] = {[ATOMIC_WRITE] = true, [PLAIN_WRITE] = true},
        [PLAIN_WRITE] = {true, true, true, true},
    };
    unsigned thread = threads_current();
    location->last[access][thread] = ++minds[thread].current.clock[thread];
    for (unsigned with = 0; with < ACCESSES; with++)
        if (conflicts[access][with] && races(location, with))
            explorer_fail(where, "data race");
}

/* ---- Loads ---- */

static bool acquires(int order)
{
    return order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static bool releases(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

/* The oldest message that the load may read. */
static unsigned floor_of(const struct location *location, int order)
{
    unsigned seen = minds[threads_current()].current.seen[number(location)];
    unsigned least = ordered.seen[number(location)];
    return order == __ATOMIC_SEQ_CST && least > seen ? least : seen;
}

static const struct message *choose_message(const struct location *location, int order)
{
    const struct message *message = &messages[location->newest];
    unsigned options = message->stamp - floor_of(location, order) + 1;
    unsigned back = threads_current_reads_newest() ? 0 : choose(CHOOSE_MESSAGE, options);
    for (; back > 0; back--)
        message = &messages[message->older];
    return message;
}

static void learn(const struct location *location, const struct message *message, int order)
{
    struct mind *mind = &minds[threads_current()];
    if (mind->current.seen[number(location)] < message->stamp)
        mind->current.seen[number(location)] = message->stamp;
    join(acquires(order) ? &mind->current : &mind->acquired, &message->view);
}

static void trace_load(const char *where, const struct location *location,
                       const struct message *message)
{
    const struct message *newest = &messages[location->newest];
    if (message == newest)
        trace(where, "0x%llx", (unsigned long long)message->value);
    else
        trace(where, "0x%llx, stale: the newest is 0x%llx", (unsigned long long)message->value,
              (unsigned long long)newest->value);
}

uint64_t explorer_load(const char *where, const void *at, size_t bytes, int order)
{
    threads_step(where);
    struct location *location = find(at, bytes);
    const struct message *message = choose_message(location, order);
    trace_load(where, location, message);
    note(where, location, ATOMIC_READ);
    learn(location, message, order);
    return message->value;
}

uint64_t explorer_read(const char *where, const void *at)
{
    struct location *location = find(at, sizeof(uint64_t));
    const struct message *message = &messages[location->newest];
    trace_load(where, location, message);
    note(where, location, PLAIN_READ);
    return message->value;
}

/* ---- Stores ---- */

/* `before` is the message that a read-modify-write has read, or NULL. */
static void append(struct location *location, uint64_t value, int order,
                   const struct message *before)
{
    struct mind *mind = &minds[threads_current()];
    unsigned stamp = messages[location->newest].stamp + 1u;
    location->newest = add_message(location, value);
    struct message *message = &messages[location->newest];
    if (stamp > LARGEST_HISTORY)
        explorer_fail(__FILE__, "too long a history for the explorer");
    message->stamp = mind->current.seen[number(location)] = (uint16_t)stamp;
    message->view = releases(order) ? mind->current : mind->released;
    message->view.seen[number(location)] = (uint16_t)stamp;
    if (before)
        join(&message->view, &before->view);
    if (order == __ATOMIC_SEQ_CST)
        ordered.seen[number(location)] = (uint16_t)stamp;
    memcpy((void *)(uintptr_t)location->at, &value, location->bytes);
    stores++;
    mind->stores++;
}

void explorer_store(const char *where, void *at, size_t bytes, uint64_t value, int order)
{
    threads_step(where);
    trace(where, "0x%llx", (unsigned long long)value);
    struct location *location = find(at, bytes);
    note(where, location, ATOMIC_WRITE);
    append(location, value, order, NULL);
}

void explorer_write(const char *where, void *at, uint64_t value)
{
    trace(where, "0x%llx", (unsigned long long)value);
    struct location *location = find(at, sizeof value);
    note(where, location, PLAIN_WRITE);
    append(location, value, __ATOMIC_RELAXED, NULL);
}

static uint64_t changed(uint64_t value, enum explorer_change change, uint64_t operand)
{
    switch (change) {
    case CHANGE_OR: return value | operand;
    case CHANGE_AND: return value & operand;
    case CHANGE_ADD: return value + operand;
    case CHANGE_COMPARE: return value == operand >> 32 ? (uint32_t)operand : value;
    default: return operand;
    }
}

uint64_t explorer_change(const char *where, void *at, size_t bytes, enum explorer_change change,
                         uint64_t operand, int order)
{
    threads_step(where);
    struct location *location = find(at, bytes);
    const struct message *before = &messages[location->newest];
    uint64_t mask = bytes == sizeof(uint64_t) ? UINT64_MAX : (UINT64_C(1) << 8 * bytes) - 1;
    uint64_t after = changed(before->value, change, operand) & mask;
    trace(where, "0x%llx -> 0x%llx", (unsigned long long)before->value, (unsigned long long)after);
    note(where, location, ATOMIC_READ);
    note(where, location, ATOMIC_WRITE);
    learn(location, before, order);
    append(location, after, order, before);
    return before->value;
}

/* ---- Fences ---- */

static void exchange_views(struct view *view)
{
    join_seen(view, &ordered);
    join_seen(&ordered, view);
}

void explorer_fence(const char *where, int order)
{
    struct mind *mind = &minds[threads_current()];
    threads_step(where);
    trace(where, "fence");
    if (acquires(order))
        join(&mind->current, &mind->acquired);
    if (order == __ATOMIC_SEQ_CST)
        exchange_views(&mind->current);
    if (releases(order))
        mind->released = mind->current;
}

/* Acts like a fence of every thread between two fences of the caller. */
void explorer_membarrier(const char *where)
{
    threads_step(where);
    trace(where, "membarrier");
    exchange_views(&minds[threads_current()].current);
    for (unsigned i = 0; i < THREADS_AT_MOST; i++) {
        join(&minds[i].current, &minds[i].acquired);
        exchange_views(&minds[i].current);
        minds[i].released = minds[i].current;
    }
    exchange_views(&minds[threads_current()].current);
}
