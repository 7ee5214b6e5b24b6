/* SPDX-License-Identifier: MIT */
/* What the system lets this user do. */
#include "command/os_doctor.h"

#include <windows.h>
#include <string.h>

enum { TOKEN_BYTES = 4096 };

bool os_makes_check(const char *check)
{
    static const char *const others[] = {"shared-memory", "owner",      "file-limit",
                                         "logout",        "membarrier", "huge-pages"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(check, others[i]) == 0)
            return false;
    return true;
}

bool os_removes_rings_at_logout(void)
{
    return false;
}

/* A producer asks the system about the owner, and refuses by itself. */
bool os_trusts(const char *owner)
{
    (void)owner;
    return true;
}

bool os_is_service_session(void)
{
    DWORD session = 1;
    return ProcessIdToSessionId(GetCurrentProcessId(), &session) && session == 0;
}

static bool has_privilege(HANDLE token, const LUID *privilege)
{
    static _Alignas(TOKEN_PRIVILEGES) unsigned char data[TOKEN_BYTES];
    const TOKEN_PRIVILEGES *all = (const TOKEN_PRIVILEGES *)data;
    DWORD used;
    if (!GetTokenInformation(token, TokenPrivileges, data, sizeof data, &used))
        return true; /* not known */
    for (DWORD i = 0; i < all->PrivilegeCount; i++)
        if (all->Privileges[i].Luid.LowPart == privilege->LowPart &&
            all->Privileges[i].Luid.HighPart == privilege->HighPart)
            return true;
    return false;
}

bool os_may_create_global(void)
{
    HANDLE token;
    LUID privilege;
    if (!LookupPrivilegeValueW(NULL, L"SeCreateGlobalPrivilege", &privilege) ||
        !OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return true; /* not known */
    bool result = has_privilege(token, &privilege);
    CloseHandle(token);
    return result;
}

bool os_has_membarrier(void)
{
    return true;
}

bool os_has_huge_pages(void)
{
    return true;
}
