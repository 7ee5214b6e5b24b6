/* SPDX-License-Identifier: MIT */
/* On Windows, a platform_object is a named section or a file, with the kernel objects that belong
 * to it. Also declares what the files of this folder provide to each other. */
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
    WIDE_PATH_LIMIT = PATH_LIMIT + 8, /* including a prefix */
    NO_NUMBER = -1
};

struct platform_object {
    struct ring_name name;
    uint32_t mode;    /* permission bits of what this handle creates */
    bool open_to_all; /* other users may wake and be woken */

    HANDLE section;  /* NULL for a file, and for a new named ring until its storage is reserved */
    uint64_t bytes;  /* size of the section */
    DWORD numa_node; /* for a section to be created, or NUMA_NO_PREFERRED_NODE */

    HANDLE file;     /* NULL for a named ring */
    bool created;    /* this handle created the file, and can undo that */
    size_t stamped;  /* size in bytes of the stamp at the beginning of the file */
    uint64_t locked; /* bit i: this handle has role i of a file */
    wchar_t path[WIDE_PATH_LIMIT];

    wchar_t stem[OBJECT_NAME_LIMIT]; /* what the names of all its kernel objects begin with */
    HANDLE role[ROLE_COUNT];         /* roles of a named ring that this handle has */
    HANDLE event[CHANNEL_COUNT];     /* NULL until it is first needed */
};

/* ---- names.c ---- */

#define NAME_STEM    L"mapring."
#define SECTION_KIND L".ring"

/* Set the full path of a file, and the stem of the names. The stem for a file requires the open
 * file. */
int object_find_path(struct platform_object *object);
void object_name_section(struct platform_object *object);
void object_name_file(struct platform_object *object, const BY_HANDLE_FILE_INFORMATION *file);

/* Writes the name of one of the ring's kernel objects. `number` may be NO_NUMBER. */
void object_name(const struct platform_object *object, const wchar_t *kind, int number,
                 wchar_t name[OBJECT_NAME_LIMIT]);

/* Reports MAPRING_ERROR_WRONG_KIND: the name belongs to an event, a mutex or the like. */
int object_wrong_kind(const struct platform_object *object, const wchar_t *name);

/* Grants all rights to this user and to the system, and the rights `others` (in SDDL, may be empty)
 * to everybody. The caller frees security->lpSecurityDescriptor with LocalFree(). */
int object_security(const struct platform_object *object, const wchar_t *others,
                    SECURITY_ATTRIBUTES *security);

/* The rights of everybody on the section or the file, according to the mode. */
const wchar_t *object_rights_of_others(const struct platform_object *object);

/* ---- section.c ---- */

int section_open(struct platform_object *object, bool writable);

/* Opens the section for writing. If there is none, returns MAPRING_OK without one and reports
 * nothing. */
int section_open_if_there(struct platform_object *object);
int section_reserve(struct platform_object *object, uint64_t bytes);
bool section_size(const struct platform_object *object, uint64_t *bytes);
bool section_read(const struct platform_object *object, uint64_t offset, void *buffer,
                  size_t bytes);
int section_remove(struct platform_object *object);

/* ---- file.c ---- */

int file_open(struct platform_object *object, bool writable);

/* Opens or creates the file and takes ROLE_CREATOR. MAPRING_NOTHING means to try again. */
int file_try_create(struct platform_object *object);
int file_reserve(struct platform_object *object, uint64_t bytes);
bool file_size(const struct platform_object *object, uint64_t *bytes);
bool file_read(const struct platform_object *object, uint64_t offset, void *buffer, size_t bytes);
bool file_write(const struct platform_object *object, uint64_t offset, const void *data,
                size_t bytes);
int file_remove(struct platform_object *object);

/* Whether the path still leads to the open file, and whether that was removed. */
bool file_is_still_there(const struct platform_object *object);
bool file_is_removed(const struct platform_object *object, bool told);

/* ---- process.c ---- */

/* Returns the user of this process in SDDL, to be freed with LocalFree(), or NULL after a failure,
 * which GetLastError() gives. */
wchar_t *process_user(void);

/* The same for the owner of what this process creates: its user, or the administrators. */
wchar_t *process_owner(void);

/* Converts to milliseconds: at least 1, so that a short wait is not a busy loop, and at most a
 * day. */
DWORD milliseconds_of(int64_t ns);

#endif
