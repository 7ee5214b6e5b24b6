/* SPDX-License-Identifier: MIT */
/* Named mappings with shm_open(). "Name", "/Name", "Local\Name" and "Global\Name" mean the same
 * object. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/message.h"
#include "shared/os.h"

enum text_encoding os_view_encoding(void)
{
    return TEXT_UTF_8;
}

bool os_names_outlive_processes(void)
{
    return true;
}

static bool set_name(struct os_view *view, const char *name)
{
    static const char *const prefixes[] = {"Local\\", "Global\\", "/"};
    const char *plain = name;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && plain == name; i++) {
        size_t length = strlen(prefixes[i]);
        plain += strncmp(name, prefixes[i], length) == 0 ? length : 0;
    }
    if (*plain == '\0' || strpbrk(plain, "/\\") != NULL || strlen(plain) > NAME_MAX) {
        complain("invalid mapping name '%s': it must have 1 to 255 bytes, and no / or \\ except in "
                 "a leading /, Local\\ or Global\\",
                 name);
        return false;
    }
    snprintf(view->name, sizeof view->name, "/%s", plain);
    return true;
}

static bool is_no_mapping(const struct os_view *view)
{
    complain("'%s' is a directory or a device, not a mapping", view->name + 1);
    return false;
}

static bool failed(const struct os_view *view, const char *what)
{
    complain("cannot %s the mapping '%s': %s", what, view->name + 1, os_error());
    return false;
}

/* The name is valid, so EINVAL is how shm_open() reports EISDIR. */
static bool open_failed(const struct os_view *view)
{
    return errno == EINVAL ? is_no_mapping(view) : failed(view, "open");
}

static bool map(struct os_view *view, int file, int protection, uint64_t bytes, uint64_t offset)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), before = offset % page;
    view->bytes = bytes - offset;
    view->base_bytes = (size_t)(view->bytes + before);
    view->base =
        mmap(NULL, view->base_bytes, protection, MAP_SHARED, file, (off_t)(offset - before));
    view->data = (unsigned char *)view->base + before;
    return view->base != MAP_FAILED || failed(view, "map");
}

/* Gets the object's size. An empty object is given `wanted` bytes, unless `wanted` is 0. */
static bool get_size(struct os_view *view, int file, uint64_t wanted, uint64_t *bytes)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return failed(view, "examine");
    if (!S_ISREG(status.st_mode))
        return is_no_mapping(view);
    *bytes = (uint64_t)status.st_size;
    if (*bytes > 0 || wanted == 0)
        return true;
    errno = wanted <= INT64_MAX ? posix_fallocate(file, 0, (off_t)wanted) : EFBIG;
    *bytes = wanted;
    return errno == 0 || failed(view, "create");
}

static bool open_for_writing(struct os_view *view, int *file)
{
    *file = shm_open(view->name, O_RDWR | O_CREAT | O_EXCL, 0600);
    view->created = *file >= 0;
    if (*file < 0 && errno == EEXIST)
        *file = shm_open(view->name, O_RDWR, 0);
    return *file >= 0 || open_failed(view);
}

static bool write_checked(struct os_view *view, int file, uint64_t size, uint64_t offset)
{
    uint64_t bytes = 0;
    if (!get_size(view, file, size, &bytes))
        return false;
    if (bytes < size) {
        complain("the mapping '%s' already exists and has only %" PRIu64 " bytes", view->name + 1,
                 bytes);
        return false;
    }
    return map(view, file, PROT_READ | PROT_WRITE, size, offset);
}

bool os_view_write(struct os_view *view, const char *name, uint64_t size, uint64_t offset)
{
    int file = -1;
    if (!set_name(view, name) || !open_for_writing(view, &file))
        return false;
    bool done = write_checked(view, file, size, offset);
    if (!done && view->created)
        os_view_remove(view);
    close(file);
    return done;
}

bool os_view_read(struct os_view *view, const char *name, uint64_t offset)
{
    if (!set_name(view, name))
        return false;
    int file = shm_open(view->name, O_RDONLY, 0);
    uint64_t bytes = 0;
    if (file < 0)
        return open_failed(view);
    bool done = get_size(view, file, 0, &bytes);
    if (done && offset >= bytes) {
        complain("offset %" PRIu64 " is not inside the mapping '%s', which has %" PRIu64 " bytes",
                 offset, view->name + 1, bytes);
        done = false;
    }
    done = done && map(view, file, PROT_READ, bytes, offset);
    close(file);
    return done;
}

void os_view_close(struct os_view *view)
{
    munmap(view->base, view->base_bytes);
}

void os_view_remove(struct os_view *view)
{
    shm_unlink(view->name);
}

/* Rings are mappings too. */
static bool is_ring(const char *name)
{
    return strncmp(name, "/mapring", strlen("/mapring")) == 0 && strchr(name, '+') != NULL;
}

bool os_view_remove_name(const char *name)
{
    struct os_view view;
    if (!set_name(&view, name))
        return false;
    if (is_ring(view.name)) {
        complain("'%s' is a ring: use 'mapring rm %s'", view.name + 1, strchr(view.name, '+') + 1);
        return false;
    }
    return shm_unlink(view.name) == 0 || failed(&view, "remove");
}
