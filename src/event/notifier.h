/* SPDX-License-Identifier: MIT */
/* A thread that watches for something on behalf of an event loop, and sets a handle when it has
 * come. */
#ifndef MAPRING_NOTIFIER_H
#define MAPRING_NOTIFIER_H

#include <stdbool.h>

#include "mapring/mapring.h"

struct notifier;

/* The functions of a notifier. `watch` sleeps for a limited time and returns whether what it
 * watches for has come. It calls notifier_is_armed() once more when `kick` can already wake it.
 * `kick` makes `watch` return soon. `rest` is called when `watch` will not be called again for
 * now. */
struct watch {
    bool (*watch)(void *context);
    void (*rest)(void *context);
    void (*kick)(void *context);
    void *context;
    const char *ring;            /* its name, for messages; or NULL */
    const mapring_handle *ready; /* a handle of the caller's that is set in place of an own one, and
                                    never cleared; or NULL */
};

int notifier_start(struct notifier **notifier, const struct watch *watch);

/* With `forked`, this is a child process, in which the thread does not exist. NULL is accepted. */
void notifier_stop(struct notifier *notifier, bool forked);

mapring_handle notifier_handle(const struct notifier *notifier);

/* Makes the thread watch until `watch` returns true, and then set the handle. */
void notifier_arm(struct notifier *notifier);
bool notifier_is_armed(const struct notifier *notifier);

/* Stops the watching, so that what is watched for can be changed, and makes an own handle
 * unready. */
void notifier_rest(struct notifier *notifier);

/* Stops the watching for a while, because the caller is about to sleep on the same words. Returns
 * whether it was armed and has to be armed again. NULL is accepted. */
bool notifier_pause(struct notifier *notifier);

#endif
