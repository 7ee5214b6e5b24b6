/* SPDX-License-Identifier: MIT */
/* Named mappings, with plain Linux system calls. */
#include "plain_view.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_view(const char *name, int flags)
{
    char path[256];
    snprintf(path, sizeof path, "/%s", strncmp(name, "Local\\", 6) == 0 ? name + 6 : name);
    return shm_open(path, flags, 0600);
}

unsigned char *plain_view_create(const char *name, size_t bytes)
{
    int file = open_view(name, O_RDWR | O_CREAT | O_EXCL);
    if (file < 0 || ftruncate(file, (off_t)bytes) != 0)
        return NULL;
    void *view = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return view == MAP_FAILED ? NULL : view;
}

bool plain_view_exists(const char *name)
{
    int file = open_view(name, O_RDONLY);
    if (file >= 0)
        close(file);
    return file >= 0;
}

bool plain_view_has(const char *name, size_t offset, const void *data, size_t bytes)
{
    struct stat status;
    bool same = false;
    int file = open_view(name, O_RDONLY);
    if (file < 0)
        return false;
    if (fstat(file, &status) == 0 && (size_t)status.st_size >= offset + bytes) {
        unsigned char *view = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0);
        same = view != MAP_FAILED && memcmp(view + offset, data, bytes) == 0;
        munmap(view, (size_t)status.st_size);
    }
    close(file);
    return same;
}

static void squat_path(const char *name, char path[256])
{
    snprintf(path, 256, "/dev/shm/%s", strncmp(name, "Local\\", 6) == 0 ? name + 6 : name);
}

bool plain_view_squat(const char *name)
{
    char path[256];
    squat_path(name, path);
    return mkdir(path, 0700) == 0;
}

void plain_view_remove(const char *name)
{
    char path[256];
    squat_path(name, path);
    rmdir(path);
    snprintf(path, sizeof path, "/%s", strncmp(name, "Local\\", 6) == 0 ? name + 6 : name);
    shm_unlink(path);
}
