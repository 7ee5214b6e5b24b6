/* SPDX-License-Identifier: MIT */
/* Reading all rings of a log: a merge of them, and a decoder for each. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "log/content.h"
#include "log/decoder.h"
#include "log/ring_name.h"
#include "mapring/log.h"
#include "merge/find.h"
#include "platform.h"
#include "ring/deadline.h"
#include "ring/options.h"

/* So many numbers are looked for behind the last one that was found: rings in between may have been
 * removed. */
enum { NUMBERS_AHEAD = 16, RINGS_LIMIT = 1 << 16 };

struct one_ring {
    mapring_log_decoder *decoder; /* NULL: none of its records was read yet */
    uint64_t created_ns;          /* when its ring was created */
};

struct mapring_log_reader {
    mapring_merge *merge; /* wants the rings in the order of their numbers */
    uint32_t level;
    bool has_all_names; /* there are no names for more rings */
    struct one_ring *rings; /* by their numbers */
    size_t ring_count;
    char name[PATH_LIMIT];
};

/* ---- Finding rings ---- */

/* How many numbers are wanted behind the last one that was found. */
static size_t numbers_ahead(const mapring_merge *merge)
{
    size_t count = merge->wanted_count;
    while (count > 0 && !merge->wanted[count - 1].found)
        count--;
    return merge->wanted_count - count;
}

/* A ring that cannot be read, but has another number, is left to the merge, which tells of it. */
static int want(mapring_log_reader *reader, const char *ring, bool later)
{
    mapring_merge *merge = reader->merge;
    int result = later ? MAPRING_OK : mapring_merge_add(merge, ring);
    bool is_left = later || (result < 0 && merge->wanted_count > 0);
    return is_left ? merge_await(merge, ring) : result;
}

/* Failures are those of the log, or of memory. */
static int want_next(mapring_log_reader *reader, bool later)
{
    char ring[PATH_LIMIT];
    const struct mapring_error before = *mapring_last_error();
    uint32_t number = (uint32_t)reader->merge->wanted_count;
    reader->has_all_names = log_ring_name(ring, reader->name, number) != MAPRING_OK;
    int result = reader->has_all_names ? MAPRING_OK : want(reader, ring, later);
    if (result < 0)
        return result;
    error_restore(&before);
    return MAPRING_OK;
}

/* `later`: the rings that are there now were not when the log was opened. */
static int look_ahead(mapring_log_reader *reader, bool later)
{
    int result = MAPRING_OK;
    while (result == MAPRING_OK && !reader->has_all_names &&
           numbers_ahead(reader->merge) < NUMBERS_AHEAD)
        result = want_next(reader, later);
    return result;
}

/* ---- Opening ---- */

static int check_options(const struct mapring_log_reader_options *options, const char *name)
{
    int result = OPTIONS_CHECK_RESERVED(options, name);
    if (result == MAPRING_OK && options->level > MAPRING_LEVEL_OFF)
        result = fail(MAPRING_ERROR_ARGUMENT, name,
                      "invalid options.level for the reader of log '%s': %" PRIu32, name,
                      options->level);
    return result;
}

static int open_merge(mapring_log_reader *reader, const struct mapring_log_reader_options *options)
{
    const struct mapring_merge_options merge = {
        .scope = options->scope,
        .from = options->from,
        .after_lap = options->after_lap,
        .rings_limit = RINGS_LIMIT,
        .name = options->name,
        .grace_ns = options->grace_ns,
        .durable = options->durable,
        .wait_producer = options->wait_producer,
        .observe = options->observe,
    };
    int result = mapring_merge_open(&reader->merge, &merge);
    if (result == MAPRING_OK)
        reader->merge->check_ring = log_check_content;
    return result;
}

/* Another way of opening says best what is missing. */
static int check_is_there(const mapring_log_reader *reader,
                          const struct mapring_log_reader_options *options)
{
    mapring_dictionary *dictionary;
    if (options->wait_producer || reader->merge->wanted[0].found)
        return MAPRING_OK;
    int result = mapring_dictionary_open(&dictionary, reader->name, options->scope);
    mapring_dictionary_close(dictionary);
    return result;
}

static int open_rings(mapring_log_reader *reader, const char *name,
                      const struct mapring_log_reader_options *options)
{
    int result = log_ring_name(reader->name, name, 0);
    if (result == MAPRING_OK)
        result = open_merge(reader, options);
    if (result == MAPRING_OK)
        result = look_ahead(reader, false);
    return result == MAPRING_OK ? check_is_there(reader, options) : result;
}

