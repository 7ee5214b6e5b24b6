/* SPDX-License-Identifier: MIT */
/* The sections of rings in both scopes, or the files in the directory of MAPRING_DIR. */
#include "command/os_rings.h"

#include <windows.h>
#include <aclapi.h>
#include <sddl.h>
#include <stdio.h>
#include <string.h>

#include "command/os.h"
#include "mapring/mapring.h"
#include "shared/message.h"
#include "shared/os.h"

enum { OWNER_BYTES = 512, ACCOUNT_LIMIT = 128, SECTION_LIMIT = 160, PATH_LIMIT = 4096 };

struct listing {
    enum os_place place;
    bool (*found)(const struct os_ring *ring, void *context);
    void *context;
    bool more;
};

static bool find_base(wchar_t base[PATH_LIMIT])
{
    DWORD length = GetEnvironmentVariableW(L"MAPRING_DIR", base, PATH_LIMIT);
    return length > 0 && length < PATH_LIMIT;
}

/* As DOMAIN\user or, where the system does not know him, by number. */
static void name_user(PSID user, char owner[OWNER_BYTES])
{
    wchar_t account[ACCOUNT_LIMIT], domain[ACCOUNT_LIMIT], *text = NULL;
    DWORD account_length = ACCOUNT_LIMIT, domain_length = ACCOUNT_LIMIT;
    SID_NAME_USE use;
    if (LookupAccountSidW(NULL, user, account, &account_length, domain, &domain_length, &use))
        snprintf(owner, OWNER_BYTES, "%ls%s%ls", domain, domain_length > 0 ? "\\" : "", account);
    else if (ConvertSidToStringSidW(user, &text))
        snprintf(owner, OWNER_BYTES, "%ls", text);
    LocalFree(text);
}

static HANDLE open_section(enum os_place place, const char *name)
{
    wchar_t section[SECTION_LIMIT];
    swprintf(section, SECTION_LIMIT, L"%ls\\mapring.%hs.ring",
             place == OS_GLOBAL ? L"Global" : L"Local", name);
    return OpenFileMappingW(READ_CONTROL, FALSE, section);
}

static HANDLE open_file(const char *name)
{
    wchar_t base[PATH_LIMIT], path[PATH_LIMIT];
    HANDLE file = INVALID_HANDLE_VALUE;
    if (find_base(base)) {
        swprintf(path, PATH_LIMIT, L"%ls\\%hs.ring", base, name);
        file =
            CreateFileW(path, READ_CONTROL, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                        NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    }
    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

static void find_owner(enum os_place place, const char *name, char owner[OWNER_BYTES])
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    PSID user = NULL;
    HANDLE ring = place == OS_BASE ? open_file(name) : open_section(place, name);
    owner[0] = '\0';
    if (!ring)
        return;
    if (GetSecurityInfo(ring, place == OS_BASE ? SE_FILE_OBJECT : SE_KERNEL_OBJECT,
                        OWNER_SECURITY_INFORMATION, &user, NULL, NULL, NULL,
                        &descriptor) == ERROR_SUCCESS)
        name_user(user, owner);
    LocalFree(descriptor);
    CloseHandle(ring);
}

static bool tell(const char *name, void *context)
{
    struct listing *listing = context;
    char owner[OWNER_BYTES];
    find_owner(listing->place, name, owner);
    const struct os_ring ring = {.name = name, .owner = owner, .place = listing->place};
    listing->more = listing->found(&ring, listing->context);
    return listing->more;
}

static bool list(struct listing *listing, enum os_place place)
{
    listing->place = place;
    if (mapring_list(place == OS_GLOBAL ? MAPRING_GLOBAL : MAPRING_LOCAL, tell, listing) ==
        MAPRING_OK)
        return true;
    ring_failure();
    return false;
}

bool os_rings(bool (*found)(const struct os_ring *ring, void *context), void *context)
{
    struct listing listing = {.found = found, .context = context, .more = true};
    if (os_base())
        return list(&listing, OS_BASE);
    return list(&listing, OS_LOCAL) && (!listing.more || list(&listing, OS_GLOBAL));
}

void os_program(uint64_t process, char *name, size_t bytes)
{
    char path[3 * PATH_LIMIT]; /* UTF-8 */
    name[0] = '\0';
    if (!os_process_command(process, path, sizeof path))
        return;
    const char *last = strrchr(path, '\\');
    snprintf(name, bytes, "%s", last ? last + 1 : path);
}
