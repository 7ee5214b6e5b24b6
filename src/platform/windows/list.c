/* SPDX-License-Identifier: MIT */
/* Lists the named rings of a scope, from the directory in which the system keeps named kernel
 * objects. No documented function lists it, but every ntdll.dll has had these two. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winternl.h>

#include "crc.h"
#include "error.h"
#include "platform/windows/object.h"

#define NO_MORE_ENTRIES ((NTSTATUS)0x8000001A)
#define NO_MEMORY       ((NTSTATUS)0xC0000017)
#define NOT_FOUND       ((NTSTATUS)0xC0000139) /* a function of ntdll.dll */

enum {
    DIRECTORY_QUERY_ACCESS = 1,
    DIRECTORY_PATH_LIMIT = 64,
    ENTRY_BYTES = 2048,
    READING_LIMIT = 32 /* the directory of a busy system may never be the same twice */
};

typedef NTSTATUS(NTAPI *open_directory)(HANDLE *directory, ACCESS_MASK access,
                                        OBJECT_ATTRIBUTES *attributes);
typedef NTSTATUS(NTAPI *query_directory)(HANDLE directory, void *buffer, ULONG bytes,
                                         BOOLEAN single, BOOLEAN restart, ULONG *context,
                                         ULONG *used);

struct directory_entry {
    UNICODE_STRING name;
    UNICODE_STRING type;
};

static void (*ntdll_function(const char *name))(void)
{
    return (void (*)(void))GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
}

static void directory_path(bool global, wchar_t path[DIRECTORY_PATH_LIMIT])
{
    DWORD session = 0;
    if (!global)
        ProcessIdToSessionId(GetCurrentProcessId(), &session);
    if (session == 0) /* services: their local scope is the global one */
        wcscpy(path, L"\\BaseNamedObjects");
    else
        swprintf(path, DIRECTORY_PATH_LIMIT, L"\\Sessions\\%lu\\BaseNamedObjects", session);
}

static int report(bool global, NTSTATUS status)
{
    return fail_system((long)RtlNtStatusToDosError(status), NULL,
                       "cannot list the rings of the %s scope", global ? "global" : "local");
}

static int open_scope(bool global, HANDLE *directory)
{
    wchar_t path[DIRECTORY_PATH_LIMIT];
    directory_path(global, path);
    USHORT bytes = (USHORT)(wcslen(path) * sizeof *path);
    UNICODE_STRING name = {.Length = bytes, .MaximumLength = bytes, .Buffer = path};
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &name};
    open_directory open = (open_directory)ntdll_function("NtOpenDirectoryObject");
    NTSTATUS status = open ? open(directory, DIRECTORY_QUERY_ACCESS, &attributes) : NOT_FOUND;
    return status < 0 ? report(global, status) : MAPRING_OK;
}

static bool is_text(const UNICODE_STRING *string, const wchar_t *text)
{
    int length = (int)(string->Length / sizeof *text);
    return CompareStringOrdinal(string->Buffer, length, text, -1, FALSE) == CSTR_EQUAL;
}

/* Gets the NAME from "mapring.NAME.ring". False if the object is not a ring. */
static bool ring_of_entry(const struct directory_entry *entry, char name[NAME_LIMIT + 1])
{
    const size_t before = wcslen(NAME_STEM), after = wcslen(SECTION_KIND);
    const wchar_t *text = entry->name.Buffer;
    size_t length = entry->name.Length / sizeof *text;
    if (!is_text(&entry->type, L"Section") || length <= before + after ||
        length > before + NAME_LIMIT + after || wmemcmp(text, NAME_STEM, before) != 0 ||
        wmemcmp(text + length - after, SECTION_KIND, after) != 0)
        return false;
    size_t bytes = length - before - after;
    for (size_t i = 0; i < bytes; i++)
        name[i] = text[before + i] < 128 ? (char)text[before + i] : '?';
    name[bytes] = '\0';
    return ring_name_is_valid(name);
}

/* Each name once. */
struct rings {
    char (*name)[NAME_LIMIT + 1];
    size_t count;
};

static bool add_ring(struct rings *rings, const char *name)
{
    for (size_t i = 0; i < rings->count; i++)
        if (strcmp(rings->name[i], name) == 0)
            return true;
    void *larger = realloc(rings->name, (rings->count + 1) * sizeof *rings->name);
    if (!larger)
        return false; /* not covered: memory is exhausted */
    rings->name = larger;
    strcpy(rings->name[rings->count++], name);
    return true;
}

