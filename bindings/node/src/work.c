/* SPDX-License-Identifier: MIT */
/* Opening, closing, adding and removing, in another thread. */
#include "work.h"

#include "options.h"
#include "thing.h"
#include "value.h"

#include <stdlib.h>

enum task { TASK_OPEN, TASK_CLOSE, TASK_ADD, TASK_REMOVE };

struct work {
    enum task task;
    enum thing_kind kind;
    struct thing *thing; /* whose object is with this work meanwhile */
    napi_ref kept;       /* keeps the thing */
    void *object;
    char *name;
    int64_t scope;
    bool force;
    struct options options;
    int result;
    struct mapring_error error;
    napi_async_work async;
    napi_deferred deferred;
};

static int open_object(struct work *work)
{
    struct options *options = &work->options;
    switch (work->kind) {
    case THING_PRODUCER:
        return mapring_producer_open((mapring_producer **)&work->object, work->name,
                                     &options->ring);
    case THING_CONSUMER:
        return mapring_consumer_open((mapring_consumer **)&work->object, work->name,
                                     &options->consumer);
    case THING_OBSERVER:
        return mapring_observer_open((mapring_observer **)&work->object, work->name,
                                     &options->observer);
    case THING_MERGE: return mapring_merge_open((mapring_merge **)&work->object, &options->merge);
    case THING_LOG_READER:
        return mapring_log_reader_open((mapring_log_reader **)&work->object, work->name,
                                       &options->log_reader);
    }
    return MAPRING_ERROR_ARGUMENT;
}

static int perform(struct work *work)
{
    switch (work->task) {
    case TASK_OPEN: return open_object(work);
    case TASK_ADD: return mapring_merge_add(work->object, work->name);
    case TASK_REMOVE:
        return mapring_remove(work->name, (enum mapring_scope)work->scope, work->force);
    case TASK_CLOSE: thing_close_object(work->kind, work->object);
    }
    return MAPRING_OK;
}

static void execute(napi_env env, void *data)
{
    struct work *work = data;
    (void)env;
    work->result = perform(work);
    if (work->result != MAPRING_OK)
        work->error = *mapring_last_error();
}

static napi_value value_of(napi_env env, struct work *work)
{
    if (work->task == TASK_OPEN)
        return thing_wrap(env, work->kind, work->object);
    return value_of_int(env, work->result);
}

static void settle(napi_env env, struct work *work)
{
    napi_value value = work->result < 0 ? NULL : value_of(env, work);
    if (value)
        napi_resolve_deferred(env, work->deferred, value);
    else
        napi_reject_deferred(env, work->deferred, value_of_error(env, &work->error));
}

static void complete(napi_env env, napi_status status, void *data)
{
    struct work *work = data;
    (void)status;
    if (work->task == TASK_ADD)
        work->thing->object = work->object;
    settle(env, work);
    if (work->kept)
        napi_delete_reference(env, work->kept);
    napi_delete_async_work(env, work->async);
    options_free(&work->options);
    free(work->name);
    free(work);
}

static napi_value start(napi_env env, struct work *work)
{
    napi_value promise = NULL, name;
    napi_create_promise(env, &work->deferred, &promise);
    napi_create_string_utf8(env, "mapring", NAPI_AUTO_LENGTH, &name);
    napi_create_async_work(env, NULL, name, execute, complete, work, &work->async);
    napi_queue_async_work(env, work->async);
    return promise;
}

static struct work *new_work(napi_env env, enum task task)
{
    struct work *work = calloc(1, sizeof *work);
    if (work)
        work->task = task;
    else
        napi_throw_error(env, "MAPRING_ERROR_NO_MEMORY", "out of memory");
    return work;
}

static napi_value give_up(struct work *work)
{
    if (work) {
        options_free(&work->options);
        free(work->name);
    }
    free(work);
    return NULL;
}

napi_value work_open(napi_env env, napi_callback_info info)
{
    static const enum options_kind kinds[] = {
        [THING_PRODUCER] = OPTIONS_RING,         [THING_CONSUMER] = OPTIONS_CONSUMER,
        [THING_OBSERVER] = OPTIONS_OBSERVER,     [THING_MERGE] = OPTIONS_MERGE,
        [THING_LOG_READER] = OPTIONS_LOG_READER,
    };
    napi_value arguments[3];
    size_t count = 3;
    int32_t kind = 0;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    struct work *work = new_work(env, TASK_OPEN);
    if (!work || napi_get_value_int32(env, arguments[0], &kind) != napi_ok ||
        !value_text(env, arguments[1], &work->name) ||
        !options_read(env, arguments[2], kinds[kind], &work->options))
        return give_up(work);
    work->kind = (enum thing_kind)kind;
    return start(env, work);
}

static napi_value start_with(napi_env env, struct work *work, struct thing *thing, napi_value value)
{
    work->thing = thing;
    work->kind = thing->kind;
    napi_create_reference(env, value, 1, &work->kept);
    return start(env, work);
}

napi_value work_close(napi_env env, napi_callback_info info)
{
    napi_value argument;
    size_t count = 1;
    napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
    struct thing *thing = thing_of(env, argument);
    struct work *work = thing ? new_work(env, TASK_CLOSE) : NULL;
    if (!work)
        return NULL;
    work->object = thing_take(thing);
    return start_with(env, work, thing, argument);
}

napi_value work_add(napi_env env, napi_callback_info info)
{
    napi_value arguments[2];
    size_t count = 2;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    struct thing *thing = thing_of(env, arguments[0]);
    struct work *work = thing ? new_work(env, TASK_ADD) : NULL;
    if (!work || !value_text(env, arguments[1], &work->name))
        return give_up(work);
    work->object = thing->object;
    thing->object = NULL;
    return start_with(env, work, thing, arguments[0]);
}

napi_value work_remove(napi_env env, napi_callback_info info)
{
    napi_value arguments[3];
    size_t count = 3;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    struct work *work = new_work(env, TASK_REMOVE);
    if (!work || !value_text(env, arguments[0], &work->name) ||
        !value_number(env, arguments[1], &work->scope) ||
        napi_get_value_bool(env, arguments[2], &work->force) != napi_ok)
        return give_up(work);
    return start(env, work);
}
