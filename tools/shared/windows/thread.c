/* SPDX-License-Identifier: MIT */
/* One thread beside the main one. */
#include "shared/thread.h"

#include <windows.h>

static DWORD WINAPI run(void *context)
{
    struct thread *thread = context;
    thread->run(thread->context);
    return 0;
}

bool thread_start(struct thread *thread)
{
    HANDLE handle = CreateThread(NULL, 0, run, thread, 0, NULL);
    thread->handle = (uintptr_t)handle;
    return handle != NULL;
}

void thread_join(struct thread *thread)
{
    WaitForSingleObject((HANDLE)thread->handle, INFINITE);
    CloseHandle((HANDLE)thread->handle);
}
