/* SPDX-License-Identifier: MIT */
/* The owner of a ring's section or file. */
#include <windows.h>
#include <sddl.h>
#include <stdio.h>
#include <wchar.h>

#include "platform/windows/object.h"

enum { DESCRIPTOR_BYTES = 256 };

/* Returns the owner in SDDL, to be freed with LocalFree(), or NULL if it cannot be determined. */
static wchar_t *owner_of(HANDLE handle)
{
    _Alignas(SECURITY_DESCRIPTOR) unsigned char descriptor[DESCRIPTOR_BYTES];
    DWORD used;
    PSID owner = NULL;
    BOOL is_default;
    wchar_t *text = NULL;
    /* not covered: a kernel object without an owner */
    if (!GetKernelObjectSecurity(handle, OWNER_SECURITY_INFORMATION, descriptor, sizeof descriptor,
                                 &used))
        return NULL;
    GetSecurityDescriptorOwner(descriptor, &owner, &is_default);
    if (!ConvertSidToStringSidW(owner, &text))
        return NULL;
    return text;
}

static bool is_text(const wchar_t *text, wchar_t *other)
{
    bool same = other && wcscmp(text, other) == 0;
    LocalFree(other);
    return same;
}

/* Administrators, the system, and everybody, which is the owner where a file system has no
 * owners. */
static bool is_system(const wchar_t *owner)
{
    /* not covered: Wine has only one user, who is all of these or none */
    return wcscmp(owner, L"S-1-5-32-544") == 0 || wcscmp(owner, L"S-1-5-18") == 0 ||
           wcscmp(owner, L"S-1-1-0") == 0;
}

static enum platform_owner judge(const wchar_t *owner)
{
    if (is_text(owner, process_user()) || is_text(owner, process_owner()))
        return OWNER_SELF;
    /* not covered: the same */
    return is_system(owner) ? OWNER_SYSTEM : OWNER_OTHER;
}

/* A named ring without a section has not been created yet. */
enum platform_owner platform_owner(const struct platform_object *object, char name[OWNER_BYTES])
{
    HANDLE handle = object->file ? object->file : object->section;
    snprintf(name, OWNER_BYTES, "who is not known");
    if (!handle || object->created)
        return OWNER_SELF;
    wchar_t *owner = owner_of(handle);
    if (!owner)
        return OWNER_OTHER;
    snprintf(name, OWNER_BYTES, "%ls", owner);
    enum platform_owner result = judge(owner);
    LocalFree(owner);
    return result;
}
