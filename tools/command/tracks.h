/* SPDX-License-Identifier: MIT */
/* The rings of a recording, and where each of them is played. */
#ifndef TOOLS_TRACKS_H
#define TOOLS_TRACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "played_ring.h"

enum { CHOICE_LIMIT = 64 };

/* What --ring RECORDED=NAME said. */
struct choices {
    const char *text[CHOICE_LIMIT];
    unsigned count;
};

const char *value_choice(const char *text, void *value); /* struct choices */

struct track {
    struct track *next_track;
    char *name;              /* as it was recorded */
    char *target;            /* where to play it; NULL: nowhere */
    uint64_t created_ns;     /* of the ring that the next number is about */
    uint64_t next_sequence;  /* what is before that has been played */
    struct played_ring ring; /* once it is open */
    bool is_open;
};

struct tracks {
    const char *file; /* for messages */
    const char *name; /* to play into; with a '*', which stands for the recorded name; NULL: only
                         what was chosen */
    struct choices choices;

    /* The rest is private to tracks.c. */
    struct track *first;
    struct track *by_number[65536];
};

/* A frame of the kind RING. Returns NULL if the ring cannot be played; a message has been
 * printed. */
struct track *tracks_define(struct tracks *tracks, const struct recording_frame *frame);

/* What a frame is about. */
struct track *tracks_of(const struct tracks *tracks, const struct recording_frame *frame);

/* False: it was chosen, and is not in the recording; a message has been printed. */
bool tracks_have_choices(const struct tracks *tracks);

void tracks_free(struct tracks *tracks);

#endif
