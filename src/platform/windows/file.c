/* SPDX-License-Identifier: MIT */
/* The file behind a ring that is given as a path. */
#include <windows.h>
#include <stdlib.h>
#include <winioctl.h>

#include "error.h"
#include "platform/windows/object.h"

enum { ZERO_STEP = 1 << 20 };

static bool is_directory(const wchar_t *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

static int report_open(const struct platform_object *object, DWORD native)
{
    const char *name = object->name.text;
    if (is_directory(object->path))
        return fail(MAPRING_ERROR_WRONG_KIND, name, "'%s' is a directory, not a ring", name);
    if (native == ERROR_FILE_NOT_FOUND)
        return fail_system((long)native, name, "there is no ring file '%s'", name);
    if (native == ERROR_SHARING_VIOLATION)
        return fail_system((long)native, name,
                           "another program has exclusive access to the file '%s'; close it there",
                           name);
    /* not covered: the directory that MAPRING_DIR names is there, but a ring in it cannot be opened */
    return fail_system((long)native, name, "cannot open the ring file '%s'%s", name,
                       object->name.in_base ? ", in the directory that MAPRING_DIR names" : "");
}

/* Refuses directories, since it does not set the flag that opening one requires. */
static HANDLE open_path(const wchar_t *path, DWORD access, DWORD how, SECURITY_ATTRIBUTES *security)
{
    HANDLE file = CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              security, how, FILE_ATTRIBUTE_NORMAL, NULL);
    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

static int identify(struct platform_object *object)
{
    BY_HANDLE_FILE_INFORMATION file;
    if (GetFileType(object->file) != FILE_TYPE_DISK ||
        !GetFileInformationByHandle(object->file, &file))
        return fail(MAPRING_ERROR_WRONG_KIND, object->name.text,
                    "'%s' is a pipe or a device, not a ring", object->name.text);
    object_name_file(object, &file);
    return MAPRING_OK;
}

int file_open(struct platform_object *object, bool writable)
{
    DWORD access = writable ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ;
    object->file = open_path(object->path, access, OPEN_EXISTING, NULL);
    return object->file ? identify(object) : report_open(object, GetLastError());
}

static int open_or_create(struct platform_object *object)
{
    SECURITY_ATTRIBUTES security;
    int result = object_security(object, object_rights_of_others(object), &security);
    if (result != MAPRING_OK)
        return result;
    SetLastError(ERROR_SUCCESS);
    object->file = open_path(object->path, GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS, &security);
    DWORD native = GetLastError();
    LocalFree(security.lpSecurityDescriptor);
    object->created = object->file && native != ERROR_ALREADY_EXISTS;
    return object->file ? identify(object) : report_open(object, native);
}

static bool are_same(HANDLE one, HANDLE other)
{
    BY_HANDLE_FILE_INFORMATION a, b;
    return GetFileInformationByHandle(one, &a) && GetFileInformationByHandle(other, &b) &&
           !((a.dwVolumeSerialNumber ^ b.dwVolumeSerialNumber) |
             (a.nFileIndexHigh ^ b.nFileIndexHigh) | (a.nFileIndexLow ^ b.nFileIndexLow));
}

bool file_is_still_there(const struct platform_object *object)
{
    HANDLE again = open_path(object->path, FILE_READ_ATTRIBUTES, OPEN_EXISTING, NULL);
    bool same = again && are_same(object->file, again);
    if (again)
        CloseHandle(again);
    return same;
}

int file_try_create(struct platform_object *object)
{
    int result = open_or_create(object);
    if (result == MAPRING_OK)
        result = platform_role_take(object, ROLE_CREATOR);
    if (result == MAPRING_OK && !file_is_still_there(object))
        result = MAPRING_NOTHING;
    if (result == MAPRING_OK || !object->file)
        return result;
    if (result != MAPRING_NOTHING) /* then somebody else is using the file */
        platform_discard(object);
    platform_role_drop(object, ROLE_CREATOR);
    CloseHandle(object->file);
    object->file = NULL;
    return result;
}

bool file_size(const struct platform_object *object, uint64_t *bytes)
{
    LARGE_INTEGER size;
    if (!GetFileSizeEx(object->file, &size))
        return false;
    *bytes = (uint64_t)size.QuadPart;
    return true;
}

static OVERLAPPED file_place(uint64_t offset)
{
    return (OVERLAPPED){.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
}

bool file_read(const struct platform_object *object, uint64_t offset, void *buffer, size_t bytes)
{
    OVERLAPPED place = file_place(offset);
    DWORD got;
    if (!ReadFile(object->file, buffer, (DWORD)bytes, &got, &place))
        return false;
    SetLastError(ERROR_HANDLE_EOF);
    return got == bytes;
}

bool file_write(const struct platform_object *object, uint64_t offset, const void *data,
                size_t bytes)
{
    OVERLAPPED place = file_place(offset);
    DWORD done;
    if (!WriteFile(object->file, data, (DWORD)bytes, &done, &place))
        return false;
    SetLastError(ERROR_DISK_FULL);
    return done == bytes;
}

/* If the file system's own tables cannot hold the size, it reports an invalid parameter. */
static bool set_size(const struct platform_object *object, uint64_t bytes)
{
    LARGE_INTEGER end = {.QuadPart = (LONGLONG)bytes};
    if (SetFilePointerEx(object->file, end, NULL, FILE_BEGIN) && SetEndOfFile(object->file))
        return true;
    if (GetLastError() == ERROR_INVALID_PARAMETER)
        SetLastError(ERROR_FILE_TOO_LARGE);
    return false;
}

/* A sparse file has no storage for its zeros. If the system refuses this request, has_storage()
 * will find out. */
static void make_dense(const struct platform_object *object)
{
    FILE_SET_SPARSE_BUFFER dense = {.SetSparse = FALSE};
    DWORD used;
    DeviceIoControl(object->file, FSCTL_SET_SPARSE, &dense, sizeof dense, NULL, 0, &used, NULL);
}

static bool has_storage(const struct platform_object *object, uint64_t bytes)
{
    FILE_STANDARD_INFO info;
    return GetFileInformationByHandleEx(object->file, FileStandardInfo, &info, sizeof info) &&
           (uint64_t)info.AllocationSize.QuadPart >= bytes;
}

/* Checks the free space beforehand rather than filling the disk to find out. If the system does not
 * report it, writing will tell. */
static bool has_room(const struct platform_object *object, uint64_t bytes)
{
    wchar_t folder[WIDE_PATH_LIMIT];
    ULARGE_INTEGER left;
    wcscpy(folder, object->path);
    wcsrchr(folder, L'\\')[1] = L'\0'; /* a full path contains one */
    return !GetDiskFreeSpaceExW(folder, &left, NULL, NULL) || bytes <= left.QuadPart;
}

static bool write_zeros(const struct platform_object *object, uint64_t from, uint64_t to)
{
    void *zeros = calloc(1, ZERO_STEP);
    bool good = zeros != NULL;
    for (size_t step; good && from < to; from += step) {
        step = to - from < ZERO_STEP ? (size_t)(to - from) : ZERO_STEP;
        good = file_write(object, from, zeros, step);
    }
    DWORD native = zeros ? GetLastError() : ERROR_NOT_ENOUGH_MEMORY;
    free(zeros);
    SetLastError(native);
    return good;
}

/* If the system does not give the file storage at once, writes it: otherwise, a full disk would
 * later raise an access violation. Overwrites what a dead creator has left. */
static bool give_storage(const struct platform_object *object, uint64_t bytes)
{
    uint64_t before;
    if (!file_size(object, &before))
        return false;
    make_dense(object);
    if (!set_size(object, bytes))
        return false;
    if (before <= object->stamped && has_storage(object, bytes))
        return true;
    if (before < bytes && !has_room(object, bytes - before)) {
        SetLastError(ERROR_DISK_FULL);
        return false;
    }
    return write_zeros(object, object->stamped, bytes);
}

int file_reserve(struct platform_object *object, uint64_t bytes)
{
    if (give_storage(object, bytes))
        return MAPRING_OK;
    DWORD native = GetLastError();
    set_size(object, 0);
    return fail_system(
        (long)native, object->name.text,
        "cannot reserve %llu bytes for the ring file '%s'; make room or choose a smaller "
        "capacity",
        (unsigned long long)bytes, object->name.text);
}

/* Wine shows a removal only once the last process that has the file open has closed it. A file that
 * has another name stays. */
bool file_is_removed(const struct platform_object *object, bool told)
{
    FILE_STANDARD_INFO info;
    if (!GetFileInformationByHandleEx(object->file, FileStandardInfo, &info, sizeof info))
        return false;
    /* not covered: Windows shows a removal at once, Wine only after the last close */
    return info.NumberOfLinks == 0 || info.DeletePending || (told && info.NumberOfLinks == 1);
}

int file_remove(struct platform_object *object)
{
    const char *name = object->name.text;
    if (DeleteFileW(object->path))
        return MAPRING_OK;
    DWORD native = GetLastError();
    if (native == ERROR_SHARING_VIOLATION || native == ERROR_USER_MAPPED_FILE)
        return fail_system((long)native, name,
                           "the ring file '%s' is open in another process; end that process first",
                           name);
    if (native == ERROR_ACCESS_DENIED && !is_directory(object->path))
        return fail_system((long)native, name,
                           "cannot remove the ring file '%s': it is read-only, or belongs to "
                           "another user, or is mapped by a process that must end first",
                           name);
    return report_open(object, native);
}
