/* SPDX-License-Identifier: MIT */
/*
 * What a bridge tells about itself. The bridge writes all of it each time, word by word, between two
 * steps of a count that is odd meanwhile; a reader copies until it has got the same twice.
 */
#include "status.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "shared/message.h"
#include "shared/os.h"
#include "status_file.h"

/* What the file begins with; another number stands for another layout. */
#define MARK (UINT64_C(0x6d72627269646700) + 2)

struct content {
    uint64_t count; /* odd while it is being written */
    uint64_t mark;
    struct status status;
};

enum { WORDS = sizeof(struct content) / sizeof(uint64_t), LOOKS = 1000 };

static_assert(sizeof(struct content) % sizeof(uint64_t) == 0, "whole words");
static_assert(sizeof(struct content) <= STATUS_FILE_BYTES, "it fits");

/* ---- Telling ---- */

static void store(_Atomic uint64_t *words, const struct content *content)
{
    uint64_t count = atomic_load_explicit(&words[0], memory_order_relaxed) | 1;
    uint64_t plain[WORDS];
    memcpy(plain, content, sizeof plain);
    atomic_store_explicit(&words[0], count, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    for (size_t i = 1; i < WORDS; i++)
        atomic_store_explicit(&words[i], plain[i], memory_order_relaxed);
    atomic_store_explicit(&words[0], count + 1, memory_order_release);
}

void status_tell(struct status_writer *writer)
{
    writer->now.updated_ns = os_time_ns();
    if (!writer->file)
        return;
    const struct content content = {.mark = MARK, .status = writer->now};
    store(status_file_words(writer->file), &content);
}

void status_set(struct status_writer *writer, enum status_state state)
{
    if (writer->now.state == state)
        return;
    writer->now.state = state;
    writer->now.state_since_ns = os_time_ns();
    status_tell(writer);
}

void status_error(struct status_writer *writer, const char *sentence)
{
    writer->now.errors++;
    writer->now.last_error_ns = os_time_ns();
    snprintf(writer->now.last_error, sizeof writer->now.last_error, "%s", sentence);
    status_tell(writer);
}

/* ---- Reading ---- */

static void read_words(const uint64_t *words, struct content *content)
{
    memcpy(content, words, sizeof *content);
    struct status *status = &content->status;
    status->server[sizeof status->server - 1] = '\0';
    status->stream[sizeof status->stream - 1] = '\0';
    status->last_error[sizeof status->last_error - 1] = '\0';
}

static bool is_known(const struct content *content)
{
    return content->mark == MARK && content->status.direction <= STATUS_IN &&
           content->status.state <= STATUS_DIED;
}

/* What a bridge that died while it was writing has left is never whole. */
static bool read_one(const char *ring, enum mapring_scope scope, unsigned number,
                     struct status *status)
{
    uint64_t words[2][STATUS_FILE_BYTES / sizeof(uint64_t)] = {{0}};
    enum status_file_state state = status_file_read(ring, scope, number, words[0]);
    for (unsigned i = 1; i < LOOKS && state != STATUS_FILE_MISSING; i++) {
        state = status_file_read(ring, scope, number, words[i % 2]);
        if (memcmp(words[0], words[1], sizeof words[0]) == 0 && words[0][0] % 2 == 0)
            break;
    }
    struct content content;
    read_words(words[0], &content);
    if (state == STATUS_FILE_MISSING || !is_known(&content))
        return false;
    *status = content.status;
    status->number = number;
    if (state == STATUS_FILE_LEFT && status->state != STATUS_FAILED)
        status->state = STATUS_DIED;
    return true;
}

unsigned status_read(const char *ring, enum mapring_scope scope, struct status status[STATUS_LIMIT])
{
    unsigned count = 0;
    for (unsigned number = 0; number < STATUS_LIMIT; number++)
        count += read_one(ring, scope, number, &status[count]);
    return count;
}

const char *status_direction(const struct status *status)
{
    return status->direction == STATUS_OUT ? "out" : "in";
}

const char *status_state(const struct status *status)
{
    static const char *const states[] = {"connecting", "running", "away", "full", "failed", "died"};
    return states[status->state];
}

bool status_is_alive(const struct status *status)
{
    return status->state < STATUS_FAILED;
}

void status_path(const char *ring, enum mapring_scope scope, const struct status *status,
                 char *path, size_t bytes)
{
    status_file_path(ring, scope, (unsigned)status->number, path, bytes);
}

void status_forget(const char *ring, enum mapring_scope scope)
{
    for (unsigned number = 0; number < STATUS_LIMIT; number++)
        status_file_forget(ring, scope, number);
}

/* ---- Beginning and ending ---- */

/* Of one or several URLs with commas between them, leaves out what stands between "//" and "@". */
static void copy_server(char server[STATUS_SERVER_BYTES], const char *text)
{
    size_t used = 0;
    server[0] = '\0';
    while (*text != '\0' && used < STATUS_SERVER_BYTES - 1) {
        size_t all = strcspn(text, ","), before = 0, secret = all;
        const char *slashes = strstr(text, "//");
        if (slashes && slashes < text + all)
            before = (size_t)(slashes + 2 - text);
        while (secret > before && text[secret - 1] != '@')
            secret--;
        used +=
            (size_t)snprintf(server + used, STATUS_SERVER_BYTES - used, "%.*s%.*s%s", (int)before,
                             text, (int)(all - secret), text + secret, text[all] == ',' ? "," : "");
        text += all + (text[all] == ',');
    }
}

/* One that the last bridge of the same kind has left, so that nobody is told of that one any
 * more. */
static struct status_file *take_left(const char *ring, enum mapring_scope scope,
                                     const struct status *wanted)
{
    struct status left;
    struct status_file *taken = NULL;
    for (unsigned number = 0; number < STATUS_LIMIT && !taken; number++)
        if (read_one(ring, scope, number, &left) && !status_is_alive(&left) &&
            left.direction == wanted->direction && strcmp(left.stream, wanted->stream) == 0)
            taken = status_file_take(ring, scope, number);
    return taken;
}

/* A new one if that is possible, so that others that died are still told of. */
static struct status_file *take_any(const char *ring, enum mapring_scope scope,
                                    enum status_file_state wanted)
{
    uint64_t words[STATUS_FILE_BYTES / sizeof(uint64_t)];
    struct status_file *taken = NULL;
    for (unsigned number = 0; number < STATUS_LIMIT && !taken; number++)
        if (status_file_read(ring, scope, number, words) == wanted)
            taken = status_file_take(ring, scope, number);
    return taken;
}

void status_open(struct status_writer *writer, const char *ring, enum mapring_scope scope,
                 enum status_direction direction, const char *server, const char *stream)
{
    *writer = (struct status_writer){.now = {.direction = direction}};
    writer->now.process = status_file_process();
    writer->now.started_ns = writer->now.state_since_ns = os_time_ns();
    copy_server(writer->now.server, server);
    snprintf(writer->now.stream, sizeof writer->now.stream, "%s", stream);
    writer->file = take_left(ring, scope, &writer->now);
    if (!writer->file)
        writer->file = take_any(ring, scope, STATUS_FILE_MISSING);
    if (!writer->file)
        writer->file = take_any(ring, scope, STATUS_FILE_LEFT);
    if (!writer->file)
        complain("'mapring stat' will not show this bridge, for its state cannot be kept beside "
                 "the ring: %s",
                 os_error());
    status_permit(writer, ring, scope);
    status_tell(writer);
}

void status_permit(struct status_writer *writer, const char *ring, enum mapring_scope scope)
{
    if (writer->file)
        status_file_permit(writer->file, ring, scope);
}

void status_close(struct status_writer *writer, bool failed)
{
    if (failed)
        status_set(writer, STATUS_FAILED);
    if (writer->file && failed)
        status_file_leave(writer->file);
    else if (writer->file)
        status_file_remove(writer->file);
    writer->file = NULL;
}
