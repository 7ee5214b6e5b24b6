/* SPDX-License-Identifier: MIT */
/* Compresses the older files of one that is rotated. */
#include "compressor.h"

#include <stdio.h>

#include "disk.h"
#include "gzip.h"
#include "rotated.h"
#include "shared/message.h"
#include "shared/os.h"

/* There is one at a time; what a killed command left is overwritten. */
static void temporary_path(char path[ROTATED_BYTES], const char *file)
{
    snprintf(path, ROTATED_BYTES, "%s.gz.tmp", file);
}

static void remove_temporary(const struct compressor *compressor)
{
    char path[ROTATED_BYTES];
    temporary_path(path, compressor->file);
    disk_remove(path);
}

static bool goes_on(void *context)
{
    struct compressor *compressor = context;
    return !atomic_load(&compressor->stops);
}

/* After a failure of the machine, the new name must not lead to a file that is not whole. */
static void run(void *context)
{
    struct compressor *compressor = context;
    compressor->is_done = gzip_copy(compressor->from, compressor->to, goes_on, compressor) &&
                          disk_sync(compressor->to);
    if (!compressor->is_done)
        snprintf(compressor->error, sizeof compressor->error, "%s", os_error());
    atomic_store(&compressor->has_ended, true);
}

static void end_thread(struct compressor *compressor)
{
    thread_join(&compressor->thread);
    os_close(compressor->from);
    os_close(compressor->to);
    compressor->is_running = false;
}

/* The others stay as they are until the next rotation. */
static void give_up(struct compressor *compressor, const char *why)
{
    complain("cannot compress '%s.%llu', which stays as it is: %s", compressor->file,
             (unsigned long long)compressor->number, why);
    compressor->has_failed = true;
    remove_temporary(compressor);
}

/* A kill between the two steps leaves both files; see rotated_plain(). */
static void put_in_place(struct compressor *compressor)
{
    char temporary[ROTATED_BYTES], plain[ROTATED_BYTES], compressed[ROTATED_BYTES];
    temporary_path(temporary, compressor->file);
    rotated_path(plain, compressor->file, compressor->number, ROTATED_PLAIN);
    rotated_path(compressed, compressor->file, compressor->number, ROTATED_GZIP);
    if (!disk_rename(temporary, compressed) || !disk_remove(plain))
        give_up(compressor, os_error());
}

static bool open_both(struct compressor *compressor)
{
    char plain[ROTATED_BYTES], temporary[ROTATED_BYTES];
    rotated_path(plain, compressor->file, compressor->number, ROTATED_PLAIN);
    temporary_path(temporary, compressor->file);
    compressor->from = os_open(plain);
    if (compressor->from < 0)
        return false;
    compressor->to = disk_create(temporary);
    if (compressor->to < 0)
        os_close(compressor->from);
    else
        disk_permit_like(compressor->to, compressor->from);
    return compressor->to >= 0;
}

static void begin(struct compressor *compressor)
{
    if (!open_both(compressor)) {
        give_up(compressor, os_error());
        return;
    }
    compressor->thread = (struct thread){.run = run, .context = compressor};
    atomic_store(&compressor->has_ended, false);
    atomic_store(&compressor->stops, false);
    compressor->is_running = thread_start(&compressor->thread);
    if (compressor->is_running)
        return;
    give_up(compressor, os_error());
    os_close(compressor->from);
    os_close(compressor->to);
}

bool compressor_tend(struct compressor *compressor)
{
    if (compressor->is_running) {
        if (!atomic_load(&compressor->has_ended))
            return true;
        end_thread(compressor);
        if (compressor->is_done)
            put_in_place(compressor);
        else
            give_up(compressor, compressor->error);
    }
    compressor->number = compressor->has_failed ? 0 : rotated_plain(compressor->file);
    if (compressor->number > 0)
        begin(compressor);
    return compressor->is_running;
}

void compressor_make_way(struct compressor *compressor, uint64_t keep)
{
    if (compressor->is_running && keep > 0 && compressor->number >= keep)
        compressor_stop(compressor);
}

void compressor_shifted(struct compressor *compressor)
{
    compressor->number++;
    compressor->has_failed = false;
}

void compressor_stop(struct compressor *compressor)
{
    if (!compressor->is_running)
        return;
    atomic_store(&compressor->stops, true);
    end_thread(compressor);
    remove_temporary(compressor);
}
