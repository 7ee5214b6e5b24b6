/* SPDX-License-Identifier: MIT */
/* Rings between users: a user who may only read has no effect, and it matters who owns a ring. */
#include "actor.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli.h"
#include "mapring/merge.h"
#include "platform.h"

enum { NOBODY = 65534, SMALL = 65536, STRANGER = 12345, CLOSED = S_ISVTX | 0600 };

static const struct mapring_options attach = {.how = MAPRING_ATTACH};
static const struct mapring_options readable = {.capacity_bytes = SMALL, .mode = 0644};
static const struct mapring_options readable_anew = {
    .how = MAPRING_CREATE, .capacity_bytes = SMALL, .mode = 0644};

static const char *shared_file(const char *name, enum mapring_scope scope)
{
    static char path[256];
    if (scope == MAPRING_GLOBAL)
        snprintf(path, sizeof path, "/dev/shm/mapring+%s", name);
    else
        snprintf(path, sizeof path, "/dev/shm/mapring-%u+%s", (unsigned)geteuid(), name);
    return path;
}

static const char *companion_of(const char *path)
{
    static char companion[1200];
    snprintf(companion, sizeof companion, "%s+", path);
    return companion;
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_mode & 07777 : 0;
}

static void check_told(const char *what)
{
    const char *text = mapring_last_error()->text;
    if (!strstr(text, what))
        check_failed(__FILE__, __LINE__, "'%s' does not mention '%s'", text, what);
}

static void make_ring(const char *name, const struct mapring_options *options)
{
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, options));
    mapring_close(ring);
}

static void copy_file(const char *from, const char *to)
{
    size_t bytes;
    char *data = read_file(from, &bytes);
    write_file(to, data, bytes);
    free(data);
}

/* ---- Reading several rings ---- */

/* As another user, who may only read. */
static int role_merger(int argc, char **argv)
{
    const struct mapring_merge_options global = {.scope = MAPRING_GLOBAL};
    struct mapring_record record;
    struct mapring_origin origin;
    mapring_merge *merge;
    check_number(3, argc);
    check(os_drop_privileges());
    check_result(MAPRING_OK, mapring_merge_open(&merge, &global));
    check_result(MAPRING_ERROR_PERMISSION, mapring_merge_add(merge, argv[0]));
    check_result(MAPRING_ERROR_PERMISSION, mapring_merge_add(merge, argv[2]));
    check_result(MAPRING_OK, mapring_merge_add(merge, argv[1]));
    check_result(MAPRING_OK, mapring_merge_next(merge, &record, &origin, 0));
    check_text(argv[1], origin.ring);
    mapring_merge_close(merge);
    return 0;
}

/* Only a ring that overwrites is observed without being asked for. */
static void a_merge_of_who_may_only_read_observes_what_overwrites(void **state)
{
    (void)state;
    struct mapring_options options = {
        .capacity_bytes = SMALL, .mode = 0644, .scope = MAPRING_GLOBAL};
    const char *blocks = new_ring_name(), *overwrites = new_ring_name();
    const char *secret = new_ring_name();
    mapring_ring *ring, *closed;
    mapring_producer *producer;
    if (!os_is_root())
        skip();
    check_result(MAPRING_OK, mapring_open(&ring, blocks, &options));
    options.mode = 0600;
    check_result(MAPRING_OK, mapring_open(&closed, secret, &options));
    options.mode = 0644;
    options.when_full = MAPRING_OVERWRITE;
    check_result(MAPRING_OK, mapring_producer_open(&producer, overwrites, &options));
    check_result(MAPRING_OK, mapring_producer_send(producer, "one", 3, 0));
    process_finish(start_role("merger", blocks, overwrites, secret, NULL));
    mapring_producer_close(producer);
    mapring_close(ring);
    mapring_close(closed);
    check_result(MAPRING_OK, mapring_remove(secret, MAPRING_GLOBAL, true));
    check_result(MAPRING_OK, mapring_remove(blocks, MAPRING_GLOBAL, true));
    check_result(MAPRING_OK, mapring_remove(overwrites, MAPRING_GLOBAL, true));
}

/* ---- A hostile reader ---- */

static void become_nobody(gid_t group)
{
    check_number(0, setgroups(1, &group));
    check_number(0, setresgid(NOBODY, NOBODY, NOBODY));
    check_number(0, setresuid(NOBODY, NOBODY, NOBODY));
}

