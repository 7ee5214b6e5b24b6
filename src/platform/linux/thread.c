/* SPDX-License-Identifier: MIT */
/* Threads that take no signals, and event descriptors. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "error.h"
#include "platform/linux/object.h"

enum { NS_PER_MILLISECOND = 1000000 };

struct platform_thread {
    pthread_t thread;
    void (*run)(void *context);
    void *context;
};

static void *start(void *argument)
{
    struct platform_thread *thread = argument;
    thread->run(thread->context);
    return NULL;
}

/* The program's signal handlers must not run on a thread that it does not know about. */
static int create_without_signals(struct platform_thread *thread)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int native = pthread_create(&thread->thread, NULL, start, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return native;
}

/* `ring` is NULL for what serves several rings. */
static int cannot(long native, const char *ring, const char *what)
{
    return ring ? fail_system(native, ring, "cannot %s for ring '%s'", what, ring)
                : fail_system(native, NULL, "cannot %s for several rings", what);
}

int platform_thread_start(struct platform_thread **out, const char *ring,
                          void (*run)(void *context), void *context)
{
    struct platform_thread *thread = malloc(sizeof *thread);
    if (!thread)
        return fail_memory(ring, "a thread");
    *thread = (struct platform_thread){.run = run, .context = context};
    int native = create_without_signals(thread);
    if (native != 0) {
        free(thread);
        return cannot(native, ring, "start a thread");
    }
    *out = thread;
    return MAPRING_OK;
}

void platform_thread_join(struct platform_thread *thread)
{
    pthread_join(thread->thread, NULL);
    free(thread);
}

int platform_signal_open(mapring_handle *handle, const char *ring)
{
    int descriptor = descriptor_raise(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (descriptor < 0)
        return cannot(errno, ring, "open an event descriptor");
    *handle = descriptor;
    return MAPRING_OK;
}

void platform_signal_close(mapring_handle handle)
{
    close((int)handle);
}

void platform_signal_set(mapring_handle handle)
{
    eventfd_write((int)handle, 1);
}

void platform_signal_clear(mapring_handle handle)
{
    eventfd_t count;
    eventfd_read((int)handle, &count);
}

static int milliseconds_of(int64_t ns)
{
    int64_t milliseconds = ns / NS_PER_MILLISECOND + (ns % NS_PER_MILLISECOND > 0);
    return milliseconds < INT_MAX ? (int)milliseconds : INT_MAX;
}

bool platform_signal_wait(mapring_handle handle, int64_t limit_ns)
{
    struct pollfd event = {.fd = (int)handle, .events = POLLIN};
    return poll(&event, 1, milliseconds_of(limit_ns)) == 1;
}
