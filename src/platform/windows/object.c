/* SPDX-License-Identifier: MIT */
/* The object behind a ring: a named section (section.c) or a file (file.c). */
#include "platform/windows/object.h"

#include <stdlib.h>

#include "error.h"

enum { DEFAULT_MODE = 0600, RETRY_NS = 1000000 };

static int object_new(struct platform_object **out, const struct ring_name *name)
{
    struct platform_object *object = calloc(1, sizeof *object);
    if (!object)
        return fail_system(ERROR_NOT_ENOUGH_MEMORY, name->text, "cannot open ring '%s'",
                           name->text);
    object->name = *name;
    object->numa_node = NUMA_NO_PREFERRED_NODE;
    int result = MAPRING_OK;
    if (name->is_path)
        result = object_find_path(object);
    else
        object_name_section(object);
    if (result == MAPRING_OK)
        *out = object;
    else
        free(object);
    return result;
}

static int finish(struct platform_object **out, struct platform_object *object, int result)
{
    if (result == MAPRING_OK)
        *out = object;
    else
        platform_detach(object);
    return result;
}

/* Takes the role before it opens the section: while a process holds the role, no other one creates
 * a section. */
static int try_create(struct platform_object *object)
{
    if (object->name.is_path)
        return file_try_create(object);
    int result = platform_role_take(object, ROLE_CREATOR);
    return result == MAPRING_OK ? section_open_if_there(object) : result;
}

static int create(struct platform_object *object, int64_t deadline_ns)
{
    int result;
    while ((result = try_create(object)) == MAPRING_NOTHING) {
        if (platform_now_ns() > deadline_ns)
            return fail(MAPRING_ERROR_BEING_CREATED, object->name.text,
                        "ring '%s' is still being created by another process; try again later",
                        object->name.text);
        platform_pause_ns(RETRY_NS);
    }
    return result;
}

int platform_create(struct platform_object **out, const struct ring_name *name, uint32_t mode,
                    int64_t deadline_ns)
{
    struct platform_object *object = NULL;
    int result = object_new(&object, name);
    if (result != MAPRING_OK)
        return result;
    object->mode = mode ? mode : DEFAULT_MODE;
    object->open_to_all = object_rights_of_others(object)[0] != L'\0';
    return finish(out, object, create(object, deadline_ns));
}

int platform_attach(struct platform_object **out, const struct ring_name *name, bool writable)
{
    struct platform_object *object = NULL;
    int result = object_new(&object, name);
    if (result != MAPRING_OK)
        return result;
    object->open_to_all = name->global && !name->is_path;
    result = name->is_path ? file_open(object, writable) : section_open(object, writable);
    return finish(out, object, result);
}

int platform_size(const struct platform_object *object, uint64_t *bytes)
{
    if (object->name.is_path ? file_size(object, bytes) : section_size(object, bytes))
        return MAPRING_OK;
    return fail_system((long)GetLastError(), object->name.text, "cannot get the size of ring '%s'",
                       object->name.text);
}

int platform_mode(const struct platform_object *object, uint32_t *mode)
{
    (void)object;
    (void)mode;
    return MAPRING_OK;
}

int platform_read(struct platform_object *object, uint64_t offset, void *buffer, size_t bytes)
{
    const char *name = object->name.text;
    if (object->name.is_path ? file_read(object, offset, buffer, bytes)
                             : section_read(object, offset, buffer, bytes))
        return MAPRING_OK;
    DWORD native = GetLastError();
    if (native == ERROR_HANDLE_EOF)
        return fail(MAPRING_ERROR_DAMAGED, name, "ring '%s' is truncated", name);
    return fail_system((long)native, name, "cannot read ring '%s'", name);
}

/* A section needs no stamp: until it is filled in, it consists of zeros, and vanishes with its
 * creator. */
int platform_stamp(struct platform_object *object, const void *buffer, size_t bytes)
{
    if (!object->name.is_path)
        return MAPRING_OK;
    object->stamped = bytes;
    if (!file_write(object, 0, buffer, bytes))
        return fail_system((long)GetLastError(), object->name.text,
                           "cannot create the ring file '%s'", object->name.text);
    return MAPRING_OK;
}

int platform_reserve(struct platform_object *object, uint64_t bytes)
{
    return object->name.is_path ? file_reserve(object, bytes) : section_reserve(object, bytes);
}

void platform_discard(struct platform_object *object)
{
    /* not covered: somebody replaces the file at this moment */
    if (object->created && file_is_still_there(object))
        DeleteFileW(object->path);
}

void platform_detach(struct platform_object *object)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        platform_role_drop(object, role);
    for (unsigned channel = 0; channel < CHANNEL_COUNT; channel++)
        if (object->event[channel])
            CloseHandle(object->event[channel]);
    if (object->section)
        CloseHandle(object->section);
    if (object->file)
        CloseHandle(object->file);
    free(object);
}

int platform_check_place(const struct platform_object *object)
{
    return !object->name.is_path || file_is_still_there(object) ? MAPRING_OK : MAPRING_NOTHING;
}

/* A named section keeps its name as long as any process has it open. */
bool platform_is_removed(const struct platform_object *object, bool told)
{
    return object->name.is_path && file_is_removed(object, told);
}

/* The attempt to remove a named ring only reports why that is impossible. */
int platform_check_removable(const struct ring_name *name)
{
    return name->is_path ? MAPRING_OK : platform_remove(name);
}

int platform_remove(const struct ring_name *name)
{
    struct platform_object *object = NULL;
    int result = object_new(&object, name);
    if (result != MAPRING_OK)
        return result;
    result = name->is_path ? file_remove(object) : section_remove(object);
    platform_detach(object);
    return result;
}
