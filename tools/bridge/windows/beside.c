/* SPDX-License-Identifier: MIT */
/* No bridge runs on Windows, so none keeps anything. */
#include "bridge/beside.h"

void beside_path(const char *ring, enum mapring_scope scope, const char *what, const char *ending,
                 char path[BESIDE_PATH_BYTES])
{
    (void)ring, (void)scope, (void)what, (void)ending;
    path[0] = '\0';
}

int beside_open(const char *ring, enum mapring_scope scope, const char *what)
{
    (void)ring, (void)scope, (void)what;
    return BESIDE_FAILED;
}

bool beside_read(int file, uint64_t offset, void *data, size_t bytes)
{
    (void)file, (void)offset, (void)data, (void)bytes;
    return false;
}

bool beside_write(int file, uint64_t offset, const void *data, size_t bytes)
{
    (void)file, (void)offset, (void)data, (void)bytes;
    return false;
}

void beside_close(int file)
{
    (void)file;
}

void beside_forget(const char *ring, enum mapring_scope scope)
{
    (void)ring, (void)scope;
}

uint64_t beside_machine(void)
{
    return 0;
}
