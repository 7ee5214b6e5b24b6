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

static void look_for_new_file(struct tail *tail)
{
    if (followed_look(&tail->followed))
        note_change(tail);
}

static int file_of(const struct tail *tail)
{
    return tail->followed.files[0].file;
}

static void start_of_file(struct tail *tail)
{
    tail->offset = 0;
    tail->last_bytes = 0;
    tail->is_truncated = false;
}

static void leave_file(struct tail *tail)
{
    followed_leave_first(&tail->followed);
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
        watched_read(file_of(tail), tail->offset - tail->last_bytes, now, tail->last_bytes);
    return got >= 0 &&
           ((size_t)got < tail->last_bytes || memcmp(now, tail->last, tail->last_bytes) != 0);
}

static bool was_shortened(const struct tail *tail)
{
    int64_t bytes = watched_bytes(file_of(tail));
    return bytes >= 0 && (uint64_t)bytes < tail->offset;
}

/* Returns what watched_read() returns; 0 also for bytes that are not a continuation. */
static ptrdiff_t read_on(struct tail *tail, void *buffer, size_t bytes)
{
    ptrdiff_t got = watched_read(file_of(tail), tail->offset, buffer, bytes);
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

static bool has_successor(const struct followed *followed)
{
    for (size_t i = 1; i < followed->count; i++)
        if (watched_bytes(followed->files[i].file) > 0)
            return true;
    return false;
}

/* Whether nothing will be added to the file: its name leads elsewhere, and nobody can write to
 * it, or its writers go on in a later file. */
static bool is_left(const struct tail *tail)
{
    const struct followed *followed = &tail->followed;
    if (followed->count == 1 && watched_is_at(followed->path, &followed->files[0].identity))
        return false;
    if (watched_writers(file_of(tail)) == WATCHED_NO_WRITERS)
        return true;
    return has_successor(followed) && has_lasted(tail, QUIET_NS);
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
    *tail = (struct tail){.followed.path = path};
    note_change(tail);
    look_for_new_file(tail);
    if (tail->followed.count == 0) {
        if (!tail->followed.told_problem)
            complain("%s does not exist yet; waiting for it", path);
        tail->followed.told_missing = true;
        return;
    }
    int64_t bytes = at_end ? watched_bytes(file_of(tail)) : 0;
    tail->offset = bytes > 0 ? (uint64_t)bytes / unit * unit : 0;
    size_t before = tail->offset < TAIL_LAST_BYTES ? (size_t)tail->offset : TAIL_LAST_BYTES;
    ptrdiff_t got = watched_read(file_of(tail), tail->offset - before, tail->last, before);
    tail->last_bytes = got == (ptrdiff_t)before ? before : 0;
}

bool tail_begins_inside(const struct tail *tail, unsigned char *first, size_t bytes)
{
    return tail->offset > 0 && watched_read(file_of(tail), 0, first, bytes) == (ptrdiff_t)bytes;
}

static bool await_file(struct tail *tail)
{
    while (tail->followed.count == 0 && goes_on()) {
        look_for_new_file(tail);
        if (tail->followed.count > 0)
            break;
        if (!tail->followed.told_missing && !tail->followed.told_problem &&
            has_lasted(tail, MISSING_NS)) {
            complain("%s no longer exists; waiting for a new one", tail->followed.path);
            tail->followed.told_missing = true;
        }
        pause_longer(tail);
    }
    return tail->followed.count > 0;
}

bool tail_next(struct tail *tail)
{
    bool is_first = !tail->is_begun;
    if (tail->is_truncated) {
        complain("%s was truncated; continuing at its beginning", tail->followed.path);
        start_of_file(tail);
    } else if (!is_first) {
        leave_file(tail);
        if (await_file(tail))
            complain("%s was replaced; continuing with the new file", tail->followed.path);
    }
    tail->is_begun = true;
    tail->is_over = false;
    return await_file(tail) && goes_on();
}

void tail_end(struct tail *tail)
{
    while (tail->followed.count > 0)
        leave_file(tail);
}
