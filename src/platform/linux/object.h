/* SPDX-License-Identifier: MIT */
/* On Linux, a platform_object is a file, in shared memory or on a disk. */
#ifndef MAPRING_LINUX_OBJECT_H
#define MAPRING_LINUX_OBJECT_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "platform.h"

struct platform_object {
    int descriptor;
    int companion;          /* -1: none, or not open to this process */
    bool companion_created; /* by this handle */
    mode_t mode;            /* the mode that it gets when it is published */
    bool guarded;           /* will get a companion, from this handle */
    bool closed;            /* is closed to others until it is published */
    bool given;             /* to a group, which its companion will belong to as well */
    bool created;           /* by this handle, which can undo that */
    struct ring_name name;
    char path[PATH_LIMIT];
    char companion_path[PATH_LIMIT + 1];
    int *broken;                             /* set in a forked child, if not NULL */
    struct platform_object *next, *previous; /* in the list of objects that forked children close */
};

#define SHARED_MEMORY "/dev/shm/"
enum { PREFIX_LIMIT = 32 };

/* Writes what the names of all files of a scope begin with. */
void name_prefix(bool global, char *prefix, size_t bytes);

void name_path(const struct ring_name *name, char path[PATH_LIMIT]);

/* Returns the same open file as a descriptor other than 0, 1 and 2, which are left to the program.
 * Returns -1 and sets errno if there is none, or if `descriptor` is negative. */
int descriptor_raise(int descriptor);

/* Opens a file for reading, as such a descriptor. */
int descriptor_open(const char *path, int flags);

/* Closes the descriptor, if it is not negative, and sets it to -1. */
void descriptor_close(int *descriptor);

/* Opens a directory to list it. Returns NULL and sets errno on failure. */
DIR *descriptor_open_directory(const char *path);

/* Opens the object's path and sets its descriptor, which is negative on failure, with errno set. */
void file_open(struct platform_object *object, int flags, mode_t mode);

/* Reports why the file could not be opened, according to errno. */
int file_report(const struct platform_object *object);

/* Reports why the file could not be created, according to errno. MAPRING_NOTHING if it exists by
 * now. */
int file_report_creation(const struct platform_object *object);

/* Whether the file that was opened can be a ring that this user may use. */
int file_check_kind(const struct platform_object *object);

/* The mode of a file that others must not open yet. No user can ask for this mode. */
#define MODE_CLOSED ((mode_t)S_ISVTX | 0600)

/* Whether the mode lets some users read but not write. */
bool mode_needs_companion(uint32_t mode);

/* Gives the object's file to a group. */
int group_give(struct platform_object *object, const char *group);

/* Removes the companion if this handle created it. False if it could not be removed. */
bool companion_discard(struct platform_object *object);

/* Removes the companion, if there is one, of the ring at that path. Called before the ring is
 * removed. */
int companion_remove(const struct ring_name *name, const char *path);

/* Adds the object to the list of those that forked children close. False if there is no memory. */
bool object_watch_fork(struct platform_object *object);

/* Between these two calls, no other thread can fork. Otherwise, a child would not know about what
 * is being opened or mapped, and would keep roles alive. */
void fork_forbid(void);
void fork_allow(void);

/* Removes the object from that list. */
void object_forget_fork(struct platform_object *object);

#endif
