/* SPDX-License-Identifier: MIT */
/* Loads and unloads libraries that log. FIRST and OTHER use the mapring library of the program, which
 * stays; ALONE brings its own along, which goes with it. */
#ifndef MAPRING_TESTS_PLUGIN_H
#define MAPRING_TESTS_PLUGIN_H

#include "helpers.h"
#include "plugin_calls.h"

struct plugin {
    const char *path;
    struct os_library *library;
    const struct plugin_calls *calls;
};

/* What mapring keeps for as long as it is there is lost when ALONE is unloaded, and counts as leaked. */
static inline void plugin_skip_if_sanitized(void)
{
    if (os_is_sanitized())
        skip();
}

static inline const char *plugin_path(const char *which)
{
    char variable[32];
    snprintf(variable, sizeof variable, "MAPRING_PLUGIN_%s", which);
    const char *path = getenv(variable);
    check(path != NULL);
    return path;
}

static inline struct plugin plugin_load(const char *path)
{
    struct plugin plugin = {path, os_library_load(path), NULL};
    check(plugin.library != NULL);
    union {
        void *address;
        const struct plugin_calls *(*function)(void);
    } is = {os_library_symbol(plugin.library, "plugin_calls")};
    check(is.address != NULL);
    plugin.calls = is.function();
    return plugin;
}

/* Whatever reads its memory now crashes. */
static inline void plugin_unload(const struct plugin *plugin)
{
    os_library_unload(plugin->library);
    check(!os_library_is_loaded(plugin->path));
}

#endif
