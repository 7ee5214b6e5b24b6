/* SPDX-License-Identifier: MIT */
/* A forked child shares its parent's open file descriptions, so it would keep the parent's roles
 * alive after the parent has died. It closes them at once, and the handles that it inherited return
 * an error. */
#include <pthread.h>

#include "platform/linux/object.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool installed;
static struct platform_object *first;

void fork_forbid(void)
{
    pthread_mutex_lock(&lock);
}

void fork_allow(void)
{
    pthread_mutex_unlock(&lock);
}

static void after_in_child(void)
{
    for (struct platform_object *object = first; object; object = object->next) {
        descriptor_close(&object->descriptor);
        descriptor_close(&object->companion);
        if (object->broken)
            *object->broken = MAPRING_ERROR_FORKED;
    }
    pthread_mutex_unlock(&lock);
}

static void watch(struct platform_object *object)
{
    object->next = first;
    if (first)
        first->previous = object;
    first = object;
}

bool object_watch_fork(struct platform_object *object)
{
    pthread_mutex_lock(&lock);
    bool watched = installed =
        installed || pthread_atfork(fork_forbid, fork_allow, after_in_child) == 0;
    if (watched)
        watch(object);
    pthread_mutex_unlock(&lock);
    return watched;
}

void platform_break_on_fork(struct platform_object *object, int *broken)
{
    pthread_mutex_lock(&lock);
    object->broken = broken;
    pthread_mutex_unlock(&lock);
}

void object_forget_fork(struct platform_object *object)
{
    pthread_mutex_lock(&lock);
    if (object->previous)
        object->previous->next = object->next;
    else
        first = object->next;
    if (object->next)
        object->next->previous = object->previous;
    pthread_mutex_unlock(&lock);
}
