/* SPDX-License-Identifier: MIT */
/* This process, its user, and the time. */
#include "platform/windows/object.h"

#include <windows.h>
#include <sddl.h>

enum { NS_PER_MILLISECOND = 1000000, NS_PER_SECOND = 1000000000, DAY_IN_MILLISECONDS = 86400000 };

/* File times count 100 ns since 1601. */
#define FILE_TIME_OF_1970 UINT64_C(116444736000000000)

static uint64_t file_time(FILETIME time)
{
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

enum operating_system platform_system(void)
{
    return SYSTEM_WINDOWS;
}

uint64_t platform_process(void)
{
    return GetCurrentProcessId();
}

uint64_t platform_process_started(void)
{
    FILETIME created, ended, kernel, user;
    if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user))
        return 0;
    return file_time(created);
}

/* In UTF-8; empty if it is too long. */
void platform_program(char *name, size_t bytes)
{
    wchar_t path[MAX_PATH];
    DWORD got = GetModuleFileNameW(NULL, path, MAX_PATH);
    /* not covered: the path is too long */
    path[got < MAX_PATH ? got : 0] = L'\0';
    const wchar_t *slash = wcsrchr(path, L'\\');
    /* not covered: the name is too long */
    if (!WideCharToMultiByte(CP_UTF8, 0, slash ? slash + 1 : path, -1, name, (int)bytes, NULL, NULL))
        name[0] = '\0';
}

unsigned platform_cpus(void)
{
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    return system.dwNumberOfProcessors;
}

/* Converts seconds and the rest separately: the counter times 10^9 overflows after minutes or days
 * of uptime. */
int64_t platform_now_ns(void)
{
    LARGE_INTEGER counter, frequency;
    QueryPerformanceCounter(&counter);
    QueryPerformanceFrequency(&frequency);
    int64_t seconds = counter.QuadPart / frequency.QuadPart;
    int64_t rest = counter.QuadPart % frequency.QuadPart;
    return seconds * NS_PER_SECOND + rest * NS_PER_SECOND / frequency.QuadPart;
}

int64_t platform_now_roughly_ns(void)
{
    return (int64_t)GetTickCount64() * NS_PER_MILLISECOND;
}

uint64_t platform_wall_clock_ns(void)
{
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    return (file_time(now) - FILE_TIME_OF_1970) * 100;
}

DWORD milliseconds_of(int64_t ns)
{
    int64_t milliseconds = ns / NS_PER_MILLISECOND + (ns % NS_PER_MILLISECOND > 0);
    if (milliseconds < 1)
        return 1;
    return milliseconds < DAY_IN_MILLISECONDS ? (DWORD)milliseconds : DAY_IN_MILLISECONDS;
}

void platform_pause_ns(int64_t ns)
{
    Sleep(milliseconds_of(ns));
}

/* Both kinds of information begin with a pointer to the SID. */
static wchar_t *user_of_token(HANDLE token, TOKEN_INFORMATION_CLASS what)
{
    union {
        TOKEN_USER user;
        TOKEN_OWNER owner;
        unsigned char room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } is;
    DWORD used;
    wchar_t *text = NULL;
    static_assert(offsetof(TOKEN_USER, User.Sid) == offsetof(TOKEN_OWNER, Owner), "token");
    if (!GetTokenInformation(token, what, &is, sizeof is, &used) ||
        !ConvertSidToStringSidW(is.owner.Owner, &text))
        return NULL;
    return text;
}

static wchar_t *process_text(TOKEN_INFORMATION_CLASS what)
{
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return NULL;
    wchar_t *text = user_of_token(token, what);
    DWORD native = GetLastError();
    CloseHandle(token);
    SetLastError(native);
    return text;
}

wchar_t *process_user(void)
{
    return process_text(TokenUser);
}

wchar_t *process_owner(void)
{
    return process_text(TokenOwner);
}
