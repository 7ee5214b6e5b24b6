/* SPDX-License-Identifier: MIT */
/* A thread that watches for something on behalf of an event loop, and sets a handle when it
 * comes. */
#ifndef MAPRING_WAKER_H
#define MAPRING_WAKER_H

#include <stdbool.h>

#include "mapring/mapring.h"

struct waker;

/* `watch` sleeps for a while, at most, and says whether what it watches for has come. `kick` makes
 * it return soon. */
struct watch {
    bool (*watch)(void *context);
    void (*kick)(void *context);
    void *context;
    const char *ring; /* its name, for messages */
};

int waker_start(struct waker **waker, const struct watch *watch);

/* With `forked`, the thread stayed in the parent process. NULL is accepted. */
void waker_stop(struct waker *waker, bool forked);

mapring_handle waker_handle(const struct waker *waker);

/* Makes the handle unready. While the thread still watches, answers false: what it watches for must
 * not change. */
bool waker_rest(struct waker *waker);

/* Lets the thread watch until `watch` answers true, and then set the handle. */
void waker_arm(struct waker *waker);

#endif
