/* SPDX-License-Identifier: MIT */
/* The reading end. Payloads are copied: memory that JavaScript sees can be written to, and given to
 * other threads, while the slots of a ring are read-only and go away when it is closed. */
#include "reader.h"

#include "thing.h"
#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_LIMIT = 1024,
    BYTES_LIMIT = 1 << 20, /* a batch ends with the record that exceeds this */
};

/* As lib/record.js reads it. */
struct description {
    uint32_t bytes;
    uint32_t flags; /* 1: continued, 2: continues, 4: late */
    uint64_t sequence;
    uint64_t lost_records, lost_bytes;
    uint64_t time_ns, time_uncertainty_ns, lost_until_ns;
    uint64_t run;
};

struct batch {
    struct description *descriptions;
    napi_value names; /* of a merge */
    uint32_t count;
};

static void describe(struct batch *batch, const struct mapring_record *record, bool is_late)
{
    batch->descriptions[batch->count++] = (struct description){
        .bytes = (uint32_t)record->bytes,
        .flags = (uint32_t)(record->continued + 2 * record->continues + 4 * is_late),
        .sequence = record->sequence,
        .lost_records = record->lost_records,
        .lost_bytes = record->lost_bytes,
        .time_ns = record->time_ns,
        .time_uncertainty_ns = record->time_uncertainty_ns,
        .lost_until_ns = record->lost_until_ns,
        .run = record->run,
    };
}

static int next(struct thing *thing, struct mapring_record *record, struct mapring_origin *origin)
{
    *origin = (struct mapring_origin){0};
    if (thing->kind == THING_CONSUMER)
        return mapring_consumer_next(thing->object, record, 0);
    if (thing->kind == THING_OBSERVER)
        return mapring_observer_next(thing->object, record, 0);
    return mapring_merge_next(thing->object, record, origin, 0);
}

static bool copy(struct thing *thing, const struct mapring_record *record)
{
    size_t wanted = thing->bytes_used + record->bytes;
    if (wanted > thing->bytes_room) {
        unsigned char *bytes = realloc(thing->bytes, 2 * wanted);
        if (!bytes)
            return false;
        thing->bytes = bytes;
        thing->bytes_room = 2 * wanted;
    }
    if (record->bytes)
        memcpy(thing->bytes + thing->bytes_used, record->payload, record->bytes);
    thing->bytes_used = wanted;
    return true;
}

/* Takes one record, or returns what the library said instead. */
static int take(napi_env env, struct thing *thing, struct batch *batch)
{
    struct mapring_record record = {0};
    struct mapring_origin origin;
    size_t used = thing->bytes_used;
    int result = next(thing, &record, &origin);
    if (result == MAPRING_OK && !copy(thing, &record))
        result = MAPRING_ERROR_NO_MEMORY;
    if (result == MAPRING_OK) {
        if (thing->kind == THING_OBSERVER && !mapring_observer_is_valid(thing->object)) {
            thing->bytes_used = used; /* overwritten meanwhile: the next call says so */
            return MAPRING_OK;
        }
        if (batch->names) {
            napi_value name;
            napi_create_string_utf8(env, origin.ring, NAPI_AUTO_LENGTH, &name);
            napi_set_element(env, batch->names, batch->count, name);
        }
        describe(batch, &record, origin.late);
        return MAPRING_OK;
    }
    thing->pending = result;
    if (result != MAPRING_NOTHING)
        thing->pending_error = *mapring_last_error();
    thing->pending_record = record;
    snprintf(thing->pending_ring, sizeof thing->pending_ring, "%s",
             origin.ring ? origin.ring : "");
    return result;
}

static napi_value names_of(napi_env env, const char *ring)
{
    napi_value names, name;
    napi_create_array(env, &names);
    napi_create_string_utf8(env, ring, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, names, 0, name);
    return names;
}

static napi_value answer(napi_env env, int result, napi_value bytes, const struct batch *batch)
{
    napi_value array, descriptions;
    void *place;
    size_t size = batch->count * sizeof *batch->descriptions;
    napi_create_array_with_length(env, 4, &array);
    napi_set_element(env, array, 0, value_of_int(env, result));
    if (bytes)
        napi_set_element(env, array, 1, bytes);
    if (batch->count && napi_create_arraybuffer(env, size, &place, &descriptions) == napi_ok) {
        memcpy(place, batch->descriptions, size);
        napi_set_element(env, array, 2, descriptions);
    }
    if (batch->names)
        napi_set_element(env, array, 3, batch->names);
    return array;
}

