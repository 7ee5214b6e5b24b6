/* SPDX-License-Identifier: MIT */
/*
 * Where each message ends, decided once, before it is sent: what a bridge that is killed has sent
 * may reach the server later, and is stored if it fits there; so the next bridge must send the same
 * records under the same number. The journal is a small file beside the ring, for each stream and
 * user: it lives as long as the ring does, survives every kill, and belongs to one process at a
 * time.
 */
#ifndef TOOLS_BRIDGE_JOURNAL_H
#define TOOLS_BRIDGE_JOURNAL_H

#include "batch.h"

/* How many of the latest messages it knows: more than twice as many as can be in flight, since those
 * of two bridges can be, one after the other. */
enum { JOURNAL_ENTRIES = 256 };

struct journal {
    int file;
    bool is_new; /* nothing was known of this ring's messages */
    struct journal_entry {
        uint64_t number; /* 0: none */
        uint64_t from[5], to[5];
        uint64_t died; /* the last run whose end is in it did not close */
        uint64_t checksum;
    } entry[JOURNAL_ENTRIES];
};

enum journal_result { JOURNAL_OPEN, JOURNAL_IS_TAKEN, JOURNAL_FAILED };

/* `id`: of the ring; what was kept of another ring with the same name is forgotten. JOURNAL_FAILED:
 * os_error() says why. */
enum journal_result journal_open(struct journal *journal, const char *ring,
                                 enum mapring_scope scope, const char *stream, const char *id);
void journal_close(struct journal *journal);

/* How a message was cut. */
struct journal_cut {
    struct batch_position to;
    bool died; /* if it ends with the end of a run: that did not close */
};

/* Whether a message with this number was decided that begins there; stores how. */
bool journal_find(const struct journal *journal, uint64_t number, const struct batch_position *from,
                  struct journal_cut *cut);

/* Whether that message was decided; stores where it ends. */
bool journal_ends(const struct journal *journal, uint64_t number, struct batch_position *to);

/* Decides a message. False: os_error() says why. */
bool journal_decide(struct journal *journal, uint64_t number, const struct batch_position *from,
                    const struct journal_cut *cut);

#endif
