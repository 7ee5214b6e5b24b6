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

/* Arguments end with NUL each; a program may have overwritten them with less. */
static void join_arguments(char *text, size_t bytes)
{
    while (bytes > 0 && text[bytes - 1] == '\0')
        bytes--;
    for (size_t i = 0; i < bytes; i++)
        if (text[i] == '\0')
            text[i] = ' ';
    text[bytes] = '\0';
}

bool os_process_command(uint64_t process, char *text, size_t bytes)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/cmdline", process);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    join_arguments(text, fread(text, 1, bytes - 1, file));
    fclose(file);
    return text[0] != '\0';
}
