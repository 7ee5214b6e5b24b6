/* SPDX-License-Identifier: MIT */
/* Moves the records of several rings to standard output until something ends it. */
#include "receive_several.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log_rings.h"
#include "look.h"
#include "output_failure.h"
#include "shared/message.h"
#include "shared/progress.h"
#include "wait.h"

/* WRITE_BYTES make a write worthwhile. Parts of a record that are held in memory are not released
 * before it is whole, unless they take HOLD_BYTES, a quarter of the smallest ring. */
enum { WRITE_BYTES = 1 << 15, HOLD_BYTES = 1 << 14 };

static struct mapring_merge_stat stat_of(const struct several *several)
{
    struct mapring_merge_stat stat = {0};
    mapring_merge_stat(several->merge, &stat);
    return stat;
}

#define LOOK_NS INT64_C(100000000)

/* ---- Beginning ---- */

/* Says why there is no such ring, as the library does when it is opened. */
static int not_there(const struct several *several, const char *name)
{
    static struct mapring_stat stat;
    int status = EXIT_FAILED;
    if (name_is_pattern(name))
        complain("no ring matches '%s'", name);
    else if (look(name, several->options.scope, &stat) < 0)
        status = ring_failure();
    complain("start its producer first, or use --wait");
    return status;
}

static int refused(const struct several *several, int result)
{
    int status = ring_failure();
    if (result == MAPRING_ERROR_PERMISSION && !several->options.observe)
        complain("if you have read permission only, use --observe");
    return status;
}

static int add_names(struct several *several)
{
    for (int i = 0; i < several->name_count; i++) {
        int result = mapring_merge_add(several->merge, several->names[i]);
        if (result < 0)
            return refused(several, result);
        if (result == MAPRING_NOTHING && !several->wait)
            return not_there(several, several->names[i]);
    }
    return EXIT_DONE;
}

/* ---- The rings of logs ---- */

/* They may appear, and appear again, at any time. The merge adds no ring twice; one that it cannot
 * read, it reports if another one has its name. */
static void join_rings(struct several *several, const char *log)
{
    struct names *rings = &several->log_rings;
    size_t before = rings->count;
    log_rings_find(rings, several->filter.log, log);
    for (size_t i = before; i < rings->count; i++) {
        if (mapring_merge_add(several->merge, rings->name[i]) >= 0)
            continue;
        several->failed = true;
        ring_failure();
    }
}

static void join_logs(struct several *several)
{
    struct log_lines *lines = several->filter.log;
    int64_t now = os_now_ns();
    if (!lines || now < several->next_look_ns)
        return;
    several->next_look_ns = now + LOOK_NS;
    for (int i = 0; i < several->name_count; i++) {
        const char *name = several->names[i];
        if (!name_is_pattern(name) && log_lines_of(lines, name))
            join_rings(several, name);
    }
}

/* ---- Writing ---- */

static bool holds_parts(const struct several *several)
{
    return output_holds_parts(several->output) || grep_keeps_parts(&several->filter.grep);
}

/* Releases records only once they are written, and never the one after the end. */
static void write_out(struct several *several)
{
    output_flush(several->output);
    several->unwritten = 0;
    if (several->output->state != OS_WRITTEN || several->filter.has_ended ||
        (holds_parts(several) && several->unreleased < HOLD_BYTES))
        return;
    several->unreleased = 0;
    if (mapring_merge_release(several->merge) != MAPRING_OK) {
        several->let_go = true;
        ring_failure();
    }
}

static bool is_good(const void *merge)
{
    return mapring_merge_is_valid((mapring_merge *)merge);
}

static void switch_to(struct several *several, const char *ring)
{
    struct output *output = several->output;
    if (strcmp(several->ring, ring) != 0)
        filter_cut(&several->filter, output);
    snprintf(several->ring, sizeof several->ring, "%s", ring);
    output->ring = several->ring;
    if (several->filter.log)
        log_lines_of(several->filter.log, several->ring);
}

static void write_record(struct several *several)
{
    const struct mapring_record *record = &several->record;
    filter_record(&several->filter, record, several->output);
    if (several->filter.has_ended)
        return;
    several->total++;
    several->bytes += record->bytes;
    several->unwritten += record->bytes + 1;
    several->unreleased += record->bytes + 1;
    progress_show(several->total, several->bytes);
    if (several->unwritten >= WRITE_BYTES || filter_ends(&several->filter))
        write_out(several);
}

/* What was read before goes out first, so that on a terminal the message appears in the right
 * place. */
static void end_ring(struct several *several, int result)
{
    filter_cut(&several->filter, several->output);
    filter_tell_loss(&several->filter, several->output);
    output_end(several->output, result);
    write_out(several);
    progress_clear();
}

static void tell_death(struct several *several)
{
    if (several->follow)
        return;
    several->ended_badly = true;
    complain("the producer of the ring '%s' died; all records that it left were read",
             several->ring);
}

