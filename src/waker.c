/* SPDX-License-Identifier: MIT */
/* The thread sleeps on its own handle until it is armed, watches, sets the public handle, and
 * sleeps again. */
#include "waker.h"

#include <stdlib.h>

#include "error.h"
#include "platform.h"

enum { IDLE_NS = 1000000000, REST_SPINS = 1000, REST_PAUSE_NS = 50000 };
enum waker_state { RESTING, ARMED, CALLED_OFF, TELLING };

struct waker {
    struct watch watch;
    struct platform_thread *thread;
    mapring_handle ready;
    mapring_handle go;
    shared_u32 state; /* enum waker_state */
    shared_u32 stopping;
};

static bool stops(const struct waker *waker)
{
    return load_ordered(&waker->stopping);
}

bool waker_is_armed(const struct waker *waker)
{
    return load_ordered(&waker->state) == ARMED && !stops(waker);
}

/* Who arms anew while the handle is being set would clear it too early, or be answered by it. */
static void watch_once(struct waker *waker)
{
    while (waker_is_armed(waker) && !waker->watch.watch(waker->watch.context))
        continue;
    waker->watch.rest(waker->watch.context);
    if (compare_exchange32(&waker->state, ARMED, TELLING))
        platform_signal_set(waker->ready);
    store_release(&waker->state, RESTING);
}

static void run(void *context)
{
    struct waker *waker = context;
    while (!stops(waker)) {
        platform_signal_wait(waker->go, IDLE_NS);
        platform_signal_clear(waker->go);
        if (load_acquire(&waker->state) != RESTING)
            watch_once(waker);
    }
}

static int open_signals(struct waker *waker)
{
    int result = platform_signal_open(&waker->ready, waker->watch.ring);
    if (result != MAPRING_OK)
        return result;
    result = platform_signal_open(&waker->go, waker->watch.ring);
    if (result != MAPRING_OK)
        platform_signal_close(waker->ready);
    return result;
}

static void dispose(struct waker *waker)
{
    platform_signal_close(waker->ready);
    platform_signal_close(waker->go);
    free(waker);
}

int waker_start(struct waker **out, const struct watch *watch)
{
    struct waker *waker = calloc(1, sizeof *waker);
    if (!waker)
        return fail_memory(watch->ring, "a wait handle");
    waker->watch = *watch;
    int result = open_signals(waker);
    if (result != MAPRING_OK) {
        free(waker);
        return result;
    }
    result = platform_thread_start(&waker->thread, watch->ring, run, waker);
    if (result == MAPRING_OK)
        *out = waker;
    else
        dispose(waker);
    return result;
}

void waker_stop(struct waker *waker, bool forked)
{
    if (!waker)
        return;
    if (!forked) {
        exchange32(&waker->stopping, 1); /* before the kick, as in waker_pause() */
        platform_signal_set(waker->go);
        waker->watch.kick(waker->watch.context);
        platform_thread_join(waker->thread);
    }
    dispose(waker);
}

mapring_handle waker_handle(const struct waker *waker)
{
    return waker->ready;
}

static void await_rest(const struct waker *waker)
{
    for (int looks = 0; load_acquire(&waker->state) != RESTING; looks++)
        if (looks < REST_SPINS)
            spin_pause();
        else
            platform_pause_ns(REST_PAUSE_NS);
}

/* Called off before the kick: the thread asks whether it is after it can be kicked. */
bool waker_pause(struct waker *waker)
{
    bool armed = waker && compare_exchange32(&waker->state, ARMED, CALLED_OFF);
    if (armed)
        waker->watch.kick(waker->watch.context);
    if (waker)
        await_rest(waker);
    return armed;
}

void waker_rest(struct waker *waker)
{
    waker_pause(waker);
    platform_signal_clear(waker->ready);
}

void waker_arm(struct waker *waker)
{
    exchange32(&waker->state, ARMED);
    platform_signal_set(waker->go);
}
