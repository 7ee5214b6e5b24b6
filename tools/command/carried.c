/* SPDX-License-Identifier: MIT */
/* The rings that are carried at once. */
#include "carried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge/connection.h"
#include "carriers.h"
#include "file_name.h"
#include "log_rings.h"
#include "names.h"
#include "shared/message.h"
#include "shared/os.h"

enum { LOOK_MS = 200 };

struct all {
    const struct out_settings *settings;
    const struct carried_names *names;
    struct carriers carriers;
    struct log_lines logs; /* which names are those of logs */
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
    snprintf(name, bytes, "%.*s", (int)file_name_stem(ring), ring);
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

static int carry(struct carrier *carrier)
{
    return out_run(carrier->settings, carrier->ring, carrier->stream, carrier->subject);
}

/* `fill`: how its stream is called. */
static void begin(struct all *all, const char *ring, char *(*fill)(const char *, const char *))
{
    const struct carried_names *names = all->names;
    char *subject = names->subject ? fill(names->subject, ring) : NULL;
    char *stream =
        names->subject && !subject ? NULL : fill(names->stream ? names->stream : "%", ring);
    struct carrier *carrier = carrier_new(ring, stream, subject);
    if (carrier) {
        carrier->run = carry;
        carrier->settings = all->settings;
    }
    carriers_begin(&all->carriers, carrier);
}

/* After a ring was removed, there may be another one of its name. */
static bool is_carried(const struct all *all, const char *ring)
{
    const struct carrier *last = carriers_find(&all->carriers, ring);
    return last && last->status != EXIT_PEER_DIED;
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
    return !carriers_have_ended(&all->carriers);
}

/* Begins with those that are not there yet. False: there can be no more. */
static bool look(struct all *all)
{
    bool goes_on = false;
    for (int i = 0; i < all->names->count && !all->carriers.failed; i++) {
        const char *name = all->names->names[i];
        if (name_is_pattern(name)) {
            goes_on = true;
            all->carriers.failed = !look_for(all, name) || all->carriers.failed;
            continue;
        }
        if (!carriers_find(&all->carriers, name))
            begin(all, name, fill_in);
        goes_on = look_for_parts(all, name) || goes_on;
    }
    return goes_on && !all->carriers.failed;
}

int carried_run(const struct out_settings *settings, const struct carried_names *names)
{
    carriers_prepare();
    struct all all = {.settings = settings, .names = names, .logs.scope = settings->scope};
    while (look(&all) && os_interrupted() == 0 &&
           !(settings->until_end && carriers_have_ended(&all.carriers)))
        os_pause_ms(LOOK_MS);
    return log_lines_end(&all.logs, carriers_join(&all.carriers));
}
