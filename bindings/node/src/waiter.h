/* SPDX-License-Identifier: MIT */
/* Waits for a wait handle in node's event loop. All functions are called in its thread. */
#ifndef WAITER_H
#define WAITER_H

#include <mapring/mapring.h>
#include <node_api.h>
#include <stdbool.h>

struct waiter;

/* Returns NULL on failure. */
struct waiter *waiter_new(napi_env env, mapring_handle handle, void (*ready)(void *), void *context);

/* Calls ready() once, when the handle is ready; meanwhile, the event loop has something to do. */
bool waiter_start(struct waiter *waiter);
void waiter_stop(struct waiter *waiter);

/* Stops it, and frees it later: the handle may be closed at once. NULL is accepted. */
void waiter_free(struct waiter *waiter);

#endif
