/* SPDX-License-Identifier: MIT */
/* What mapring doctor checks of the places of rings: /dev/shm, the directory of MAPRING_DIR, and
 * file systems. */
#include "doctor_places.h"

#include <stdint.h>

#include "mapring/mapring.h"
#include "os_doctor.h"
#include "os_rings.h"
#include "shared/os.h"
#include "shared/quantity.h"

#define LEAST_FREE_BYTES (UINT64_C(2) << 20) /* a ring of the usual size, and a bit more */
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
    if (storage->free_bytes < LEAST_FREE_BYTES) {
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
    unsigned more = (unsigned)(storage->bytes >> 30) * 2 + 1; /* GiB */
    if (is_shared_memory)
        advise(diagnosis,
               "Remove rings that nobody uses (mapring prune), or enlarge it: 'mount -o "
               "remount,size=%uG %s', or for a container 'docker run --shm-size=%ug'",
               more, place, more);
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
    if (os_makes_check("shared-memory"))
        check_shared_memory(diagnosis);
    diagnosis->current_ring = NULL;
    if (os_base())
        doctor_check_file_system(diagnosis, os_base());
    return true;
}
