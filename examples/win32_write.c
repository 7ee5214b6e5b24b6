/* SPDX-License-Identifier: MIT */
/* Writes a text into a named file mapping, with nothing but Windows' own calls, and keeps it until
 * Enter is pressed: the mapping ends with the last process that has it open.
 *
 *     win32_write Local\Greeting "Hello, world"
 *     win32_read Local\Greeting
 *
 * There is one text, and nobody is told when it changes. See win32.md for what a ring adds. */
#include <windows.h>

#include <stdio.h>
#include <wchar.h>

enum { MAPPING_BYTES = 4096 };

static int fail(const char *call)
{
    fprintf(stderr, "%s failed with error %lu\n", call, GetLastError());
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    if (argc != 3 || wcslen(argv[2]) >= MAPPING_BYTES / sizeof(wchar_t)) {
        fprintf(stderr, "usage: win32_write NAME TEXT, the text up to %zu characters\n",
                MAPPING_BYTES / sizeof(wchar_t) - 1);
        return 2;
    }
    /* INVALID_HANDLE_VALUE: in memory, not in a file. If the name is in use already, this opens that
     * mapping, whatever its size. */
    HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0,
                                        MAPPING_BYTES, argv[1]);
    if (!mapping)
        return fail("CreateFileMapping");
    wchar_t *view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, MAPPING_BYTES);
    if (!view)
        return fail("MapViewOfFile");

    wcscpy(view, argv[2]);
    puts("written; press Enter to end");
    fflush(stdout);
    getchar();

    UnmapViewOfFile(view);
    CloseHandle(mapping);
    return 0;
}
