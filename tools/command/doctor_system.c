/* SPDX-License-Identifier: MIT */
/* What mapring doctor checks of the system. */
#include "doctor_system.h"

#include <stdint.h>

#include "look.h"
#include "os_doctor.h"
#include "shared/quantity.h"

#define USUAL_RING_BYTES (UINT64_C(1) << 20) /* the slots of a ring by default */
#define CONTAINER_BYTES  (UINT64_C(64) << 20)

/* ---- Where rings are ---- */

static bool is_the_first(const char *name, void *context)
{
    (void)name;
    (void)context;
    return false;
}

static bool check_directory(struct diagnosis *diagnosis)
{
    static const struct check check = {"directory", "the rings that are there can be listed"};
    diagnosis_check(diagnosis, &check, NULL);
    if (mapring_list(MAPRING_LOCAL, is_the_first, NULL) == MAPRING_OK)
        return true;
    found(diagnosis, LEVEL_ERROR, "%s", mapring_last_error()->text);
    if (os_base())
        advise(diagnosis, "Until then, no ring can be opened by name; a path still works");
    else
        advise(diagnosis, "Let everybody list and create files there, as usual: 'chmod 1777 "
                          "/dev/shm'");
    return false;
}

static void check_room(struct diagnosis *diagnosis, const char *place,
                       const struct os_storage *storage)
{
    bool is_shared_memory = !os_base();
    if (storage->free_bytes < 2 * USUAL_RING_BYTES) {
        found(diagnosis, LEVEL_ERROR,
              "%s is full: it has room for %s in all, and %s are free. A new ring takes 1 MiB and "
              "more, so none can be created",
              place, quantity_bytes(storage->bytes).text, quantity_bytes(storage->free_bytes).text);
    } else if (storage->free_bytes < storage->bytes / 10) {
        found(diagnosis, LEVEL_WARNING,
              "%s is nearly full: %s of %s are free. A larger ring cannot be created", place,
              quantity_bytes(storage->free_bytes).text, quantity_bytes(storage->bytes).text);
    } else if (is_shared_memory && storage->bytes <= CONTAINER_BYTES) {
        found(diagnosis, storage->bytes < CONTAINER_BYTES ? LEVEL_WARNING : LEVEL_NOTE,
              "%s has room for %s only (containers usually get 64 MiB). All rings "
              "together must fit into it",
              place, quantity_bytes(storage->bytes).text);
    } else {
        return;
    }
    if (is_shared_memory)
        advise(diagnosis,
               "Remove rings that nobody uses (mapring prune), or enlarge it: 'mount -o "
               "remount,size=1G %s', or for a container 'docker run --shm-size=1g'",
               place);
    else
        advise(diagnosis, "Remove rings that nobody uses (mapring prune) or other files there");
}

static bool check_storage(struct diagnosis *diagnosis)
{
    static const struct check check = {"storage", "there is room for rings, and permission"};
    const char *place = os_base() ? os_base() : os_shared_memory();
    struct os_storage storage;
    diagnosis_check(diagnosis, &check, NULL);
    if (!place)
        return true;
    if (!os_storage(place, &storage)) {
        found(diagnosis, LEVEL_ERROR, "%s is missing. Rings with a name are kept there", place);
        advise(diagnosis,
               "Mount it: 'mkdir -p %s && mount -t tmpfs -o mode=1777 tmpfs %s', or let "
               "MAPRING_DIR name another directory",
               place, place);
        return false;
    }
    if (!storage.writable) {
        found(diagnosis, LEVEL_ERROR,
              "this user may not create files in %s. No ring can be created there", place);
        advise(diagnosis,
               os_base() ? "Give the permission, or let MAPRING_DIR name another "
                           "directory (see %s)"
                         : "Usually everybody may: 'chmod 1777 %s'",
               place);
    }
    check_room(diagnosis, place, &storage);
    return true;
}

/* ---- What the rings lie on ---- */

void doctor_check_file_system(struct diagnosis *diagnosis, const char *path)
{
    static const struct check check = {"file-system", "ring files lie on a suitable file system"};
    struct os_storage storage;
    diagnosis_check(diagnosis, &check, diagnosis->current_ring);
    if (!os_storage(path, &storage))
        return;
    if (storage.kind == OS_STORAGE_REMOTE)
        found(diagnosis, LEVEL_WARNING,
              "%s lies on a file system of type %s, which a network or a program serves. Processes "
              "on other machines do not see what is written, and a failure of the server crashes "
              "those that use the ring",
              path, storage.type);
    else if (storage.kind == OS_STORAGE_COPIES)
        found(diagnosis, LEVEL_NOTE,
              "%s lies on a copy-on-write file system (%s). Each write-back takes new blocks: it "
              "is slower, and on a full disk it may fail and crash those that use the ring",
              path, storage.type);
    else if (storage.kind == OS_STORAGE_LAYERS)
        found(diagnosis, LEVEL_NOTE,
              "%s lies in the layer of a container (%s). It vanishes with the container, and no "
              "other container sees it",
              path, storage.type);
    else
        return;
    advise(diagnosis, storage.kind == OS_STORAGE_LAYERS
                          ? "Put it into a volume that the containers share"
                          : "Keep the ring in shared memory, or in a file on a local disk");
}

