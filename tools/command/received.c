/* SPDX-License-Identifier: MIT */
/* The rings that are received at once. */
#include "received.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge/lookout.h"
#include "carriers.h"
#include "file_name.h"
#include "log_rings.h"
#include "mapring/log.h"
#include "shared/message.h"
#include "shared/os.h"

#define LOOK_NS INT64_C(1000000000)

enum { PAUSE_MS = 200, NAME_BYTES = 4096 };

struct received {
    const struct in_settings *settings;
    struct in_settings at_first, later; /* those of further rings: of streams that were there when
                                           they were first looked for, and of others */
    const char *ring, *stream;
    struct carriers carriers;
    const struct carrier *log; /* what carries its first ring */
    struct log_lines lines;
    struct lookout lookout;
    unsigned last;   /* the highest number of a stream that was found */
    int64_t look_ns; /* when to look again */
    bool has_looked; /* for each of the streams, once */
};

/* ---- One ring ---- */

static int receive(struct carrier *carrier)
{
    return in_run(carrier->settings, carrier->ring, carrier->stream, &carrier->has_begun);
}

static void begin(struct received *all, const struct in_settings *settings, const char *ring,
                  const char *stream)
{
    struct carrier *carrier = carrier_new(ring, strdup(stream), NULL);
    if (carrier) {
        carrier->run = receive;
        carrier->settings = settings;
    }
    carriers_begin(&all->carriers, carrier);
}

/* ---- The further rings of a log ---- */

/* The last number in a name, or in that of a file before ".ring". */
static unsigned long number_in(const char *name)
{
    size_t length = file_name_stem(name), begin = length;
    while (begin > 0 && name[begin - 1] >= '0' && name[begin - 1] <= '9')
        begin--;
    return begin < length && begin > 0 && name[begin - 1] == '.' ? strtoul(name + begin, NULL, 10)
                                                                 : 0;
}

/* Another ring may have a stream of such a name. */
static bool is_further_ring(const struct batch_origin *origin, const char *name)
{
    return strcmp(origin->content, MAPRING_LOG_CONTENT) == 0 &&
           number_in(origin->name) == number_in(name);
}

static bool is_there(const char *ring, enum mapring_scope scope)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = scope};
    mapring_ring *found = NULL;
    int result = mapring_open(&found, ring, &attach);
    mapring_close(found);
    return result != MAPRING_ERROR_NOT_THERE;
}

/* Sequence numbers are those of one ring, and all of a thread that comes later is new. */
static void settle_starts(struct received *all)
{
    enum start_kind kind = all->settings->start.kind;
    bool goes_on = kind == START_NEW && is_there(all->ring, all->settings->ring.scope);
    all->at_first = *all->settings;
    all->at_first.accepts = is_further_ring;
    if (kind == START_SEQUENCE || goes_on) {
        all->at_first.has_start = false;
        all->at_first.start = (struct start){.kind = START_FIRST};
    }
    all->later = all->at_first;
    if (kind == START_NEW)
        all->later.start = (struct start){.kind = START_FIRST};
}

/* False: it is not known whether there is one. */
static bool look_for(struct received *all, unsigned number)
{
    char ring[NAME_BYTES], stream[NAME_BYTES];
    bool is_found = false;
    snprintf(stream, sizeof stream, "%s_%u", all->stream, number);
    if (!log_rings_name(ring, sizeof ring, all->ring, number) ||
        carriers_find(&all->carriers, ring))
        return true;
    if (!lookout_ask(&all->lookout, stream, &is_found))
        return false;
    if (is_found) {
        begin(all, all->has_looked ? &all->later : &all->at_first, ring, stream);
        all->last = number > all->last ? number : all->last;
    }
    return true;
}

/* Looks once a second. False: it is not known whether there are streams without a ring. */
static bool look(struct received *all)
{
    bool is_known = true;
    if (os_now_ns() < all->look_ns)
        return false;
    for (unsigned number = 1; is_known && number <= all->last + LOG_RINGS_AHEAD; number++)
        is_known = os_interrupted() == 0 && look_for(all, number);
    all->has_looked = all->has_looked || is_known;
    all->look_ns = os_now_ns() + LOOK_NS;
    return is_known;
}

/* ---- All rings ---- */

/* Whether there may be more of them. What has ended is asked for before looking: its end may have
 * been the reason to begin another one. */
static bool goes_on(struct received *all)
{
    bool has_ended = carriers_have_ended(&all->carriers);
    if (!all->log || all->carriers.failed || os_interrupted() != 0)
        return false;
    if (!all->log->has_begun)
        return !has_ended;
    if (!log_lines_of(&all->lines, all->ring) || (has_ended && !all->settings->until_end))
        return false;
    bool is_known = look(all);
    return !has_ended || !is_known || !carriers_have_ended(&all->carriers);
}

int received_run(const struct in_settings *settings, const char *ring, const char *stream)
{
    struct received all = {.settings = settings,
                           .ring = ring,
                           .stream = stream,
                           .lines.scope = settings->ring.scope,
                           .lookout = {.connection = &settings->connection, .stream = stream}};
    settle_starts(&all);
    carriers_prepare();
    begin(&all, settings, ring, stream);
    all.log = all.carriers.first;
    while (goes_on(&all))
        os_pause_ms(PAUSE_MS);
    lookout_end(&all.lookout);
    return log_lines_end(&all.lines, carriers_join(&all.carriers));
}
