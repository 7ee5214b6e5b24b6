/* SPDX-License-Identifier: MIT */
/*
 * The producer of a ring, as mapring send and mapring run need it: its options, opening, sending
 * with messages about what goes wrong, and the end.
 */
#ifndef TOOLS_SENDER_H
#define TOOLS_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blocked.h"
#include "framing.h"
#include "input.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "wait.h"

struct sender_settings {
    struct mapring_options ring;
    enum framing_kind framing;
    uint64_t block_bytes;
    enum too_long too_long;
    bool wait;
    unsigned wait_consumers;
    int64_t timeout_ns;
    int64_t linger_ns; /* negative: --linger was not given */
};

#define SENDER_DEFAULTS                                                            \
    {                                                                              \
        .block_bytes = BLOCK_BYTES, .timeout_ns = MAPRING_FOREVER, .linger_ns = -1 \
    }

#define OPTIONS_SENDER(settings)                                                                  \
    {"framing", "line|length|block", value_framing, &(settings).framing,                          \
     "line: each line is a record, without its newline (default); length: each record follows 4 " \
     "bytes with its length, little-endian; block: each record has --block-bytes, except that "   \
     "the last one may be shorter"},                                                              \
        {"block-bytes", "SIZE", value_size, &(settings).block_bytes,                              \
         "size of the records with --framing block (default 4K)"},                                \
        {"too-long", "split|truncate|skip|fail", value_too_long, &(settings).too_long,            \
         "what to do with a line or record that is longer than the ring allows: send it in "      \
         "parts, which recv joins again (default); send its beginning; leave it out; or fail"},   \
        {"wait", NULL, NULL, &(settings).wait,                                                    \
         "if the ring has a producer, wait until it has ended"},                                  \
        {"wait-consumers", "N", value_consumers, &(settings).wait_consumers,                      \
         "send nothing until N consumers are attached"},                                          \
        {"timeout", "SECONDS", value_seconds, &(settings).timeout_ns,                             \
         "give up if there is no room in the ring for that long, or if --wait or "                \
         "--wait-consumers takes longer (default: wait for ever)"},                               \
        {"linger", "SECONDS", value_seconds, &(settings).linger_ns,                               \
         "at the end, wait until the consumers have read everything, but no longer than that"},   \
        {"sync", "none|close|MS", value_sync, &(settings).ring,                                   \
         "when to write a ring in a file to its disk: when the system chooses (default), also "   \
         "at the end, or also every MS milliseconds"},                                            \
        {"trust-owner", NULL, NULL, &(settings).ring.trust_owner,                                 \
         "also send into a ring of another user who is not root; the owner can read, change and " \
         "lose what is sent"},                                                                    \
        OPTIONS_NEW_RING((settings).ring), OPTION_HUGE(&(settings).ring.huge),                    \
        OPTION_NUMA_NODE(&(settings).ring), OPTION_PREFAULT(&(settings).ring.prefault)

/* A number of records and their payload. */
struct sent {
    uint64_t records, bytes;
};

struct sender {
    const struct sender_settings *settings;
    const char *name;
    mapring_producer *producer;
    struct blocked blocked;
    size_t batch_limit;          /* most records at a time */
    bool (*keeps_waiting)(void); /* asked while there is no room; NULL: until the time is up */
    struct sent sent, dropped;
    struct sent elsewhere; /* sent into other rings from the same input: for the progress line */
};

/* All return an exit status, after a message if it is not EXIT_DONE. */

/* Whether the settings go together. Call before sender_open(). */
int sender_check(const struct sender_settings *settings, const char *name);

int sender_open(struct sender *sender, const struct sender_settings *settings, const char *name);

/* Waits as --wait-consumers demands, no longer than `wait`. */
int sender_wait_for_consumers(struct sender *sender, struct wait wait);

/* Tells the input what the ring takes. */
void sender_prepare(const struct sender *sender, struct input *input);

int sender_send(struct sender *sender, const struct batch *batch);

/* Says that the ring was removed. */
int sender_removed(const struct sender *sender);

/* After the last record: waits as --linger demands, no longer than `wait`. */
int sender_finish(struct sender *sender, struct wait wait);

/* Takes the exit status so far, and returns the one that takes account of the end. */
int sender_close(struct sender *sender, int status);

/* For sender_end.c: the progress of all the input. */
void sender_show_progress(const struct sender *sender);

/* For sender_end.c: whether the ring still has its name. */
bool sender_goes_on(void *sender);

#endif
