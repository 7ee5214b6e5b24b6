/* SPDX-License-Identifier: MIT */
/* Finding and pruning rings on Linux: other users, groups, second files, links, and a terminal. */
#include "actor.h"

#include <fcntl.h>
#include <grp.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "error.h"

enum { NOBODY = 65534, STRANGER = 12345, SMALL = 65536 };

static const struct mapring_options readable = {.capacity_bytes = SMALL, .mode = 0644};

static const char *directory;

/* Others may use it, as /tmp. */
static void use_shared_directory(void)
{
    directory = use_directory();
    check_number(0, chmod(directory, 01777));
}

static const char *second_file_of(const char *name)
{
    static char path[1200];
    snprintf(path, sizeof path, "%s+", file_of(name));
    return path;
}

static void make_ring(const char *name, const struct mapring_options *options)
{
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, options));
    mapring_close(ring);
}

static void leave_closed(const char *name, const struct mapring_options *options)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, options));
    mapring_producer_close(producer);
}

static void check_told(const char *what)
{
    const char *text = mapring_last_error()->text;
    if (!strstr(text, what))
        check_failed(__FILE__, __LINE__, "'%s' does not mention '%s'", text, what);
}

/* Runs the command as another user. */
static int role_stranger(int argc, char **argv)
{
    (void)argc;
    check_number(0, setgroups(0, NULL));
    check_number(0, setresgid(NOBODY, NOBODY, NOBODY));
    check_number(0, setresuid(NOBODY, NOBODY, NOBODY));
    execv(argv[0], argv);
    return 99;
}

/* ---- Other users ---- */

static void ls_of_all_shows_the_rings_of_other_users(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    char path[128], line[64];
    const char *name = new_ring_name();
    snprintf(path, sizeof path, "/dev/shm/mapring-%d+%s", STRANGER, name);
    make_ring(path, &(struct mapring_options){.capacity_bytes = SMALL});
    check_number(0, chown(path, STRANGER, STRANGER));
    check(strstr(RUN("ls")->output, name) == NULL);
    const struct ran *ran = RUN("ls", name, "--all");
    check_number(0, ran->code);
    snprintf(line, sizeof line, "  id %d  local  64.0 KiB  none yet ", STRANGER);
    check_contains(line, ran->output);
    ran = RUN("ls", name, "--all", "--json");
    snprintf(line, sizeof line, "\"path\": \"%.*s", 40, path);
    check_contains(line, ran->output);
    check_number(0, mapring_remove(path, MAPRING_LOCAL, true));
}

static void what_another_user_may_not_open_is_listed_with_the_reason(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    use_shared_directory();
    leave_closed("secret", &(struct mapring_options){.capacity_bytes = SMALL});
    leave_closed("public", &(struct mapring_options){.capacity_bytes = SMALL, .mode = 0666});
    struct process *stranger = start_role("stranger", getenv("MAPRING_TOOL"), "ls", "--all", NULL);
    char *output = process_read_all(stranger, NULL);
    process_finish(stranger);
    check_contains("public  root   directory  64.0 KiB", output);
    check_contains("secret  root   directory  cannot open ring", output);
    check_contains("of another user (id 0): Permission denied", output);
    free(output);
    struct process *pruner = start_role("stranger", getenv("MAPRING_TOOL"), "prune", "--yes", NULL);
    output = process_read_all(pruner, NULL);
    check_number(1, process_exit_code(pruner));
    check_text("", output); /* of the sticky directory, only root removes root's files */
    free(output);
    check(os_file_size(file_of("public")) > 0);
}

static void a_producer_in_the_directory_refuses_the_ring_of_another_user(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    use_shared_directory();
    mapring_producer *producer;
    make_ring("app", &(struct mapring_options){.capacity_bytes = SMALL, .mode = 0666});
    check_number(0, chown(file_of("app"), STRANGER, STRANGER));
    check_result(MAPRING_ERROR_PERMISSION, mapring_producer_open(&producer, "app", NULL));
    check_told("belongs to another user (id 12345)");
    write_file(file_of("empty"), "", 0);
    check_number(0, chown(file_of("empty"), STRANGER, STRANGER));
    check_result(MAPRING_ERROR_PERMISSION, mapring_producer_open(&producer, "empty", NULL));
}

