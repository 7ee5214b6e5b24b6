/* SPDX-License-Identifier: MIT */
/*
 * What the ring needs of the operating system. platform/linux/ and platform/windows/ provide it, in
 * files of the same names; the build chooses. Functions that return int return MAPRING_OK or a
 * failure that they have reported through fail() or fail_system().
 */
#ifndef MAPRING_PLATFORM_H
#define MAPRING_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "error_text.h"
#include "layout.h"
#include "name.h"

/* ---- object.c: the kernel object behind a ring ---- */

struct platform_object; /* Linux: a file; Windows: a section, and a file when it is backed by one */

/* Opens the object, or creates an empty one, and takes ROLE_CREATOR, waiting for it until
 * `deadline_ns`, else MAPRING_ERROR_BEING_CREATED. */
int platform_create(struct platform_object **object, const struct ring_name *name, uint32_t mode,
                    int64_t deadline_ns);

/* Opens an existing object, for writing or for reading only. MAPRING_ERROR_NOT_THERE. */
int platform_attach(struct platform_object **object, const struct ring_name *name, bool writable);

/* Its size in bytes; 0 when it was just created. An upper bound where the system rounds. */
int platform_size(const struct platform_object *object, uint64_t *bytes);

/* The permission bits of an existing object, where the system has such: else *mode stays what it
 * is. */
int platform_mode(const struct platform_object *object, uint32_t *mode);

/* Reads without mapping. */
int platform_read(struct platform_object *object, uint64_t offset, void *buffer, size_t bytes);

/* After platform_create() of an object of size 0: writes its first bytes, so that what a dying
 * creator leaves can be told from somebody's file. Nothing to do where the object has no size yet
 * and would vanish with its creator (a named section of Windows). */
int platform_stamp(struct platform_object *object, const void *buffer, size_t bytes);

/* MAPRING_ERROR_ARGUMENT: the machine has no such node, or no memory there for this process. */
int platform_check_node(const char *ring, uint32_t numa_node);

/* Before platform_reserve(): its storage is to come from that node of memory while there is room.
 * MAPRING_ERROR_ARGUMENT: no such node. A file on a disk goes where the system likes. */
int platform_place(struct platform_object *object, uint64_t bytes, uint32_t numa_node);

/* After platform_create() of an object of size 0, or left half-made: gives it `bytes` bytes, zero
 * but for the stamp, and reserves storage for all of them. */
int platform_reserve(struct platform_object *object, uint64_t bytes);

/* Removes what platform_create() created, if it still has its name: called with ROLE_CREATOR held,
 * when creation failed. */
void platform_discard(struct platform_object *object);

/* Closes the object and drops all roles taken through it. */
void platform_detach(struct platform_object *object);

/* Removes the name from the system. On Windows a named ring: MAPRING_ERROR_IN_USE. */
int platform_remove(const struct ring_name *name);

/* Where a named ring is that is not where it was looked for: of the other scope, a file, another
 * user's. Written into `hint` to go behind a message; left as it is when there is none. */
void platform_elsewhere(const struct ring_name *name, char *hint, size_t bytes);
/* MAPRING_OK: the name leads to the object. MAPRING_NOTHING: to another one by now, or to none. */
int platform_check_place(const struct platform_object *object);

/* Whether nobody finds the object any more, under whatever name. With `told`, who took the name away
 * has said so, which counts where the system does not show it. */
bool platform_is_removed(const struct platform_object *object, bool told);

/* Calls `found` with each ring name of the scope until it returns false. */
int platform_list(bool global, bool (*found)(const char *name, void *context), void *context);

/* ---- companion.c: where some may read and not write, region 1 and the roles are in a second file,
 * of those who may write: what somebody may read he may lock, and who sleeps on it he may move ---- */

/* Whether a ring that has one can be written here. */
bool platform_supports_companions(void);

/* With ROLE_CREATOR held, before anything is written: gives the object the mode (0: what it has), or,
 * if some may then read and not write, closes it to all others until platform_publish(); *guarded:
 * it is to get a companion. */
int platform_choose_mode(struct platform_object *object, uint32_t mode, bool *guarded);

/* Whether it is still closed like that, so that whatever is in it is not ready. */
bool platform_is_closed(const struct platform_object *object);

/* Opens it to all that the mode lets in, if it is closed. */
int platform_publish(struct platform_object *object);

/* Makes the companion of a ring that was created then, if it is to get one. */
int platform_companion_make(struct platform_object *object, uint64_t created_ns);

/* Opens it, to be used for region 1 and the roles. When it is not there, or not for this user, or
 * another ring's: a failure if it is `needed`, otherwise the object stays as it is. */
