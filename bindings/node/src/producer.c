/* SPDX-License-Identifier: MIT */
/* The writing end. */
#include "producer.h"

#include "thing.h"
#include "value.h"

#include <stdlib.h>

enum { ARGUMENTS = 3 };

/* The producer among the arguments, or NULL after an exception. */
static mapring_producer *read_call(napi_env env, napi_callback_info info,
                                   napi_value arguments[ARGUMENTS])
{
    size_t count = ARGUMENTS;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    struct thing *thing = thing_of(env, arguments[0]);
    return thing ? thing->object : NULL;
}

static napi_value told(napi_env env, int result)
{
    return result < 0 ? value_throw(env, result) : value_of_int(env, result);
}

napi_value producer_send(napi_env env, napi_callback_info info)
{
    napi_value arguments[ARGUMENTS];
    const void *data;
    size_t bytes;
    bool is_part = false;
    mapring_producer *producer = read_call(env, info, arguments);
    if (!producer || !value_bytes(env, arguments[1], &data, &bytes))
        return NULL;
    napi_get_value_bool(env, arguments[2], &is_part);
    return told(env, is_part ? mapring_producer_send_part(producer, data, bytes, 0)
                             : mapring_producer_send(producer, data, bytes, 0));
}

static struct mapring_buffer *read_batch(napi_env env, napi_value array, uint32_t *count)
{
    if (napi_get_array_length(env, array, count) != napi_ok) {
        value_throw_type(env, "a batch must be an array");
        return NULL;
    }
    struct mapring_buffer *batch = calloc(*count + 1, sizeof *batch);
    for (uint32_t i = 0; batch && i < *count; i++) {
        napi_value element;
        napi_get_element(env, array, i, &element);
        if (!value_bytes(env, element, &batch[i].data, &batch[i].bytes)) {
            free(batch);
            return NULL;
        }
    }
    return batch;
}

napi_value producer_send_batch(napi_env env, napi_callback_info info)
{
    napi_value arguments[ARGUMENTS];
    uint32_t count;
    mapring_producer *producer = read_call(env, info, arguments);
    struct mapring_buffer *batch = producer ? read_batch(env, arguments[1], &count) : NULL;
    if (!batch)
        return NULL;
    int result = mapring_producer_send_batch(producer, batch, count, 0);
    free(batch);
    return told(env, result);
}

napi_value producer_arm(napi_env env, napi_callback_info info)
{
    napi_value arguments[ARGUMENTS];
    int64_t bytes;
    mapring_producer *producer = read_call(env, info, arguments);
    if (!producer || !value_number(env, arguments[1], &bytes))
        return NULL;
    return told(env, mapring_producer_arm(producer, (size_t)bytes));
}

napi_value producer_limit(napi_env env, napi_callback_info info)
{
    napi_value arguments[ARGUMENTS], limit = NULL;
    mapring_producer *producer = read_call(env, info, arguments);
    if (producer)
        napi_create_int64(env, (int64_t)mapring_producer_record_limit(producer), &limit);
    return limit;
}

napi_value producer_define(napi_env env, napi_callback_info info)
{
    napi_value arguments[ARGUMENTS], value = NULL;
    int64_t kind;
    const void *data;
    size_t bytes;
    uint64_t offset;
    mapring_producer *producer = read_call(env, info, arguments);
    if (!producer || !value_number(env, arguments[1], &kind) ||
        !value_bytes(env, arguments[2], &data, &bytes))
        return NULL;
    int result = kind < 0 || kind > UINT32_MAX
                     ? MAPRING_ERROR_ARGUMENT
                     : mapring_producer_define(producer, (uint32_t)kind, data, bytes, &offset);
    if (result != MAPRING_OK)
        return value_throw(env, result);
    napi_create_bigint_uint64(env, offset, &value);
    return value;
}

napi_value producer_drain(napi_env env, napi_callback_info info)
{
    napi_value arguments[ARGUMENTS];
    mapring_producer *producer = read_call(env, info, arguments);
    return producer ? told(env, mapring_producer_drain(producer, 0)) : NULL;
}

napi_value producer_wait_consumers(napi_env env, napi_callback_info info)
{
    napi_value arguments[ARGUMENTS];
    int64_t count;
    mapring_producer *producer = read_call(env, info, arguments);
    if (!producer || !value_number(env, arguments[1], &count))
        return NULL;
    unsigned consumers = count < 0 || count > UINT32_MAX ? UINT32_MAX : (unsigned)count;
    return told(env, mapring_producer_wait_consumers(producer, consumers, 0));
}