static void check_shared_memory(struct diagnosis *diagnosis)
{
    static const struct check check = {"shared-memory",
                                       "/dev/shm is memory, and the same for all processes"};
    const char *place = os_shared_memory();
    struct os_storage storage;
    diagnosis_check(diagnosis, &check, NULL);
    if (os_base() || !place || !os_storage(place, &storage))
        return;
    if (storage.kind != OS_STORAGE_MEMORY) {
        found(diagnosis, LEVEL_WARNING,
              "%s is not in memory but on a file system of type %s. Rings there are slow, and may "
              "not be shared by all processes",
              place, storage.type);
        advise(diagnosis, "Mount memory there: 'mount -t tmpfs -o mode=1777 tmpfs %s'", place);
    }
    if (os_shared_memory_is_private()) {
        found(diagnosis, LEVEL_NOTE,
              "this process has a %s of its own, as in a container. It sees no rings of "
              "processes outside, and they do not see its rings",
              place);
        advise(diagnosis, "To share rings, start the container with '--ipc=host' (or "
                          "'--ipc=container:NAME'), or let both sides mount one volume and set "
                          "MAPRING_DIR to it");
    }
}

bool doctor_check_places(struct diagnosis *diagnosis)
{
    bool usable = os_base() ? check_directory(diagnosis) && check_storage(diagnosis)
                            : check_storage(diagnosis) && check_directory(diagnosis);
    if (!usable)
        return false;
    check_shared_memory(diagnosis);
    diagnosis->current_ring = NULL;
    if (os_base())
        doctor_check_file_system(diagnosis, os_base());
    return true;
}

/* ---- This process and this user ---- */

static uint64_t largest(const struct rings *rings)
{
    static struct mapring_stat stat;
    uint64_t bytes = USUAL_RING_BYTES;
    for (size_t i = 0; i < rings->count; i++)
        if (look(ring_path(&rings->ring[i]), ring_scope(&rings->ring[i]), &stat) == MAPRING_OK &&
            stat.capacity_bytes > bytes)
            bytes = stat.capacity_bytes;
    return bytes;
}

static void check_file_limit(struct diagnosis *diagnosis, const struct rings *rings)
{
    uint64_t limit = os_file_limit(), needed = largest(rings);
    if (limit > needed)
        return;
    found(diagnosis, LEVEL_WARNING,
          "this process may only write files of up to %s (RLIMIT_FSIZE). A ring of %s cannot be "
          "created",
          quantity_bytes(limit).text, quantity_bytes(needed).text);
    advise(diagnosis, "Raise the limit: 'ulimit -f unlimited', or LimitFSIZE=infinity in a systemd "
                      "unit");
}

static void check_logout(struct diagnosis *diagnosis, const struct rings *rings)
{
    bool any = false;
    for (size_t i = 0; i < rings->count; i++)
        any = any ||
              (rings->ring[i].place <= OS_GLOBAL && !rings->ring[i].path && !rings->ring[i].named);
    if (os_base() || !os_removes_rings_at_logout())
        return;
    found(diagnosis, any ? LEVEL_WARNING : LEVEL_NOTE,
          "logind removes this user's rings from /dev/shm when the user's last session ends "
          "(RemoveIPC=yes). Services of the user that go on lose them");
    advise(diagnosis, "Set RemoveIPC=no in /etc/systemd/logind.conf and run 'systemctl restart "
                      "systemd-logind', run the service as a system user, or set MAPRING_DIR");
}

static void check_session(struct diagnosis *diagnosis, const struct rings *rings)
{
    (void)rings;
    if (!os_is_service_session())
        return;
    found(diagnosis, LEVEL_NOTE,
          "this process runs in session 0, that of services. It does not see the local rings of "
          "users who have logged in, nor do they see its own");
    advise(diagnosis, "Share rings in the global scope (--scope global), or in files");
}

static void check_global(struct diagnosis *diagnosis, const struct rings *rings)
{
    (void)rings;
    if (os_may_create_global())
        return;
    found(diagnosis, LEVEL_NOTE,
          "this user lacks SeCreateGlobalPrivilege and cannot create rings in the global scope");
    advise(diagnosis, "Let a service or an administrator create them ('mapring create NAME --scope "
                      "global --mode 666'), grant 'Create global objects' in secpol.msc, or use "
                      "a file");
}

static void check_membarrier(struct diagnosis *diagnosis, const struct rings *rings)
{
    (void)rings;
    if (os_has_membarrier())
        return;
    found(diagnosis, LEVEL_NOTE,
          "the system has no membarrier(), or forbids it. About one wake-up in a million is late "
          "by a millisecond");
    advise(diagnosis, "Allow the system call in the container's seccomp profile; it needs Linux "
                      "4.16");
}

static void check_huge_pages(struct diagnosis *diagnosis, const struct rings *rings)
{
    (void)rings;
    if (os_has_huge_pages())
        return;
    found(diagnosis, LEVEL_NOTE,
          "the system has no huge pages for shared memory, so that --huge has no effect");
    advise(diagnosis, "Use Linux 6.1 or later, or run 'echo advise > "
                      "/sys/kernel/mm/transparent_hugepage/shmem_enabled'");
}

void doctor_check_system(struct diagnosis *diagnosis, const struct rings *rings)
{
    static const struct {
        struct check check;
        void (*run)(struct diagnosis *diagnosis, const struct rings *rings);
    } checks[] = {
        {{"file-limit", "this process may write files as large as the rings"}, check_file_limit},
        {{"logout", "rings stay when the user logs out"}, check_logout},
        {{"session", "this process sees the rings of the users"}, check_session},
        {{"global-scope", "this user may create rings in the global scope"}, check_global},
        {{"membarrier", "wake-ups are never late"}, check_membarrier},
        {{"huge-pages", "--huge has an effect"}, check_huge_pages},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        diagnosis_check(diagnosis, &checks[i].check, NULL);
        checks[i].run(diagnosis, rings);
    }
}
