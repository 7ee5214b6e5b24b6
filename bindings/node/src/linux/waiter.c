/* SPDX-License-Identifier: MIT */
/* Polls a descriptor. */
#include "waiter.h"

#include <stdlib.h>
#include <uv.h>

struct waiter {
    uv_poll_t poll;
    void (*ready)(void *);
    void *context;
    napi_async_cleanup_hook_handle hook;
    bool closing;
};

static void on_closed(uv_handle_t *handle)
{
    struct waiter *waiter = handle->data;
    napi_remove_async_cleanup_hook(waiter->hook);
    free(waiter);
}

/* The loop of a thread that ends must have no handles left. */
static void on_end_of_environment(napi_async_cleanup_hook_handle hook, void *waiter)
{
    (void)hook;
    waiter_free(waiter);
}

struct waiter *waiter_new(napi_env env, mapring_handle handle, void (*ready)(void *), void *context)
{
    struct uv_loop_s *loop;
    struct waiter *waiter = calloc(1, sizeof *waiter);
    if (!waiter || napi_get_uv_event_loop(env, &loop) != napi_ok ||
        uv_poll_init(loop, &waiter->poll, (int)handle) != 0) {
        free(waiter);
        return NULL;
    }
    waiter->poll.data = waiter;
    waiter->ready = ready;
    waiter->context = context;
    napi_add_async_cleanup_hook(env, on_end_of_environment, waiter, &waiter->hook);
    return waiter;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct waiter *waiter = poll->data;
    (void)status;
    (void)events;
    uv_poll_stop(poll);
    waiter->ready(waiter->context);
}

bool waiter_start(struct waiter *waiter)
{
    return !waiter->closing && uv_poll_start(&waiter->poll, UV_READABLE, on_ready) == 0;
}

void waiter_stop(struct waiter *waiter)
{
    if (!waiter->closing)
        uv_poll_stop(&waiter->poll);
}

void waiter_free(struct waiter *waiter)
{
    if (!waiter || waiter->closing)
        return;
    waiter->closing = true;
    uv_close((uv_handle_t *)&waiter->poll, on_closed);
}
