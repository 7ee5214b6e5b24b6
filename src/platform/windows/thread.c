/* SPDX-License-Identifier: MIT */
/* Threads, and manual-reset events that event loops can wait for. */
#include <windows.h>
#include <stdlib.h>

#include "error.h"
#include "platform/windows/object.h"

struct platform_thread {
    HANDLE handle;
    void (*run)(void *context);
    void *context;
};

static DWORD WINAPI start(void *argument)
{
    struct platform_thread *thread = argument;
    thread->run(thread->context);
    return 0;
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
    thread->handle = CreateThread(NULL, 0, start, thread, 0, NULL);
    if (!thread->handle) {
        DWORD native = GetLastError();
        free(thread);
        return cannot((long)native, ring, "start a thread");
    }
    *out = thread;
    return MAPRING_OK;
}

void platform_thread_join(struct platform_thread *thread)
{
    WaitForSingleObject(thread->handle, INFINITE);
    CloseHandle(thread->handle);
    free(thread);
}

int platform_signal_open(mapring_handle *handle, const char *ring)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!event)
        return cannot((long)GetLastError(), ring, "create an event");
    *handle = (mapring_handle)event;
    return MAPRING_OK;
}

void platform_signal_close(mapring_handle handle)
{
    CloseHandle((HANDLE)handle);
}

void platform_signal_set(mapring_handle handle)
{
    SetEvent((HANDLE)handle);
}

void platform_signal_clear(mapring_handle handle)
{
    ResetEvent((HANDLE)handle);
}

bool platform_signal_wait(mapring_handle handle, int64_t limit_ns)
{
    return WaitForSingleObject((HANDLE)handle, milliseconds_of(limit_ns)) == WAIT_OBJECT_0;
}
