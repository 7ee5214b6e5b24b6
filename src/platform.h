/* SPDX-License-Identifier: MIT */
/*
 * What the library needs of the operating system. platform/linux/ and platform/windows/ provide it
 * in files of the same names, and the build chooses one of them. Functions that return int return
 * MAPRING_OK, another result that their comment names, or a failure that they have reported through
 * fail() or fail_system().
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

struct platform_object; /* Linux: a file; Windows: a section or a file */

/* Opens the object, or creates an empty one, and takes ROLE_CREATOR. Waits for the role until
 * `deadline_ns`, then MAPRING_ERROR_BEING_CREATED. */
int platform_create(struct platform_object **object, const struct ring_name *name, uint32_t mode,
                    int64_t deadline_ns);

/* Opens an existing object, for writing or for reading only. MAPRING_ERROR_NOT_THERE if there is
 * none. */
int platform_attach(struct platform_object **object, const struct ring_name *name, bool writable);

/* The object's size in bytes; 0 if it was just created. An upper bound where the system rounds
 * it. */
int platform_size(const struct platform_object *object, uint64_t *bytes);

/* The permission bits of an existing object. *mode stays as it is where the system has none. */
int platform_mode(const struct platform_object *object, uint32_t *mode);

/* Reads from the object without mapping it. MAPRING_ERROR_DAMAGED if it is too short. */
int platform_read(struct platform_object *object, uint64_t offset, void *buffer, size_t bytes);

/* Writes the first bytes of an object of size 0 after platform_create(), so that the remains of a
 * creator that dies can be told from somebody's file. Does nothing if the object has no size yet
 * and would vanish with its creator (a named section of Windows). */
int platform_stamp(struct platform_object *object, const void *buffer, size_t bytes);

/* MAPRING_ERROR_ARGUMENT if the machine has no such node, or no memory there for this process. */
int platform_check_node(const char *ring, uint32_t numa_node);

/* To be called before platform_reserve(): its storage will come from that NUMA node while there is
 * room. MAPRING_ERROR_ARGUMENT if there is no such node. A file on a disk goes where the system
 * puts it. */
int platform_place(struct platform_object *object, uint64_t bytes, uint32_t numa_node);

/* Gives an object `bytes` bytes and reserves storage for all of them. They are zero except for the
 * stamp. For an object of size 0, or one left half-made, after platform_create(). */
int platform_reserve(struct platform_object *object, uint64_t bytes);

/* Removes what platform_create() created, if it still has its name. Called with ROLE_CREATOR held,
 * when creation failed. */
void platform_discard(struct platform_object *object);

/* Closes the object and drops all roles taken through it. */
void platform_detach(struct platform_object *object);

/* Removes the ring's name from the system. MAPRING_ERROR_IN_USE for a named ring on Windows. */
int platform_remove(const struct ring_name *name);

/* Looks for a named ring that was not found: in the other scope, as a file, or as another user's.
 * Writes what it finds into `hint`, to be appended to a message; leaves `hint` as it is if it finds
 * nothing. */
void platform_elsewhere(const struct ring_name *name, char *hint, size_t bytes);

/* MAPRING_OK if the name still leads to the object; MAPRING_NOTHING if it leads to another one by
 * now, or to none. */
int platform_check_place(const struct platform_object *object);

/* Whether the object can no longer be found, under any name. `told`: whoever removed the name has
 * said so in the ring, which counts where the system does not show it. */
bool platform_is_removed(const struct platform_object *object, bool told);

/* Whether platform_remove() can remove such a name at all. */
int platform_check_removable(const struct ring_name *name);

/* Calls `found` with the name of each ring in the scope, or in the directory of MAPRING_DIR, until
 * it returns false. */
int platform_list(bool global, bool (*found)(const char *name, void *context), void *context);
int platform_list_base(const char *directory, bool (*found)(const char *name, void *context),
                       void *context);

/* ---- base.c ---- */

/* Writes the directory that MAPRING_DIR names, or nothing if it is not set, or if this process has
 * more rights than the user who may have set it. MAPRING_ERROR_NAME if it cannot be used. `ring` is
 * a name for failure messages, or NULL. */