/* Locks everything from the first byte to beyond the last role. */
static void lock_all(int file)
{
    struct flock all = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    check_number(0, fcntl(file, F_OFD_SETLK, &all));
}

static void lock_all_by_process(int file)
{
    struct flock all = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    check_number(0, fcntl(file, F_SETLK, &all));
}

/* Moves all sleepers of each word to the last word, and wakes the rest; returns how many there
 * were. */
static long disturb(const uint32_t *words, size_t count)
{
    const uint32_t *last = words + count - 1;
    long disturbed = 0;
    for (const uint32_t *word = words; word < last; word++) {
        disturbed += syscall(SYS_futex, word, FUTEX_CMP_REQUEUE, 0, INT_MAX, last, *word);
        disturbed += syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX);
    }
    return disturbed;
}

/* FILE GROUP: locks everything that it can in the ring's file; on "disturb", moves and wakes
 * everybody that it can. */
static int role_hostile(int argc, char **argv)
{
    check_number(2, argc);
    become_nobody((gid_t)atoi(argv[1]));
    int file = open(argv[0], O_RDONLY), other = open(argv[0], O_RDONLY);
    check(file >= 0 && other >= 0);
    check_number(-1, open(argv[0], O_RDWR));
    check_number(-1, open(companion_of(argv[0]), O_RDONLY));
    check_number(EACCES, errno);
    lock_all(file);
    lock_all_by_process(other);
    size_t bytes = (size_t)ring_file_bytes(SMALL, 0);
    const uint32_t *words = mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, 0);
    check(words != MAP_FAILED);
    role_say("ready");
    for (;;) {
        const char *line = role_line();
        if (strcmp(line, "end") == 0)
            return 0;
        role_say("disturbed %ld", disturb(words, bytes / sizeof *words));
    }
}

/* The hostile process finds no sleeper to disturb, and the producer wakes the reader. */
static void check_wakes_promptly(struct process *hostile, struct process *writer,
                                 struct process *reader, const char *name)
{
    for (unsigned i = 0; i < 10; i++) {
        tell(reader, "read 1 forever");
        await_sleeping_consumer(name, 0);
        process_say(hostile, "disturb");
        process_hear(hostile, "disturbed 0");
        expect(writer, MAPRING_OK, "send 1 10");
        check_result(MAPRING_OK, answer(reader).result);
    }
}

static void check_harmless(const char *name, const char *path, mode_t mode, const char *group)
{
    const struct mapring_options options = {.capacity_bytes = SMALL, .mode = mode};
    make_ring(name, &options);
    check_number(mode, mode_of(path));
    check_number(0600, mode_of(companion_of(path)));
    struct process *hostile = start_role("hostile", path, group, NULL);
    process_hear(hostile, "ready");

    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest keeper durable", name);
    check_wakes_promptly(hostile, writer, reader, name);
    tell(reader, "next forever");
    await_sleeping_consumer(name, 0);
    process_kill(writer);
    check_result(MAPRING_PRODUCER_DIED, answer(reader).result);

    writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 5 10");
    expect_records(reader, 10, 3);
    expect(reader, MAPRING_OK, "close");
    check_number(1, stat_of(name).consumers);
    expect(reader, MAPRING_OK, "consumer %s oldest keeper durable", name);
    expect_records(reader, 13, 2);
    check_result(MAPRING_ERROR_IN_USE, mapring_remove(name, MAPRING_LOCAL, false));
    expect(reader, MAPRING_OK, "close");
    check_result(MAPRING_ERROR_IN_USE, mapring_remove(name, MAPRING_LOCAL, false));
    expect(writer, MAPRING_OK, "close");

    mapring_ring *ring;
    const struct mapring_options anew = {.how = MAPRING_CREATE, .mode = mode};
    check_result(MAPRING_ERROR_EXISTS, mapring_open(&ring, name, &anew));
    check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, false));
    check_number(-1, os_file_size(path));
    check_number(-1, os_file_size(companion_of(path)));
    make_ring(name, &anew);
    process_say(hostile, "end");
    process_finish(hostile);
    check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, false));
}

static void who_may_only_read_harms_no_named_ring(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *name = new_ring_name();
    check_harmless(name, shared_file(name, MAPRING_LOCAL), 0644, "65534");
}

static void who_may_only_read_harms_no_ring_in_a_file(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *path = new_path(".ring");
    check_harmless(path, path, 0644, "65534");
}

