/* SPDX-License-Identifier: MIT */
/* Roles. A role of a named ring is a named event that grants no rights to anybody. It can be
 * created if it does not exist, and otherwise every access is refused, so that asking for it never
 * prolongs its life; the kernel removes it when its owner ends. A role of a file is a lock on the
 * same byte as on Linux. */
#include <windows.h>
#include <sddl.h>

#include "error.h"
#include "platform/windows/object.h"

enum { CREATE_TRIES = 20, LOCK_TRIES = 50 };

static void role_name(const struct platform_object *object, unsigned role,
                      wchar_t name[OBJECT_NAME_LIMIT])
{
    if (role == ROLE_CREATOR)
        object_name(object, L".creator", NO_NUMBER, name);
    else if (role == ROLE_PRODUCER)
        object_name(object, L".producer", NO_NUMBER, name);
    else
        object_name(object, L".consumer", (int)(role - ROLE_CONSUMER), name);
}

/* A refusal means that the event exists. Even its owner is refused, and nobody gets a handle by
 * asking. */
static DWORD probe(const wchar_t *name)
{
    HANDLE event = OpenEventW(SYNCHRONIZE, FALSE, name);
    if (!event)
        return GetLastError();
    CloseHandle(event);
    return ERROR_ALREADY_EXISTS;
}

static HANDLE create_role(const wchar_t *name)
{
    SECURITY_ATTRIBUTES nobody = {.nLength = sizeof nobody};
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:P", SDDL_REVISION_1,
                                                              &nobody.lpSecurityDescriptor, NULL))
        return NULL;
    SetLastError(ERROR_SUCCESS);
    HANDLE event = CreateEventExW(&nobody, name, CREATE_EVENT_MANUAL_RESET, EVENT_ALL_ACCESS);
    DWORD native = GetLastError();
    if (event && native == ERROR_ALREADY_EXISTS) {
        CloseHandle(event);
        event = NULL;
    }
    LocalFree(nobody.lpSecurityDescriptor);
    SetLastError(native);
    return event;
}

static int report_role(const struct platform_object *object, DWORD native, const wchar_t *name)
{
    if (native == ERROR_ALREADY_EXISTS)
        return MAPRING_NOTHING;
    if (native == ERROR_INVALID_HANDLE)
        return object_wrong_kind(object, name);
    return fail_system((long)native, object->name.text, "cannot create '%ls' for ring '%s'", name,
                       object->name.text);
}

/* If the event is refused and yet does not exist, its owner has just gone, or this process may not
 * create objects, so this tries again a few times. */
static int create_named_role(struct platform_object *object, unsigned role)
{
    wchar_t name[OBJECT_NAME_LIMIT];
    DWORD native;
    int tries = 0;
    role_name(object, role, name);
    do {
        object->role[role] = create_role(name);
        if (object->role[role])
            return MAPRING_OK;
        native = GetLastError();
        if (native == ERROR_ACCESS_DENIED && probe(name) != ERROR_FILE_NOT_FOUND)
            return MAPRING_NOTHING;
        /* not covered: the system does not let this process create objects at any attempt */
    } while (native == ERROR_ACCESS_DENIED && ++tries < CREATE_TRIES);
    return report_role(object, native, name);
}

static OVERLAPPED role_byte(unsigned role)
{
    uint64_t offset = (uint64_t)ROLE_OFFSET + role;
    return (OVERLAPPED){.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
}

static bool try_lock(const struct platform_object *object, unsigned role, DWORD flags)
{
    OVERLAPPED where = role_byte(role);
    return LockFileEx(object->file, flags | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &where);
}

static void unlock(const struct platform_object *object, unsigned role)
{
    OVERLAPPED where = role_byte(role);
    UnlockFileEx(object->file, 0, 1, 0, &where);
}

/* Only the owner's exclusive lock stands in the way of a shared lock, not the shared lock of
 * another process that asks. */
static bool has_owner(const struct platform_object *object, unsigned role)
{
    if (!try_lock(object, role, 0))
        return true;
    unlock(object, role);
    return false;
}

static bool is_locked_by_us(const struct platform_object *object, unsigned role)
{
    return object->locked >> role & 1;
}

/* Tries more than once: a process that asks who has the role locks the byte for a moment. */
static int lock_role(struct platform_object *object, unsigned role)
{
    if (is_locked_by_us(object, role))
        return MAPRING_OK;
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        if (try_lock(object, role, LOCKFILE_EXCLUSIVE_LOCK)) {
            object->locked |= UINT64_C(1) << role;
            return MAPRING_OK;
        }
        DWORD native = GetLastError();
        if (native != ERROR_LOCK_VIOLATION)
            return fail_system((long)native, object->name.text, "cannot lock the ring file '%s'",
                               object->name.text);
        if (has_owner(object, role))
            return MAPRING_NOTHING;
        Sleep(1);
    }
    return MAPRING_NOTHING;
}

int platform_role_take(struct platform_object *object, unsigned role)
{
    if (object->name.is_path)
        return lock_role(object, role);
    return object->role[role] ? MAPRING_OK : create_named_role(object, role);
}

void platform_role_drop(struct platform_object *object, unsigned role)
{
    if (is_locked_by_us(object, role))
        unlock(object, role);
    object->locked &= ~(UINT64_C(1) << role);
    if (object->role[role])
        CloseHandle(object->role[role]);
    object->role[role] = NULL;
}

bool platform_role_held(struct platform_object *object, unsigned role)
{
    if (object->role[role] || is_locked_by_us(object, role))
        return false;
    if (object->name.is_path)
        return has_owner(object, role);
    wchar_t name[OBJECT_NAME_LIMIT];
    role_name(object, role, name);
    return probe(name) != ERROR_FILE_NOT_FOUND;
}
