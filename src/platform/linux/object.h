/* SPDX-License-Identifier: MIT */
/* What a platform_object is on Linux: a file, in shared memory or on a disk. */
#ifndef MAPRING_LINUX_OBJECT_H
#define MAPRING_LINUX_OBJECT_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "platform.h"

struct platform_object {
    int descriptor;
    int companion;          /* -1: it has none, or none for this process */
    bool companion_created; /* by this handle */
    mode_t mode;            /* that it gets when it is published */
    bool guarded;           /* has a companion that this handle makes */
    bool created;           /* by this handle, so that it may undo it */
    struct ring_name name;
    char path[PATH_LIMIT];
    char companion_path[PATH_LIMIT + 1];
    int *broken;                             /* set in a forked child, if not NULL */
    struct platform_object *next, *previous; /* those to be closed in a forked child */
};

#define SHARED_MEMORY "/dev/shm/"
enum { PREFIX_LIMIT = 32 };

/* What the names of all files of a scope begin with. */
void name_prefix(bool global, char *prefix, size_t bytes);

void name_path(const struct ring_name *name, char path[PATH_LIMIT]);

/* The same open file as a descriptor that is not 0, 1 or 2, which are left to the program. -1 with
 * errno: there is none, or `descriptor` is it. */
int descriptor_raise(int descriptor);

/* open() for reading, into such a one. */
int descriptor_open(const char *path, int flags);

/* Closes it, if there is one, and leaves -1. */
void descriptor_close(int *descriptor);

/* To list what is in it. NULL: errno says why. */
DIR *descriptor_open_directory(const char *path);

/* open() for the object's path and into its descriptor, which is negative, with errno, on
 * failure. */
void file_open(struct platform_object *object, int flags, mode_t mode);

/* Reports why it could not be opened, by errno. */
int file_report(const struct platform_object *object);

/* Or not be created. MAPRING_NOTHING: it is there meanwhile. */
int file_report_creation(const struct platform_object *object);

/* Whether what was opened can be a ring of this user. */
int file_check_kind(const struct platform_object *object);

/* What a file is given that is not to be opened by others yet. No mode that a user can ask for. */
#define MODE_CLOSED ((mode_t)S_ISVTX | 0600)

/* Whether somebody may read and not write. */
bool mode_needs_companion(uint32_t mode);

/* Removes the one that this handle has made. False: it stays. */
bool companion_discard(struct platform_object *object);

/* Before the ring at that path is removed: its companion, if there is one. */
int companion_remove(const struct ring_name *name, const char *path);

/* Into the list of those that a fork closes. False: no memory. */
bool object_watch_fork(struct platform_object *object);

/* Between the two no other thread can fork: what is opened or mapped meanwhile would be unknown to
 * the child, and keep roles alive there. */
void fork_forbid(void);
void fork_allow(void);

/* Out of the list of those that a fork closes. */
void object_forget_fork(struct platform_object *object);

#endif
