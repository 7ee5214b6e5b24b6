/* SPDX-License-Identifier: MIT */
/* Processes and CPUs, and what this process has used. */
#include <windows.h>

#include <stdio.h>
#include <wchar.h>

#include "core/os.h"

enum { COMMAND_CHARACTERS = 1024, NS_PER_TICK = 100 };

unsigned bench_cpus(unsigned *cpus, unsigned limit)
{
    DWORD_PTR ours = 0, all;
    GetProcessAffinityMask(GetCurrentProcess(), &ours, &all);
    unsigned count = 0;
    for (unsigned i = 0; i < 8 * sizeof ours && count < limit; i++)
        if (ours >> i & 1)
            cpus[count++] = i;
    if (count == 0)
        cpus[count++] = 0;
    return count;
}

bool bench_pin(unsigned cpu)
{
    return SetThreadAffinityMask(GetCurrentThread(), (DWORD_PTR)1 << cpu) != 0;
}

/* The arguments are simple words, which need no quotes. */
bool bench_spawn(struct bench_process *process, const char *const *arguments)
{
    wchar_t program[MAX_PATH], command[COMMAND_CHARACTERS] = L"mapring";
    size_t used = wcslen(command);
    for (int i = 0; arguments[i] != NULL; i++)
        used += (size_t)swprintf(command + used, COMMAND_CHARACTERS - used, L" %hs", arguments[i]);
    STARTUPINFOW start = {.cb = sizeof start};
    PROCESS_INFORMATION made;
    process->handle = 0;
    if (GetModuleFileNameW(NULL, program, MAX_PATH) == 0 ||
        !CreateProcessW(program, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &made))
        return false;
    CloseHandle(made.hThread);
    process->handle = (intptr_t)made.hProcess;
    return true;
}

bool bench_is_alive(struct bench_process *process)
{
    return process->handle != 0 && WaitForSingleObject((HANDLE)process->handle, 0) == WAIT_TIMEOUT;
}

void bench_wait(struct bench_process *process)
{
    if (process->handle == 0)
        return;
    WaitForSingleObject((HANDLE)process->handle, INFINITE);
    CloseHandle((HANDLE)process->handle);
    process->handle = 0;
}

void bench_kill(struct bench_process *process)
{
    if (bench_is_alive(process))
        TerminateProcess((HANDLE)process->handle, 1);
    bench_wait(process);
}

bool bench_parent_runs(uint64_t id)
{
    static HANDLE parent; /* its id is not given to another process while this is open */
    if (!parent)
        parent = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)id);
    return parent && WaitForSingleObject(parent, 0) == WAIT_TIMEOUT;
}

int64_t bench_cpu_ns(void)
{
    FILETIME created, ended, kernel = {0}, user = {0};
    GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user);
    uint64_t high = (uint64_t)kernel.dwHighDateTime + user.dwHighDateTime;
    uint64_t low = (uint64_t)kernel.dwLowDateTime + user.dwLowDateTime;
    return (int64_t)((high << 32) + low) * NS_PER_TICK;
}

uint64_t bench_switches(void)
{
    return 0;
}

uint64_t bench_process_id(void)
{
    return GetCurrentProcessId();
}

void bench_system(char *text, size_t bytes)
{
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
    union {
        FARPROC any;
        LONG(WINAPI *get_version)(OSVERSIONINFOW *);
        const char *(*get_wine_version)(void);
    } function;
    HMODULE library = GetModuleHandleW(L"ntdll.dll");
    function.any = GetProcAddress(library, "RtlGetVersion");
    if (function.any)
        function.get_version(&version);
    int used = snprintf(text, bytes, "Windows %lu.%lu.%lu", version.dwMajorVersion,
                        version.dwMinorVersion, version.dwBuildNumber);
    function.any = GetProcAddress(library, "wine_get_version");
    if (function.any && used > 0 && (size_t)used < bytes)
        snprintf(text + used, bytes - (size_t)used, " (Wine %s)", function.get_wine_version());
}
