/* SPDX-License-Identifier: MIT */
/* One thread beside the main one. */
#include "shared/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

static void *run(void *context)
{
    struct thread *thread = context;
    thread->run(thread->context);
    return NULL;
}

/* Signals go to the main thread, whose calls they are to interrupt. */
bool thread_start(struct thread *thread)
{
    sigset_t all, before;
    pthread_t handle;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int problem = pthread_create(&handle, NULL, run, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    thread->handle = (uintptr_t)handle;
    errno = problem;
    return problem == 0;
}

void thread_join(struct thread *thread)
{
    pthread_join((pthread_t)thread->handle, NULL);
}
