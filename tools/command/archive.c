/* SPDX-License-Identifier: MIT */
/* The file of --output. */
#include "archive.h"

#include <string.h>

#include "disk.h"
#include "gzip.h"
#include "os.h"
#include "rotated.h"
#include "shared/message.h"
#include "shared/os.h"

enum { SUFFIX_BYTES = 32, CLOSE_MS = 10 };

#define LOOK_NS  INT64_C(1000000000)
#define RETRY_NS INT64_C(60000000000)

const char *value_archive(const char *text, void *value)
{
    *(const char **)value = strcmp(text, "-") == 0 ? NULL : text;
    return *text != '\0' && strlen(text) < ROTATED_BYTES - SUFFIX_BYTES ? NULL : "a path";
}

static bool rotates(const struct archive *archive)
{
    return archive->rotation.bytes > 0 || archive->rotation.seconds > 0;
}

bool archive_is_clear(const struct archive *archive)
{
    if (rotates(archive) && !archive->path)
        usage_error("--rotate applies to a file: use it with --output FILE");
    else if ((archive->keep > 0 || archive->compress) && !rotates(archive))
        usage_error("--keep and --compress apply to older files: use them with --rotate");
    else if (archive->compress && !gzip_is_available)
        usage_error("--compress is not available: this command was built without zlib");
    else
        return true;
    return false;
}

/* A file that was written to before this command began has to be rotated when its own time is
 * over. */
static void set_up(struct archive *archive)
{
    archive->bytes = disk_bytes(archive->file);
    uint64_t since_ns = archive->bytes > 0 ? disk_changed_ns(archive->file) : os_time_ns();
    archive->next_ns = rotation_next_ns(&archive->rotation, since_ns);
    archive->look_ns = os_now_ns() + LOOK_NS;
}

int archive_open(struct archive *archive)
{
    const char *path = archive->path;
    if (!path)
        return EXIT_DONE;
    archive->file = disk_open_end(path);
    if (archive->file == DISK_FAILED)
        complain("cannot open '%s': %s", path, os_error());
    else if (archive->file == DISK_IS_TAKEN)
        complain("'%s' is being written by another command: choose another file, or end that one",
                 path);
    else if (archive->file == DISK_IS_NO_FILE)
        complain("'%s' is not a file; to write to a device or a pipe, use standard output", path);
    if (archive->file < 0)
        return EXIT_FAILED;
    os_catch_hang_ups();
    archive->compressor.file = path;
    set_up(archive);
    return EXIT_DONE;
}

int archive_file(const struct archive *archive)
{
    return archive->path ? archive->file : STANDARD_OUTPUT;
}

/* Opens the file that the name leads to now, with the permissions of the last one if it is new. */
static enum archive_change reopen(struct archive *archive)
{
    bool is_new = !disk_exists(archive->path);
    int file = disk_open_end(archive->path);
    if (file < 0)
        return ARCHIVE_FAILED;
    if (is_new)
        disk_permit_like(file, archive->file);
    os_close(archive->file);
    archive->file = file;
    set_up(archive);
    return ARCHIVE_NEW;
}

/* If the file cannot be renamed, it keeps growing. */
static enum archive_change rotate(struct archive *archive)
{
    compressor_make_way(&archive->compressor, archive->keep);
    if (!rotated_shift(archive->path, archive->keep)) {
        complain("cannot rotate '%s', which keeps growing: %s", archive->path, os_error());
        archive->retry_ns = os_now_ns() + RETRY_NS;
        return ARCHIVE_SAME;
    }
    compressor_shifted(&archive->compressor);
    enum archive_change change = reopen(archive);
    if (archive->compress)
        compressor_tend(&archive->compressor);
    return change;
}

static bool has_other_name(struct archive *archive)
{
    int64_t now = os_now_ns();
    if (!os_hung_up() && now < archive->look_ns)
        return false;
    archive->look_ns = now + LOOK_NS;
    archive->bytes = disk_bytes(archive->file); /* somebody may have truncated it */
    if (archive->compress)
        compressor_tend(&archive->compressor);
    return !disk_has_name(archive->file, archive->path);
}

/* An empty file is not rotated: its time begins with what is about to be written. */
static bool is_due(struct archive *archive, uint64_t bytes)
{
    uint64_t now_ns = archive->rotation.seconds > 0 ? os_time_ns() : 0;
    bool is_over = now_ns >= archive->next_ns;
    if (is_over && archive->bytes == 0)
        archive->next_ns = rotation_next_ns(&archive->rotation, now_ns);
    return archive->bytes > 0 && (is_over || bytes > archive_room(archive)) &&
           os_now_ns() >= archive->retry_ns;
}

enum archive_change archive_tend(struct archive *archive, uint64_t bytes)
{
    if (!archive->path)
        return ARCHIVE_SAME;
    enum archive_change change = has_other_name(archive) ? reopen(archive) : ARCHIVE_SAME;
    if (change == ARCHIVE_FAILED || !is_due(archive, bytes))
        return change;
    enum archive_change rotated = rotate(archive);
    return rotated == ARCHIVE_SAME ? change : rotated;
}

uint64_t archive_room(const struct archive *archive)
{
    uint64_t most = archive->rotation.bytes;
    if (!archive->path || most == 0 || os_now_ns() < archive->retry_ns)
        return UINT64_MAX;
    return archive->bytes < most ? most - archive->bytes : 0;
}

bool archive_is_empty(const struct archive *archive)
{
    return archive->bytes == 0;
}

bool archive_cut(struct archive *archive, uint64_t bytes)
{
    bool done = disk_cut(archive->file, bytes);
    archive->bytes = disk_bytes(archive->file);
    return done;
}

void archive_wrote(struct archive *archive, uint64_t bytes)
{
    archive->bytes += bytes;
}

void archive_close(struct archive *archive)
{
    if (!archive->path)
        return;
    while (archive->compress && os_interrupted() == 0 && compressor_tend(&archive->compressor))
        os_pause_ms(CLOSE_MS);
    compressor_stop(&archive->compressor);
    os_close(archive->file);
}
