/* SPDX-License-Identifier: MIT */
/* What JavaScript holds, and its wait handle. */
#include "thing.h"

#include "value.h"

#include <mapring/log_reader.h>
#include <stdlib.h>

struct thing *thing_of(napi_env env, napi_value value)
{
    struct thing *thing = NULL;
    if (napi_get_value_external(env, value, (void **)&thing) != napi_ok || !thing) {
        value_throw_type(env, "not a producer or a reader");
        return NULL;
    }
    if (thing->object)
        return thing;
    napi_throw_error(env, "MAPRING_CLOSED", "it has been closed");
    return NULL;
}

void thing_close_object(enum thing_kind kind, void *object)
{
    switch (kind) {
    case THING_PRODUCER: mapring_producer_close(object); break;
    case THING_CONSUMER: mapring_consumer_close(object); break;
    case THING_OBSERVER: mapring_observer_close(object); break;
    case THING_MERGE: mapring_merge_close(object); break;
    case THING_LOG_READER: mapring_log_reader_close(object); break;
    }
}

void *thing_take(struct thing *thing)
{
    void *object = thing->object;
    waiter_free(thing->waiter);
    if (thing->on_ready)
        napi_delete_reference(thing->env, thing->on_ready);
    if (thing->context)
        napi_async_destroy(thing->env, thing->context);
    free(thing->bytes);
    thing->object = thing->waiter = NULL;
    thing->on_ready = NULL;
    thing->context = NULL;
    thing->bytes = NULL;
    thing->bytes_used = thing->bytes_room = 0;
    return object;
}

/* If nobody has closed it, or node ends. */
static void finalize(napi_env env, void *data, void *hint)
{
    struct thing *thing = data;
    (void)env;
    (void)hint;
    thing_close_object(thing->kind, thing_take(thing));
    free(thing);
}

napi_value thing_wrap(napi_env env, enum thing_kind kind, void *object)
{
    napi_value value = NULL;
    struct thing *thing = calloc(1, sizeof *thing);
    if (thing) {
        *thing = (struct thing){.kind = kind, .object = object, .env = env};
        if (napi_create_external(env, thing, finalize, NULL, &value) == napi_ok)
            return value;
        free(thing);
    }
    thing_close_object(kind, object);
    napi_throw_error(env, "MAPRING_ERROR_NO_MEMORY", "out of memory");
    return NULL;
}

static void on_ready(void *context)
{
    struct thing *thing = context;
    napi_env env = thing->env;
    napi_handle_scope scope;
    napi_value function, receiver, result;
    napi_open_handle_scope(env, &scope);
    napi_get_reference_value(env, thing->on_ready, &function);
    napi_delete_reference(env, thing->on_ready);
    thing->on_ready = NULL;
    napi_get_global(env, &receiver);
    napi_make_callback(env, thing->context, receiver, function, 0, NULL, &result);
    napi_close_handle_scope(env, scope);
}

static int wait_handle(const struct thing *thing, mapring_handle *handle)
{
    if (thing->kind == THING_PRODUCER)
        return mapring_producer_wait_handle(thing->object, handle);
    if (thing->kind == THING_CONSUMER)
        return mapring_consumer_wait_handle(thing->object, handle);
    return mapring_merge_wait_handle(thing->object, handle);
}

/* The handle has to be there before the thing is armed: wait(thing) only makes it. */
static bool make_waiter(napi_env env, struct thing *thing)
{
    napi_value name;
    mapring_handle handle;
    int result = wait_handle(thing, &handle);
    if (result != MAPRING_OK) {
        value_throw(env, result);
        return false;
    }
    thing->waiter = waiter_new(env, handle, on_ready, thing);
    napi_create_string_utf8(env, "mapring", NAPI_AUTO_LENGTH, &name);
    if (thing->waiter && napi_async_init(env, NULL, name, &thing->context) == napi_ok)
        return true;
    napi_throw_error(env, "MAPRING_ERROR_SYSTEM", "the event loop cannot wait for the ring");
    return false;
}

napi_value thing_wait(napi_env env, napi_callback_info info)
{
    napi_value arguments[2];
    size_t count = 2;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    struct thing *thing = thing_of(env, arguments[0]);
    if (!thing || (!thing->waiter && !make_waiter(env, thing)) || count < 2)
        return NULL;
    if (thing->on_ready) {
        napi_throw_error(env, "MAPRING_ERROR_HELD", "somebody already waits for it");
        return NULL;
    }
    napi_create_reference(env, arguments[1], 1, &thing->on_ready);
    if (!waiter_start(thing->waiter))
        napi_throw_error(env, "MAPRING_ERROR_SYSTEM", "the event loop cannot wait for the ring");
    return NULL;
}

napi_value thing_unwait(napi_env env, napi_callback_info info)
{
    napi_value argument;
    size_t count = 1;
    napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
    struct thing *thing = thing_of(env, argument);
    if (!thing || !thing->on_ready)
        return NULL;
    waiter_stop(thing->waiter);
    napi_delete_reference(env, thing->on_ready);
    thing->on_ready = NULL;
    return NULL;
}