/* What the library said after the last record, once. */
static napi_value tell_pending(napi_env env, struct thing *thing, struct batch *batch)
{
    int result = thing->pending;
    thing->pending = MAPRING_OK;
    batch->count = 0;
    batch->names = thing->kind == THING_MERGE ? names_of(env, thing->pending_ring) : NULL;
    if (result < 0) {
        napi_value error = value_of_error(env, &thing->pending_error);
        napi_throw(env, error);
        return NULL;
    }
    if (result == MAPRING_LOST || result == MAPRING_PRODUCER_CLOSED ||
        result == MAPRING_PRODUCER_DIED)
        describe(batch, &thing->pending_record, false);
    return answer(env, result, NULL, batch);
}

napi_value reader_fetch(napi_env env, napi_callback_info info)
{
    static _Thread_local struct description descriptions[BATCH_LIMIT];
    struct batch batch = {descriptions, NULL, 0};
    napi_value arguments[2], bytes = NULL;
    size_t count = 2;
    int64_t limit;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    struct thing *thing = thing_of(env, arguments[0]);
    if (!thing || !value_number(env, arguments[1], &limit))
        return NULL;
    if (limit < 1 || limit > BATCH_LIMIT)
        return value_throw(env, MAPRING_ERROR_ARGUMENT);
    if (thing->kind == THING_MERGE)
        napi_create_array(env, &batch.names);
    thing->bytes_used = 0;
    while (!thing->pending && batch.count < limit && thing->bytes_used < BYTES_LIMIT)
        take(env, thing, &batch);
    if (batch.count == 0)
        return tell_pending(env, thing, &batch);
    if (thing->pending == MAPRING_NOTHING)
        thing->pending = MAPRING_OK;
    if (napi_create_buffer_copy(env, thing->bytes_used, thing->bytes, NULL, &bytes) != napi_ok)
        return value_throw(env, MAPRING_ERROR_NO_MEMORY);
    return answer(env, MAPRING_OK, bytes, &batch);
}

static struct thing *read_call(napi_env env, napi_callback_info info, napi_value arguments[3])
{
    size_t count = 3;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    return thing_of(env, arguments[0]);
}

static napi_value told(napi_env env, int result)
{
    return result < 0 ? value_throw(env, result) : value_of_int(env, result);
}

napi_value reader_release(napi_env env, napi_callback_info info)
{
    napi_value arguments[3];
    struct thing *thing = read_call(env, info, arguments);
    if (!thing)
        return NULL;
    int result = thing->kind == THING_CONSUMER ? mapring_consumer_release(thing->object)
                 : thing->kind == THING_MERGE  ? mapring_merge_release(thing->object)
                                               : MAPRING_OK;
    return told(env, result == MAPRING_ERROR_NOTHING_HELD ? MAPRING_OK : result);
}

napi_value reader_arm(napi_env env, napi_callback_info info)
{
    napi_value arguments[3];
    struct thing *thing = read_call(env, info, arguments);
    if (!thing)
        return NULL;
    return told(env, thing->pending                 ? MAPRING_OK
                     : thing->kind == THING_CONSUMER ? mapring_consumer_arm(thing->object)
                                                     : mapring_merge_arm(thing->object));
}

napi_value reader_seek(napi_env env, napi_callback_info info)
{
    napi_value arguments[3];
    int64_t from, sequence;
    struct thing *thing = read_call(env, info, arguments);
    if (!thing || !value_number(env, arguments[1], &from) ||
        !value_number(env, arguments[2], &sequence))
        return NULL;
    thing->pending = MAPRING_OK;
    return told(env, mapring_consumer_seek(thing->object, (enum mapring_from)from,
                                           (uint64_t)sequence));
}

napi_value reader_stat(napi_env env, napi_callback_info info)
{
    napi_value arguments[3], array;
    struct mapring_merge_stat stat;
    struct thing *thing = read_call(env, info, arguments);
    if (!thing)
        return NULL;
    int result = mapring_merge_stat(thing->object, &stat);
    if (result != MAPRING_OK)
        return value_throw(env, result);
    napi_create_array_with_length(env, 3, &array);
    napi_set_element(env, array, 0, value_of_int(env, (int)stat.rings));
    napi_set_element(env, array, 1, value_of_int(env, (int)stat.ended));
    napi_set_element(env, array, 2, value_of_int(env, (int)stat.awaited));
    return array;
}