static void a_link_in_the_directory_is_not_followed(void **state)
{
    (void)state;
    const char *path = new_ring_file(NULL);
    use_shared_directory();
    mapring_ring *ring;
    check_number(0, symlink(path, file_of("app")));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&ring, "app", NULL));
    check_told("is a symbolic link; remove ");
    check_text("", RUN("ls")->output);
}

static bool goes_on(const char *name, void *context)
{
    (void)name;
    (void)context;
    return true;
}

static void a_directory_that_this_user_cannot_write_to_is_told(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    use_shared_directory();
    check_number(0, chmod(directory, 0755));
    mapring_ring *ring;
    check_number(0, seteuid(NOBODY));
    int result = mapring_open(&ring, "app", NULL);
    check_number(0, seteuid(0));
    check_result(MAPRING_ERROR_PERMISSION, result);
    check_told("MAPRING_DIR must name a directory in which this user may create files");
    check_number(0, chmod(directory, 0700));
    check_number(0, seteuid(NOBODY));
    result = mapring_list(MAPRING_LOCAL, goes_on, NULL);
    check_number(0, seteuid(0));
    check_result(MAPRING_ERROR_PERMISSION, result);
}

static void below_a_closed_directory_nothing_can_be_used(void **state)
{
    (void)state;
    char below[1300];
    if (!os_is_root())
        skip();
    use_shared_directory();
    check_number(0, chmod(directory, 0700));
    snprintf(below, sizeof below, "%s/below", directory);
    os_set_environment("MAPRING_DIR", below);
    mapring_ring *ring;
    check_number(0, seteuid(NOBODY));
    int result = mapring_open(&ring, "app", NULL);
    check_number(0, seteuid(0));
    check_result(MAPRING_ERROR_PERMISSION, result);
    check_told("cannot use the directory '");
}

/* Otherwise a user could make a program with more rights use files of his choice. */
static void a_setuid_program_ignores_the_variable(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    size_t bytes;
    const char *copy = new_path("-setuid");
    char *program = read_file(getenv("MAPRING_TOOL"), &bytes);
    write_file(copy, program, bytes);
    free(program);
    use_shared_directory();
    make_ring("app", &readable);
    for (unsigned privileged = 0; privileged < 2; privileged++) {
        check_number(0, chmod(copy, privileged ? 04755 : 0755));
        struct process *stranger = start_role("stranger", copy, "ls", "app*", NULL);
        char *output = process_read_all(stranger, NULL);
        process_wait(stranger);
        check_text(privileged ? "" : "app\n", output);
        free(output);
    }
}

static bool count_odd(const char *name, void *context)
{
    int *count = context;
    *count += strncmp(name, "odd", 3) == 0;
    return true;
}

/* What the library lists: no folder, no file whose name no ring can have and, in the local scope,
 * no file of another user. */
static void only_rings_are_listed(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    static const char *const odd[] = {"odd name", "", "..", "odd+"};
    char path[400], endless[151] = "";
    int count = 0;
    use_shared_directory();
    memset(endless, 'o', sizeof endless - 1);
    endless[1] = endless[2] = 'd';
    for (size_t i = 0; i < COUNT_OF(odd); i++)
        write_file(file_of(odd[i]), "", 0);
    write_file(file_of(endless), "", 0);
    check(os_make_directory(file_of("odd-folder")));
    check_result(MAPRING_OK, mapring_list(MAPRING_LOCAL, count_odd, &count));
    check_number(0, count);
    use_no_directory();
    snprintf(path, sizeof path, "/dev/shm/mapring-0+odd-%s", new_ring_name());
    write_file(path, "", 0);
    check_result(MAPRING_OK, mapring_list(MAPRING_LOCAL, count_odd, &count));
    check(count > 0);
    check_number(0, chown(path, STRANGER, STRANGER));
    count = 0;
    check_result(MAPRING_OK, mapring_list(MAPRING_LOCAL, count_odd, &count));
    check_number(0, unlink(path));
    check_number(0, count);
}

/* ---- Groups ---- */

static gid_t group_of(const char *path)
{
    struct stat status;
    check_number(0, stat(path, &status));
    return status.st_gid;
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    check_number(0, stat(path, &status));
    return status.st_mode & 07777;
}

