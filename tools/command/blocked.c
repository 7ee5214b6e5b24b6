/* SPDX-License-Identifier: MIT */
/* Names the consumer that keeps a full ring full, and says what can be done about it. */
#include "blocked.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "look.h"
#include "os.h"
#include "printable.h"
#include "shared/message.h"
#include "shared/os.h"

#define PATIENCE_NS INT64_C(1000000000)

enum { TEXT_BYTES = 512 };

void blocked_begin(struct blocked *blocked)
{
    blocked->since_ns = 0;
}

static bool gates(const struct mapring_consumer_stat *consumer)
{
    return consumer->state < MAPRING_CONSUMER_LAPSED && (consumer->alive || consumer->durable);
}

/* NULL: the producer waits for no consumer. */
static const struct mapring_consumer_stat *slowest(const struct mapring_stat *stat)
{
    const struct mapring_consumer_stat *found = NULL;
    for (unsigned i = 0; i < stat->consumers; i++) {
        const struct mapring_consumer_stat *consumer = &stat->consumer[i];
        if (gates(consumer) && (!found || consumer->pending_bytes > found->pending_bytes))
            found = consumer;
    }
    return found;
}

/* A consumer chooses its own name, which may contain anything. */
static const char *printable(const char *name)
{
    static char text[MAPRING_NAME_BYTES];
    snprintf(text, sizeof text, "%s", name);
    make_printable(text);
    return text;
}

static const char *scope_option(const struct blocked *blocked)
{
    return blocked->scope == MAPRING_GLOBAL ? " --scope global" : "";
}

static void describe_attached(const struct blocked *blocked,
                              const struct mapring_consumer_stat *consumer, char *text)
{
    int64_t waited_ns = blocked->since_ns > 0 ? os_now_ns() - blocked->since_ns : 0;
    bool stood_still = blocked->cell == (int64_t)consumer->cell && blocked->head == consumer->head;
    int used = snprintf(text, TEXT_BYTES, "consumer '%s', process %" PRIu64 ", ",
                        printable(consumer->name), consumer->process);
    char *rest = text + used;
    size_t room = (size_t)(TEXT_BYTES - used);
    const char *scope = scope_option(blocked);
    if (os_process_is_stopped(consumer->process))
        snprintf(rest, room,
                 "is stopped; resume it (kill -CONT %" PRIu64
                 "), end it, or let it go: mapring consumer evict %s %u%s",
                 consumer->process, blocked->name, consumer->cell, scope);
    else if (stood_still && waited_ns >= PATIENCE_NS)
        snprintf(rest, room,
                 "has made no room for %" PRId64 " s; make it continue reading, end it, or let it "
                 "go: mapring consumer evict %s %u%s",
                 waited_ns / PATIENCE_NS, blocked->name, consumer->cell, scope);
    else
        snprintf(rest, room, "is %" PRIu64 " records behind", consumer->pending_records);
}

static void describe(const struct blocked *blocked, const struct mapring_stat *stat, char *text)
{
    const struct mapring_consumer_stat *consumer = slowest(stat);
    const char *scope = scope_option(blocked);
    if (!consumer)
        snprintf(text, TEXT_BYTES, "no consumer has ever attached; start one: mapring recv %s%s",
                 blocked->name, scope);
    else if (consumer->state == MAPRING_CONSUMER_AWAY)
        snprintf(text, TEXT_BYTES,
                 "the durable consumer '%s' is away; restart it, or give up its place: mapring "
                 "consumer rm %s %s%s",
                 printable(consumer->name), blocked->name, printable(consumer->name), scope);
    else
        describe_attached(blocked, consumer, text);
}

static void remember(struct blocked *blocked, const struct mapring_stat *stat)
{
    const struct mapring_consumer_stat *consumer = slowest(stat);
    blocked->since_ns = os_now_ns();
    blocked->cell = consumer ? (int64_t)consumer->cell : -1;
    blocked->head = consumer ? consumer->head : 0;
}

void blocked_look(struct blocked *blocked, int result)
{
    static struct mapring_stat stat;
    char text[TEXT_BYTES];
    bool is_first = blocked->since_ns == 0;
    if (result != MAPRING_TIMED_OUT || blocked->told ||
        (!is_first && os_now_ns() - blocked->since_ns < PATIENCE_NS) ||
        look(blocked->name, blocked->scope, &stat) != MAPRING_OK)
        return;
    if (is_first) {
        remember(blocked, &stat);
        return;
    }
    describe(blocked, &stat, text);
    complain("the ring '%s' is full; waiting for room: %s", blocked->name, text);
    blocked->told = true;
}

void blocked_tell(const struct blocked *blocked, int64_t timeout_ns)
{
    static struct mapring_stat stat;
    char text[TEXT_BYTES] = "no consumer made room";
    if (look(blocked->name, blocked->scope, &stat) == MAPRING_OK)
        describe(blocked, &stat, text);
    complain("the ring '%s' was full for %.9g s: %s", blocked->name, (double)timeout_ns / 1e9,
             text);
}
