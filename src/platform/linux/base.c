/* SPDX-License-Identifier: MIT */
/* The directory that MAPRING_DIR names. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"
#include "platform/linux/object.h"

static int report_base(const char *ring, const char *base)
{
    if (errno == ENOENT)
        return fail(MAPRING_ERROR_NAME, ring,
                    "there is no directory '%s', which MAPRING_DIR names; create it, or unset "
                    "MAPRING_DIR",
                    base);
    return fail_system(errno, ring, "cannot use the directory '%s', which MAPRING_DIR names", base);
}

static int check_base(const char *ring, const char *base)
{
    struct stat status;
    if (base[0] != '/')
        return fail(MAPRING_ERROR_NAME, ring,
                    "MAPRING_DIR is '%s', which is not an absolute path; begin it with a '/'",
                    base);
    if (stat(base, &status) != 0)
        return report_base(ring, base);
    if (!S_ISDIR(status.st_mode))
        return fail(MAPRING_ERROR_NAME, ring, "MAPRING_DIR is '%s', which is not a directory",
                    base);
    return MAPRING_OK;
}

int platform_base(const char *ring, char directory[PATH_LIMIT])
{
    const char *base = secure_getenv("MAPRING_DIR");
    directory[0] = '\0';
    if (!base || !*base)
        return MAPRING_OK;
    if (strlen(base) >= PATH_LIMIT)
        return fail(MAPRING_ERROR_NAME, ring,
                    "the path in MAPRING_DIR has %zu bytes; the limit is %d", strlen(base),
                    PATH_LIMIT - 1);
    strcpy(directory, base);
    return check_base(ring, base);
}
