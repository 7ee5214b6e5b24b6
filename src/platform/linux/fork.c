/* SPDX-License-Identifier: MIT */
/* A forked child shares its parent's open file descriptions, so it would keep the parent's roles
 * alive after the parent has died. It closes them at once, and the handles that it inherited return
 * an error. */
#include <pthread.h>

#include "platform/linux/object.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool installed;
static struct platform_object *first;

static void (*before_fork)(void), (*in_parent)(void), (*in_child)(void);

void fork_forbid(void)
{
    pthread_mutex_lock(&lock);
}

void fork_allow(void)
{
    pthread_mutex_unlock(&lock);
}

/* Whoever asked by platform_at_fork() takes its lock before the one here, as its other calls do. */
static void before(void)
{
    if (before_fork)
        before_fork();
    fork_forbid();
}

static void after_in_parent(void)
{
    fork_allow();
    if (in_parent)
        in_parent();
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
    if (in_child)
        in_child();
}

static void watch(struct platform_object *object)
{
    object->next = first;
    if (first)
        first->previous = object;
    first = object;
}

static bool install(void)
{
    installed = installed || pthread_atfork(before, after_in_parent, after_in_child) == 0;
    return installed;
}

/* Called while no other thread uses what is called before a fork. */
bool platform_at_fork(void (*is_before)(void), void (*is_in_parent)(void), void (*is_in_child)(void))
{
    pthread_mutex_lock(&lock);
    bool watched = install();
    before_fork = is_before;
    in_parent = is_in_parent;
    in_child = is_in_child;
    pthread_mutex_unlock(&lock);
    return watched;
}

bool object_watch_fork(struct platform_object *object)
{
    pthread_mutex_lock(&lock);
    bool watched = install();
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
