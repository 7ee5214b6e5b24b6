/* SPDX-License-Identifier: MIT */
/* What mapring doctor checks of the system, this process and this user. */
#include "doctor_system.h"

#include <stdint.h>

#include "look.h"
#include "os_doctor.h"
#include "shared/os.h"
#include "shared/quantity.h"

#define USUAL_RING_BYTES (UINT64_C(1) << 20) /* the slots of a ring by default */

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
        if (!os_makes_check(checks[i].check.name))
            continue;
        diagnosis_check(diagnosis, &checks[i].check, NULL);
        checks[i].run(diagnosis, rings);
    }
}
