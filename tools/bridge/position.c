/* SPDX-License-Identifier: MIT */
/* Finds messages of a stream by bisection: some 17 messages are looked at among 100,000. */
#include "position.h"

/* What is looked for: whether a message is it, or behind it. */
struct wanted {
    bool (*is_reached)(const struct position *position, const struct wanted *wanted);
    bool (*says_nothing)(const struct position *position); /* about that; NULL: all say it */
    struct batch_position place;
    uint64_t time_ns;
};

/* ---- Looking at a message ---- */

static bool look(struct position *position, struct engine *engine, uint64_t number, bool *is_there,
                 struct trouble *trouble)
{
    char problem[BATCH_PROBLEM_BYTES];
    struct engine_message message;
    enum engine_result result = engine_get(engine, number, &message);
    *is_there = result == ENGINE_OK;
    if (result == ENGINE_NOTHING)
        return true;
    if (result != ENGINE_OK)
        return trouble_engine(trouble, engine, result);
    if (!batch_read_head(&message, &position->head, problem))
        return trouble_final(trouble, EXIT_FAILED, "%s", problem);
    position->number = number;
    position->stored_ns = message.time_ns;
    return true;
}

/* The first message from that number on which is there, or `end`. */
static bool look_from(struct position *position, struct engine *engine, uint64_t number,
                      uint64_t end, struct trouble *trouble)
{
    bool is_there = false;
    struct engine_stream stream;
    position->number = end;
    for (uint64_t at = number; at < end && !is_there; at++) {
        if (!look(position, engine, at, &is_there, trouble))
            return false;
        if (is_there)
            break;
        if (!trouble_engine(trouble, engine, engine_stream(engine, &stream)))
            return false;
        if (at + 1 < stream.first)
            at = stream.first - 1;
    }
    return true;
}

static bool measure(struct position *position, struct engine *engine, struct trouble *trouble)
{
    struct engine_stream stream;
    *position = (struct position){0};
    if (!trouble_engine(trouble, engine, engine_stream(engine, &stream)))
        return false;
    position->first = stream.first;
    position->last = stream.last;
    return true;
}

/* ---- Searching ---- */

static bool look_for(struct position *position, struct engine *engine, const struct wanted *wanted,
                     uint64_t number, uint64_t end, struct trouble *trouble)
{
    do {
        if (!look_from(position, engine, number, end, trouble))
            return false;
        number = position->number + 1;
    } while (position->number < end && wanted->says_nothing && wanted->says_nothing(position));
    return true;
}

/* Before `low` nothing is wanted; from `high` on, everything is. */
static bool search(struct position *position, struct engine *engine, const struct wanted *wanted,
                   struct trouble *trouble)
{
    if (!measure(position, engine, trouble))
        return false;
    struct position seen = *position, found = *position;
    uint64_t low = position->first, high = position->last + 1;
    found.number = high;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (!look_for(&seen, engine, wanted, middle, high, trouble))
            return false;
        if (seen.number == high) {
            high = middle;
        } else if (wanted->is_reached(&seen, wanted)) {
            found = seen;
            high = middle;
        } else {
            low = seen.number + 1;
        }
    }
    *position = found;
    return true;
}

static bool is_behind(const struct position *position, const struct wanted *wanted)
{
    const struct batch_position *end = &position->head.end, *place = &wanted->place;
    if (end->sequence != place->sequence)
        return end->sequence > place->sequence;
    return end->run > place->run || end->dictionary > place->dictionary || end->piece_bytes > 0;
}

bool position_behind(struct position *position, struct engine *engine,
                     const struct batch_position *place, struct trouble *trouble)
{
    const struct wanted wanted = {.is_reached = is_behind, .place = *place};
    return search(position, engine, &wanted, trouble);
}

static bool has_entry(const struct position *position, const struct wanted *wanted)
{
    const struct batch_position *end = &position->head.end;
    if (end->dictionary != wanted->place.dictionary)
        return end->dictionary > wanted->place.dictionary;
    return end->piece_is_entry && end->piece_bytes > 0;
}

bool position_of_entry(struct position *position, struct engine *engine, uint64_t offset,
                       struct trouble *trouble)
{
    const struct wanted wanted = {.is_reached = has_entry, .place = {.dictionary = offset}};
    return search(position, engine, &wanted, trouble);
}

/* It has no records. */
static bool has_no_time(const struct position *position)
{
    return position->head.origin.times && position->head.time_ns == 0;
}

static bool is_of_time(const struct position *position, const struct wanted *wanted)
{
    if (position->head.origin.times)
        return position->head.time_ns >= wanted->time_ns;
    return position->stored_ns >= (int64_t)wanted->time_ns;
}

bool position_of_time(struct position *position, struct engine *engine, uint64_t time_ns,
                      struct trouble *trouble)
{
    const struct wanted wanted = {
        .is_reached = is_of_time, .says_nothing = has_no_time, .time_ns = time_ns};
    return search(position, engine, &wanted, trouble);
}

/* ---- The ends ---- */

bool position_first(struct position *position, struct engine *engine, struct trouble *trouble)
{
    return measure(position, engine, trouble) &&
           look_from(position, engine, position->first, position->last + 1, trouble);
}

bool position_last(struct position *position, struct engine *engine, struct trouble *trouble)
{
    bool is_there = false;
    if (!measure(position, engine, trouble))
        return false;
    for (uint64_t at = position->last; at >= position->first && at > 0 && !is_there; at--)
        if (!look(position, engine, at, &is_there, trouble))
            return false;
    if (!is_there)
        position->number = position->last + 1;
    return true;
}
