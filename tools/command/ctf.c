/* SPDX-License-Identifier: MIT */
/* Writes records as a trace in the Common Trace Format 1.8. */
#include "ctf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctf_metadata.h"
#include "disk.h"
#include "shared/message.h"
#include "shared/os.h"

enum { PATH_BYTES = 8192 };

static const char *metadata_path(const struct ctf *ctf)
{
    static char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/metadata", ctf->folder);
    return path;
}

static const char *stream_path(const struct ctf *ctf, size_t number)
{
    static char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/stream-%zu", ctf->folder, number);
    return path;
}

static bool fail(struct ctf *ctf, const char *path, const char *reason)
{
    complain("cannot write to '%s': %s", path, reason);
    ctf->failed = true;
    return false;
}

static bool fail_stream(struct ctf *ctf, const struct ctf_stream *stream)
{
    return fail(ctf, stream_path(ctf, (size_t)stream->number), ctf_stream_error(stream));
}

static bool write_metadata(struct ctf *ctf)
{
    const char *path = metadata_path(ctf);
    int file = disk_create(path);
    if (file < 0)
        return fail(ctf, path, os_error());
    bool done = disk_write(file, ctf_metadata, strlen(ctf_metadata)) || fail(ctf, path, os_error());
    os_close(file);
    return done;
}

static int make_folder(struct ctf *ctf)
{
    int made = disk_make_folder(ctf->folder);
    ctf->made_folder = made == DISK_IS_NEW;
    if (made >= 0)
        return EXIT_DONE;
    if (made == DISK_IS_NOT_EMPTY)
        complain("--ctf: the folder '%s' is not empty; name a new one", ctf->folder);
    else
        complain("--ctf: cannot make the folder '%s': %s", ctf->folder, os_error());
    return EXIT_FAILED;
}

int ctf_begin(struct ctf *ctf, const char *folder)
{
    *ctf = (struct ctf){.folder = folder};
    int status = make_folder(ctf);
    if (status == EXIT_DONE && !write_metadata(ctf))
        return ctf_end(ctf, EXIT_FAILED);
    return status;
}

static struct ctf_stream *add_stream(struct ctf *ctf, const char *ring)
{
    struct ctf_stream *more = realloc(ctf->streams, (ctf->count + 1) * sizeof *more);
    if (!more) {
        fail(ctf, stream_path(ctf, ctf->count), "not enough memory");
        return NULL;
    }
    ctf->streams = more;
    struct ctf_stream *stream = &more[ctf->count];
    bool opened = ctf_stream_open(stream, stream_path(ctf, ctf->count), ring, ctf->count);
    ctf->count++;
    if (opened)
        return stream;
    fail_stream(ctf, stream);
    return NULL;
}

static struct ctf_stream *stream_of(struct ctf *ctf, const char *ring)
{
    for (size_t i = 0; i < ctf->count; i++)
        if (strcmp(ctf->streams[i].ring, ring) == 0)
            return &ctf->streams[i];
    return add_stream(ctf, ring);
}

bool ctf_put_record(struct ctf *ctf, const char *ring, const struct mapring_record *record)
{
    struct ctf_stream *stream = stream_of(ctf, ring);
    return stream && (ctf_stream_record(stream, record) || fail_stream(ctf, stream));
}

bool ctf_put_lost(struct ctf *ctf, const char *ring, const struct mapring_record *lost)
{
    struct ctf_stream *stream = stream_of(ctf, ring);
    return stream && (ctf_stream_lost(stream, lost) || fail_stream(ctf, stream));
}

static void close_streams(struct ctf *ctf)
{
    for (size_t i = 0; i < ctf->count; i++)
        if (!ctf_stream_close(&ctf->streams[i]) && !ctf->failed)
            fail_stream(ctf, &ctf->streams[i]);
    free(ctf->streams);
    ctf->streams = NULL;
}

static void remove_all(const struct ctf *ctf)
{
    for (size_t i = 0; i < ctf->count; i++)
        disk_remove(stream_path(ctf, i));
    disk_remove(metadata_path(ctf));
    if (ctf->made_folder)
        disk_remove_folder(ctf->folder);
}

int ctf_end(struct ctf *ctf, int status)
{
    close_streams(ctf);
    if (ctf->failed || os_interrupted() != 0 || (status != EXIT_DONE && ctf->count == 0))
        remove_all(ctf);
    return ctf->failed && status == EXIT_DONE ? EXIT_FAILED : status;
}