int platform_base(const char *ring, char directory[PATH_LIMIT]);

/* ---- companion.c: where some users may read but not write, region 1 and the role locks are in a
 * second file, for those who may write: whoever may read a file can lock it, and can move those who
 * sleep on its words ---- */

/* Whether a ring that has one can be written on this system. */
bool platform_supports_companions(void);

/* Gives the object its group (NULL: the one it has) and its mode (0: the one it has, or 0660 with a
 * group). If some users may then read but not write, sets *guarded, which says that the ring gets a
 * companion. For that, and for a group, closes the object to all others until platform_publish().
 * Called with ROLE_CREATOR held, before anything is written. */
int platform_choose_mode(struct platform_object *object, uint32_t mode, const char *group,
                         bool *guarded);

/* As a mode for platform_create(): closed in this way from the beginning. */
#define MODE_CLOSED_AT_FIRST UINT32_C(01600)

/* ---- group.c ---- */

/* MAPRING_ERROR_ARGUMENT if there is no such group, or the system has none. */
int platform_check_group(const char *ring, const char *group);

/* MAPRING_ERROR_GEOMETRY_DIFFERS if an existing object belongs to another group. */
int platform_check_belongs(const struct platform_object *object, const char *group);

/* Whether the object is still closed in this way, so that whatever it contains is not ready. */
bool platform_is_closed(const struct platform_object *object);

/* Sets the mode that was asked for, if the object is closed. */
int platform_publish(struct platform_object *object);

/* Makes the companion of a ring created at `created_ns`, if it is to get one. */
int platform_companion_make(struct platform_object *object, uint64_t created_ns);

/* Opens the companion and uses it for region 1 and the roles. If it is missing, not open to this
 * user, or another ring's: a failure if it is `needed`, otherwise MAPRING_OK without a
 * companion. */
int platform_companion_attach(struct platform_object *object, uint64_t created_ns, bool needed);
bool platform_has_companion(const struct platform_object *object); /* whether it is open */

/* Whether a ring of that name, which is gone, has left a companion of this user's. */
bool platform_companion_is_left(const struct ring_name *name);

/* ---- owner.c ---- */

enum { OWNER_BYTES = 200 };
enum platform_owner { OWNER_SELF, OWNER_SYSTEM, OWNER_OTHER }; /* this user, root, any other user */

/* The owner of the object, and a name or id for messages. */
enum platform_owner platform_owner(const struct platform_object *object, char name[OWNER_BYTES]);

/* ---- mapping.c ---- */

enum platform_access {
    ACCESS_READ,    /* everything read-only */
    ACCESS_CONSUME, /* region 1 writable */
    ACCESS_PRODUCE  /* everything writable */
};

/* Maps regions 0 and 1 and, if capacity is not 0, the slots after them, twice in a row. Forked
 * children do not inherit the views. */
int platform_map(struct platform_object *object, enum platform_access access, uint64_t capacity,
                 unsigned char **base);
void platform_unmap(unsigned char *base, uint64_t capacity);

/* Maps region 3, which begins at that offset, for writing. Forked children do not inherit it. */
int platform_map_dictionary(struct platform_object *object, uint64_t offset, uint64_t bytes,
                            unsigned char **base);
void platform_unmap_dictionary(unsigned char *base, uint64_t bytes);

/* Moves the storage of the slots into huge pages, as far as the system has any. */
void platform_enlarge_pages(unsigned char *base, uint64_t capacity);

/* Touches every page of the views, so that first accesses do not fault. Changes no contents.
 * Reports no failure: pages that it cannot prepare are left to their first access. */
void platform_prefault(unsigned char *base, enum platform_access access, uint64_t capacity);

/* Writes a file-backed object, which is mapped at `base` with that capacity, to its disk, including
 * its dictionary unless that is NULL. */
int platform_sync(struct platform_object *object, unsigned char *base, uint64_t capacity,
                  const unsigned char *dictionary, uint64_t dictionary_bytes);

/* ---- role.c: roles, which end with the process that holds them ---- */

