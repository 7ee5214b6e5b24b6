/* SPDX-License-Identifier: MIT */
/* The thread of a notifier sleeps on its own handle until it is armed, then watches, sets the
 * public handle, and sleeps again. */
#include "event/notifier.h"

#include <stdlib.h>

#include "error.h"
#include "platform.h"

enum { IDLE_NS = 1000000000, REST_SPINS = 1000, REST_PAUSE_NS = 50000 };
enum notifier_state { RESTING, ARMED, CALLED_OFF, TELLING };

struct notifier {
    struct watch watch;
    struct platform_thread *thread;
    mapring_handle ready;
    mapring_handle go;
    shared_u32 state; /* enum notifier_state */
    shared_u32 stopping;
};

static bool stops(const struct notifier *notifier)
{
    return load_ordered(&notifier->stopping);
}

bool notifier_is_armed(const struct notifier *notifier)
{
    return load_ordered(&notifier->state) == ARMED && !stops(notifier);
}

/* While the handle is being set, the notifier is not RESTING yet: arming it again at that moment
 * would clear the handle too early, or be answered by this readiness. */
static void watch_once(struct notifier *notifier)
{
    while (notifier_is_armed(notifier) && !notifier->watch.watch(notifier->watch.context))
        continue;
    notifier->watch.rest(notifier->watch.context);
    if (compare_exchange32(&notifier->state, ARMED, TELLING))
        platform_signal_set(notifier->ready);
    store_release(&notifier->state, RESTING);
}

static void run(void *context)
{
    struct notifier *notifier = context;
    while (!stops(notifier)) {
        platform_signal_wait(notifier->go, IDLE_NS);
        platform_signal_clear(notifier->go);
        if (load_acquire(&notifier->state) != RESTING)
            watch_once(notifier);
    }
}

static int open_ready(struct notifier *notifier)
{
    if (!notifier->watch.ready)
        return platform_signal_open(&notifier->ready, notifier->watch.ring);
    notifier->ready = *notifier->watch.ready;
    return MAPRING_OK;
}

static void close_ready(const struct notifier *notifier)
{
    if (!notifier->watch.ready)
        platform_signal_close(notifier->ready);
}

static int open_signals(struct notifier *notifier)
{
    int result = open_ready(notifier);
    if (result != MAPRING_OK)
        return result;
    result = platform_signal_open(&notifier->go, notifier->watch.ring);
    if (result != MAPRING_OK)
        close_ready(notifier);
    return result;
}

static void dispose(struct notifier *notifier)
{
    close_ready(notifier);
    platform_signal_close(notifier->go);
    free(notifier);
}

int notifier_start(struct notifier **out, const struct watch *watch)
{
    struct notifier *notifier = calloc(1, sizeof *notifier);
    if (!notifier)
        return fail_memory(watch->ring, "a wait handle");
    notifier->watch = *watch;
    int result = open_signals(notifier);
    if (result != MAPRING_OK) {
        free(notifier);
        return result;
    }
    result = platform_thread_start(&notifier->thread, watch->ring, run, notifier);
    if (result == MAPRING_OK)
        *out = notifier;
    else
        dispose(notifier);
    return result;
}

void notifier_stop(struct notifier *notifier, bool forked)
{
    if (!notifier)
        return;
    if (!forked) {
        exchange32(&notifier->stopping, 1); /* before the kick, as in notifier_pause() */
        platform_signal_set(notifier->go);
        notifier->watch.kick(notifier->watch.context);
        platform_thread_join(notifier->thread);
    }
    dispose(notifier);
}

mapring_handle notifier_handle(const struct notifier *notifier)
{
    return notifier->ready;
}

static void await_rest(const struct notifier *notifier)
{
    for (int looks = 0; load_acquire(&notifier->state) != RESTING; looks++)
        if (looks < REST_SPINS)
            spin_pause();
        else
            platform_pause_ns(REST_PAUSE_NS);
}

/* Calls the watching off before the kick: once the thread can be kicked, it checks whether it is
 * still armed. */
bool notifier_pause(struct notifier *notifier)
{
    bool armed = notifier && compare_exchange32(&notifier->state, ARMED, CALLED_OFF);
    if (armed)
        notifier->watch.kick(notifier->watch.context);
    if (notifier)
        await_rest(notifier);
    return armed;
}

void notifier_rest(struct notifier *notifier)
{
    notifier_pause(notifier);
    if (!notifier->watch.ready)
        platform_signal_clear(notifier->ready);
}

void notifier_arm(struct notifier *notifier)
{
    exchange32(&notifier->state, ARMED);
    platform_signal_set(notifier->go);
}
