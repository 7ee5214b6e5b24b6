/* SPDX-License-Identifier: MIT */
/* The files of rings in /dev/shm, or in the directory of MAPRING_DIR. */
#include "command/os_rings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/message.h"
#include "shared/os.h"

#define SHARED_MEMORY   "/dev/shm"
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

enum { NAME_LIMIT = 100, FILE_LIMIT = 256, PATH_LIMIT = 4096 };

/* What the name of a file says. */
struct file {
    char name[FILE_LIMIT]; /* of the ring */
    enum os_place place;
    unsigned user; /* whose local scope it is */
    bool second;   /* the companion of a ring's own file */
};

/* Removes the suffix, if it is there. */
static bool cut(char *text, const char *suffix)
{
    size_t all = strlen(text), after = strlen(suffix);
    bool ends = all > after && strcmp(text + all - after, suffix) == 0;
    if (ends)
        text[all - after] = '\0';
    return ends;
}

static bool is_name(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= NAME_LIMIT && strspn(text, NAME_CHARACTERS) == length &&
           strspn(text, ".") != length;
}

/* "mapring+NAME" or "mapring-USER+NAME" in shared memory, "NAME.ring" in the directory, each
 * followed by a '+' if it is a second file. False if it is called like no ring. */
static bool read_name(const char *text, bool in_base, struct file *file)
{
    int start = 0;
    *file = (struct file){.place = in_base ? OS_BASE : OS_GLOBAL};
    if (!in_base && sscanf(text, "mapring-%u+%n", &file->user, &start) == 1 && start > 0)
        file->place = OS_LOCAL;
    else if (!in_base && strncmp(text, "mapring+", 8) == 0)
        start = 8;
    else if (!in_base)
        return false;
    snprintf(file->name, sizeof file->name, "%s", text + start);
    file->second = cut(file->name, "+");
    return (!in_base || cut(file->name, ".ring")) && is_name(file->name);
}

static const char *user_name(uid_t user)
{
    static char text[80];
    const struct passwd *known = getpwuid(user);
    if (known)
        snprintf(text, sizeof text, "%s", known->pw_name);
    else
        snprintf(text, sizeof text, "id %u", (unsigned)user);
    return text;
}

/* Whether the file is that of a ring, or a second file without the first one. */
static bool is_to_be_told(int folder, const char *entry, const struct file *file,
                          struct stat *status)
{
    struct stat first;
    char own[FILE_LIMIT];
    snprintf(own, sizeof own, "%s", entry);
    if (fstatat(folder, entry, status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status->st_mode))
        return false;
    return !file->second || (cut(own, "+") && fstatat(folder, own, &first, 0) != 0);
}

static bool tell(int folder, const char *entry, const struct file *file,
                 bool (*found)(const struct os_ring *ring, void *context), void *context)
{
    struct stat status;
    char path[FILE_LIMIT + sizeof SHARED_MEMORY];
    if (!is_to_be_told(folder, entry, file, &status))
        return true;
    bool foreign =
        file->place == OS_LOCAL && (file->user != geteuid() || status.st_uid != geteuid());
    snprintf(path, sizeof path, SHARED_MEMORY "/%.*s", FILE_LIMIT - 1, entry);
    if (file->second)
        cut(path, "+");
    const struct os_ring ring = {.name = file->name,
                                 .path = foreign ? path : NULL,
                                 .owner = user_name(status.st_uid),
                                 .place = file->place,
                                 .remainder = file->second};
    return found(&ring, context);
}

bool os_rings(bool (*found)(const struct os_ring *ring, void *context), void *context)
{
    const char *base = os_base(), *path = base ? base : SHARED_MEMORY;
    DIR *folder = opendir(path);
    struct dirent *entry;
    struct file file;
    bool more = true;
    if (!folder) {
        complain("cannot list the rings in %s%s: %s", path, base ? ", which MAPRING_DIR names" : "",
                 strerror(errno));
        return false;
    }
    while (more && (entry = readdir(folder)) != NULL)
        if (read_name(entry->d_name, base != NULL, &file))
            more = tell(dirfd(folder), entry->d_name, &file, found, context);
    closedir(folder);
    return true;
}

void os_program(uint64_t process, char *name, size_t bytes)
{
    char path[64];
    name[0] = '\0';
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/comm", process);
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    if (fgets(name, (int)bytes, file) != NULL)
        name[strcspn(name, "\n")] = '\0';
    fclose(file);
}
