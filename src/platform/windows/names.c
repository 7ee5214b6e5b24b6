/* SPDX-License-Identifier: MIT */
/* The names of a ring's kernel objects and its file, and who may open them. A name ends with the
 * kind of the object, so that objects of two rings never have the same name. */
#include <windows.h>
#include <sddl.h>

#include "error.h"
#include "platform/windows/object.h"

enum {
    OTHERS_READ = 0004,
    OTHERS_WRITE = 0002,
    SHORT_PATH_LIMIT = 248, /* longer paths need a prefix */
    SDDL_LIMIT = 320
};

void object_name(const struct platform_object *object, const wchar_t *kind, int number,
                 wchar_t name[OBJECT_NAME_LIMIT])
{
    if (number == NO_NUMBER)
        swprintf(name, OBJECT_NAME_LIMIT, L"%ls%ls", object->stem, kind);
    else
        swprintf(name, OBJECT_NAME_LIMIT, L"%ls%ls%d", object->stem, kind, number);
}

int object_wrong_kind(const struct platform_object *object, const wchar_t *name)
{
    return fail(MAPRING_ERROR_WRONG_KIND, object->name.text,
                "'%ls', a name that ring '%s' needs, is used by another kind of kernel object (an "
                "event, a mutex or the like); choose another name for the ring",
                name, object->name.text);
}

void object_name_section(struct platform_object *object)
{
    swprintf(object->stem, OBJECT_NAME_LIMIT, L"%ls" NAME_STEM L"%hs",
             object->name.global ? L"Global\\" : L"Local\\", object->name.text);
}

/* The name contains '@', which no ring's name contains. */
void object_name_file(struct platform_object *object, const BY_HANDLE_FILE_INFORMATION *file)
{
    swprintf(object->stem, OBJECT_NAME_LIMIT, L"Local\\" NAME_STEM L"file@%08lx-%08lx%08lx",
             file->dwVolumeSerialNumber, file->nFileIndexHigh, file->nFileIndexLow);
}

/* Beyond about 260 characters, Windows accepts a path only in a special form. */
static void spell_long_path(wchar_t path[WIDE_PATH_LIMIT])
{
    wchar_t plain[WIDE_PATH_LIMIT];
    wcscpy(plain, path);
    if (wcsncmp(plain, L"\\\\", 2) != 0)
        swprintf(path, WIDE_PATH_LIMIT, L"\\\\?\\%ls", plain);
    else if (!wcschr(L"?.", plain[2]))
        swprintf(path, WIDE_PATH_LIMIT, L"\\\\?\\UNC\\%ls", plain + 2);
}

/* Finds the full path: the process may change its directory before it removes what it has
 * created. */
int object_find_path(struct platform_object *object)
{
    const char *text = object->name.text;
    wchar_t given[PATH_LIMIT];
    if (!MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, given, PATH_LIMIT))
        return fail(MAPRING_ERROR_NAME, text, "the path of the ring is not valid UTF-8");
    DWORD length = GetFullPathNameW(given, PATH_LIMIT, object->path, NULL);
    if (length == 0 || length >= PATH_LIMIT)
        return fail(MAPRING_ERROR_NAME, text, "invalid path for a ring: '%s'", text);
    if (length >= SHORT_PATH_LIMIT)
        spell_long_path(object->path);
    return MAPRING_OK;
}

static PSECURITY_DESCRIPTOR describe(const wchar_t *user, const wchar_t *others)
{
    wchar_t text[SDDL_LIMIT];
    PSECURITY_DESCRIPTOR descriptor = NULL;
    if (others[0])
        swprintf(text, SDDL_LIMIT, L"D:P(A;;GA;;;%ls)(A;;GA;;;SY)(A;;%ls;;;WD)", user, others);
    else
        swprintf(text, SDDL_LIMIT, L"D:P(A;;GA;;;%ls)(A;;GA;;;SY)", user);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, &descriptor,
                                                              NULL))
        return NULL;
    return descriptor;
}

int object_security(const struct platform_object *object, const wchar_t *others,
                    SECURITY_ATTRIBUTES *security)
{
    *security = (SECURITY_ATTRIBUTES){.nLength = sizeof *security};
    wchar_t *user = process_user();
    if (user)
        security->lpSecurityDescriptor = describe(user, others);
    DWORD native = GetLastError();
    LocalFree(user);
    if (!security->lpSecurityDescriptor)
        return fail_system((long)native, object->name.text,
                           "cannot set the permissions of ring '%s'", object->name.text);
    return MAPRING_OK;
}

/* A named ring in the local scope belongs to its user alone. Group bits grant nothing: Windows has
 * no group that they could refer to, and granting the rights to everybody would be too much. */
const wchar_t *object_rights_of_others(const struct platform_object *object)
{
    if (!object->name.is_path && !object->name.global)
        return L"";
    switch (object->mode & (OTHERS_READ | OTHERS_WRITE)) {
    case OTHERS_READ: return L"GR";
    case OTHERS_WRITE: return L"GW";
    case OTHERS_READ | OTHERS_WRITE: return L"GRGW";
    default: return L"";
    }
}
