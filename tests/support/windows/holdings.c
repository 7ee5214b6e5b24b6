/* SPDX-License-Identifier: MIT */
/* Counts what a process holds on Windows. */
#include "holdings.h"

#include <windows.h>

#include <stdint.h>
#include <stdlib.h>
#include <tlhelp32.h>
#include <wchar.h>
#include <winternl.h>

enum { DIRECTORY_QUERY_ACCESS = 1, HANDLE_STEP = 4, LARGEST_GAP = 64 };

NTSTATUS NTAPI NtOpenDirectoryObject(HANDLE *directory, ACCESS_MASK access,
                                     OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE directory, void *buffer, ULONG bytes, BOOLEAN single,
                                      BOOLEAN restart, ULONG *context, ULONG *used);

/* Handle values are small, and freed ones are used again, so all of them can be tried. */
static long try_handles(void)
{
    long count = 0;
    DWORD flags;
    uintptr_t value = HANDLE_STEP;
    for (unsigned gap = 0; gap < LARGEST_GAP; gap++, value += HANDLE_STEP)
        if (GetHandleInformation((HANDLE)value, &flags)) {
            count++;
            gap = 0;
        }
    return count;
}

/* Wine knows the call, but answers 0. */
static long handles(void)
{
    DWORD count = 0;
    if (GetProcessHandleCount(GetCurrentProcess(), &count) && count > 0)
        return (long)count;
    return try_handles();
}

static long views(void)
{
    long count = 0;
    const char *at = NULL;
    MEMORY_BASIC_INFORMATION region;
    for (; VirtualQuery(at, &region, sizeof region); at += region.RegionSize) {
        count += region.Type == MEM_MAPPED && region.BaseAddress == region.AllocationBase;
        at = region.BaseAddress;
    }
    return count;
}

static long threads(void)
{
    long count = 0;
    THREADENTRY32 thread = {.dwSize = sizeof thread};
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    for (BOOL more = Thread32First(all, &thread); more; more = Thread32Next(all, &thread))
        count += thread.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(all);
    return count;
}

struct holdings holdings_now(void)
{
    return (struct holdings){.handles = handles(), .views = views(), .threads = threads()};
}

static HANDLE named_objects(void)
{
    wchar_t path[64] = L"\\BaseNamedObjects";
    DWORD session = 0;
    HANDLE directory = NULL;
    ProcessIdToSessionId(GetCurrentProcessId(), &session);
    if (session != 0)
        swprintf(path, 64, L"\\Sessions\\%lu\\BaseNamedObjects", session);
    USHORT bytes = (USHORT)(wcslen(path) * sizeof *path);
    UNICODE_STRING name = {.Length = bytes, .MaximumLength = bytes, .Buffer = path};
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &name};
    if (NtOpenDirectoryObject(&directory, DIRECTORY_QUERY_ACCESS, &attributes) < 0)
        abort();
    return directory;
}

static long count_names(const char *part)
{
    wchar_t wanted[128];
    _Alignas(UNICODE_STRING) unsigned char buffer[2048];
    const UNICODE_STRING *entry = (const void *)buffer; /* starts with the name */
    ULONG position = 0, used;
    long count = 0;
    HANDLE directory = named_objects();
    swprintf(wanted, 128, L"%hs", part);
    while (NtQueryDirectoryObject(directory, buffer, sizeof buffer, TRUE, FALSE, &position,
                                  &used) == 0)
        count += wcsstr(entry->Buffer, wanted) != NULL;
    CloseHandle(directory);
    return count;
}

/* Entries are listed one at a time. While others come and go, some may appear twice or not at
 * all. */
long holdings_names(const char *part)
{
    long count, again = count_names(part);
    do {
        count = again;
        again = count_names(part);
    } while (again != count);
    return count;
}