static void a_member_of_the_group_that_may_only_read_harms_nobody(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *path = new_path(".ring");
    check_harmless(path, path, 0640, "0");
}

/* Opens the file and locks the creator's byte as soon as it can, again and again. */
static int role_lurker(int argc, char **argv)
{
    struct flock byte = {
        .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = ROLE_OFFSET + ROLE_CREATOR, .l_len = 1};
    check_number(1, argc);
    become_nobody(NOBODY);
    role_say("ready");
    while (argc > 0) {
        int file = open(argv[0], O_RDONLY);
        if (file >= 0)
            fcntl(file, F_OFD_SETLK, &byte);
        os_yield();
        if (file >= 0)
            close(file);
    }
    return 1;
}

static void a_reader_who_lies_in_wait_prevents_no_creation(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *name = new_ring_name(), *path = shared_file(name, MAPRING_LOCAL);
    struct process *lurker = start_role("lurker", path, NULL);
    process_hear(lurker, "ready");
    for (unsigned i = 0; i < 200; i++) {
        mapring_producer *producer;
        check_result(MAPRING_OK, mapring_producer_open(&producer, name, &readable_anew));
        mapring_producer_close(producer);
        check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, false));
    }
    process_kill(lurker);
}

/* ---- What a user who may only read sees ---- */

static int role_onlooker(int argc, char **argv)
{
    mapring_ring *ring;
    mapring_consumer *consumer;
    mapring_producer *producer;
    struct mapring_stat stat;
    check_number(1, argc);
    check(os_drop_privileges());
    check_result(MAPRING_OK, mapring_open(&ring, argv[0], &attach));
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    check(stat.consumers_hidden && stat.consumers == 0);
    check_number(MAPRING_PRODUCER_IS_OPEN, stat.producer_state);
    check_result(MAPRING_ERROR_PERMISSION, mapring_consumer_open(&consumer, argv[0], NULL));
    check_result(MAPRING_ERROR_PERMISSION, mapring_producer_open(&producer, argv[0], NULL));
    role_say("seen");
    role_hear("it died");
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    check_number(MAPRING_PRODUCER_HAS_DIED, stat.producer_state);
    mapring_close(ring);
    return 0;
}

static void who_may_only_read_sees_the_producer_and_no_consumers(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *path = new_path(".ring");
    make_ring(path, &readable);
    struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
    check_number(1, stat_of(path).consumers);
    check(!stat_of(path).consumers_hidden);
    struct process *onlooker = start_role("onlooker", path, NULL);
    process_hear(onlooker, "seen");
    process_kill(writer);
    process_say(onlooker, "it died");
    process_finish(onlooker);
    expect(reader, MAPRING_OK, "close");
}

static void a_ring_that_all_who_read_may_write_has_no_second_file(void **state)
{
    (void)state;
    static const mode_t modes[] = {0600, 0660, 0666, 0200, 0620};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        const char *path = new_path(".ring");
        const struct mapring_options options = {.capacity_bytes = SMALL, .mode = modes[i]};
        make_ring(path, &options);
        check_number(modes[i], mode_of(path));
        check_number(-1, os_file_size(companion_of(path)));
        struct ring_header *header = header_read(path);
        check_number(0, header->identity.features_read_only);
        free(header);
    }
}

static void the_second_file_is_for_those_who_may_write(void **state)
{
    (void)state;
    static const struct {
        mode_t mode, companion;
    } cases[] = {{0644, 0600}, {0640, 0600}, {0664, 0660}, {0604, 0600}, {0646, 0606}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *path = new_path(".ring");
        const struct mapring_options options = {.capacity_bytes = SMALL, .mode = cases[i].mode};
        make_ring(path, &options);
        check_number(cases[i].mode, mode_of(path));
        check_number(cases[i].companion, mode_of(companion_of(path)));
    }
}

/* ---- A companion that is missing or wrong ---- */

static void check_observed_only(const char *path, int result, const char *told)
{
    mapring_consumer *consumer;
    mapring_producer *producer;
    mapring_observer *observer;
    check_result(result, mapring_consumer_open(&consumer, path, NULL));
    check_told(told);
    check_told("can only be observed");
    check_result(result, mapring_producer_open(&producer, path, NULL));
    check_result(MAPRING_OK, mapring_observer_open(&observer, path, NULL));
    mapring_observer_close(observer);
    check(stat_of(path).consumers_hidden);
}

