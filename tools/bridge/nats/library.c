/* SPDX-License-Identifier: MIT */
/* libnats, which is loaded when a bridge connects. */
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define LIBRARY "libnats.so.3.4"

struct library nats;

static void *handle;
static char problem[400]; /* none: "" */

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
#define LIBRARY_ROW(name) {#name, offsetof(struct library, name)},
    LIBRARY_FUNCTIONS(LIBRARY_ROW)
#undef LIBRARY_ROW
};

bool library_find(const char *name, void *function)
{
    void *found = dlsym(handle, name);
    memcpy(function, &found, sizeof found); /* ISO C has no conversion from void * */
    return found != NULL;
}

static bool find_all(void)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (!library_find(functions[i].name, (char *)&nats + functions[i].offset))
            return false;
    return true;
}

static void load(void)
{
    handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (handle && find_all())
        return;
    snprintf(problem, sizeof problem,
             "cannot load " LIBRARY ", which speaks to NATS: %s; install it (Debian: libnats3.4)",
             dlerror());
}

const char *library_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* each ring has its thread */
    pthread_once(&once, load);
    return problem[0] ? problem : NULL;
}
