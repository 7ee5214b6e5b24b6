/* SPDX-License-Identifier: MIT */
/* What ring files are kept on. */
#include "command/os_doctor.h"

#include <windows.h>
#include <stdio.h>
#include <string.h>

enum { PATH_LIMIT = 4096, TYPE_LIMIT = 32 };

/* Rings without a file are kernel objects. */
const char *os_shared_memory(void)
{
    return NULL;
}

bool os_shared_memory_is_private(void)
{
    return false;
}

static bool is_writable(const wchar_t *path)
{
    HANDLE folder =
        CreateFileW(path, FILE_ADD_FILE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (folder == INVALID_HANDLE_VALUE)
        return false;
    CloseHandle(folder);
    return true;
}

bool os_storage(const char *path, struct os_storage *storage)
{
    wchar_t wide[PATH_LIMIT], volume[PATH_LIMIT], type[TYPE_LIMIT] = L"unknown";
    ULARGE_INTEGER available, all;
    *storage = (struct os_storage){.kind = OS_STORAGE_PLAIN};
    if (!MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, PATH_LIMIT) ||
        GetFileAttributesW(wide) == INVALID_FILE_ATTRIBUTES ||
        !GetVolumePathNameW(wide, volume, PATH_LIMIT) ||
        !GetDiskFreeSpaceExW(volume, &available, &all, NULL))
        return false;
    GetVolumeInformationW(volume, NULL, 0, NULL, NULL, NULL, type, TYPE_LIMIT);
    snprintf(storage->type, sizeof storage->type, "%ls", type);
    if (GetDriveTypeW(volume) == DRIVE_REMOTE)
        storage->kind = OS_STORAGE_REMOTE;
    else if (wcscmp(type, L"ReFS") == 0)
        storage->kind = OS_STORAGE_COPIES;
    storage->bytes = all.QuadPart;
    storage->free_bytes = available.QuadPart;
    storage->writable = is_writable(wide);
    return true;
}

uint64_t os_file_limit(void)
{
    return UINT64_MAX;
}
