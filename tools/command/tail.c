/* SPDX-License-Identifier: MIT */
/* Follows a file through renaming, truncation and replacement. */
#include "tail.h"

#include <string.h>

#include "shared/idle.h"
#include "shared/message.h"
#include "shared/os.h"

/* How long a replaced file must stay as it is before the next one is read, if a process may still
 * write to it; and how long a file must be missing before that is told. */
#define QUIET_NS   INT64_C(5000000000)
#define MISSING_NS INT64_C(1000000000)

enum { SHORTEST_PAUSE_MS = 5, LONGEST_PAUSE_MS = 100 };

/* ---- Waiting ---- */

static bool goes_on(void)
{
    return os_interrupted() == 0 && idle_goes_on();
}

static void note_change(struct tail *tail)
{
    tail->since_ns = os_now_ns();
    tail->pause_ms = SHORTEST_PAUSE_MS;
}

/* Looks often at a file that is being written, because what is truncated before it was read is
 * lost. */
static void pause_longer(struct tail *tail)
{
    os_pause_ms(tail->pause_ms);
    tail->pause_ms *= 2;
    if (tail->pause_ms > LONGEST_PAUSE_MS)
        tail->pause_ms = LONGEST_PAUSE_MS;
}

static bool has_lasted(const struct tail *tail, int64_t ns)
{
    return os_now_ns() - tail->since_ns >= ns;
}

/* ---- The files ---- */

static bool is_same(const struct watched_identity *one, const struct watched_identity *other)
{
    return one->volume == other->volume && one->file == other->file;
}

static void tell_problem(struct tail *tail, enum watched_opened result)
{
    if (tail->told_problem)
        return;
    if (result == WATCHED_NO_FILE)
        complain("%s is not a regular file; waiting until it is one", tail->path);
    else
        complain("cannot open %s: %s; waiting until it can be opened", tail->path, os_error());
    tail->told_problem = true;
}

static bool is_newest(const struct tail *tail, const struct watched_identity *identity)
{
    return tail->count > 0 && is_same(&tail->files[tail->count - 1].identity, identity);
}

static void look_for_new_file(struct tail *tail)
{
    struct tail_file found;
    if (tail->count == TAIL_FILES ||
        (tail->count > 0 && watched_is_at(tail->path, &tail->files[tail->count - 1].identity)))
        return;
    enum watched_opened result = watched_open(tail->path, &found.file, &found.identity);
    if (result == WATCHED_NOT_OPENED || result == WATCHED_NO_FILE)
        tell_problem(tail, result);
    if (result != WATCHED_OPENED)
        return;
    if (is_newest(tail, &found.identity)) {
        os_close(found.file);
        return;
    }
    tail->files[tail->count++] = found;
    tail->told_missing = tail->told_problem = false;
    note_change(tail);
}

static void start_of_file(struct tail *tail)
{
    tail->offset = 0;
    tail->last_bytes = 0;
    tail->is_truncated = false;
}

static void leave_file(struct tail *tail)
{
    os_close(tail->files[0].file);
    tail->count--;
    memmove(tail->files, tail->files + 1, tail->count * sizeof *tail->files);
    start_of_file(tail);
    note_change(tail);
}

/* ---- Reading ---- */

static void remember(struct tail *tail, const unsigned char *data, size_t bytes)
{
    size_t kept = TAIL_LAST_BYTES - (bytes < TAIL_LAST_BYTES ? bytes : TAIL_LAST_BYTES);
    kept = kept < tail->last_bytes ? kept : tail->last_bytes;
    size_t added = bytes < TAIL_LAST_BYTES ? bytes : TAIL_LAST_BYTES;
    memmove(tail->last, tail->last + tail->last_bytes - kept, kept);
    memcpy(tail->last + kept, data + bytes - added, added);
    tail->last_bytes = kept + added;
}

/* Whether the bytes before the offset are no longer those that were read: the file was truncated,
 * and may have grown beyond the offset since. */
static bool was_rewritten(const struct tail *tail)
{
    unsigned char now[TAIL_LAST_BYTES];
    ptrdiff_t got =
        watched_read(tail->files[0].file, tail->offset - tail->last_bytes, now, tail->last_bytes);
    return got >= 0 &&
           ((size_t)got < tail->last_bytes || memcmp(now, tail->last, tail->last_bytes) != 0);
}

