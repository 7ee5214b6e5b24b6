/* SPDX-License-Identifier: MIT */
/* Whose section or file a ring is. */
#include <windows.h>
#include <sddl.h>
#include <stdio.h>
#include <wchar.h>

#include "platform/windows/object.h"

enum { DESCRIPTOR_BYTES = 256 };

/* In words, for LocalFree(); NULL: it cannot be known. */
static wchar_t *owner_of(HANDLE handle)
{
    _Alignas(SECURITY_DESCRIPTOR) unsigned char descriptor[DESCRIPTOR_BYTES];
    DWORD used;
    PSID owner = NULL;
    BOOL is_default;
    wchar_t *text = NULL;
    /* not covered: an object of the system that has no owner */
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

/* Administrators, the system, and everybody: so it is where a file system knows no owners. */
static bool is_system(const wchar_t *owner)
{
    /* not covered: Wine has one user only, who is all of these or none */
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

/* A named ring without a section is still to be made. */
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
