/* SPDX-License-Identifier: MIT */
/* A producer, a consumer, an observer, a merge or a reader of a log, which JavaScript holds. */
#ifndef THING_H
#define THING_H

#include "waiter.h"

#include <mapring/merge.h>
#include <node_api.h>
#include <stdbool.h>

enum thing_kind { THING_PRODUCER, THING_CONSUMER, THING_OBSERVER, THING_MERGE, THING_LOG_READER };

struct thing {
    enum thing_kind kind;
    void *object; /* NULL while another thread opens or closes it, and when it is closed */
    napi_env env;
    struct waiter *waiter;
    napi_ref on_ready; /* what waits for the waiter, or NULL */
    napi_async_context context;

    /* Of readers: what has been copied, and what the library said after the last record. */
    unsigned char *bytes;
    size_t bytes_used, bytes_room;
    int pending;
    struct mapring_error pending_error;
    struct mapring_record pending_record;
    char pending_ring[160];
};

/* The thing that a value holds, if it is open; otherwise throws and returns NULL. */
struct thing *thing_of(napi_env env, napi_value value);

/* Frees what belongs to the object, and returns it, to be closed by thing_close_object(). */
void *thing_take(struct thing *thing);
void thing_close_object(enum thing_kind kind, void *object);

/* wait(thing, function): the function is called once, when the wait handle is ready. */
napi_value thing_wait(napi_env env, napi_callback_info info);
napi_value thing_unwait(napi_env env, napi_callback_info info);

/* Makes a value that holds an open object. */
napi_value thing_wrap(napi_env env, enum thing_kind kind, void *object);

#endif
