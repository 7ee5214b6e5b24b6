/* SPDX-License-Identifier: MIT */
/* What the system lets this user do, and does to the user's rings. */
#include "command/os_doctor.h"

#include <dirent.h>
#include <linux/membarrier.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINE_BYTES = 1024, PATH_BYTES = 512, LAST_SYSTEM_USER = 999, COLLAPSE = 25 };

bool os_makes_check(const char *check)
{
    return strcmp(check, "session") != 0 && strcmp(check, "global-scope") != 0;
}

/* ---- logind ---- */

static void read_setting(const char *path, bool *removes)
{
    char line[LINE_BYTES], value[16];
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, " RemoveIPC = %15s", value) == 1)
            *removes = strcasecmp(value, "no") != 0 && strcasecmp(value, "false") != 0 &&
                       strcasecmp(value, "off") != 0 && strcmp(value, "0") != 0;
    fclose(file);
}

static int is_setting(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end && strcmp(end, ".conf") == 0;
}

static void read_settings(const char *folder, bool *removes)
{
    char path[PATH_BYTES];
    struct dirent **entries;
    int count = scandir(folder, &entries, is_setting, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        read_setting(path, removes);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* Those who linger always have a session, in a way. */
static bool lingers(void)
{
    char path[PATH_BYTES];
    const struct passwd *user = getpwuid(geteuid());
    snprintf(path, sizeof path, "/var/lib/systemd/linger/%s", user ? user->pw_name : "");
    return user && access(path, F_OK) == 0;
}

bool os_removes_rings_at_logout(void)
{
    bool removes = true; /* what systemd does if nobody says anything */
    if (geteuid() <= LAST_SYSTEM_USER || access("/run/systemd/seats", F_OK) != 0 || lingers())
        return false;
    read_setting("/usr/lib/systemd/logind.conf", &removes);
    read_setting("/etc/systemd/logind.conf", &removes);
    read_settings("/usr/lib/systemd/logind.conf.d", &removes);
    read_settings("/run/systemd/logind.conf.d", &removes);
    read_settings("/etc/systemd/logind.conf.d", &removes);
    return removes;
}

/* ---- Others ---- */

/* The owner is a name or "id NUMBER". */
bool os_trusts(const char *owner)
{
    const struct passwd *user = getpwuid(geteuid());
    char id[32];
    snprintf(id, sizeof id, "id %u", (unsigned)geteuid());
    return *owner == '\0' || strcmp(owner, "root") == 0 || strcmp(owner, id) == 0 ||
           (user && strcmp(owner, user->pw_name) == 0);
}

bool os_is_service_session(void)
{
    return false;
}

bool os_may_create_global(void)
{
    return true;
}

bool os_has_membarrier(void)
{
    long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    return commands >= 0 && (commands & MEMBARRIER_CMD_GLOBAL_EXPEDITED) != 0;
}

/* From Linux 6.1 on they are made on request, unless the administrator denies them. */
bool os_has_huge_pages(void)
{
    char line[LINE_BYTES] = "";
    FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/shmem_enabled", "re");
    if (!file)
        return false;
    bool known = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    if (!known || strstr(line, "[deny]") != NULL)
        return false;
    return strstr(line, "[never]") == NULL || madvise(NULL, 0, COLLAPSE) == 0;
}