static void a_copy_without_its_second_file_can_be_observed(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *copy = new_path(".ring");
    make_ring(path, &readable);
    copy_file(path, copy);
    check_observed_only(copy, MAPRING_ERROR_DAMAGED, companion_of(copy));
    const struct ran *ran = RUN("stat", copy);
    check_number(0, ran->code);
    check_contains("consumers       shown only to users who may write\n", ran->output);
    ran = RUN("stat", copy, "--json");
    check_contains("\"consumers\": null,\n", ran->output);
    check_json(ran->output, ran->bytes);
    ran = RUN("consumers", copy);
    check_number(1, ran->code);
    check_contains("are shown only to users who may write", ran->errors);
    check_number(0, RUN("dump", copy)->code);
    check_number(0, RUN("rm", copy)->code);
}

static void the_second_file_of_another_ring_is_not_used(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *other = new_path(".ring");
    make_ring(path, &readable);
    make_ring(other, &readable);
    copy_file(other, path);
    check_observed_only(path, MAPRING_ERROR_DAMAGED, "belongs to another ring");
}

static void a_link_is_no_second_file(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *moved = new_path(".moved");
    make_ring(path, &readable);
    check_number(0, rename(companion_of(path), moved));
    check_number(0, symlink(moved, companion_of(path)));
    check_observed_only(path, MAPRING_ERROR_WRONG_KIND, companion_of(path));
}

static void a_ring_of_readers_is_used_through_a_link(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *link = new_path(".link");
    make_ring(path, &readable);
    check_number(0, symlink(path, link));
    struct process *writer = start_producer(link), *reader = start_consumer(path, "oldest");
    expect(writer, MAPRING_OK, "send 3 10");
    expect_records(reader, 0, 3);
    expect(writer, MAPRING_OK, "close");
    expect(reader, MAPRING_OK, "close");
    check_result(MAPRING_OK, mapring_remove(link, MAPRING_LOCAL, false));
    check(os_file_size(path) > 0 && os_file_size(companion_of(path)) > 0);
    check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, false));
    check_number(-1, os_file_size(companion_of(path)));
}

/* Whoever opens a ring while it is being removed does not get half of it. */
static void a_ring_that_has_just_gone_is_not_there(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct ring_name name;
    struct platform_object *object;
    make_ring(path, &readable);
    check_result(MAPRING_OK, ring_name_parse(&name, path, MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_attach(&object, &name, true));
    char real[PATH_MAX];
    check(realpath(path, real) != NULL);
    check_number(0, unlink(companion_of(path)));
    check_number(0, rename(path, new_path(".away")));
    write_file(path, "", 0);
    check_result(MAPRING_ERROR_NOT_THERE, platform_companion_attach(object, 0, true));
    check(!platform_has_companion(object));
    platform_detach(object);
}

/* ---- Creation ---- */

static void what_is_in_the_second_files_place_is_not_harmed(void **state)
{
    (void)state;
    mapring_ring *ring;
    const char *path = new_path(".ring");
    write_file(companion_of(path), "precious", 8);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&ring, path, &readable));
    check_told(companion_of(path));
    check_number(-1, os_file_size(path));
    check_file(companion_of(path), "precious", 8);
    if (os_is_root()) {
        check_number(0, chown(companion_of(path), STRANGER, STRANGER));
        check_result(MAPRING_ERROR_PERMISSION, mapring_open(&ring, path, &readable));
        check_told("12345");
    }
    check_number(0, unlink(companion_of(path)));
    check(os_make_directory(companion_of(path)));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&ring, path, &readable));
}

static void check_made_anew(const char *path)
{
    struct process *writer = start_actor();
    make_ring(path, &readable);
    expect(writer, MAPRING_OK, "producer %s", path);
    expect(writer, MAPRING_OK, "send 1 10");
    check_number(0644, mode_of(path));
    check_number(0600, mode_of(companion_of(path)));
    expect(writer, MAPRING_OK, "close");
}

static void what_a_dead_creator_has_left_of_either_file_is_made_anew(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    make_ring(path, &readable);
    check_number(0, unlink(path));
    check_made_anew(path); /* over a complete companion */
    check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, false));
    write_file(companion_of(path), "", 0);
    check_number(0, chmod(companion_of(path), CLOSED));
    check_made_anew(path); /* over an empty companion */
    check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, false));
    make_ring(path, &readable);
    check_number(0, chmod(path, CLOSED));
    mapring_ring *ring;
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, path, &attach));
    check_told("half-made");
    check_made_anew(path); /* over a file that was about to be opened to others */
    check_number(1, stat_of(path).records);
}