int mapring_log_reader_open(mapring_log_reader **out, const char *name,
                            const struct mapring_log_reader_options *options)
{
    static const struct mapring_log_reader_options defaults;
    if (!out || !name)
        return fail(MAPRING_ERROR_ARGUMENT, name, "%s is a null pointer",
                    out ? "the name of the log" : "the argument that receives the reader");
    *out = NULL;
    if (!options)
        options = &defaults;
    int result = check_options(options, name);
    if (result != MAPRING_OK)
        return result;
    mapring_log_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return fail_memory(name, "the reader of a log");
    reader->level = options->level;
    result = open_rings(reader, name, options);
    if (result == MAPRING_OK)
        *out = reader;
    else
        mapring_log_reader_close(reader);
    return result;
}

void mapring_log_reader_close(mapring_log_reader *reader)
{
    if (!reader)
        return;
    for (size_t i = 0; i < reader->ring_count; i++)
        mapring_log_decoder_close(reader->rings[i].decoder);
    mapring_merge_close(reader->merge);
    free(reader->rings);
    free(reader);
}

/* ---- Reading ---- */

static void forget(struct one_ring *ring)
{
    mapring_log_decoder_close(ring->decoder);
    ring->decoder = NULL;
}

/* Returns the place of the ring of that name, or NULL. */
static struct one_ring *place_of(mapring_log_reader *reader, const char *name)
{
    size_t number = ring_name_number(name, reader->name);
    if (number >= reader->ring_count) {
        struct one_ring *larger = realloc(reader->rings, (number + 1) * sizeof *larger);
        if (!larger) {
            fail_memory(name, "the rings of a log");
            return NULL;
        }
        memset(larger + reader->ring_count, 0, (number + 1 - reader->ring_count) * sizeof *larger);
        reader->rings = larger;
        reader->ring_count = number + 1;
    }
    return &reader->rings[number];
}

/* The ring of the record that the merge has handed out: it was perhaps made anew since the last
 * one. */
static int find_decoder(mapring_log_reader *reader, mapring_log_decoder **decoder)
{
    const struct lane *lane = reader->merge->served;
    const struct ring *ring = &lane_reader(lane)->ring;
    struct one_ring *place = place_of(reader, lane->name);
    int result = place ? MAPRING_OK : MAPRING_ERROR_NO_MEMORY;
    if (place && place->decoder && place->created_ns != lane->created_ns)
        forget(place);
    if (place && !place->decoder)
        result = decoder_of(&place->decoder, ring);
    if (result != MAPRING_OK)
        return result;
    place->created_ns = lane->created_ns;
    decoder_turn_to(place->decoder, ring);
    *decoder = place->decoder;
    return MAPRING_OK;
}

/* Returns MAPRING_NOTHING for a line of a lower level than is wanted. */
static int make_line(mapring_log_reader *reader, const struct mapring_record *record,
                     struct mapring_log_line *line)
{
    mapring_log_decoder *decoder;
    int result = find_decoder(reader, &decoder);
    if (result != MAPRING_OK)
        return result;
    uint32_t level = decoder_begin(decoder, record);
    if (level != MAPRING_LEVEL_UNSET && level < reader->level)
        return MAPRING_NOTHING;
    return decoder_finish(decoder, line);
}

/* Reads one record, which may be one that is passed over: *passed. */
static int read_one(mapring_log_reader *reader, struct mapring_log_line *line, bool *passed,
                    int64_t timeout_ns)
{
    struct mapring_record record = {0};
    struct mapring_origin origin = {0};
    int result = look_ahead(reader, true);
    *passed = false;
    /* not covered: there is no memory for the names of more rings */
    if (result == MAPRING_OK)
        mapring_merge_release(reader->merge); /* the next call tells of failures */
    /* not covered: see above */
    if (result == MAPRING_OK)
        result = mapring_merge_next(reader->merge, &record, &origin, timeout_ns);
    line_begin(line, &record);
    if (result == MAPRING_OK) {
        result = make_line(reader, &record, line);
        *passed = result == MAPRING_NOTHING;
    }
    if (origin.ring)
        line->ring = origin.ring;
    return result;
}

static int check_next(const mapring_log_reader *reader, const struct mapring_log_line *line)
{
    if (!reader || !line)
        return fail(MAPRING_ERROR_ARGUMENT, reader ? reader->name : NULL, "%s is a null pointer",
                    reader ? "the argument that receives a line" : "the reader of a log");
    return merge_check(reader->merge, line);
}

int mapring_log_reader_next(mapring_log_reader *reader, struct mapring_log_line *line,
                            int64_t timeout_ns)
{
    bool passed;
    int result = check_next(reader, line);
    if (result != MAPRING_OK)
        return result;
    int64_t deadline = deadline_after(timeout_ns), left = timeout_ns;
    while (true) {
        result = read_one(reader, line, &passed, left);
        if (!passed)
            return result;
        if (timeout_ns > 0)
            left = deadline - platform_now_ns();
        /* not covered: the time has passed while lines of lower levels were read */
        if (timeout_ns > 0 && left <= 0)
            return outcome(MAPRING_TIMED_OUT);
    }
}
