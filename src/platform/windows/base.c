/* SPDX-License-Identifier: MIT */
/* The directory that MAPRING_DIR names. */
#include <windows.h>

#include "error.h"
#include "platform/windows/object.h"

static bool is_separator(wchar_t character)
{
    return character == L'/' || character == L'\\';
}

/* C:\... or \\server\...; the path is not empty. */
static bool is_absolute(const wchar_t *path)
{
    return (is_separator(path[0]) && is_separator(path[1])) ||
           (path[1] == L':' && is_separator(path[2]));
}

static int check_base(const char *ring, const char *base, const wchar_t *wide)
{
    if (!is_absolute(wide))
        return fail(MAPRING_ERROR_NAME, ring,
                    "MAPRING_DIR is '%s', which is not an absolute path; begin it with a drive, as "
                    "in C:\\rings",
                    base);
    DWORD attributes = GetFileAttributesW(wide);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return fail(MAPRING_ERROR_NAME, ring,
                    "there is no directory '%s', which MAPRING_DIR names; create it, or unset "
                    "MAPRING_DIR",
                    base);
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return fail(MAPRING_ERROR_NAME, ring, "MAPRING_DIR is '%s', which is not a directory",
                    base);
    return MAPRING_OK;
}

int platform_base(const char *ring, char directory[PATH_LIMIT])
{
    wchar_t wide[PATH_LIMIT];
    directory[0] = '\0';
    DWORD length = GetEnvironmentVariableW(L"MAPRING_DIR", wide, PATH_LIMIT);
    if (length == 0)
        return MAPRING_OK;
    if (length >= PATH_LIMIT || !WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide, -1,
                                                     directory, PATH_LIMIT, NULL, NULL))
        return fail(MAPRING_ERROR_NAME, ring,
                    "the path in MAPRING_DIR is too long, or not valid Unicode");
    return check_base(ring, directory, wide);
}