static void an_empty_file_keeps_its_mode_unless_told_otherwise(void **state)
{
    (void)state;
    const struct mapring_options plain = {.capacity_bytes = SMALL};
    const char *path = new_path(".ring"), *other = new_path(".ring");
    write_file(path, "", 0);
    check_number(0, chmod(path, 0640));
    make_ring(path, &plain);
    check_number(0640, mode_of(path));
    check_number(0600, mode_of(companion_of(path)));
    write_file(other, "", 0);
    check_number(0, chmod(other, 0644));
    const struct mapring_options closed = {.capacity_bytes = SMALL, .mode = 0600};
    make_ring(other, &closed);
    check_number(0600, mode_of(other));
    check_number(-1, os_file_size(companion_of(other)));
}

static int role_early(int argc, char **argv)
{
    mapring_consumer *consumer;
    mapring_ring *ring;
    check_number(1, argc);
    check(os_drop_privileges());
    check_result(MAPRING_ERROR_BEING_CREATED, mapring_consumer_open(&consumer, argv[0], NULL));
    check_told("another user (id 0)");
    check_result(MAPRING_ERROR_BEING_CREATED, mapring_open(&ring, argv[0], NULL));
    return 0;
}

static void another_users_ring_that_is_being_made_is_not_refused_for_good(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *path = new_path(".ring");
    write_file(path, "", 0);
    check_number(0, chmod(path, CLOSED));
    process_finish(start_role("early", path, NULL));
}

/* ---- The owner of a ring ---- */

static void check_owner_matters(const char *name, const char *path, enum mapring_scope scope)
{
    const struct mapring_options options = {.scope = scope, .mode = 0666};
    const struct mapring_options trusting = {.scope = scope, .trust_owner = true};
    const struct mapring_consumer_options reading = {.scope = scope};
    mapring_producer *producer;
    mapring_consumer *consumer;
    make_ring(name, &options);
    check_number(0, chown(path, STRANGER, STRANGER));
    check_result(MAPRING_ERROR_PERMISSION, mapring_producer_open(&producer, name, &options));
    check_told("another user (id 12345)");
    check_told("--trust-owner");
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &reading));
    mapring_consumer_close(consumer);
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &trusting));
    mapring_producer_close(producer);
}

static void a_producer_refuses_the_ring_of_another_user(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *name = new_ring_name(), *path = new_path(".ring");
    check_owner_matters(name, shared_file(name, MAPRING_GLOBAL), MAPRING_GLOBAL);
    check_owner_matters(path, path, MAPRING_LOCAL);
    const char *record = new_file("x\n", 2);
    const struct ran *ran = RUN("send", name, "--scope", "global", record);
    check_number(1, ran->code);
    check_contains("--trust-owner", ran->errors);
    check_number(0, RUN("send", name, "--scope", "global", "--trust-owner", record)->code);
}

static void everybody_trusts_root(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const struct mapring_options open_to_all = {.capacity_bytes = SMALL, .mode = 0666};
    const char *path = new_path(".ring");
    make_ring(path, &open_to_all);
    struct process *actor = start_actor();
    expect(actor, MAPRING_OK, "drop");
    expect(actor, MAPRING_OK, "producer %s attach", path);
}

static void nobody_fills_the_file_of_another_user(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *name = new_ring_name(), *path = new_path(".ring");
    const char *file = shared_file(name, MAPRING_GLOBAL);
    const struct mapring_options global = {.scope = MAPRING_GLOBAL};
    mapring_producer *producer;
    mapring_ring *ring;
    write_file(file, "", 0);
    check_number(0, chown(file, STRANGER, STRANGER));
    check_result(MAPRING_ERROR_PERMISSION, mapring_producer_open(&producer, name, &global));
    check_told("another user (id 12345)");
    check_number(0, os_file_size(file));
    const struct mapring_options trusting = {.scope = MAPRING_GLOBAL, .trust_owner = true};
    check_result(MAPRING_ERROR_PERMISSION, mapring_producer_open(&producer, name, &trusting));
    check_number(0, unlink(file));
    write_file(path, "", 0);
    check_number(0, chown(path, STRANGER, STRANGER));
    check_result(MAPRING_ERROR_PERMISSION, mapring_open(&ring, path, NULL));
    check_number(0, os_file_size(path));
    write_file(path, "", 0); /* others do not fill root's file either */
    check_number(0, chown(path, 0, 0));
    check_number(0, chmod(path, 0666));
    struct process *actor = start_actor();
    expect(actor, MAPRING_OK, "drop");
    expect(actor, MAPRING_ERROR_PERMISSION, "ring %s", path);
}

