/* SPDX-License-Identifier: MIT */
/* One of the system's waiting threads waits for an event, and wakes the event loop. */
#include "waiter.h"

#include <stdlib.h>
#include <uv.h>
#include <windows.h>

struct waiter {
    uv_async_t async;
    HANDLE event, wait;
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

static void on_woken(uv_async_t *async)
{
    struct waiter *waiter = async->data;
    if (!waiter->wait)
        return;
    waiter_stop(waiter);
    waiter->ready(waiter->context);
}

struct waiter *waiter_new(napi_env env, mapring_handle handle, void (*ready)(void *), void *context)
{
    struct uv_loop_s *loop;
    struct waiter *waiter = calloc(1, sizeof *waiter);
    if (!waiter || napi_get_uv_event_loop(env, &loop) != napi_ok ||
        uv_async_init(loop, &waiter->async, on_woken) != 0) {
        free(waiter);
        return NULL;
    }
    uv_unref((uv_handle_t *)&waiter->async);
    waiter->async.data = waiter;
    waiter->event = (HANDLE)handle;
    waiter->ready = ready;
    waiter->context = context;
    napi_add_async_cleanup_hook(env, on_end_of_environment, waiter, &waiter->hook);
    return waiter;
}

static void CALLBACK on_event(void *waiter, BOOLEAN timed_out)
{
    (void)timed_out;
    uv_async_send(&((struct waiter *)waiter)->async);
}

bool waiter_start(struct waiter *waiter)
{
    if (waiter->closing || waiter->wait)
        return false;
    if (!RegisterWaitForSingleObject(&waiter->wait, waiter->event, on_event, waiter, INFINITE,
                                     WT_EXECUTEONLYONCE)) {
        waiter->wait = NULL;
        return false;
    }
    uv_ref((uv_handle_t *)&waiter->async);
    return true;
}

void waiter_stop(struct waiter *waiter)
{
    if (!waiter->wait)
        return;
    UnregisterWaitEx(waiter->wait, INVALID_HANDLE_VALUE); /* waits for on_event() */
    waiter->wait = NULL;
    if (!waiter->closing)
        uv_unref((uv_handle_t *)&waiter->async);
}

void waiter_free(struct waiter *waiter)
{
    if (!waiter || waiter->closing)
        return;
    waiter_stop(waiter);
    waiter->closing = true;
    uv_close((uv_handle_t *)&waiter->async, on_closed);
}
