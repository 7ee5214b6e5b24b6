/* SPDX-License-Identifier: MIT */
/*
 * What a bridge tells about itself while it runs, for mapring stat, top, the exporter and doctor. It
 * lies in a small file beside the ring's own, which others may read at any time, also after the
 * bridge has died. A bridge that ended as it was told to leaves none.
 */
#ifndef TOOLS_BRIDGE_STATUS_H
#define TOOLS_BRIDGE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

enum {
    STATUS_LIMIT = 8, /* most bridges of a ring that are shown */
    STATUS_SERVER_BYTES = 128,
    STATUS_STREAM_BYTES = 128,
    STATUS_ERROR_BYTES = 512
};

enum status_direction { STATUS_OUT, STATUS_IN };

enum status_state {
    STATUS_CONNECTING, /* for the first time */
    STATUS_RUNNING,
    STATUS_AWAY,   /* the server cannot be reached or does not answer: the bridge tries again */
    STATUS_FULL,   /* out: the stream has no room; in: the ring has none */
    STATUS_FAILED, /* ended because of an error, which last_error tells */
    STATUS_DIED    /* ended without a word; only readers see it */
};

struct status {
    enum status_direction direction;
    enum status_state state;
    uint64_t state_since_ns; /* when it became so; all times are nanoseconds since 1970 */
    uint64_t process;
    uint64_t started_ns;
    uint64_t updated_ns; /* when it last told; about once a second as long as the bridge is well */
    uint64_t records;    /* passed on by this process: out: acknowledged, in: written */
    uint64_t bytes;      /* payload bytes in them */
    uint64_t messages;   /* that carried them */
    uint64_t
        lost; /* records that went on as lost: dropped or overwritten before the bridge had them,
                      or, in: also removed from the stream */
    uint64_t in_flight;     /* out: messages published and not yet acknowledged */
    uint64_t next_sequence; /* all records before it are acknowledged (out), or written (in) */
    uint64_t lag_messages;  /* in: that the stream has and the ring has not */
    uint64_t lag_records;   /* not yet acknowledged or written; in: about */
    uint64_t lag_bytes;     /* that they take in the ring (out) or stream (in); 0: not known */
    uint64_t lag_ns;        /* age of the next of them (out) or the last one written (in); 0: there
                               are none, or it is not known */
    uint64_t reconnects;    /* connections after the first one */
    uint64_t errors;
    uint64_t last_error_ns;
    uint64_t number;                  /* of the file; only readers see it */
    char server[STATUS_SERVER_BYTES]; /* without user, password and token */
    char stream[STATUS_STREAM_BYTES];
    char last_error[STATUS_ERROR_BYTES]; /* a sentence; empty: none */
};

/* ---- The bridge ---- */

struct status_file;

struct status_writer {
    struct status now;        /* the bridge fills it in; what is not its own to fill in, is set */
    struct status_file *file; /* NULL: not kept */
};

/* Begins to tell. The bridge works without, too: prints why if that is how it has to be. */
void status_open(struct status_writer *writer, const char *ring, enum mapring_scope scope,
                 enum status_direction direction, const char *server, const char *stream);

/* Shows others what `now` says. Costs less than a microsecond. */
void status_tell(struct status_writer *writer);

/* Sets the state and its time, unless it is so already, and tells. */
void status_set(struct status_writer *writer, enum status_state state);

/* Counts an error, keeps its sentence, and tells. */
void status_error(struct status_writer *writer, const char *sentence);

/* Whoever may read the ring may read this, once the ring is there. Call when it has been opened. */
void status_permit(struct status_writer *writer, const char *ring, enum mapring_scope scope);

/* Ends. If the bridge failed, it stays readable until the next one of its kind begins. */
void status_close(struct status_writer *writer, bool failed);

/* ---- Those who look ---- */

/* Reads what the bridges of a ring tell, at most STATUS_LIMIT. Returns their number. */
unsigned status_read(const char *ring, enum mapring_scope scope,
                     struct status status[STATUS_LIMIT]);

/* "out" or "in"; "connecting", "running", "away", "full", "failed" or "died". */
const char *status_direction(const struct status *status);
const char *status_state(const struct status *status);

/* The file that this was read from; removing it forgets a bridge that is gone. */
void status_path(const char *ring, enum mapring_scope scope, const struct status *status,
                 char *path, size_t bytes);

/* Removes what bridges have left that failed or died. */
void status_forget(const char *ring, enum mapring_scope scope);

/* Whether its process runs. */
bool status_is_alive(const struct status *status);

#endif
