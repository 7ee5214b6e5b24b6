/* SPDX-License-Identifier: MIT */
/* Translates errno into messages and into the library's own codes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error_text.h"

#include "mapring/mapring.h"

void platform_error_text(long native, char *text, size_t text_bytes)
{
    char buffer[128];
#ifdef __GLIBC__
    const char *words = strerror_r((int)native, buffer, sizeof buffer);
#else /* the function of POSIX returns a number, and cuts what is too long */
    const char *words = buffer;
    snprintf(buffer, sizeof buffer, "error %ld", native);
    (void)!strerror_r((int)native, buffer, sizeof buffer);
#endif
    snprintf(text, text_bytes, "%s", words);
}

int platform_error_code(long native)
{
    switch (native) {
    case ENOENT:
    case ENOTDIR: return MAPRING_ERROR_NOT_THERE;
    case EEXIST: return MAPRING_ERROR_EXISTS;
    case EACCES:
    case EPERM:
    case EROFS: return MAPRING_ERROR_PERMISSION;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return MAPRING_ERROR_NO_SPACE;
    case ENOMEM: return MAPRING_ERROR_NO_MEMORY;
    case EISDIR:
    case ELOOP: return MAPRING_ERROR_WRONG_KIND;
    case ENAMETOOLONG: return MAPRING_ERROR_NAME;
    default: return MAPRING_ERROR_SYSTEM;
    }
}
