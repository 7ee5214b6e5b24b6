/* SPDX-License-Identifier: MIT */
/* A library that logs, under the name PLUGIN_NAME, and is loaded and unloaded by its program. */
#include "plugin_calls.h"

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

static int open_log(mapring_log **log, const char *name)
{
    return mapring_log_open(log, name, NULL);
}

static void write_line(mapring_log *log, int number)
{
    MAPRING_INFO(log, PLUGIN_NAME " says %d and %s", number, PLUGIN_NAME);
}

EXPORT const struct plugin_calls *plugin_calls(void);

const struct plugin_calls *plugin_calls(void)
{
    static const struct plugin_calls calls = {open_log, write_line, mapring_log_close};
    return &calls;
}
