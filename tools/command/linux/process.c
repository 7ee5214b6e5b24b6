/* SPDX-License-Identifier: MIT */
/* The state of other processes, from /proc. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "command/os.h"

/* The file contains "PID (NAME) STATE ...", where NAME may contain anything, even ")". */
bool os_process_is_stopped(uint64_t process)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/stat", process);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    const char *end = fgets(line, sizeof line, file) != NULL ? strrchr(line, ')') : NULL;
    fclose(file);
    return end && end[1] == ' ' && (end[2] == 'T' || end[2] == 't');
}