static void a_ring_belongs_to_its_group(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    use_shared_directory();
    struct mapring_options options = {.capacity_bytes = SMALL, .group = "nogroup"};
    make_ring("app", &options);
    const struct group *nogroup = getgrnam("nogroup");
    check_number(nogroup->gr_gid, group_of(file_of("app")));
    check_number(0660, mode_of(file_of("app")));
    make_ring("app", &options); /* which attaches it */
    options.group = "12345";
    mapring_ring *ring;
    check_result(MAPRING_ERROR_GEOMETRY_DIFFERS, mapring_open(&ring, "app", &options));
    check_told("belongs to another group (id ");
    make_ring("number", &options);
    check_number(STRANGER, group_of(file_of("number")));
    options.mode = 0640;
    make_ring("readable", &options);
    check_number(STRANGER, group_of(file_of("readable")));
    check_number(0640, mode_of(file_of("readable")));
    check_number(STRANGER, group_of(second_file_of("readable")));
    check_number(0600, mode_of(second_file_of("readable")));
    options.mode = 0664; /* the group may write, so it may open the second file */
    make_ring("open", &options);
    check_number(0660, mode_of(second_file_of("open")));
    check_number(STRANGER, group_of(second_file_of("open")));
}

static int role_member(int argc, char **argv)
{
    const gid_t group = STRANGER;
    mapring_consumer *consumer;
    struct mapring_record record;
    struct mapring_consumer_options global = {.scope = MAPRING_GLOBAL};
    check_number(2, argc);
    check_number(0, setgroups(strcmp(argv[1], "member") == 0 ? 1 : 0, &group));
    check_number(0, setresgid(NOBODY, NOBODY, NOBODY));
    check_number(0, setresuid(NOBODY, NOBODY, NOBODY));
    int result = mapring_consumer_open(&consumer, argv[0], &global);
    if (result == MAPRING_OK)
        result = mapring_consumer_next(consumer, &record, 0);
    mapring_consumer_close(consumer);
    role_say("%d", result);
    return 0;
}

static void the_members_of_a_group_use_its_ring_and_nobody_else(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *name = new_ring_name();
    const struct mapring_options options = {
        .capacity_bytes = SMALL, .group = "12345", .scope = MAPRING_GLOBAL};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    struct process *member = start_role("member", name, "member", NULL);
    process_hear(member, "0");
    process_finish(member);
    struct process *stranger = start_role("member", name, "stranger", NULL);
    process_hear(stranger, "-11");
    process_finish(stranger);
    mapring_producer_close(producer);
}

static void a_group_that_cannot_be_given_is_told(void **state)
{
    (void)state;
    use_shared_directory();
    const struct ran *ran = RUN("create", "app", "--group", "no-such-group");
    check_number(1, ran->code);
    check_contains("there is no group 'no-such-group' for ring '", ran->errors);
    ran = RUN("create", "app", "--group", "99999999999999999999");
    check_contains("there is no group '99999999999999999999' for ring '", ran->errors);
    check_number(0, RUN("create", "none", "--group", "")->code);
    const char *name = new_ring_name();
    mapring_ring *ring;
    if (os_is_root()) {
        const struct mapring_options options = {.capacity_bytes = SMALL, .group = "12345"};
        check_number(0, seteuid(NOBODY));
        int result = mapring_open(&ring, "app", &options);
        check_number(0, seteuid(0));
        check_result(MAPRING_ERROR_PERMISSION, result);
        check_told("because this user is not a member of it");
        check_number(-1, os_file_size(file_of("app")));
    }
    use_no_directory();
    ran = RUN("create", name, "--group", "0");
    check_number(1, ran->code);
    check_contains("in the local scope belongs to its user alone", ran->errors);
    check_number(0, ring_stat(name).capacity_bytes);
}

/* ---- Leftovers ---- */

static void a_second_file_without_its_ring_is_pruned(void **state)
{
    (void)state;
    use_shared_directory();
    make_ring("app", &readable);
    check_number(0, unlink(file_of("app")));
    const struct ran *ran = RUN("ls", "--long");
    check_contains("directory  only the second file of a ring that is gone", ran->output);
    check_text("", RUN("ls")->output);
    check_text("would remove app: only its second file is left\n",
               RUN("prune", "--dry-run")->output);
    check(os_file_size(second_file_of("app")) > 0);
    check_text("removed app: only its second file is left\n", RUN("prune", "--yes")->output);
    check_number(-1, os_file_size(second_file_of("app")));
    check_number(-1, os_file_size(file_of("app")));
    use_no_directory();
    const char *name = new_ring_name();
    char path[128];
    make_ring(name, &readable);
    snprintf(path, sizeof path, "/dev/shm/mapring-%u+%s", (unsigned)geteuid(), name);
    check_number(0, unlink(path));
    check_result(MAPRING_OK, mapring_prune(name, MAPRING_LOCAL, 0));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_prune(name, MAPRING_LOCAL, 0));
    snprintf(path + strlen(path), 2, "+"); /* somebody's file is not touched */
    write_file(path, "precious", 8);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_prune(name, MAPRING_LOCAL, 0));
    check_file(path, "precious", 8);
    check_number(0, unlink(path));
}

