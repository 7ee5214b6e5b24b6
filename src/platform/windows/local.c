/* SPDX-License-Identifier: MIT */
/* The threads of the program: locks among them, their names, and their ends. */
#include <windows.h>

#include "platform/windows/object.h"

static_assert(sizeof(SRWLOCK) == sizeof(void *), "a lock is a pointer");

static SRWLOCK *lock_of(struct platform_lock *lock)
{
    return (SRWLOCK *)(void *)&lock->is.pointer;
}

void platform_lock(struct platform_lock *lock)
{
    AcquireSRWLockExclusive(lock_of(lock));
}

void platform_unlock(struct platform_lock *lock)
{
    ReleaseSRWLockExclusive(lock_of(lock));
}

static DWORD slot = FLS_OUT_OF_INDEXES;
static void (*at_end)(void);

/* What the system calls with a value of 0 has no end to tell. */
static void WINAPI thread_ends(void *value)
{
    /* not covered: the library is being unloaded */
    if (value && at_end)
        at_end();
}

/* A library that is unloaded must not be called any more. */
__attribute__((destructor)) static void forget_threads(void)
{
    at_end = NULL;
    if (slot != FLS_OUT_OF_INDEXES)
        FlsFree(slot);
    slot = FLS_OUT_OF_INDEXES;
}

bool platform_at_thread_end(void (*ended)(void))
{
    if (slot == FLS_OUT_OF_INDEXES) {
        at_end = ended;
        slot = FlsAlloc(thread_ends);
    }
    return slot != FLS_OUT_OF_INDEXES && FlsSetValue(slot, &slot);
}

uint64_t platform_thread(void)
{
    return GetCurrentThreadId();
}

/* Windows has names of threads since version 10. */
typedef HRESULT(WINAPI *description_of)(HANDLE thread, PWSTR *name);

static description_of find_description(void)
{
    union {
        FARPROC found;
        description_of function;
    } is = {.found = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "GetThreadDescription")};
    return is.function;
}

void platform_thread_name(char *name, size_t bytes)
{
    wchar_t *wide = NULL;
    description_of describe = find_description();
    name[0] = '\0';
    /* not covered: an old system, or one without memory */
    if (!describe || FAILED(describe(GetCurrentThread(), &wide)) || !wide)
        return;
    /* not covered: the name is too long */
    if (!WideCharToMultiByte(CP_UTF8, 0, wide, -1, name, (int)bytes, NULL, NULL))
        name[0] = '\0';
    LocalFree(wide);
}