/* Reads the directory from its beginning to its end, and sums up what it holds. */
static NTSTATUS read_directory(query_directory query, HANDLE directory, struct rings *rings,
                               uint32_t *sum)
{
    _Alignas(struct directory_entry) unsigned char buffer[ENTRY_BYTES];
    const struct directory_entry *entry = (const void *)buffer;
    ULONG position = 0, used;
    NTSTATUS status;
    *sum = 0;
    while ((status = query(directory, buffer, sizeof buffer, TRUE, FALSE, &position, &used)) == 0) {
        char name[NAME_LIMIT + 1];
        *sum = crc32c(*sum, entry->name.Buffer, entry->name.Length);
        if (ring_of_entry(entry, name) && !add_ring(rings, name))
            return NO_MEMORY; /* not covered: memory is exhausted */
    }
    return status == NO_MORE_ENTRIES ? 0 : status;
}

/* The position in a directory is the number of entries before it: when one of these goes, the next
 * entry is passed over. So the directory is read until it holds twice the same, and what any of the
 * readings has found counts. */
static NTSTATUS find_rings(query_directory query, HANDLE directory, struct rings *rings)
{
    uint32_t before, sum;
    NTSTATUS status = read_directory(query, directory, rings, &sum);
    for (int i = 1; status == 0 && i < READING_LIMIT; i++) {
        before = sum;
        status = read_directory(query, directory, rings, &sum);
        if (sum == before)
            break;
    }
    return status;
}

/* `found` may close rings or open others, and is called when the directory has been read. */
int platform_list(bool global, bool (*found)(const char *name, void *context), void *context)
{
    query_directory query = (query_directory)ntdll_function("NtQueryDirectoryObject");
    struct rings rings = {NULL, 0};
    HANDLE directory;
    int result = open_scope(global, &directory);
    if (result != MAPRING_OK)
        return result;
    NTSTATUS status = query ? find_rings(query, directory, &rings) : NOT_FOUND;
    CloseHandle(directory);
    if (status == 0)
        for (size_t i = 0; i < rings.count && found(rings.name[i], context); i++)
            continue;
    free(rings.name);
    return status == 0 ? MAPRING_OK : report(global, status);
}

/* ---- The directory of MAPRING_DIR ---- */

/* A pattern of the system also finds files whose short names match it. */
static bool ring_of_file(const WIN32_FIND_DATAW *file, char name[NAME_LIMIT + 1])
{
    const size_t after = strlen(RING_SUFFIX);
    char text[NAME_LIMIT + sizeof RING_SUFFIX];
    if (file->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ||
        !WideCharToMultiByte(CP_UTF8, 0, file->cFileName, -1, text, sizeof text, NULL, NULL))
        return false;
    size_t length = strlen(text);
    /* not covered: only a short name matches */
    if (length <= after || strcmp(text + length - after, RING_SUFFIX) != 0)
        return false;
    snprintf(name, NAME_LIMIT + 1, "%.*s", (int)(length - after), text);
    return ring_name_is_valid(name);
}

static int report_base(const char *directory, DWORD native)
{
    if (native == ERROR_FILE_NOT_FOUND || native == ERROR_NO_MORE_FILES)
        return MAPRING_OK;
    return fail_system((long)native, NULL, "cannot list the rings in %s", directory);
}

int platform_list_base(const char *directory, bool (*found)(const char *name, void *context),
                       void *context)
{
    WIN32_FIND_DATAW file;
    char name[NAME_LIMIT + 1];
    struct platform_object pattern;
    snprintf(pattern.name.text, sizeof pattern.name.text, "%.*s\\*" RING_SUFFIX, PATH_LIMIT - 8,
             directory);
    int result = object_find_path(&pattern);
    if (result != MAPRING_OK)
        return result;
    HANDLE search = FindFirstFileW(pattern.path, &file);
    bool more = search != INVALID_HANDLE_VALUE;
    DWORD native = GetLastError();
    while (more) {
        more = !ring_of_file(&file, name) || found(name, context);
        native = ERROR_NO_MORE_FILES;
        if (more && !FindNextFileW(search, &file)) {
            native = GetLastError();
            more = false;
        }
    }
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    return report_base(directory, native);
}
