/* SPDX-License-Identifier: MIT */
/* What standard output is, from /proc. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/os.h"
#include "shared/os.h"

enum os_output os_output(char *path, size_t bytes)
{
    struct stat status;
    if (os_is_terminal(STANDARD_OUTPUT))
        return OS_OUTPUT_TERMINAL;
    if (fstat(STANDARD_OUTPUT, &status) == 0 && S_ISFIFO(status.st_mode))
        return OS_OUTPUT_PIPE;
    ssize_t length = readlink("/proc/self/fd/1", path, bytes - 1);
    path[length > 0 ? length : 0] = '\0';
    return path[0] == '/' ? OS_OUTPUT_FILE : OS_OUTPUT_OTHER;
}

bool os_output_has_colors(void)
{
    const char *terminal = getenv("TERM");
    return os_is_terminal(STANDARD_OUTPUT) && terminal && strcmp(terminal, "dumb") != 0;
}
