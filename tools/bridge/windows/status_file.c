/* SPDX-License-Identifier: MIT */
/* No bridge runs on Windows, so none tells anything. */
#include "bridge/status_file.h"

void status_file_path(const char *ring, enum mapring_scope scope, unsigned number, char *path,
                      size_t bytes)
{
    (void)ring, (void)scope, (void)number;
    if (bytes > 0)
        path[0] = '\0';
}

struct status_file *status_file_take(const char *ring, enum mapring_scope scope, unsigned number)
{
    (void)ring, (void)scope, (void)number;
    return NULL;
}

uint64_t status_file_process(void)
{
    return 0;
}

_Atomic uint64_t *status_file_words(struct status_file *file)
{
    (void)file;
    return NULL;
}

void status_file_permit(struct status_file *file, const char *ring, enum mapring_scope scope)
{
    (void)file, (void)ring, (void)scope;
}

void status_file_leave(struct status_file *file)
{
    (void)file;
}

void status_file_remove(struct status_file *file)
{
    (void)file;
}

enum status_file_state status_file_read(const char *ring, enum mapring_scope scope, unsigned number,
                                        uint64_t words[STATUS_FILE_BYTES / sizeof(uint64_t)])
{
    (void)ring, (void)scope, (void)number, (void)words;
    return STATUS_FILE_MISSING;
}

void status_file_forget(const char *ring, enum mapring_scope scope, unsigned number)
{
    (void)ring, (void)scope, (void)number;
}
