/* SPDX-License-Identifier: MIT */
/* What only Windows has: its spellings of paths, access control lists in place of modes, and locks
 * that can be shared. */
#include "helpers.h"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include "layout.h"
#include "name.h"

enum { FOLDER_LENGTH = 120, OTHERS_READ = 0004, OTHERS_WRITE = 0002 };

static const struct mapring_options small = {.capacity_bytes = 65536};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};

/* ---- Paths ---- */

struct deep {
    char outer[512];
    char inner[512];
    char ring[600];
};

/* The path of a ring in folders with names so long that Windows requires a special spelling. */
static struct deep deep_path(void)
{
    struct deep deep;
    char name[FOLDER_LENGTH + 1];
    memset(name, 'x', FOLDER_LENGTH);
    name[FOLDER_LENGTH] = '\0';
    snprintf(deep.outer, sizeof deep.outer, "\\\\?\\%s-%s\\", new_path(""), name);
    snprintf(deep.inner, sizeof deep.inner, "%.300s%s", deep.outer, name);
    snprintf(deep.ring, sizeof deep.ring, "%s\\deep.ring", deep.inner);
    check(os_make_directory(deep.outer) && os_make_directory(deep.inner));
    return deep;
}

static void long_paths_have_two_spellings(void **state)
{
    (void)state;
    mapring_ring *ring, *again;
    struct deep deep = deep_path();
    check_result(MAPRING_OK, mapring_open(&ring, deep.ring, &small));
    check_result(MAPRING_OK, mapring_open(&again, deep.ring + strlen("\\\\?\\"), &attach));
    mapring_close(again);
    mapring_close(ring);
    check_result(MAPRING_OK, mapring_remove(deep.ring + strlen("\\\\?\\"), MAPRING_LOCAL, false));
    check_number(-1, os_file_size(deep.ring));
    check(os_remove_tree(deep.outer));
}

static void long_paths_of_other_machines_are_understood(void **state)
{
    (void)state;
    mapring_ring *ring;
    char path[512] = "\\\\127.0.0.1\\mapring-has-no-such-share\\";
    memset(path + strlen(path), 'x', 240);
    strcat(path, "\\ring");
    int result = mapring_open(&ring, path, &attach);
    check(result == MAPRING_ERROR_NOT_THERE || result == MAPRING_ERROR_SYSTEM);
    check(strstr(mapring_last_error()->text, path) != NULL);
}

static void paths_that_are_none_are_refused(void **state)
{
    (void)state;
    mapring_ring *ring;
    char path[PATH_LIMIT] = ".\\";
    check_result(MAPRING_ERROR_NAME, mapring_open(&ring, ".\\\xff.ring", &small));
    check(strstr(mapring_last_error()->text, "UTF-8") != NULL);
    memset(path + 2, 'x', sizeof path - 3); /* too long in any folder */
    check_result(MAPRING_ERROR_NAME, mapring_open(&ring, path, &small));
}

/* ---- Storage ---- */

static uint64_t free_bytes(const char *path)
{
    char folder[512];
    ULARGE_INTEGER left;
    snprintf(folder, sizeof folder, "%s", path);
    strrchr(folder, '\\')[1] = '\0';
    check(GetDiskFreeSpaceExA(folder, &left, NULL, NULL));
    return left.QuadPart;
}

/* Where the file system has sparse files, the disk is not filled first. */
static void a_file_larger_than_its_disk_is_refused_at_once(void **state)
{
    (void)state;
    mapring_ring *ring;
    const char *path = new_path(".ring");
    struct mapring_options options = {.capacity_bytes = CAPACITY_MIN};
    while (options.capacity_bytes <= free_bytes(path))
        options.capacity_bytes *= 2;
    int64_t start = now_ns();
    check_result(MAPRING_ERROR_NO_SPACE, mapring_open(&ring, path, &options));
    check(now_ns() - start < TIME_LIMIT / 2);
    check_number(-1, os_file_size(path));
}

/* ---- Rights ---- */

/* The rights of everybody, as rights of that kind of object; 0 if there is no entry. */
static DWORD rights_of_everybody(HANDLE object, GENERIC_MAPPING mapping)
{
    unsigned char everybody[SECURITY_MAX_SID_SIZE];
    DWORD bytes = sizeof everybody, rights = 0;
    PSECURITY_DESCRIPTOR descriptor;
    ACL *list;
    check(CreateWellKnownSid(WinWorldSid, NULL, everybody, &bytes));
    check(GetSecurityInfo(object, SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &list,
                          NULL, &descriptor) == ERROR_SUCCESS);
    for (DWORD i = 0; i < list->AceCount; i++) {
        ACCESS_ALLOWED_ACE *entry;
        check(GetAce(list, i, (void **)&entry));
        if (entry->Header.AceType == ACCESS_ALLOWED_ACE_TYPE &&
            EqualSid(everybody, (PSID)&entry->SidStart))
            rights |= entry->Mask;
    }
    LocalFree(descriptor);
    MapGenericMask(&rights, &mapping);
    return rights;
}

static HANDLE section_of(const char *ring)
{
    wchar_t name[200];
    swprintf(name, 200, L"Global\\mapring.%hs.ring", ring);
    return OpenFileMappingW(READ_CONTROL | FILE_MAP_READ, FALSE, name);
}

static const uint32_t modes[] = {0600, 0660, 0604, 0602, 0606};

