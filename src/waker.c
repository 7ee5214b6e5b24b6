/* SPDX-License-Identifier: MIT */
/* The thread sleeps on its own handle until it is armed, watches, sets the public handle, and
 * sleeps again. */
#include "waker.h"

#include <stdlib.h>

#include "error.h"
#include "platform.h"

enum { IDLE_NS = 1000000000, TELLING_SPINS = 1000, TELLING_PAUSE_NS = 50000 };
enum waker_state { RESTING, ARMED, TELLING };

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
    return load_acquire(&waker->stopping);
}

/* Who arms anew while the handle is being set would clear it too early, or be answered by it. */
static void watch_once(struct waker *waker)
{
    while (!stops(waker) && !waker->watch.watch(waker->watch.context))
        continue;
    store_release(&waker->state, TELLING);
    platform_signal_set(waker->ready);
    store_release(&waker->state, RESTING);
}

static void run(void *context)
{
    struct waker *waker = context;
    while (!stops(waker)) {
        if (!platform_signal_wait(waker->go, IDLE_NS))
            continue;
        platform_signal_clear(waker->go);
        if (load_acquire(&waker->state) == ARMED)
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
        store_release(&waker->stopping, 1);
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

static void await_telling(const struct waker *waker)
{
    for (int looks = 0; load_acquire(&waker->state) == TELLING; looks++)
        if (looks < TELLING_SPINS)
            spin_pause();
        else
            platform_pause_ns(TELLING_PAUSE_NS);
}

bool waker_rest(struct waker *waker)
{
    await_telling(waker);
    if (load_acquire(&waker->state) == ARMED)
        return false;
    platform_signal_clear(waker->ready);
    return true;
}

void waker_arm(struct waker *waker)
{
    store_release(&waker->state, ARMED);
    platform_signal_set(waker->go);
}
