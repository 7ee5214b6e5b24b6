/* SPDX-License-Identifier: MIT */
/* Translates GetLastError() into messages and into the library's own codes. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#include "error_text.h"

#include "mapring/mapring.h"

enum { WORDS_LIMIT = 256 };

/* The system ends its messages with a period and a line end. */
static DWORD trimmed(const wchar_t *words, DWORD length)
{
    while (length > 0 && wcschr(L" \r\n\t.", words[length - 1]))
        length--;
    return length;
}

/* Copies what fits, but never cuts within a character, which would leave invalid UTF-8. */
static void copy_cut(char *text, size_t text_bytes, const char *from)
{
    size_t length = strlen(from);
    if (length >= text_bytes)
        length = text_bytes - 1;
    while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80)
        length--;
    memcpy(text, from, length);
    text[length] = '\0';
}

void platform_error_text(long native, char *text, size_t text_bytes)
{
    wchar_t words[WORDS_LIMIT];
    char narrow[3 * WORDS_LIMIT + 1];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                                      FORMAT_MESSAGE_MAX_WIDTH_MASK,
                                  NULL, (DWORD)native, 0, words, WORDS_LIMIT, NULL);
    length = trimmed(words, length);
    int bytes = length == 0 ? 0
                            : WideCharToMultiByte(CP_UTF8, 0, words, (int)length, narrow,
                                                  sizeof narrow - 1, NULL, NULL);
    if (bytes > 0)
        narrow[bytes] = '\0';
    else if (native == ERROR_FILE_TOO_LARGE) /* Wine has no message for it */
        snprintf(narrow, sizeof narrow, "The file is too large for the file system");
    else
        snprintf(narrow, sizeof narrow, "Windows error %ld", native);
    copy_cut(text, text_bytes, narrow);
}

int platform_error_code(long native)
{
    switch (native) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND: return MAPRING_ERROR_NOT_THERE;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS: return MAPRING_ERROR_EXISTS;
    case ERROR_ACCESS_DENIED:
    case ERROR_WRITE_PROTECT:
    case ERROR_PRIVILEGE_NOT_HELD: return MAPRING_ERROR_PERMISSION;
    case ERROR_INVALID_HANDLE: /* the result of opening another kind of kernel object */
    case ERROR_DIRECTORY: return MAPRING_ERROR_WRONG_KIND;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY: return MAPRING_ERROR_NO_MEMORY;
    case ERROR_COMMITMENT_LIMIT:
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
    case ERROR_FILE_TOO_LARGE: return MAPRING_ERROR_NO_SPACE;
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_FILENAME_EXCED_RANGE: return MAPRING_ERROR_NAME;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_USER_MAPPED_FILE: return MAPRING_ERROR_IN_USE;
    case ERROR_HANDLE_EOF:
    case ERROR_FILE_INVALID: return MAPRING_ERROR_DAMAGED;
    default: return MAPRING_ERROR_SYSTEM;
    }
}