static void the_second_file_goes_with_its_ring(void **state)
{
    (void)state;
    use_shared_directory();
    leave_closed("app", &readable);
    check(os_file_size(second_file_of("app")) > 0);
    check_result(MAPRING_OK, mapring_prune("app", MAPRING_LOCAL, 0));
    check_number(-1, os_file_size(second_file_of("app")));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_prune("app", MAPRING_LOCAL, 4));
    check_result(MAPRING_ERROR_NAME, mapring_prune("a b", MAPRING_LOCAL, 0));
}

static void a_ring_that_is_being_made_is_no_leftover(void **state)
{
    (void)state;
    use_shared_directory();
    struct ring_name parsed;
    struct platform_object *object;
    check_result(MAPRING_OK, ring_name_parse(&parsed, file_of("app"), MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_create(&object, &parsed, 0600, now_ns() + SECONDS));
    check_result(MAPRING_ERROR_IN_USE, mapring_prune("app", MAPRING_LOCAL, MAPRING_PRUNE_LOOK));
    check_told("is being created or removed");
    platform_discard(object);
    platform_detach(object);
}

/* ---- A terminal ---- */

/* Runs the command in a terminal, answers its question, and returns what it showed. */
static const char *answered(const char *answer)
{
    static char shown[4096];
    shown[0] = '\0';
    size_t used = 0;
    int terminal, status;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    check(child >= 0);
    if (child == 0) {
        execl(getenv("MAPRING_TOOL"), "mapring", "prune", (char *)NULL);
        _exit(99);
    }
    for (ssize_t got; (got = read(terminal, shown + used, sizeof shown - 1 - used)) > 0;) {
        used += (size_t)got;
        shown[used] = '\0';
        if (answer && strstr(shown, "[y/N] ")) {
            check_number(strlen(answer), write(terminal, answer, strlen(answer)));
            answer = NULL;
        }
    }
    close(terminal);
    check_number(child, waitpid(child, &status, 0));
    check_number(0, status);
    return shown;
}

static void who_has_a_terminal_is_asked(void **state)
{
    (void)state;
    use_shared_directory();
    const struct mapring_options small = {.capacity_bytes = SMALL};
    leave_closed("app", &small);
    const char *shown = answered("n\n");
    check_contains("left over: app: its producer has closed; 64.0 KiB, 0 unread records", shown);
    check_contains("Remove this ring? [y/N] ", shown);
    check(os_file_size(file_of("app")) > 0);
    answered("\n");
    check(os_file_size(file_of("app")) > 0);
    leave_closed("other", &small);
    shown = answered("y\n");
    check_contains("Remove these rings? [y/N] ", shown);
    check_contains("removed app: ", shown);
    check_text("", RUN("ls")->output);
    check_text("", answered(NULL));
}

static const struct role roles[] = {{"stranger", role_stranger}, {"member", role_member}};
static const struct CMUnitTest tests[] = {
    TEST(ls_of_all_shows_the_rings_of_other_users),
    TEST(what_another_user_may_not_open_is_listed_with_the_reason),
    TEST(a_producer_in_the_directory_refuses_the_ring_of_another_user),
    TEST(a_link_in_the_directory_is_not_followed),
    TEST(a_directory_that_this_user_cannot_write_to_is_told),
    TEST(below_a_closed_directory_nothing_can_be_used),
    TEST(a_setuid_program_ignores_the_variable),
    TEST(only_rings_are_listed),
    TEST(a_ring_belongs_to_its_group),
    TEST(the_members_of_a_group_use_its_ring_and_nobody_else),
    TEST(a_group_that_cannot_be_given_is_told),
    TEST(a_second_file_without_its_ring_is_pruned),
    TEST(the_second_file_goes_with_its_ring),
    TEST(a_ring_that_is_being_made_is_no_leftover),
    TEST(who_has_a_terminal_is_asked),
};
TEST_MAIN(roles, tests)
