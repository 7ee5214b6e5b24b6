/* SPDX-License-Identifier: MIT */
/* Facts about the system that rings depend on, for mapring doctor. linux/ and windows/ implement
 * them in doctor_storage.c and doctor_user.c. What does not exist on a system is never a problem
 * there. */
#ifndef TOOLS_OS_DOCTOR_H
#define TOOLS_OS_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- doctor_storage.c ---- */

enum os_storage_kind {
    OS_STORAGE_PLAIN,
    OS_STORAGE_MEMORY,
    OS_STORAGE_REMOTE, /* other machines, or a program, may be behind it */
    OS_STORAGE_COPIES, /* copy-on-write */
    OS_STORAGE_LAYERS  /* a container's own layer, lost with it */
};

struct os_storage {
    char type[32]; /* the file system, as the system calls it */
    enum os_storage_kind kind;
    uint64_t bytes, free_bytes;
    bool writable; /* this user may create files there */
};

/* The directory of rings that have no path and no MAPRING_DIR; NULL: they are no files. */
const char *os_shared_memory(void);

/* What holds a file or directory. False: it is not there. */
bool os_storage(const char *path, struct os_storage *storage);

/* Whether processes elsewhere on this machine have another /dev/shm, as outside a container. */
bool os_shared_memory_is_private(void);

/* The largest file that this process may write; UINT64_MAX: no limit. */
uint64_t os_file_limit(void);

/* ---- doctor_user.c ---- */

/* Whether there is anything to check on this system. */
bool os_makes_check(const char *check);

/* Whether the system removes this user's rings when the user logs out. */
bool os_removes_rings_at_logout(void);

/* Whether the owner, as struct os_ring has it, may be trusted with what is sent. */
bool os_trusts(const char *owner);

bool os_is_service_session(void); /* apart from those of users who have logged in */
bool os_may_create_global(void);  /* rings of the global scope */
bool os_has_membarrier(void);     /* wakes sleeping consumers at no cost to the producer */
bool os_has_huge_pages(void);     /* for --huge */

#endif