/* Takes a role, until the object is closed or this process ends: MAPRING_OK, MAPRING_NOTHING if
 * somebody else has it, or a failure. Does not wait. */
int platform_role_take(struct platform_object *object, unsigned role);
void platform_role_drop(struct platform_object *object, unsigned role);

/* Whether somebody else, a live process, has the role. True if the system does not say: a process
 * that seems to be alive is waited for or left alone, and checked again. A lock that a mere reader
 * can take does not count as a role. */
bool platform_role_held(struct platform_object *object, unsigned role);

/* ---- wake.c: sleeping and waking across processes ---- */

enum {
    CHANNEL_ROOM = CELL_COUNT
}; /* channels 0 to 31 are for consumers, this one is for the
                                       producer */

/* Sleeps until the channel is woken, for at most `limit_ns`. Returns at once if the word is not
 * `expected`. May return early for no reason. */
void platform_sleep(struct platform_object *object, unsigned channel, shared_u32 *word,
                    uint32_t expected, int64_t limit_ns);

/* Wakes all that sleep on the word in these channels (bit i: channel i). */
void platform_wake(struct platform_object *object, uint64_t channels, shared_u32 *word);

/* Prepares platform_sleep() on a channel. To be called before others may want to wake it. */
int platform_channel_open(struct platform_object *object, unsigned channel);

/* Registers this process, so that platform_membarrier() orders its plain stores. False if the
 * system cannot do that. */
bool platform_membarrier_register(void);

/* Executes a full memory barrier in every registered process. Only for rings whose header says that
 * the producer is registered. */
void platform_membarrier(void);

/* ---- thread.c: the library's own threads, and the handles that they set ---- */

struct platform_thread;

/* `ring` is a name for failure messages, or NULL. */
int platform_thread_start(struct platform_thread **thread, const char *ring,
                          void (*run)(void *context), void *context);
void platform_thread_join(struct platform_thread *thread);

/* A handle that event loops can wait for: ready once set, until cleared. */
int platform_signal_open(mapring_handle *handle, const char *ring);
void platform_signal_close(mapring_handle handle);
void platform_signal_set(mapring_handle handle);
void platform_signal_clear(mapring_handle handle);
bool platform_signal_wait(mapring_handle handle, int64_t limit_ns); /* true if it is set */

/* ---- local.c: the threads of the program ---- */

/* A lock among the threads of this process. All zero: it is free. */
struct platform_lock {
    union {
        shared_u32 word;
        void *pointer;
    } is;
};
void platform_lock(struct platform_lock *lock);
void platform_unlock(struct platform_lock *lock);

/* Calls `ended` on the calling thread when it ends: the same function for all threads. False if the
 * system cannot do that. */
bool platform_at_thread_end(void (*ended)(void));

/* The system's number for the calling thread, and its name for it: empty if it has none. */
uint64_t platform_thread(void);
void platform_thread_name(char *name, size_t bytes);

/* ---- process.c ---- */

/* The name of the program, without its folder. */
void platform_program(char *name, size_t bytes);

enum operating_system platform_system(void);
uint64_t platform_process(void);         /* the id of this process */
uint64_t platform_process_started(void); /* start time, in the system's own unit */
unsigned platform_cpus(void);            /* in the machine: a peer may use CPUs that this process
                                            may not */
int64_t platform_now_ns(void);           /* monotonic */
int64_t platform_now_roughly_ns(void);   /* the same but cheaper, up to some milliseconds old */
uint64_t platform_wall_clock_ns(void);   /* since 1970 */
void platform_pause_ns(int64_t ns);      /* sleeps all of that time, even if interrupted */

/* From now on, a forked child sets *broken to MAPRING_ERROR_FORKED and closes the object's
 * descriptors, which would otherwise keep the parent's roles alive. Undone by platform_detach(). */
void platform_break_on_fork(struct platform_object *object, int *broken);

/* From now on, calls the functions at a fork: ahead of it, and after it in the parent and in the
 * child. Only one caller can have that. False if the system cannot do that. */
bool platform_at_fork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void));

#endif
