/* SPDX-License-Identifier: MIT */
/* A thread that watches for something on behalf of an event loop, and sets a handle when it
 * comes. */
#ifndef MAPRING_WAKER_H
#define MAPRING_WAKER_H

#include <stdbool.h>

#include "mapring/mapring.h"

struct waker;

/* `watch` sleeps for a while, at most, and says whether what it watches for has come; it asks
 * waker_is_armed() once more when `kick` can already wake it, which makes it return soon. `rest` comes
 * when it is not called again for now. */
struct watch {
    bool (*watch)(void *context);
    void (*rest)(void *context);
    void (*kick)(void *context);
    void *context;
    const char *ring; /* its name, for messages */
};

int waker_start(struct waker **waker, const struct watch *watch);

/* With `forked`, the thread stayed in the parent process. NULL is accepted. */
void waker_stop(struct waker *waker, bool forked);

mapring_handle waker_handle(const struct waker *waker);

/* Lets the thread watch until `watch` answers true, and then set the handle. */
void waker_arm(struct waker *waker);
bool waker_is_armed(const struct waker *waker);

/* Stops the watching, so that what is watched for may change, and makes the handle unready. */
void waker_rest(struct waker *waker);

/* Stops it for a while: somebody else is about to sleep in its stead. True: it was armed, and is to be
 * armed again. NULL is accepted. */
bool waker_pause(struct waker *waker);

#endif