static bool was_shortened(const struct tail *tail)
{
    int64_t bytes = watched_bytes(tail->files[0].file);
    return bytes >= 0 && (uint64_t)bytes < tail->offset;
}

/* Returns what watched_read() returns; 0 also for bytes that are not a continuation. */
static ptrdiff_t read_on(struct tail *tail, void *buffer, size_t bytes)
{
    ptrdiff_t got = watched_read(tail->files[0].file, tail->offset, buffer, bytes);
    if (got < 0)
        return got;
    tail->is_truncated = got > 0 ? was_rewritten(tail) : was_shortened(tail);
    if (tail->is_truncated || got == 0)
        return 0;
    remember(tail, buffer, (size_t)got);
    tail->offset += (size_t)got;
    note_change(tail);
    return got;
}

/* Whether nothing will be added to the file: its name leads elsewhere, and nobody can write to
 * it, or its writers go on in the next file. */
static bool is_left(struct tail *tail)
{
    struct tail_file *file = &tail->files[0];
    if (tail->count == 1 && watched_is_at(tail->path, &file->identity))
        return false;
    if (watched_writers(file->file) == WATCHED_NO_WRITERS)
        return true;
    return tail->count > 1 && watched_bytes(tail->files[1].file) > 0 && has_lasted(tail, QUIET_NS);
}

static ptrdiff_t read_tail(void *context, void *buffer, size_t bytes)
{
    struct tail *tail = context;
    while (!tail->is_over && goes_on()) {
        look_for_new_file(tail);
        bool left = is_left(tail);
        ptrdiff_t got = read_on(tail, buffer, bytes);
        if (got != 0)
            return got;
        tail->is_over = left || tail->is_truncated;
        if (!tail->is_over)
            pause_longer(tail);
    }
    return tail->is_over ? FEED_END : FEED_FAILED;
}

struct feed tail_feed(struct tail *tail)
{
    return (struct feed){read_tail, tail};
}

/* ---- From file to file ---- */

void tail_begin(struct tail *tail, const char *path, bool at_end, size_t unit)
{
    *tail = (struct tail){.path = path};
    note_change(tail);
    look_for_new_file(tail);
    if (tail->count == 0) {
        if (!tail->told_problem)
            complain("%s does not exist yet; waiting for it", path);
        tail->told_missing = true;
        return;
    }
    int64_t bytes = at_end ? watched_bytes(tail->files[0].file) : 0;
    tail->offset = bytes > 0 ? (uint64_t)bytes / unit * unit : 0;
    size_t before = tail->offset < TAIL_LAST_BYTES ? (size_t)tail->offset : TAIL_LAST_BYTES;
    ptrdiff_t got = watched_read(tail->files[0].file, tail->offset - before, tail->last, before);
    tail->last_bytes = got == (ptrdiff_t)before ? before : 0;
}

bool tail_begins_inside(const struct tail *tail, unsigned char *first, size_t bytes)
{
    return tail->offset > 0 &&
           watched_read(tail->files[0].file, 0, first, bytes) == (ptrdiff_t)bytes;
}

static bool await_file(struct tail *tail)
{
    while (tail->count == 0 && goes_on()) {
        look_for_new_file(tail);
        if (tail->count > 0)
            break;
        if (!tail->told_missing && !tail->told_problem && has_lasted(tail, MISSING_NS)) {
            complain("%s no longer exists; waiting for a new one", tail->path);
            tail->told_missing = true;
        }
        pause_longer(tail);
    }
    return tail->count > 0;
}

bool tail_next(struct tail *tail)
{
    bool is_first = !tail->is_begun;
    if (tail->is_truncated) {
        complain("%s was truncated; continuing at its beginning", tail->path);
        start_of_file(tail);
    } else if (!is_first) {
        leave_file(tail);
        if (await_file(tail))
            complain("%s was replaced; continuing with the new file", tail->path);
    }
    tail->is_begun = true;
    tail->is_over = false;
    return await_file(tail) && goes_on();
}

void tail_end(struct tail *tail)
{
    while (tail->count > 0)
        leave_file(tail);
}