int platform_companion_attach(struct platform_object *object, uint64_t created_ns, bool needed);
bool platform_has_companion(const struct platform_object *object); /* opened */

/* ---- owner.c ---- */

enum { OWNER_BYTES = 200 };
enum platform_owner { OWNER_SELF, OWNER_SYSTEM, OWNER_OTHER }; /* this user, root, anybody else */

/* Whose the object is, and his name. */
enum platform_owner platform_owner(const struct platform_object *object, char name[OWNER_BYTES]);

/* ---- mapping.c ---- */

enum platform_access {
    ACCESS_READ,    /* everything read-only */
    ACCESS_CONSUME, /* region 1 writable */
    ACCESS_PRODUCE  /* everything writable */
};

/* Maps regions 0 and 1 and, when capacity is not 0, the slots twice in a row behind them. A forked
 * child does not have the views. */
int platform_map(struct platform_object *object, enum platform_access access, uint64_t capacity,
                 unsigned char **base);
void platform_unmap(unsigned char *base, uint64_t capacity);

/* Moves the storage behind the slots into huge pages, as far as the system has them to give. */
void platform_enlarge_pages(unsigned char *base, uint64_t capacity);

/* Makes that no first use of a page of the views faults. Changes no contents, and does what it can:
 * what it cannot is left to the first use. */
void platform_prefault(unsigned char *base, enum platform_access access, uint64_t capacity);

/* Writes a file-backed object, mapped at `base` with that capacity, to its disk. */
int platform_sync(struct platform_object *object, unsigned char *base, uint64_t capacity);

/* ---- role.c: who owns what, and who died ---- */

/* Takes a role for as long as the object is open and this process lives: MAPRING_OK,
 * MAPRING_NOTHING when somebody else has it, or a failure. Does not wait. */
int platform_role_take(struct platform_object *object, unsigned role);
void platform_role_drop(struct platform_object *object, unsigned role);

/* Whether somebody else, a live process, has the role; true where the system does not say: who seems
 * to live is waited for or left alone, and asked about again. A lock that a reader can have is no
 * role. */
bool platform_role_held(struct platform_object *object, unsigned role);

/* ---- wake.c: sleeping and waking across processes ---- */

enum { CHANNEL_ROOM = CELL_COUNT }; /* channels 0 to 31 wake consumers, this one the producer */

/* Sleeps until somebody wakes the channel, at most `limit_ns`; returns at once when the word
 * differs from `expected`. May return early for no reason. */
void platform_sleep(struct platform_object *object, unsigned channel, shared_u32 *word,
                    uint32_t expected, int64_t limit_ns);

/* Wakes those that sleep on the word in one of the channels (bit i of the set: channel i). */
void platform_wake(struct platform_object *object, uint64_t channels, shared_u32 *word);

/* Makes ready for platform_sleep() on a channel, before anybody may want to wake it. */
int platform_channel_open(struct platform_object *object, unsigned channel);

/* Registers this process as one whose plain stores platform_membarrier() orders. False: not
 * possible. */
bool platform_membarrier_register(void);

/* A full memory barrier in every registered process; only where the header says that one is. */
void platform_membarrier(void);

/* ---- thread.c: the library's own threads, and what they tell others by ---- */

struct platform_thread;

/* What is done for a ring of that name, which failures tell. */
int platform_thread_start(struct platform_thread **thread, const char *ring,
                          void (*run)(void *context), void *context);
void platform_thread_join(struct platform_thread *thread);

/* A handle that others can wait for in their event loops: ready once set, until cleared. */
int platform_signal_open(mapring_handle *handle, const char *ring);
void platform_signal_close(mapring_handle handle);
void platform_signal_set(mapring_handle handle);
void platform_signal_clear(mapring_handle handle);
bool platform_signal_wait(mapring_handle handle, int64_t limit_ns); /* true: it is set */

/* ---- process.c ---- */

enum operating_system platform_system(void);
uint64_t platform_process(void);         /* this process's id */
uint64_t platform_process_started(void); /* in the system's own unit */
unsigned platform_cpus(void);            /* of the machine: a peer may use those this one may not */
int64_t platform_now_ns(void);           /* monotonic */
int64_t platform_now_roughly_ns(void);   /* the same, some milliseconds old, for less */
uint64_t platform_wall_clock_ns(void);   /* since 1970 */
void platform_pause_ns(int64_t ns);      /* sleeps, also when interrupted */

/* From now on, a forked child sets *broken to MAPRING_ERROR_FORKED and closes the object's
 * descriptor, which would keep the parent's roles alive. Undone by platform_detach(). */
void platform_break_on_fork(struct platform_object *object, int *broken);

#endif
