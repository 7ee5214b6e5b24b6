/* SPDX-License-Identifier: MIT */
/* Counts what a process holds on Linux, from /proc. */
#include "holdings.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"

/* Counts the entries of a folder whose names contain `part`. The folder itself is open
 * meanwhile. */
static long entries(const char *folder, const char *part)
{
    long count = 0;
    struct dirent *entry;
    DIR *directory = opendir(folder);
    if (!directory)
        abort();
    while ((entry = readdir(directory)) != NULL)
        count += strstr(entry->d_name, part) != NULL;
    closedir(directory);
    return count;
}

static long views(void)
{
    char line[8192];
    const char *part = os_is_sanitized() ? "mapring" : "";
    long count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    if (!maps)
        abort();
    while (fgets(line, sizeof line, maps))
        count += strstr(line, part) != NULL;
    fclose(maps);
    return count;
}

struct holdings holdings_now(void)
{
    return (struct holdings){
        .handles = entries("/proc/self/fd", ""),
        .views = views(),
        .threads = entries("/proc/self/task", ""),
    };
}

long holdings_names(const char *part)
{
    return entries("/dev/shm", part);
}
