/* SPDX-License-Identifier: MIT */
/* One thread beside the main one. linux/ and windows/ implement it. */
#ifndef TOOLS_THREAD_H
#define TOOLS_THREAD_H

#include <stdbool.h>
#include <stdint.h>

struct thread {
    void (*run)(void *context);
    void *context;
    uintptr_t handle; /* private to thread.c */
};

/* False: failed; os_error() says why. The structure is in use until thread_join(). */
bool thread_start(struct thread *thread);

void thread_join(struct thread *thread);

#endif