static void tell_removal(struct several *several)
{
    if (several->follow) {
        complain("the ring '%s' was removed; continuing with the next ring of that name",
                 several->ring);
        return;
    }
    several->ended_badly = true;
    complain("the ring '%s' was removed; all records in it were read", several->ring);
}

static void take(struct several *several, int result)
{
    switch_to(several, several->origin.ring);
    if (result == MAPRING_OK) {
        write_record(several);
        return;
    }
    if (result == MAPRING_LOST) {
        filter_lost(&several->filter, &several->record, several->output);
        return;
    }
    end_ring(several, result);
    if (result == MAPRING_PRODUCER_DIED)
        tell_death(several);
    if (result == MAPRING_REMOVED)
        tell_removal(several);
    if (several->filter.log && (result == MAPRING_REMOVED || result < 0))
        log_lines_forget(several->filter.log, several->ring);
    if (result < 0) {
        several->failed = true;
        ring_failure();
    }
}

/* ---- Waiting ---- */

static int next(struct several *several, int64_t timeout_ns)
{
    return mapring_merge_next(several->merge, &several->record, &several->origin, timeout_ns);
}

static bool has_ended(const struct several *several)
{
    struct mapring_merge_stat stat = stat_of(several);
    return !several->follow && stat.awaited == 0 && stat.rings == stat.ended;
}

/* Whether all that was asked for has been there, and has ended. */
static bool is_finished(struct several *several)
{
    if (!has_ended(several))
        return false;
    several->next_look_ns = 0;
    join_logs(several);
    return has_ended(several);
}

static void idle(struct several *several)
{
    filter_tell_losses(&several->filter, several->output);
    output_idle(several->output);
}

/* Writes what was read before the command sleeps. */
static int wait_for_next(struct several *several)
{
    int result = MAPRING_NOTHING;
    struct wait wait = wait_begin(several->timeout_ns);
    write_out(several);
    if (several->output->state != OS_WRITTEN || is_finished(several))
        return result;
    do {
        progress_show(several->total, several->bytes);
        join_logs(several);
        result = next(several, wait_slice(&wait));
        if (result == MAPRING_TIMED_OUT)
            idle(several);
    } while (several->output->state == OS_WRITTEN && wait_again(&wait, result));
    return result;
}

static bool goes_on(const struct several *several)
{
    return several->output->written_records < several->count && !several->filter.has_ended &&
           !several->let_go && os_interrupted() == 0 && several->output->state == OS_WRITTEN;
}

/* Returns what ended it: MAPRING_NOTHING if everything has ended, MAPRING_TIMED_OUT, or a failure.
 * MAPRING_OK stands for the count, a signal, or the end of the output. */
static int receive_all(struct several *several)
{
    while (goes_on(several)) {
        join_logs(several);
        int result = next(several, 0);
        if (result == MAPRING_NOTHING)
            result = wait_for_next(several);
        if (!several->origin.ring)
            return goes_on(several) ? result : MAPRING_OK;
        take(several, result);
    }
    return MAPRING_OK;
}

/* ---- The end ---- */

static int timed_out(const struct several *several)
{
    complain("no %s within %.9g s", stat_of(several).rings > 0 ? "record arrived" : "ring appeared",
             (double)several->timeout_ns / 1e9);
    return EXIT_TIMED_OUT;
}

static void tell_late(const struct several *several)
{
    uint64_t late = stat_of(several).late_records;
    if (late > 0)
        complain("%" PRIu64 " records arrived too late to be written in the order of their times",
                 late);
}

static int exit_status(const struct several *several, int result)
{
    if (several->output->state != OS_WRITTEN)
        return output_failure(several->output, !several->options.observe);
    tell_late(several);
    if (os_interrupted() == EXIT_HUNG_UP)
        complain("ended by SIGHUP; start the command again to reopen its output file");
    if (os_interrupted() != 0)
        return os_interrupted();
    if (result < 0)
        return ring_failure();
    if (result == MAPRING_TIMED_OUT)
        return timed_out(several);
    if (several->failed || several->let_go)
        return EXIT_FAILED;
    return several->ended_badly ? EXIT_PEER_DIED : EXIT_DONE;
}

int receive_several(struct several *several)
{
    if (mapring_merge_open(&several->merge, &several->options) != MAPRING_OK)
        return ring_failure();
    several->output->is_good = is_good;
    several->output->source = several->merge;
    int status = add_names(several);
    if (status == EXIT_DONE) {
        int result = receive_all(several);
        filter_cut(&several->filter, several->output);
        filter_tell_losses(&several->filter, several->output);
        write_out(several);
        progress_clear();
        status = exit_status(several, result);
    }
    mapring_merge_close(several->merge);
    names_free(&several->log_rings);
    return status;
}