static void the_mode_of_a_global_ring_says_what_everybody_may(void **state)
{
    (void)state;
    const GENERIC_MAPPING mapping = {SECTION_MAP_READ, SECTION_MAP_WRITE, 0, SECTION_ALL_ACCESS};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        mapring_ring *ring;
        const char *name = new_ring_name();
        struct mapring_options options = small;
        options.scope = MAPRING_GLOBAL;
        options.mode = modes[i];
        check_result(MAPRING_OK, mapring_open(&ring, name, &options));
        HANDLE section = section_of(name);
        check(section != NULL);
        DWORD rights = rights_of_everybody(section, mapping);
        check_number(modes[i] & OTHERS_READ, rights & SECTION_MAP_READ ? OTHERS_READ : 0);
        check_number(modes[i] & OTHERS_WRITE, rights & SECTION_MAP_WRITE ? OTHERS_WRITE : 0);
        CloseHandle(section);
        mapring_close(ring);
    }
}

/* They get no more than that; otherwise other users' objects would be refused without need. */
static void who_may_look_into_a_global_ring_may_wake_its_users(void **state)
{
    (void)state;
    static const enum mapring_scope scopes[] = {MAPRING_LOCAL, MAPRING_GLOBAL};
    const GENERIC_MAPPING mapping = {STANDARD_RIGHTS_READ, STANDARD_RIGHTS_WRITE, SYNCHRONIZE,
                                     EVENT_ALL_ACCESS};
    for (size_t i = 0; i < COUNT_OF(scopes); i++) {
        bool global = scopes[i] == MAPRING_GLOBAL;
        mapring_producer *producer;
        wchar_t event_name[200];
        const char *name = new_ring_name();
        struct mapring_options options = small;
        options.scope = scopes[i];
        options.mode = 0604;
        check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
        swprintf(event_name, 200, L"%ls\\mapring.%hs.room", global ? L"Global" : L"Local", name);
        HANDLE event = OpenEventW(READ_CONTROL, FALSE, event_name);
        check(event != NULL);
        check_number(global ? SYNCHRONIZE | EVENT_MODIFY_STATE : 0,
                     rights_of_everybody(event, mapping));
        CloseHandle(event);
        mapring_producer_close(producer);
    }
}

/* The mode is an upper limit: the place of the file may allow less, and so may the umask under
 * Wine. */
static void the_mode_of_a_file_says_what_everybody_may(void **state)
{
    (void)state;
    const GENERIC_MAPPING mapping = {FILE_READ_DATA, FILE_WRITE_DATA, 0, FILE_ALL_ACCESS};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        mapring_ring *ring;
        const char *path = new_path(".ring");
        struct mapring_options options = small;
        options.scope = MAPRING_GLOBAL; /* which has no meaning for a path */
        options.mode = modes[i];
        check_result(MAPRING_OK, mapring_open(&ring, path, &options));
        mapring_close(ring);
        options.how = MAPRING_ATTACH;
        check_result(MAPRING_OK, mapring_open(&ring, path, &options));
        mapring_close(ring);
        HANDLE file = CreateFileA(path, READ_CONTROL, 0, NULL, OPEN_EXISTING, 0, NULL);
        check(file != INVALID_HANDLE_VALUE);
        DWORD rights = rights_of_everybody(file, mapping);
        check(modes[i] & OTHERS_READ || !(rights & FILE_READ_DATA));
        check(modes[i] & OTHERS_WRITE || !(rights & FILE_WRITE_DATA));
        CloseHandle(file);
    }
}

/* ---- Roles ---- */

/* Whoever asks for a role has such a lock for a moment; this one stays. */
static void a_role_whose_byte_others_share_is_taken(void **state)
{
    (void)state;
    mapring_producer *producer;
    OVERLAPPED place = {.Offset = ROLE_PRODUCER, .OffsetHigh = (DWORD)(ROLE_OFFSET >> 32)};
    const char *path = new_ring_file(&small);
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);
    check(file != INVALID_HANDLE_VALUE);
    check(LockFileEx(file, LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place));
    check_result(MAPRING_ERROR_PRODUCER_TAKEN, mapring_producer_open(&producer, path, &attach));
    check(UnlockFileEx(file, 0, 1, 0, &place));
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &attach));
    mapring_producer_close(producer);
    CloseHandle(file);
}

/* Separators of both kinds, a drive without a directory, and what is no Unicode. */
static void only_an_absolute_path_of_a_directory_is_a_base(void **state)
{
    (void)state;
    static const wchar_t *const bases[] = {L"C:/no such directory",
                                           L"\\\\?\\C:\\no such directory",
                                           L"//?/C:/no such directory",
                                           L"C:relative",
                                           L"\\relative",
                                           L"relative",
                                           L"C",
                                           L"C:\\\xD800"};
    for (size_t i = 0; i < COUNT_OF(bases); i++) {
        mapring_ring *ring = NULL;
        SetEnvironmentVariableW(L"MAPRING_DIR", bases[i]);
        check_result(MAPRING_ERROR_NAME, mapring_open(&ring, "some-ring", NULL));
    }
    SetEnvironmentVariableW(L"MAPRING_DIR", NULL);
}

static const struct role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    TEST(long_paths_have_two_spellings),
    TEST(long_paths_of_other_machines_are_understood),
    TEST(paths_that_are_none_are_refused),
    TEST(a_file_larger_than_its_disk_is_refused_at_once),
    TEST(the_mode_of_a_global_ring_says_what_everybody_may),
    TEST(who_may_look_into_a_global_ring_may_wake_its_users),
    TEST(the_mode_of_a_file_says_what_everybody_may),
    TEST(a_role_whose_byte_others_share_is_taken),
    TEST(only_an_absolute_path_of_a_directory_is_a_base),
};

int main(int argc, char **argv)
{
    return test_main(argc, argv, roles, 0, tests, COUNT_OF(tests));
}
