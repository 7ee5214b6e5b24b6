/* SPDX-License-Identifier: MIT */
/* mapring doctor, about what only Linux has: /dev/shm, limits, logind and other users. Each test
 * that mounts something does so in a mount namespace of its own. */
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

enum { STRANGER = 12345 };

/* Text without line breaks, which depend on the length of names and numbers. */
static char *unwrapped(char *text)
{
    for (char *at = text; *at; at++)
        if (*at == '\n')
            *at = ' ';
    return text;
}

/* Runs a script of the shell, in which $M is the command, and returns what it prints, in one line;
 * free() it. */
static char *shell(const char *script)
{
    char text[2000];
    snprintf(text, sizeof text, "M='%s'; %s", getenv("MAPRING_TOOL"), script);
    struct process *process = start_program(NULL, "/bin/sh", ARGUMENTS("-c", text));
    char *output = process_read_all(process, NULL);
    process_finish(process);
    return unwrapped(output);
}

/* The same with mounts that nobody else sees. */
static char *shell_apart(const char *script)
{
    char text[1500];
    snprintf(text, sizeof text, "exec unshare -m sh -c '%s' mapring \"$M\"", script);
    return shell(text);
}

/* Skips the test where this user may not mount. */
static void need_mounts(void)
{
    char *output = shell("unshare -m mount -t tmpfs tmpfs /dev/shm 2>/dev/null && echo yes; true");
    bool may_mount = strstr(output, "yes") != NULL;
    free(output);
    os_set_environment("MAPRING_DIR", "");
    if (!may_mount) {
        print_message("skipped: mounting needs root and unshare\n");
        skip();
    }
}

static void check_output(char *output, const char *part)
{
    check_contains(part, output);
    free(output);
}

static void shared_memory_that_is_full_is_told(void **state)
{
    (void)state;
    need_mounts();
    check_output(shell_apart("mount -t tmpfs -o size=3m tmpfs /dev/shm; "
                             "head -c 2500000 /dev/zero > /dev/shm/x; $1 doctor; echo status $?"),
                 "error: /dev/shm is full: it has room for 3.0 MiB in all");
}

static void shared_memory_that_is_small_or_private_is_told(void **state)
{
    (void)state;
    need_mounts();
    char *output = shell_apart("mount -t tmpfs -o size=32m shm /dev/shm; $1 doctor; "
                               "echo status $?");
    check_contains("warning: /dev/shm has room for 32.0 MiB only", output);
    check_contains("note: this process has a /dev/shm of its own", output);
    check_output(output, "status 1");
    check_output(shell_apart("mount -t tmpfs -o size=1g shm /dev/shm; $1 doctor; echo status $?"),
                 "status 0");
}

static void shared_memory_that_is_nearly_full_is_told(void **state)
{
    (void)state;
    need_mounts();
    check_output(shell_apart("mount -t tmpfs -o size=100m tmpfs /dev/shm; "
                             "head -c 96000000 /dev/zero > /dev/shm/x; $1 doctor; echo $?"),
                 "warning: /dev/shm is nearly full: ");
}

static void shared_memory_that_is_missing_is_told(void **state)
{
    (void)state;
    need_mounts();
    check_output(shell_apart("mount -t tmpfs tmpfs /dev; $1 doctor; echo status $?"),
                 "error: /dev/shm is missing.");
}

static void a_user_without_permission_is_told(void **state)
{
    (void)state;
    need_mounts();
    char *output = shell_apart("mount -t tmpfs -o mode=0755 tmpfs /dev/shm; "
                               "setpriv --reuid 65534 --clear-groups $1 doctor; echo status $?");
    if (strstr(output, "status 127") || strstr(output, "status 126")) {
        free(output);
        print_message("skipped: no setpriv, or another user cannot reach the command\n");
        skip();
    }
    check_output(output, "error: this user may not create files in /dev/shm.");
}

static void rings_that_logind_removes_are_told(void **state)
{
    (void)state;
    need_mounts();
    static const char prepare[] =
        "mount -t tmpfs tmpfs /run; mkdir -p /run/systemd/seats /run/systemd/logind.conf.d; "
        "mount -t tmpfs -o mode=1777 tmpfs /dev/shm; ";
    static const char run[] = "U=\"setpriv --reuid 12345 --clear-groups\"; $U $1 create app; "
                              "$U $1 doctor; echo status $?";
    char script[1000];
    snprintf(script, sizeof script, "%s%s", prepare, run);
    char *output = shell_apart(script);
    if (strstr(output, "status 127") || strstr(output, "status 126")) {
        free(output);
        print_message("skipped: no setpriv, or another user cannot reach the command\n");
        skip();
    }
    check_output(output, "warning: logind removes this user's rings");
    snprintf(script, sizeof script,
             "%secho RemoveIPC=no > /run/systemd/logind.conf.d/50-rings.conf; %s", prepare, run);
    check_output(shell_apart(script), "status 0");
}

static void a_limit_on_files_is_told(void **state)
{
    (void)state;
    os_set_environment("MAPRING_DIR", "");
    char *output = shell("ulimit -f 100; $M doctor 'no-ring-has-this-name*'; echo status $?");
    check_contains("(RLIMIT_FSIZE). A ring of 1.0 MiB cannot be created", output);
    check_output(output, "status 1");
}

static void a_stopped_consumer_is_told_before_it_blocks(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *reader = START(NULL, "recv", name, "--wait");
    await_consumers(name, 1);
    process_pause(reader);
    check_number(0, RUN("send", name, new_file("one\n", 4))->code);
    const struct ran *ran = RUN("doctor", name);
    check_number(1, ran->code);
    check_contains("is stopped by a signal or a debugger", unwrapped(ran->output));
    process_kill(reader);
}

static void a_ring_of_another_user_is_told(void **state)
{
    (void)state;
    char path[1200];
    const char *folder = new_path("-rings");
    if (!os_is_root())
        skip();
    check(os_make_directory(folder));
    os_set_environment("MAPRING_DIR", folder);
    check_number(0, RUN("create", "app", "--mode", "666")->code);
    snprintf(path, sizeof path, "%s/app.ring", folder);
    check_number(0, chown(path, STRANGER, STRANGER));
    const struct ran *ran = RUN("doctor");
    check_number(1, ran->code);
    const char *text = unwrapped(ran->output);
    check_contains("warning: ring 'app' belongs to another user, id 12345", text);
    check_contains("--trust-owner", text);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(shared_memory_that_is_full_is_told),
    TEST(shared_memory_that_is_small_or_private_is_told),
    TEST(shared_memory_that_is_nearly_full_is_told),
    TEST(shared_memory_that_is_missing_is_told),
    TEST(a_user_without_permission_is_told),
    TEST(rings_that_logind_removes_are_told),
    TEST(a_limit_on_files_is_told),
    TEST(a_stopped_consumer_is_told_before_it_blocks),
    TEST(a_ring_of_another_user_is_told),
};
TEST_MAIN(roles, tests)
