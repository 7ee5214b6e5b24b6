/* SPDX-License-Identifier: MIT */
/* The rings that are carried at once. */
#include "carried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge/connection.h"
#include "log_rings.h"
#include "names.h"
#include "shared/checksum.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/thread.h"

enum { LOOK_MS = 200, IS_RUNNING = -1 };

struct carried {
    struct carried *next;
    const struct out_settings *settings;
    char *ring, *stream, *subject;
    struct thread thread;
    _Atomic int status; /* IS_RUNNING, or what it ended with */
};

struct all {
    const struct out_settings *settings;
    const struct carried_names *names;
    struct carried *first;
    struct log_lines logs; /* which names are those of logs */
    bool failed;
};

/* ---- Names ---- */

const char *carried_problem(const struct carried_names *names)
{
    bool several = names->count > 1 || name_is_pattern(names->names[0]);
    if (several && names->stream && !strchr(names->stream, '%'))
        return "each ring needs a stream of its own: put a % into --stream, which stands for the "
               "ring's name, or leave the option out";
    if (several && names->subject && !strchr(names->subject, '%'))
        return "each stream needs a subject of its own: put a % into --subject, which stands for "
               "the ring's name, or leave the option out";
    if (names->stream && !connection_names_stream(names->stream))
        return "invalid --stream: it must not be empty or contain spaces, '.', '*', '>' or slashes";
    return NULL;
}

/* The last part of a path, without ".ring". */
static void short_name(char *name, size_t bytes, const char *ring)
{
    for (const char *at = ring; *at; at++)
        if (*at == '/' || *at == '\\')
            ring = at + 1;
    size_t length = strlen(ring);
    const char *end = strrchr(ring, '.');
    if (end && strcmp(end, ".ring") == 0)
        length = (size_t)(end - ring);
    snprintf(name, bytes, "%.*s", (int)length, ring);
}

/* What the name of a stream cannot have becomes '_'. */
static char *fill_in(const char *form, const char *ring)
{
    char name[256];
    size_t bytes = strlen(form) + 1;
    short_name(name, sizeof name, ring);
    for (char *at = name; (at = strpbrk(at, " .*>\\/\t")) != NULL;)
        *at = '_';
    for (const char *at = form; (at = strchr(at, '%')) != NULL; at++)
        bytes += strlen(name);
    char *text = malloc(bytes), *to = text;
    for (; text && *form; form++) {
        if (*form != '%')
            *to++ = *form;
        else
            to = memcpy(to, name, strlen(name)), to += strlen(name);
    }
    if (text)
        *to = '\0';
    return text;
}

/* Of a log, the ring NAME.1 goes into the stream STREAM_1 if there is no % in that. */
static char *fill_in_part(const char *form, const char *ring)
{
    char name[256], whole[512];
    short_name(name, sizeof name, ring);
    snprintf(whole, sizeof whole, "%s_%s", form, strrchr(name, '.') + 1);
    return fill_in(strchr(form, '%') ? form : whole, ring);
}

/* ---- Rings ---- */

static void carry(void *context)
{
    struct carried *carried = context;
    carried->status =
        out_run(carried->settings, carried->ring, carried->stream, carried->subject);
}

static void discard(struct carried *carried)
{
    free(carried->ring);
    free(carried->stream);
    free(carried->subject);
    free(carried);
}

/* `fill`: how its stream is called. */
static void begin(struct all *all, const char *ring, char *(*fill)(const char *, const char *))
{
    const struct carried_names *names = all->names;
    struct carried *carried = calloc(1, sizeof *carried);
    if (carried) {
        carried->settings = all->settings;
        carried->status = IS_RUNNING;
        carried->ring = strdup(ring);
        carried->stream = fill(names->stream ? names->stream : "%", ring);
        carried->subject = names->subject ? fill(names->subject, ring) : NULL;
        carried->thread = (struct thread){.run = carry, .context = carried};
    }
    if (!carried || !carried->ring || !carried->stream || (names->subject && !carried->subject) ||
        !thread_start(&carried->thread)) {
        complain("cannot carry the ring '%s': %s", ring, os_error());
        all->failed = true;
        if (carried)
            discard(carried);
        return;
    }
    carried->next = all->first;
    all->first = carried;
}

static bool was_begun(const struct all *all, const char *ring)
{
    const struct carried *each = all->first;
    while (each && strcmp(each->ring, ring) != 0)
        each = each->next;
    return each != NULL;
}

/* After a ring was removed, there may be another one of its name. */
static bool is_carried(const struct all *all, const char *ring)
{
    const struct carried *each = all->first;
    while (each && (strcmp(each->ring, ring) != 0 || each->status == EXIT_PEER_DIED))
        each = each->next;
    return each != NULL;
}

/* Whether there was one, and none goes on. */
static bool all_have_ended(const struct all *all)
{
    const struct carried *each = all->first;
    while (each && each->status != IS_RUNNING)
        each = each->next;
    return all->first && !each;
}

static bool look_for(struct all *all, const char *pattern)
{
    struct names found = {0};
    bool done = names_find(&found, all->settings->scope, pattern) == MAPRING_OK;
    if (!done)
        ring_failure();
    for (size_t i = 0; i < found.count; i++)
        if (!is_carried(all, found.name[i]))
            begin(all, found.name[i], fill_in);
    names_free(&found);
    return done;
}

/* The rings of the other threads of a log. False: it is none, or there will be no more. */
static bool look_for_parts(struct all *all, const char *log)
{
    struct names found = {0};
    if (!log_lines_of(&all->logs, log))
        return false;
    log_rings_find(&found, &all->logs, log);
    for (size_t i = 0; i < found.count; i++)
        if (!is_carried(all, found.name[i]))
            begin(all, found.name[i], fill_in_part);
    names_free(&found);
    return !all_have_ended(all);
}

/* Begins with those that are not there yet. False: there can be no more. */
static bool look(struct all *all)
{
    bool goes_on = false;
    for (int i = 0; i < all->names->count && !all->failed; i++) {
        const char *name = all->names->names[i];
        if (name_is_pattern(name)) {
            goes_on = true;
            all->failed = !look_for(all, name);
            continue;
        }
        if (!was_begun(all, name))
            begin(all, name, fill_in);
        goes_on = look_for_parts(all, name) || goes_on;
    }
    return goes_on && !all->failed;
}

/* What is said of all: that one failed, or else a signal, or that one was removed. */
static int rank(int status)
{
    if (status == EXIT_DONE)
        return 0;
    if (status == EXIT_PEER_DIED)
        return 1;
    return status >= EXIT_HUNG_UP ? 2 : 3;
}

static int join(struct all *all)
{
    int status = all->failed ? EXIT_FAILED : EXIT_DONE;
    while (all->first) {
        struct carried *carried = all->first;
        thread_join(&carried->thread);
        status = rank(carried->status) > rank(status) ? carried->status : status;
        all->first = carried->next;
        discard(carried);
    }
    return status;
}

int carried_run(const struct out_settings *settings, const struct carried_names *names)
{
    checksum(0, "", 0); /* makes its tables, before there are several threads */
    struct all all = {.settings = settings, .names = names, .logs.scope = settings->scope};
    while (look(&all) && os_interrupted() == 0 && !(settings->until_end && all_have_ended(&all)))
        os_pause_ms(LOOK_MS);
    return log_lines_end(&all.logs, join(&all));
}
