/* SPDX-License-Identifier: MIT */
/* The files that had a name one after another. */
#include "followed.h"

#include <string.h>

#include "disk.h"
#include "shared/message.h"
#include "shared/os.h"

static bool is_same(const struct followed_file *one, const struct followed_file *other)
{
    return one->identity.volume == other->identity.volume &&
           one->identity.file == other->identity.file;
}

static enum watched_opened open_file(const char *path, struct followed_file *opened)
{
    enum watched_opened result = watched_open(path, &opened->file, &opened->identity);
    if (result == WATCHED_OPENED)
        opened->written_ns = disk_changed_ns(opened->file);
    return result;
}

static void tell_problem(struct followed *followed, enum watched_opened result)
{
    if (followed->told_problem)
        return;
    if (result == WATCHED_NO_FILE)
        complain("%s is not a regular file; waiting until it is one", followed->path);
    else
        complain("cannot open %s: %s; waiting until it can be opened", followed->path, os_error());
    followed->told_problem = true;
}

/* ---- Files that had the name between two looks ---- */

struct missed {
    struct followed *followed;
    const struct followed_file *newest;
    size_t first; /* of those that were found */
};

/* The system may give the identity of a file that no longer exists to a new one. */
static bool was_left(const struct followed *followed, const struct followed_file *file)
{
    size_t count = followed->left_count < FOLLOWED_FILES ? followed->left_count : FOLLOWED_FILES;
    for (size_t i = 0; i < count; i++)
        if (is_same(&followed->left[i], file) && followed->left[i].written_ns == file->written_ns)
            return true;
    return false;
}

static bool is_known(const struct missed *missed, const struct followed_file *file)
{
    const struct followed *followed = missed->followed;
    for (size_t i = 0; i < followed->count; i++)
        if (is_same(&followed->files[i], file))
            return true;
    return is_same(missed->newest, file) || was_left(followed, file);
}

/* If there is no room, the newest of them is left for a later look. */
static void insert_by_time(struct missed *missed, const struct followed_file *file)
{
    struct followed *followed = missed->followed;
    struct followed_file *files = followed->files;
    size_t at = followed->count;
    while (at > missed->first && files[at - 1].written_ns > file->written_ns)
        at--;
    if (followed->count == FOLLOWED_FILES)
        os_close(at == FOLLOWED_FILES ? file->file : files[--followed->count].file);
    if (at == FOLLOWED_FILES)
        return;
    memmove(files + at + 1, files + at, (followed->count - at) * sizeof *files);
    files[at] = *file;
    followed->count++;
}

/* A file that had the name after the newest one cannot have been written to before. */
static void consider(const char *path, void *context)
{
    struct missed *missed = context;
    struct followed_file file;
    if (open_file(path, &file) != WATCHED_OPENED)
        return;
    if (file.written_ns < missed->followed->newest_ns || is_known(missed, &file))
        os_close(file.file);
    else
        insert_by_time(missed, &file);
}

static void add_missed(struct followed *followed, const struct followed_file *newest)
{
    struct missed missed = {followed, newest, followed->count};
    if (followed->newest_ns > 0)
        watched_rotated(followed->path, consider, &missed);
}

/* ---- The name ---- */

static void add(struct followed *followed, const struct followed_file *newest)
{
    if (followed->count < FOLLOWED_FILES)
        followed->files[followed->count++] = *newest;
    else
        os_close(newest->file);
    followed->newest_ns = followed->files[followed->count - 1].written_ns;
}

static bool is_at_newest(struct followed *followed)
{
    if (followed->count == 0)
        return false;
    const struct followed_file *newest = &followed->files[followed->count - 1];
    uint64_t written_ns = disk_changed_ns(newest->file);
    if (!watched_is_at(followed->path, &newest->identity))
        return false;
    followed->newest_ns = written_ns;
    return true;
}

bool followed_look(struct followed *followed)
{
    struct followed_file found;
    if (followed->count == FOLLOWED_FILES || is_at_newest(followed))
        return false;
    enum watched_opened result = open_file(followed->path, &found);
    if (result == WATCHED_NOT_OPENED || result == WATCHED_NO_FILE)
        tell_problem(followed, result);
    if (result != WATCHED_OPENED)
        return false;
    if (followed->count > 0 && is_same(&followed->files[followed->count - 1], &found)) {
        os_close(found.file);
        return false;
    }
    add_missed(followed, &found);
    add(followed, &found);
    followed->told_missing = followed->told_problem = false;
    return true;
}

void followed_leave_first(struct followed *followed)
{
    struct followed_file *first = &followed->files[0];
    first->written_ns = disk_changed_ns(first->file);
    os_close(first->file);
    followed->left[followed->left_count++ % FOLLOWED_FILES] = *first;
    followed->count--;
    memmove(first, first + 1, followed->count * sizeof *first);
}
