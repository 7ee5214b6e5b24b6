/* SPDX-License-Identifier: MIT */
/* The Windows system calls that can be made to fail. */
#define FAULT_OWN_CALLS
#include "windows/fault_calls.h"

#include <string.h>
#include <winternl.h>

#include "../faults.h"
#include "windows/play.h"

#define FAULT_DEFINE(type, name, failure, parameters, arguments, ...) \
    type fault_##name parameters                                      \
    {                                                                 \
        return fault(#name) ? (failure) : name arguments;             \
    }
FAULT_CALLS(FAULT_DEFINE)

/* ---- Functions that not every system or header has, and that are looked up by name ---- */

typedef NTSTATUS(NTAPI *open_directory)(HANDLE *directory, ACCESS_MASK access,
                                        OBJECT_ATTRIBUTES *attributes);
typedef NTSTATUS(NTAPI *query_directory)(HANDLE directory, void *buffer, ULONG bytes,
                                         BOOLEAN single, BOOLEAN restart, ULONG *context,
                                         ULONG *used);
typedef PVOID(WINAPI *virtual_alloc)(HANDLE process, PVOID at, SIZE_T bytes, ULONG type,
                                     ULONG protection, void *parameters, ULONG count);
typedef PVOID(WINAPI *map_view)(HANDLE section, HANDLE process, PVOID at, ULONG64 offset,
                                SIZE_T bytes, ULONG type, ULONG protection, void *parameters,
                                ULONG count);

static open_directory real_open_directory;
static query_directory real_query_directory;
static virtual_alloc real_virtual_alloc;
static map_view real_map_view;

/* ---- Placeholders, imitated by plain reservations, one for each piece ---- */

enum { PLACEHOLDER = 0x40000, KEEP_PLACEHOLDER = 2 };

static struct {
    bool wanted;
    bool played; /* the system has none */
} placeholders;

void play_placeholders(bool wanted)
{
    placeholders.wanted = wanted;
    placeholders.played = false;
}

static void *reserve(void *at, SIZE_T bytes)
{
    return VirtualAlloc(at, bytes, MEM_RESERVE, PAGE_NOACCESS);
}

static BOOL split(unsigned char *at, SIZE_T bytes)
{
    MEMORY_BASIC_INFORMATION whole;
    return VirtualQuery(at, &whole, sizeof whole) && VirtualFree(at, 0, MEM_RELEASE) &&
           reserve(at, bytes) && reserve(at + bytes, whole.RegionSize - bytes);
}

BOOL fault_VirtualFree(LPVOID at, SIZE_T bytes, DWORD type)
{
    return placeholders.played && type & KEEP_PLACEHOLDER ? split(at, bytes)
                                                          : VirtualFree(at, bytes, type);
}

static void *replace(HANDLE section, void *at, ULONG64 offset, SIZE_T bytes, ULONG protection)
{
    DWORD access = protection == PAGE_READWRITE ? FILE_MAP_WRITE : FILE_MAP_READ;
    if (!VirtualFree(at, 0, MEM_RELEASE))
        return NULL;
    return MapViewOfFileEx(section, access, (DWORD)(offset >> 32), (DWORD)offset, bytes, at);
}

/* ---- Wrappers for what is looked up by name ---- */

static NTSTATUS NTAPI fault_open_directory(HANDLE *directory, ACCESS_MASK access,
                                           OBJECT_ATTRIBUTES *attributes)
{
    if (fault("NtOpenDirectoryObject"))
        return (NTSTATUS)GetLastError();
    return real_open_directory(directory, access, attributes);
}

static NTSTATUS NTAPI fault_query_directory(HANDLE directory, void *buffer, ULONG bytes,
                                            BOOLEAN single, BOOLEAN restart, ULONG *context,
                                            ULONG *used)
{
    if (fault("NtQueryDirectoryObject"))
        return (NTSTATUS)GetLastError();
    return real_query_directory(directory, buffer, bytes, single, restart, context, used);
}

static PVOID WINAPI fault_virtual_alloc(HANDLE process, PVOID at, SIZE_T bytes, ULONG type,
                                        ULONG protection, void *parameters, ULONG count)
{
    if (fault("VirtualAlloc2"))
        return NULL;
    void *found = real_virtual_alloc(process, at, bytes, type, protection, parameters, count);
    placeholders.played = placeholders.wanted && !found && type & PLACEHOLDER;
    return placeholders.played ? reserve(at, bytes) : found;
}

static PVOID WINAPI fault_map_view(HANDLE section, HANDLE process, PVOID at, ULONG64 offset,
                                   SIZE_T bytes, ULONG type, ULONG protection, void *parameters,
                                   ULONG count)
{
    if (fault("MapViewOfFile3"))
        return NULL;
    if (placeholders.played)
        return replace(section, at, offset, bytes, protection);
    return real_map_view(section, process, at, offset, bytes, type, protection, parameters, count);
}

#define STAND_IN(call, real, own)              \
    if (strcmp(name, call) == 0) {             \
        memcpy(&(real), &found, sizeof found); \
        return (FARPROC)(void (*)(void))(own); \
    }

FARPROC fault_GetProcAddress(HMODULE module, LPCSTR name)
{
    FARPROC found = fault("GetProcAddress") ? NULL : GetProcAddress(module, name);
    if (!found)
        return NULL;
    STAND_IN("NtOpenDirectoryObject", real_open_directory, fault_open_directory)
    STAND_IN("NtQueryDirectoryObject", real_query_directory, fault_query_directory)
    STAND_IN("VirtualAlloc2", real_virtual_alloc, fault_virtual_alloc)
    STAND_IN("MapViewOfFile3", real_map_view, fault_map_view)
    return found;
}

/* ---- The table ---- */

static const long GetProcAddress_errors[] = {ERROR_PROC_NOT_FOUND};
static const long memory_errors[] = {ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_ADDRESS};
/* STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_DENIED */
static const long status_errors[] = {(long)0xC000009A, (long)0xC0000022};

FAULT_CALLS(FAULT_ERRORS)

const struct fault_call fault_calls[] = {{"GetProcAddress", FAULT_ERRORS_OF(GetProcAddress)},
                                         {"NtOpenDirectoryObject", FAULT_ERRORS_OF(status)},
                                         {"NtQueryDirectoryObject", FAULT_ERRORS_OF(status)},
                                         {"VirtualAlloc2", FAULT_ERRORS_OF(memory)},
                                         {"MapViewOfFile3", FAULT_ERRORS_OF(memory)},
                                         FAULT_CALLS(FAULT_CALL)};
const size_t fault_call_count = sizeof fault_calls / sizeof *fault_calls;

void fault_set_error(long error)
{
    SetLastError((DWORD)error);
}

/* Windows has no signals. */
bool fault_is_interruption(long error)
{
    (void)error;
    return false;
}
