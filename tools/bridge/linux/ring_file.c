/* SPDX-License-Identifier: MIT */
/* The file of a ring, beside which bridges keep theirs. */
#include "ring_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shared/os.h"

size_t ring_file_path(char *path, size_t bytes, const char *ring, enum mapring_scope scope)
{
    if (strchr(ring, '/') || strchr(ring, '\\'))
        snprintf(path, bytes, "%s", ring);
    else if (os_base())
        snprintf(path, bytes, "%s/%s.ring", os_base(), ring);
    else if (scope == MAPRING_GLOBAL)
        snprintf(path, bytes, "/dev/shm/mapring+%s", ring);
    else
        snprintf(path, bytes, "/dev/shm/mapring-%u+%s", (unsigned)geteuid(), ring);
    return strlen(path);
}

bool ring_file_lock(int file)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(file, F_OFD_SETLK, &whole) == 0;
}