/* ---- Files that others have named ---- */

static void leave_as_nobody(const char *path)
{
    check_number(0, seteuid(NOBODY));
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    check_number(0, seteuid(0));
    check(file >= 0);
    close(file);
}

static void check_not_listed(const char *part, const char *scope)
{
    const struct ran *ran = RUN("ls", "--scope", scope);
    bool listed = strstr(ran->output, part) || strchr(ran->output, '\033');
    if (listed)
        check_failed(__FILE__, __LINE__, "'%s' is listed", part);
}

static void ls_lists_valid_names_of_own_files_only(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    static const char *const bad[] = {"evil\033[31m\nfake", "evil fake", "+"};
    char path[256], name[128];
    for (unsigned global = 0; global < 2; global++)
        for (size_t i = 0; i < COUNT_OF(bad); i++) {
            snprintf(name, sizeof name, "%s%s", new_ring_name(), bad[i]);
            snprintf(path, sizeof path, "%s",
                     shared_file(name, global ? MAPRING_GLOBAL : MAPRING_LOCAL));
            leave_as_nobody(path);
            check_not_listed("evil", global ? "global" : "local");
            check_not_listed(name, global ? "global" : "local");
            check_number(0, unlink(path));
        }
    const char *own = new_ring(NULL), *others = new_ring_name(), *folder = new_ring_name();
    snprintf(path, sizeof path, "%s", shared_file(others, MAPRING_LOCAL));
    leave_as_nobody(path);
    check_not_listed(others, "local");
    check_number(0, unlink(path));
    check(os_make_directory(shared_file(folder, MAPRING_LOCAL)));
    check_not_listed(folder, "local");
    check_number(0, rmdir(shared_file(folder, MAPRING_LOCAL)));
    check_contains(own, RUN("ls")->output);
}

static void ls_does_not_list_second_files(void **state)
{
    (void)state;
    const char *name = new_ring(&readable);
    char line[128];
    snprintf(line, sizeof line, "%s\n", name);
    check_contains(line, RUN("ls")->output);
    snprintf(line, sizeof line, "%s+", name);
    check_not_listed(line, "local");
}

static const struct role roles[] = {
    {"merger", role_merger},     ACTOR_ROLE,
    {"hostile", role_hostile},   {"lurker", role_lurker},
    {"onlooker", role_onlooker}, {"early", role_early},
};
static const struct CMUnitTest tests[] = {
    TEST(a_merge_of_who_may_only_read_observes_what_overwrites),
    TEST(who_may_only_read_harms_no_named_ring),
    TEST(who_may_only_read_harms_no_ring_in_a_file),
    TEST(a_member_of_the_group_that_may_only_read_harms_nobody),
    TEST(a_reader_who_lies_in_wait_prevents_no_creation),
    TEST(who_may_only_read_sees_the_producer_and_no_consumers),
    TEST(a_ring_that_all_who_read_may_write_has_no_second_file),
    TEST(the_second_file_is_for_those_who_may_write),
    TEST(a_copy_without_its_second_file_can_be_observed),
    TEST(the_second_file_of_another_ring_is_not_used),
    TEST(a_link_is_no_second_file),
    TEST(a_ring_of_readers_is_used_through_a_link),
    TEST(a_ring_that_has_just_gone_is_not_there),
    TEST(what_is_in_the_second_files_place_is_not_harmed),
    TEST(what_a_dead_creator_has_left_of_either_file_is_made_anew),
    TEST(an_empty_file_keeps_its_mode_unless_told_otherwise),
    TEST(another_users_ring_that_is_being_made_is_not_refused_for_good),
    TEST(a_producer_refuses_the_ring_of_another_user),
    TEST(everybody_trusts_root),
    TEST(nobody_fills_the_file_of_another_user),
    TEST(ls_lists_valid_names_of_own_files_only),
    TEST(ls_does_not_list_second_files),
};
TEST_MAIN(roles, tests)
