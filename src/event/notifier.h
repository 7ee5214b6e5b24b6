/* SPDX-License-Identifier: MIT */
/* A thread that watches for something on behalf of an event loop, and sets a handle when it
 * comes. */
#ifndef MAPRING_NOTIFIER_H
#define MAPRING_NOTIFIER_H

#include <stdbool.h>

#include "mapring/mapring.h"

struct notifier;

/* `watch` sleeps for a while, at most, and says whether what it watches for has come; it asks
 * notifier_is_armed() once more when `kick` can already wake it, which makes it return soon. `rest` comes
 * when it is not called again for now. */
struct watch {
    bool (*watch)(void *context);
    void (*rest)(void *context);
    void (*kick)(void *context);
    void *context;
    const char *ring; /* its name, for messages */
};

int notifier_start(struct notifier **notifier, const struct watch *watch);

/* With `forked`, the thread stayed in the parent process. NULL is accepted. */
void notifier_stop(struct notifier *notifier, bool forked);

mapring_handle notifier_handle(const struct notifier *notifier);

/* Lets the thread watch until `watch` answers true, and then set the handle. */
void notifier_arm(struct notifier *notifier);
bool notifier_is_armed(const struct notifier *notifier);

/* Stops the watching, so that what is watched for may change, and makes the handle unready. */
void notifier_rest(struct notifier *notifier);

/* Stops it for a while: somebody else is about to sleep in its stead. True: it was armed, and is to be
 * armed again. NULL is accepted. */
bool notifier_pause(struct notifier *notifier);

#endif
