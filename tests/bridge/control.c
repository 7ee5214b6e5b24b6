/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

struct control *control_map(const char *path)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    void *words =
        file < 0 ? MAP_FAILED
                 : mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (words == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    return words;
}
