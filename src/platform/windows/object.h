/* SPDX-License-Identifier: MIT */
/* What a platform_object is on Windows: a named section or a file, with the kernel objects that
 * belong to it; and what the files of this folder offer each other. */
#ifndef MAPRING_WINDOWS_OBJECT_H
#define MAPRING_WINDOWS_OBJECT_H

#include <windows.h>
#include <stdbool.h>
#include <wchar.h>

#include "platform.h"

enum {
    ROLE_COUNT = ROLE_CONSUMER + CELL_COUNT,
    CHANNEL_COUNT = CHANNEL_ROOM + 1,
    OBJECT_NAME_LIMIT = 160,
    WIDE_PATH_LIMIT = PATH_LIMIT + 8, /* with room for a prefix */
    NO_NUMBER = -1
};

struct platform_object {
    struct ring_name name;
    uint32_t mode;    /* permission bits for what this handle creates */
    bool open_to_all; /* other users may wake and be woken */

    HANDLE section;  /* NULL for a file, and for a named ring until it is reserved */
    uint64_t bytes;  /* of the section */
    DWORD numa_node; /* for a section to be made; NUMA_NO_PREFERRED_NODE */

    HANDLE file;     /* NULL for a named ring */
    bool created;    /* the file, by this handle, so that it may undo it */
    size_t stamped;  /* bytes of the stamp at the beginning of the file */
    uint64_t locked; /* bit i: role i of a file is taken through this handle */
    wchar_t path[WIDE_PATH_LIMIT];

    wchar_t stem[OBJECT_NAME_LIMIT]; /* what the names of all its kernel objects begin with */
    HANDLE role[ROLE_COUNT];         /* roles of a named ring taken through this handle */
    HANDLE event[CHANNEL_COUNT];     /* NULL until first slept on or woken */
};

/* ---- names.c ---- */

#define NAME_STEM    L"mapring."
#define SECTION_KIND L".ring"

/* Sets the stem, and of a file the full path. The stem of a file needs the open file. */
int object_find_path(struct platform_object *object);
void object_name_section(struct platform_object *object);
void object_name_file(struct platform_object *object, const BY_HANDLE_FILE_INFORMATION *file);

/* The name of one of the ring's kernel objects; `number` may be NO_NUMBER. */
void object_name(const struct platform_object *object, const wchar_t *kind, int number,
                 wchar_t name[OBJECT_NAME_LIMIT]);

/* MAPRING_ERROR_WRONG_KIND: the name belongs to an event, a mutex or the like. */
int object_wrong_kind(const struct platform_object *object, const wchar_t *name);

/* Everything to this user and to the system, `others` (rights as SDDL writes them, may be empty)
 * to everybody. The caller frees security->lpSecurityDescriptor with LocalFree(). */
int object_security(const struct platform_object *object, const wchar_t *others,
                    SECURITY_ATTRIBUTES *security);

/* What everybody may do with the section or the file, by the mode. */
const wchar_t *object_rights_of_others(const struct platform_object *object);

/* ---- section.c ---- */

int section_open(struct platform_object *object, bool writable);

/* For writing, and MAPRING_OK without a section when there is none: no failure, and not
 * reported. */
int section_open_if_there(struct platform_object *object);
int section_reserve(struct platform_object *object, uint64_t bytes);
bool section_size(const struct platform_object *object, uint64_t *bytes);
bool section_read(const struct platform_object *object, uint64_t offset, void *buffer,
                  size_t bytes);
int section_remove(struct platform_object *object);

/* ---- file.c ---- */

int file_open(struct platform_object *object, bool writable);

/* Opens or creates the file and takes ROLE_CREATOR. MAPRING_NOTHING: try again. */
int file_try_create(struct platform_object *object);
int file_reserve(struct platform_object *object, uint64_t bytes);
bool file_size(const struct platform_object *object, uint64_t *bytes);
bool file_read(const struct platform_object *object, uint64_t offset, void *buffer, size_t bytes);
bool file_write(const struct platform_object *object, uint64_t offset, const void *data,
                size_t bytes);
int file_remove(struct platform_object *object);

/* It may have been removed or replaced since it was opened. */
bool file_is_still_there(const struct platform_object *object);
bool file_is_removed(const struct platform_object *object, bool told);

/* ---- process.c ---- */

/* The user of this process as SDDL writes it, for LocalFree(). NULL: GetLastError(). */
wchar_t *process_user(void);

/* Whom what it makes belongs to: its user, or the administrators. */
wchar_t *process_owner(void);

/* At least 1, so that a short wait is no busy one. */
DWORD milliseconds_of(int64_t ns);

#endif
