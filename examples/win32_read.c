/* SPDX-License-Identifier: MIT */
/* Prints the text in a named file mapping, with nothing but Windows' own calls: the other side of
 * win32_write.c.
 *
 *     win32_read Local\Greeting */
#include <windows.h>

#include <stdio.h>
#include <wchar.h>

static int fail(const char *call)
{
    fprintf(stderr, "%s failed with error %lu\n", call, GetLastError());
    return 1;
}

/* Nobody promises that the text ends: no more is read than is mapped. */
static int print_text(const wchar_t *view)
{
    MEMORY_BASIC_INFORMATION mapped;
    if (VirtualQuery(view, &mapped, sizeof mapped) == 0)
        return fail("VirtualQuery");
    int length = (int)wcsnlen(view, mapped.RegionSize / sizeof *view);
    int bytes = WideCharToMultiByte(CP_UTF8, 0, view, length, NULL, 0, NULL, NULL);
    char text[4 * 4096];
    if (bytes > (int)sizeof text) {
        fprintf(stderr, "the text is longer than this program can print\n");
        return 1;
    }
    WideCharToMultiByte(CP_UTF8, 0, view, length, text, bytes, NULL, NULL);
    printf("%.*s\n", bytes, text);
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: win32_read NAME\n");
        return 2;
    }
    HANDLE mapping = OpenFileMappingW(FILE_MAP_READ, FALSE, argv[1]);
    if (!mapping)
        return fail("OpenFileMapping");
    const wchar_t *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    if (!view)
        return fail("MapViewOfFile");
    int status = print_text(view);
    UnmapViewOfFile(view);
    CloseHandle(mapping);
    return status;
}
