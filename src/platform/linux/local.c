/* SPDX-License-Identifier: MIT */
/* The threads of the program: locks among them, their names, and their ends. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform.h"

enum { FREE, TAKEN, WAITED_FOR };

void platform_lock(struct platform_lock *lock)
{
    shared_u32 *word = &lock->is.word;
    if (compare_exchange32(word, FREE, TAKEN))
        return;
    while (exchange32(word, WAITED_FOR) != FREE)
        syscall(SYS_futex, &word->value, FUTEX_WAIT_PRIVATE, WAITED_FOR, NULL, NULL, 0);
}

void platform_unlock(struct platform_lock *lock)
{
    shared_u32 *word = &lock->is.word;
    if (exchange32(word, FREE) == WAITED_FOR)
        syscall(SYS_futex, &word->value, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static pthread_key_t key;
static bool has_key;
static void (*at_end)(void);

static void thread_ends(void *unused)
{
    (void)unused;
    at_end();
}

/* A library that is unloaded must not be called any more. */
__attribute__((destructor)) static void forget_threads(void)
{
    if (has_key)
        pthread_key_delete(key);
    has_key = false;
}

bool platform_at_thread_end(void (*ended)(void))
{
    if (!has_key) {
        at_end = ended;
        has_key = pthread_key_create(&key, thread_ends) == 0;
    }
    return has_key && pthread_setspecific(key, &key) == 0;
}

uint64_t platform_thread(void)
{
    return (uint64_t)gettid();
}

void platform_thread_name(char *name, size_t bytes)
{
    char is[16] = "";
    prctl(PR_GET_NAME, is);
    snprintf(name, bytes, "%s", is);
}
