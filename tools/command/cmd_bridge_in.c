/* SPDX-License-Identifier: MIT */
/* mapring bridge in: carries a stream into a ring. */
#include <stddef.h>
#include <string.h>

#include "bridge/connection.h"
#include "bridge/engine.h"
#include "commands.h"
#include "file_name.h"
#include "received.h"
#include "ring_options.h"
#include "shared/message.h"

static struct in_settings settings;
static const char *stream;

static const char *value_start(const char *text, void *value)
{
    struct start *start = value;
    struct bound bound = {0};
    settings.has_start = true;
    if (strcmp(text, "first") == 0 || strcmp(text, "new") == 0) {
        start->kind = text[0] == 'f' ? START_FIRST : START_NEW;
        return NULL;
    }
    const char *problem = value_bound(text, &bound);
    *start = (struct start){bound.time_ns > 0 ? START_TIME : START_SEQUENCE, bound.sequence,
                            bound.time_ns};
    return problem ? "first, new, a sequence number, or a time such as 2026-11-27T23:13:09Z or 2h"
                   : NULL;
}

/* What drops would have to leave numbers out. */
static const char *value_keeps(const char *text, void *value)
{
    return strcmp(text, "drop") == 0 || value_when_full(text, value) ? "block or overwrite" : NULL;
}

static const struct option_row options[] = {
    OPTIONS_CONNECTION(settings.connection),
    {"stream", "STREAM", value_text, &stream,
     "the stream's name (default: NAME); the further rings of a log come from STREAM_1 and so "
     "on"},
    {"from", "first|new|SEQUENCE|TIME", value_start, &settings.start,
     "where a new ring begins: with the first record that the stream has (default), with the next "
     "one that it gets, with that one, or with the first one of that time (as for 'mapring dump "
     "--since') or later"},
    {"until-end", NULL, NULL, &settings.until_end,
     "end when the stream ends with the end of a run, and all of it is in the ring"},
    {"capacity", "SIZE", value_capacity, &settings.ring.capacity_bytes,
     "bytes for records of a new ring (default: as its origin)"},
    {"slot-bytes", "N", value_slot, &settings.ring.slot_bytes,
     "unit in which a new ring allocates space: a power of two from 8 to 256 (default: as its "
     "origin)"},
    {"when-full", "block|overwrite", value_keeps, &settings.ring.when_full,
     "block: wait for the slowest consumer (default); overwrite: overwrite the oldest records"},
    {"max-lag-attached", "SIZE", value_size, &settings.ring.max_lag_attached_bytes,
     "let an attached consumer go that is further behind than SIZE when the ring is full, rather "
     "than wait for it (default: 0, never)"},
    {"dictionary", "SIZE", value_size, &settings.ring.dictionary_bytes,
     "bytes of a new ring for what the origin's producers define (default: as its origin)"},
    {"sync", "none|close|MS", value_sync, &settings.ring,
     "when to write a ring in a file to its disk: when the system chooses (default), also at the "
     "end, or also every MS milliseconds"},
    {"trust-owner", NULL, NULL, &settings.ring.trust_owner,
     "also continue a ring of another user who is not root"},
    {"group", "GROUP", value_text, &settings.ring.group,
     "whom a new ring belongs to besides its user; global, or in a file"},
    OPTION_SCOPE(&settings.ring.scope),
    {"mode", "OCTAL", value_mode, &settings.ring.mode,
     "who may use the ring, as for chmod (default 0600, with --group 0660)"},
    {NULL, NULL, NULL, NULL, NULL},
};

static int run(int count, char **arguments)
{
    (void)count;
    if (connection_problem(&settings.connection))
        return usage_error("%s", connection_problem(&settings.connection));
    if (settings.ring.sync != MAPRING_SYNC_NONE && !file_name_is_one(arguments[0]))
        return usage_error("--sync applies only to a ring in a file, and '%s' is not a path",
                           arguments[0]);
    if (engine_missing()) {
        complain("%s", engine_missing());
        return EXIT_FAILED;
    }
    if (stream && !connection_names_stream(stream))
        return usage_error(
            "invalid --stream: it must not be empty or contain spaces, '.', '*', '>' "
            "or slashes");
    if (!stream && !connection_names_stream(arguments[0]))
        return usage_error("--stream is missing, and '%s' cannot be the name of a stream",
                           arguments[0]);
    return received_run(&settings, arguments[0], stream ? stream : arguments[0]);
}

const struct command command_bridge_in = {
    .name = "in",
    .full_name = "mapring bridge in",
    .arguments = "NAME [OPTION...]",
    .summary = "carry a stream into a ring",
    .help =
        "Makes or continues the ring NAME, which repeats the ring from which 'mapring bridge "
        "out' fills a stream of a NATS server: the same records with the same sequence numbers "
        "and times, the same dictionary, losses and ends of runs. The ring itself says where "
        "to go on, so a bridge that was killed continues without losing or repeating a record. "
        "Without the server, it tries again until it is there. If the stream is that of a log, the "
        "rings of its further threads are made, too, also of those that come later. It ends by a "
        "signal, or when what the stream says does not fit: then nothing of that is in the ring.",
    .options = options,
    .example = "mapring bridge in log --url nats://hub:4222 --stream log",
    .end = "Exit status: 0 with --until-end: everything is written; 1 failed; 2 wrong usage; 3 the "
           "ring was removed; 128+N ended by signal N.",
    .least = 1,
    .most = 1,
    .names_no_ring = true,
    .run = run,
};
