/* SPDX-License-Identifier: MIT */
/* What rings are kept on: file systems, /dev/shm, and the limit of this process. */
#include "command/os_doctor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SHARED_MEMORY "/dev/shm"

enum { LINE_BYTES = 4096 };

static const struct known {
    uint32_t magic;
    enum os_storage_kind kind;
    const char *type;
} known[] = {
    {0x01021994, OS_STORAGE_MEMORY, "tmpfs"},   {0x858458f6, OS_STORAGE_MEMORY, "ramfs"},
    {0x6969, OS_STORAGE_REMOTE, "nfs"},         {0xff534d42, OS_STORAGE_REMOTE, "cifs"},
    {0xfe534d42, OS_STORAGE_REMOTE, "smb2"},    {0x65735546, OS_STORAGE_REMOTE, "fuse"},
    {0x01021997, OS_STORAGE_REMOTE, "9p"},      {0x00c36400, OS_STORAGE_REMOTE, "ceph"},
    {0x5346414f, OS_STORAGE_REMOTE, "afs"},     {0x47504653, OS_STORAGE_REMOTE, "gpfs"},
    {0x0bd00bd0, OS_STORAGE_REMOTE, "lustre"},  {0x9123683e, OS_STORAGE_COPIES, "btrfs"},
    {0x2fc12fc1, OS_STORAGE_COPIES, "zfs"},     {0xca451a4e, OS_STORAGE_COPIES, "bcachefs"},
    {0x794c7630, OS_STORAGE_LAYERS, "overlay"},
};

static void name_type(uint32_t magic, struct os_storage *storage)
{
    snprintf(storage->type, sizeof storage->type, "0x%" PRIx32, magic);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].magic == magic) {
            snprintf(storage->type, sizeof storage->type, "%s", known[i].type);
            storage->kind = known[i].kind;
        }
}

const char *os_shared_memory(void)
{
    return SHARED_MEMORY;
}

bool os_storage(const char *path, struct os_storage *storage)
{
    struct statfs status;
    *storage = (struct os_storage){.kind = OS_STORAGE_PLAIN};
    if (statfs(path, &status) != 0)
        return false;
    name_type((uint32_t)status.f_type, storage);
    storage->bytes = (uint64_t)status.f_blocks * (uint64_t)status.f_bsize;
    storage->free_bytes = (uint64_t)status.f_bavail * (uint64_t)status.f_bsize;
    if (storage->bytes == 0 && storage->kind == OS_STORAGE_MEMORY)
        storage->bytes = storage->free_bytes = UINT64_MAX; /* a tmpfs without a limit */
    storage->writable = access(path, W_OK) == 0;
    return true;
}

/* Docker, Podman and containerd call theirs "shm". A line of the file:
 * "25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=..." */
static bool is_of_a_container(void)
{
    char line[LINE_BYTES];
    bool result = false;
    FILE *file = fopen("/proc/self/mountinfo", "re");
    if (!file)
        return false;
    while (fgets(line, sizeof line, file) != NULL)
        if (strstr(line, " " SHARED_MEMORY " ") != NULL)
            result = strstr(line, " - tmpfs shm ") != NULL; /* the last one hides the others */
    fclose(file);
    return result;
}

bool os_shared_memory_is_private(void)
{
    struct stat mine, first;
    if (stat(SHARED_MEMORY, &mine) == 0 && stat("/proc/1/root" SHARED_MEMORY, &first) == 0 &&
        mine.st_dev != first.st_dev)
        return true;
    return is_of_a_container();
}

uint64_t os_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur;
}
