/* SPDX-License-Identifier: MIT */
/* The rings of a recording, and where each of them is played. */
#include "tracks.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/message.h"

/* Names of rings cannot contain a '='; in a path, the last one counts. */
const char *value_choice(const char *text, void *value)
{
    struct choices *choices = value;
    const char *sign = strrchr(text, '=');
    if (!sign || sign == text || sign[1] == '\0' || choices->count == CHOICE_LIMIT)
        return "RECORDED=NAME, at most 64 times";
    choices->text[choices->count++] = text;
    return NULL;
}

static bool is_about(const char *choice, const char *name)
{
    size_t length = (size_t)(strrchr(choice, '=') - choice);
    return strlen(name) == length && memcmp(choice, name, length) == 0;
}

/* Of a recorded path, its last part stands for the '*'. */
static char *fill_in(const char *pattern, const char *name)
{
    const char *star = strchr(pattern, '*');
    for (const char *at = name; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    size_t bytes = strlen(pattern) + strlen(name) + 1;
    char *text = malloc(bytes);
    if (text)
        snprintf(text, bytes, "%.*s%s%s", (int)(star - pattern), pattern, name, star + 1);
    return text;
}

/* False: memory is exhausted. */
static bool find_target(const struct tracks *tracks, const char *name, char **target)
{
    *target = NULL;
    for (unsigned i = 0; i < tracks->choices.count; i++) {
        if (is_about(tracks->choices.text[i], name)) {
            *target = strdup(strrchr(tracks->choices.text[i], '=') + 1);
            return *target != NULL;
        }
    }
    if (!tracks->name || strcmp(tracks->name, "-") == 0)
        return true;
    *target = strchr(tracks->name, '*') ? fill_in(tracks->name, name) : strdup(tracks->name);
    return *target != NULL;
}

static struct track *find(const struct tracks *tracks, const char *name)
{
    struct track *track = tracks->first;
    while (track && strcmp(track->name, name) != 0)
        track = track->next_track;
    return track;
}

static const struct track *find_target_of(const struct tracks *tracks, const char *target)
{
    const struct track *track = tracks->first;
    while (track && (!track->target || strcmp(track->target, target) != 0))
        track = track->next_track;
    return track;
}

/* Two rings in one would mix their sequence numbers and parts. */
static bool has_its_own(const struct tracks *tracks, const struct track *track)
{
    const struct track *other = track->target ? find_target_of(tracks, track->target) : NULL;
    if (!other)
        return true;
    complain("'%s' holds the rings '%s' and '%s', which cannot be played into one: choose with "
             "--ring %s=NAME, or give each a name of its own, as in 'copy.*'",
             tracks->file, other->name, track->name, track->name);
    return false;
}

static struct track *add(struct tracks *tracks, const char *name)
{
    struct track *track = calloc(1, sizeof *track);
    if (!track || (track->name = strdup(name)) == NULL ||
        !find_target(tracks, name, &track->target)) {
        complain("not enough memory to play '%s'", tracks->file);
        return NULL;
    }
    if (!has_its_own(tracks, track))
        return NULL;
    track->next_track = tracks->first;
    tracks->first = track;
    return track;
}

struct track *tracks_define(struct tracks *tracks, const struct recording_frame *frame)
{
    struct track *track = find(tracks, frame->ring.name);
    if (!track)
        track = add(tracks, frame->ring.name);
    if (!track)
        return NULL;
    if (track->created_ns != frame->ring.created_ns)
        track->next_sequence = 0;
    track->created_ns = frame->ring.created_ns;
    tracks->by_number[frame->head.ring] = track;
    return track;
}

struct track *tracks_of(const struct tracks *tracks, const struct recording_frame *frame)
{
    return tracks->by_number[frame->head.ring];
}

bool tracks_have_choices(const struct tracks *tracks)
{
    bool all = true;
    for (unsigned i = 0; i < tracks->choices.count; i++) {
        const struct track *track = tracks->first;
        while (track && !is_about(tracks->choices.text[i], track->name))
            track = track->next_track;
        if (!track)
            complain("--ring %s: there is no such ring in '%s'", tracks->choices.text[i],
                     tracks->file);
        all = all && track;
    }
    return all;
}

void tracks_free(struct tracks *tracks)
{
    for (struct track *track = tracks->first, *next; track; track = next) {
        next = track->next_track;
        free(track->name);
        free(track->target);
        free(track);
    }
    tracks->first = NULL;
}
