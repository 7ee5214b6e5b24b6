/* SPDX-License-Identifier: MIT */
/* What only Linux has: signals, other kinds of files, users, small file systems. */
#include "actor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static const struct mapring_options small = {.capacity_bytes = 65536};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};

static volatile sig_atomic_t signals_caught;

static void count_signal(int number)
{
    (void)number;
    signals_caught = signals_caught + 1;
}

/* A signal arrives a thousand times a second, and makes each interrupted call fail with EINTR. */
static void rain_of_signals(bool falls)
{
    struct sigaction action = {.sa_handler = count_signal};
    struct itimerval rain = {{0, falls ? 1000 : 0}, {0, falls ? 1000 : 0}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &rain, NULL);
    if (!falls)
        signal(SIGALRM, SIG_IGN);
}

static int role_wet_reader(int argc, char **argv)
{
    mapring_consumer *consumer;
    struct mapring_record record;
    check_number(1, argc);
    rain_of_signals(true);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], NULL));
    int64_t start = now_ns();
    check_result(MAPRING_TIMED_OUT, mapring_consumer_next(consumer, &record, 300 * MILLISECONDS));
    int64_t took = now_ns() - start;
    check(took >= 300 * MILLISECONDS && took < 2 * SECONDS);
    check(signals_caught > 10);
    rain_of_signals(false);
    role_say("dry");
    rain_of_signals(true);
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, MAPRING_FOREVER));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_PRODUCER_CLOSED,
                 mapring_consumer_next(consumer, &record, MAPRING_FOREVER));
    mapring_consumer_close(consumer);
    rain_of_signals(false);
    return 0;
}

static int role_wet_writer(int argc, char **argv)
{
    mapring_producer *producer;
    int64_t start = now_ns();
    check_number(1, argc);
    rain_of_signals(true);
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], NULL));
    while (mapring_producer_send(producer, argv, 64, 0) == MAPRING_OK)
        continue;
    start = now_ns();
    check_result(MAPRING_TIMED_OUT, mapring_producer_send(producer, argv, 64, 300 * MILLISECONDS));
    check(now_ns() - start >= 300 * MILLISECONDS);
    check_result(MAPRING_TIMED_OUT, mapring_producer_drain(producer, 50 * MILLISECONDS));
    check(signals_caught > 10);
    mapring_producer_close(producer);
    rain_of_signals(false);
    return 0;
}

static void signals_do_not_end_a_readers_wait(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_role("wet_reader", name, NULL);
    process_hear(reader, "dry");
    expect(writer, MAPRING_OK, "send 1 10");
    expect(writer, MAPRING_OK, "close");
    process_finish(reader);
}

static void signals_do_not_end_a_producers_wait(void **state)
{
    (void)state;
    process_finish(start_role("wet_writer", new_ring(&small), NULL));
}

/* Reserving that much storage takes longer than the time between two signals. */
static int role_wet_creator(int argc, char **argv)
{
    const struct mapring_options large = {.capacity_bytes = UINT64_C(512) << 20};
    mapring_ring *ring;
    check_number(1, argc);
    rain_of_signals(true);
    check_result(MAPRING_OK, mapring_open(&ring, argv[0], &large));
    rain_of_signals(false);
    mapring_close(ring);
    return 0;
}

static void signals_do_not_end_the_creation_of_a_large_ring(void **state)
{
    (void)state;
    process_finish(start_role("wet_creator", new_ring_name(), NULL));
    process_finish(start_role("wet_creator", new_path(".ring"), NULL));
}

static void check_wrong_kind(const char *path)
{
    mapring_ring *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&ring, path, &attach));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&ring, path, NULL));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_producer_open(&producer, path, NULL));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_consumer_open(&consumer, path, NULL));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_remove(path, MAPRING_LOCAL, true));
}

static void a_fifo_is_no_ring_and_blocks_nobody(void **state)
{
    (void)state;
    const char *path = new_path(".fifo");
    check_number(0, mkfifo(path, 0600));
    check_wrong_kind(path);
}

static void a_socket_is_no_ring(void **state)
{
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = new_path(".socket");
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    check_number(0, bind(descriptor, (struct sockaddr *)&address, sizeof address));
    check_wrong_kind(path);
    close(descriptor);
}

static void a_device_is_no_ring(void **state)
{
    (void)state;
    check_wrong_kind("/dev/null");
}

/* The file behind a named ring. */
static const char *shared_file(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "/dev/shm/mapring-%u+%s", (unsigned)geteuid(), name);
    return path;
}

static void check_told(const char *what)
{
    const char *text = mapring_last_error()->text;
    if (!strstr(text, what))
        check_failed(__FILE__, __LINE__, "'%s' does not mention '%s'", text, what);
}

/* Something else is in the place of a named ring. */
static void check_squatted(int result, const char *told, bool (*make)(const char *path))
{
    const char *name = new_ring_name(), *path = shared_file(name);
    mapring_ring *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    check(make(path));
    int results[] = {
        mapring_open(&ring, name, NULL),
        mapring_open(&ring, name, &attach),
        mapring_producer_open(&producer, name, NULL),
        mapring_consumer_open(&consumer, name, NULL),
        mapring_remove(name, MAPRING_LOCAL, true),
    };
    struct stat status;
    int still_there = lstat(path, &status);
    remove(path);
    for (size_t i = 0; i < COUNT_OF(results); i++)
        check_number(result, results[i]);
    check_number(0, still_there);
    check_told(told);
    check_told(path);
}

static const char *link_target;

static bool make_link(const char *path)
{
    return symlink(link_target, path) == 0;
}

static void a_link_in_the_place_of_a_named_ring_is_not_followed(void **state)
{
    (void)state;
    link_target = new_ring_file(&small);
    check_squatted(MAPRING_ERROR_WRONG_KIND, "symbolic link", make_link);
    link_target = new_path(".nothing");
    check_squatted(MAPRING_ERROR_WRONG_KIND, "symbolic link", make_link);
    check_number(-1, os_file_size(link_target));
}

static bool make_fifo(const char *path)
{
    return mkfifo(path, 0600) == 0;
}

static void a_directory_or_fifo_in_the_place_of_a_named_ring_is_told(void **state)
{
    (void)state;
    check_squatted(MAPRING_ERROR_WRONG_KIND, "directory", os_make_directory);
    check_squatted(MAPRING_ERROR_WRONG_KIND, "pipe", make_fifo);
}

static bool make_strangers_file(const char *path)
{
    write_file(path, "", 0);
    return chown(path, 12345, 12345) == 0;
}

static bool make_strangers_ring(const char *path)
{
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    return chown(path, 12345, 12345) == 0;
}

static void another_users_file_in_the_place_of_a_named_ring_is_refused(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    check_squatted(MAPRING_ERROR_PERMISSION, "12345", make_strangers_file);
    check_squatted(MAPRING_ERROR_PERMISSION, "12345", make_strangers_ring);
}

/* A path may be a link, but no file is made at its other end. */
static void a_link_that_leads_to_no_file_is_told_and_makes_none(void **state)
{
    (void)state;
    const char *link = new_path(".link"), *circle = new_path(".circle");
    mapring_ring *ring;
    link_target = new_path(".nothing");
    check(make_link(link));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&ring, link, NULL));
    check_told("to a file that does not exist");
    check_number(-1, os_file_size(link_target));
    link_target = circle;
    check(make_link(circle));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&ring, circle, NULL));
    check_told("back to itself");
}

/* This cannot be prevented, since checking the storage and then using it are two steps. It harms
 * those who use the ring, but nobody who comes later. */
static void a_ring_that_is_cut_off_in_use_ends_its_users_and_is_told_to_others(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    mapring_ring *ring;
    struct process *user = start_role("cut_off", path, NULL);
    process_hear(user, "ready");
    check(os_file_resize(path, 65536));
    process_say(user, "go on");
    struct process_end end = process_wait(user);
    check_number(PROCESS_CRASHED, end.fate);
    check_number(SIGBUS, end.code);
    check_result(MAPRING_ERROR_DAMAGED, mapring_open(&ring, path, NULL));
    check_told("truncated");
    check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, false)); /* nobody holds a role */
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
}

static int role_cut_off(int argc, char **argv)
{
    mapring_producer *producer;
    check_number(1, argc);
    os_crash_plainly();
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], &small));
    check_result(MAPRING_OK, mapring_producer_send(producer, "1", 1, 0));
    role_say("ready");
    role_hear("go on");
    return mapring_producer_send(producer, "2", 1, 0);
}

static void the_mode_says_who_may_use_a_ring(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *open = new_ring_name(), *closed = new_ring_name();
    const struct mapring_options shared = {.scope = MAPRING_GLOBAL, .mode = 0666};
    const struct mapring_options own = {.scope = MAPRING_GLOBAL};
    mapring_ring *first, *second;
    umask(077);
    check_result(MAPRING_OK, mapring_open(&first, open, &shared));
    check_result(MAPRING_OK, mapring_open(&second, closed, &own));
    umask(022);
    struct process *stranger = start_role("stranger", open, closed, NULL);
    process_finish(stranger);
    mapring_close(first);
    mapring_close(second);
}

static int role_stranger(int argc, char **argv)
{
    const struct mapring_consumer_options global = {.scope = MAPRING_GLOBAL};
    mapring_consumer *consumer;
    check_number(2, argc);
    check(os_drop_privileges());
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], &global));
    mapring_consumer_close(consumer);
    check_result(MAPRING_ERROR_PERMISSION, mapring_consumer_open(&consumer, argv[1], &global));
    check_number(EACCES, mapring_last_error()->system);
    check_told("of another user (id 0)");
    return 0;
}

static void a_missing_ring_that_another_user_has_is_told(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    char path[160];
    mapring_ring *ring;
    snprintf(path, sizeof path, "/dev/shm/mapring-4000000000+%s", name);
    write_file(path, "x", 1);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, name, &attach));
    unlink(path);
    check_told(", but another user (id 4000000000) has one");
}

static void another_mode_than_the_rings_is_refused(void **state)
{
    (void)state;
    const char *const names[] = {new_ring(&small), new_ring_file(&small)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        mapring_ring *ring;
        check_result(MAPRING_ERROR_GEOMETRY_DIFFERS,
                     mapring_open(&ring, names[i], &(struct mapring_options){.mode = 0640}));
        check_told("exists with mode 0600; ask for that");
        check_result(MAPRING_OK,
                     mapring_open(&ring, names[i], &(struct mapring_options){.mode = 0600}));
        mapring_close(ring);
    }
}

static void a_local_ring_is_not_there_for_other_users(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *actor = start_actor();
    tell(actor, "drop");
    if (answer(actor).result != MAPRING_OK)
        skip();
    expect(actor, MAPRING_ERROR_NOT_THERE, "consumer %s", name);
}

static void a_directory_that_may_not_be_written_gets_no_ring(void **state)
{
    (void)state;
    const char *directory = new_path(".closed");
    char path[1200];
    check(os_make_directory(directory) && chmod(directory, 0555) == 0);
    snprintf(path, sizeof path, "%s/x.ring", directory);
    struct process *actor = start_actor();
    if (os_is_root())
        expect(actor, MAPRING_OK, "drop");
    struct reply reply = expect(actor, MAPRING_ERROR_PERMISSION, "ring %s", path);
    check(strstr(reply.text, "cannot create") != NULL);
}

static void a_full_file_system_is_an_error_at_creation(void **state)
{
    (void)state;
    static const struct {
        const char *limits;
        uint64_t capacity;
        const char *told;
    } cases[] = {
        {"size=1m", 4 << 20, "cannot reserve 4325376 bytes"},
        {"size=188k", 65536, "cannot reserve 196608 bytes"}, /* one page is missing */
        {"size=1m,nr_inodes=1", 65536, "cannot create"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *directory = new_path(".mount");
        char path[1200];
        check(os_make_directory(directory));
        if (mount("none", directory, "tmpfs", 0, cases[i].limits) != 0)
            skip();
        snprintf(path, sizeof path, "%s/x.ring", directory);
        const struct mapring_options options = {.capacity_bytes = cases[i].capacity};
        mapring_ring *ring;
        int refused = mapring_open(&ring, path, &options);
        int64_t left = os_file_size(path);
        check_number(0, mount("none", directory, NULL, MS_REMOUNT, "size=1m,nr_inodes=9"));
        int made = mapring_open(&ring, path, &small);
        mapring_close(ring);
        umount2(directory, MNT_DETACH);
        check_result(MAPRING_OK, made);
        check_result(MAPRING_ERROR_NO_SPACE, refused);
        check_number(ENOSPC, mapring_last_error()->system);
        check_number(-1, left);
        check_told(cases[i].told);
        check_told(path);
    }
}

static void a_file_system_without_a_limit_has_room(void **state)
{
    (void)state;
    char path[64];
    mapring_ring *ring;
    int file = memfd_create("unlimited", MFD_CLOEXEC);
    check(file >= 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    close(file);
}

static int role_limited(int argc, char **argv)
{
    struct rlimit limit = {1 << 20, RLIM_INFINITY};
    const struct mapring_options large = {.capacity_bytes = 4 << 20};
    mapring_ring *ring;
    check_number(1, argc);
    check_number(0, setrlimit(RLIMIT_FSIZE, &limit));
    check_result(MAPRING_ERROR_NO_SPACE, mapring_open(&ring, argv[0], &large));
    check_told("RLIMIT_FSIZE");
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, argv[0], &attach));
    limit.rlim_cur = 0;
    check_number(0, setrlimit(RLIMIT_FSIZE, &limit));
    check_result(MAPRING_ERROR_NO_SPACE, mapring_open(&ring, argv[0], &large));
    check_number(-1, os_file_size(argv[0]));
    limit.rlim_cur = RLIM_INFINITY; /* coverage data is written at exit */
    check_number(0, setrlimit(RLIMIT_FSIZE, &limit));
    return 0;
}

/* This holds for a new ring, and for one whose creator died after it had reserved all storage. */
static void a_ring_that_fits_exactly_is_made_and_made_again(void **state)
{
    (void)state;
    const char *directory = new_path(".mount");
    char path[1200];
    mapring_ring *ring;
    check(os_make_directory(directory));
    if (mount("none", directory, "tmpfs", 0, "size=192k") != 0)
        skip();
    snprintf(path, sizeof path, "%s/x.ring", directory);
    int made = mapring_open(&ring, path, &small);
    mapring_close(ring);
    uint32_t half_made = RING_BEING_CREATED;
    bool left =
        os_file_write_at(path, offsetof(struct ring_header, state), &half_made, sizeof half_made);
    int again = mapring_open(&ring, path, &small);
    mapring_close(ring);
    umount2(directory, MNT_DETACH);
    check(left);
    check_result(MAPRING_OK, made);
    check_result(MAPRING_OK, again);
}

static bool is_no_name(const char *name, void *context)
{
    *(bool *)context |=
        strlen(name) == 0 || strlen(name) > 100 || strspn(name, ".") == strlen(name);
    return true;
}

/* Files of this user whose names begin as those of rings do. */
static void a_name_that_no_ring_can_have_is_not_listed(void **state)
{
    (void)state;
    char path[256], longest[102];
    memset(longest, 'x', sizeof longest);
    longest[101] = '\0';
    const char *const names[] = {"", "..", longest};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        bool listed = false;
        snprintf(path, sizeof path, "/dev/shm/mapring-%u+%s", (unsigned)geteuid(), names[i]);
        write_file(path, "", 0);
        int result = mapring_list(MAPRING_LOCAL, is_no_name, &listed);
        unlink(path);
        check_result(MAPRING_OK, result);
        check(!listed);
    }
}

static void a_limit_of_file_sizes_is_an_error_at_creation(void **state)
{
    (void)state;
    process_finish(start_role("limited", new_path(".ring"), NULL));
}

static int role_poor(int argc, char **argv)
{
    struct rlimit limit = {UINT64_C(1) << 30, UINT64_C(1) << 30};
    mapring_ring *ring;
    check_number(1, argc);
    check_number(0, setrlimit(RLIMIT_AS, &limit));
    check_result(MAPRING_ERROR_NO_MEMORY, mapring_open(&ring, argv[0], NULL));
    check_number(ENOMEM, mapring_last_error()->system);
    return 0;
}

/* Not under a sanitizer, which needs more address space itself. */
static void a_lack_of_address_space_is_told(void **state)
{
    (void)state;
    if (os_is_sanitized())
        skip();
    const struct mapring_options large = {.capacity_bytes = UINT64_C(1) << 29};
    const char *path = new_path(".ring");
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    check(os_file_resize(path, (int64_t)ring_file_bytes(large.capacity_bytes, 0)));
    struct ring_header *header = header_read(path);
    header->identity.capacity_bytes = large.capacity_bytes;
    header_write(path, header);
    process_finish(start_role("poor", path, NULL));
}

static void what_has_a_rings_name_is_removed_by_force(void **state)
{
    (void)state;
    const char *name = new_ring(&small), *path = shared_file(name), *file = new_path(".file");
    write_file(path, "destroyed", 9);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_remove(name, MAPRING_LOCAL, false));
    check_told("by force");
    check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, true));
    check_number(-1, os_file_size(path));
    write_file(file, "precious", 8);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_remove(file, MAPRING_LOCAL, true));
    check_told("the system's own command");
}

/* Half-made, foreign and truncated rings: there is nobody to inform in them. */
static void rings_without_cells_are_removed_by_force(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        const char *path = new_ring_file(&small);
        struct ring_header *header = header_read(path);
        if (i == 0)
            store_relaxed(&header->state, RING_BEING_CREATED);
        if (i == 1)
            header->identity.layout_version++;
        header_write(path, header);
        if (i == 2)
            check(os_file_resize(path, REGION_BYTES));
        check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, true));
        check_number(-1, os_file_size(path));
    }
}

static void a_ring_with_another_name_lives_on(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small), *other = new_path(".other");
    struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
    check_number(0, link(path, other));
    check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, true));
    expect(writer, MAPRING_OK, "send 1 10");
    expect(writer, MAPRING_OK, "send 1 10");
    expect_records(reader, 0, 2);
    expect(reader, MAPRING_TIMED_OUT, "next 300");
}

static int role_reader_only(int argc, char **argv)
{
    check_number(1, argc);
    if (os_is_root())
        check(os_drop_privileges());
    check_result(MAPRING_ERROR_PERMISSION, mapring_remove(argv[0], MAPRING_LOCAL, false));
    check_result(MAPRING_OK, mapring_remove(argv[0], MAPRING_LOCAL, true));
    return 0;
}

/* Without write permission, nobody can make sure that the ring is not in use. */
static void without_force_a_removal_needs_write_permission(void **state)
{
    (void)state;
    const char *folder = new_path("");
    char path[1200];
    mapring_ring *ring;
    check(os_make_directory(folder) && chmod(folder, 0777) == 0);
    snprintf(path, sizeof path, "%s/x.ring", folder);
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    check_number(0, chmod(path, 0444));
    process_finish(start_role("reader_only", path, NULL));
    check_number(-1, os_file_size(path));
}

static const struct role roles[] = {
    ACTOR_ROLE,
    {"reader_only", role_reader_only},
    {"wet_reader", role_wet_reader},
    {"wet_writer", role_wet_writer},
    {"wet_creator", role_wet_creator},
    {"cut_off", role_cut_off},
    {"stranger", role_stranger},
    {"limited", role_limited},
    {"poor", role_poor},
};
static const struct CMUnitTest tests[] = {
    TEST(signals_do_not_end_a_readers_wait),
    TEST(signals_do_not_end_a_producers_wait),
    TEST(signals_do_not_end_the_creation_of_a_large_ring),
    TEST(a_fifo_is_no_ring_and_blocks_nobody),
    TEST(a_socket_is_no_ring),
    TEST(a_device_is_no_ring),
    TEST(a_link_in_the_place_of_a_named_ring_is_not_followed),
    TEST(a_directory_or_fifo_in_the_place_of_a_named_ring_is_told),
    TEST(another_users_file_in_the_place_of_a_named_ring_is_refused),
    TEST(a_link_that_leads_to_no_file_is_told_and_makes_none),
    TEST(a_ring_that_is_cut_off_in_use_ends_its_users_and_is_told_to_others),
    TEST(the_mode_says_who_may_use_a_ring),
    TEST(a_missing_ring_that_another_user_has_is_told),
    TEST(another_mode_than_the_rings_is_refused),
    TEST(a_local_ring_is_not_there_for_other_users),
    TEST(a_directory_that_may_not_be_written_gets_no_ring),
    TEST(a_full_file_system_is_an_error_at_creation),
    TEST(a_file_system_without_a_limit_has_room),
    TEST(a_ring_that_fits_exactly_is_made_and_made_again),
    TEST(a_limit_of_file_sizes_is_an_error_at_creation),
    TEST(a_name_that_no_ring_can_have_is_not_listed),
    TEST(a_lack_of_address_space_is_told),
    TEST(what_has_a_rings_name_is_removed_by_force),
    TEST(rings_without_cells_are_removed_by_force),
    TEST(a_ring_with_another_name_lives_on),
    TEST(without_force_a_removal_needs_write_permission),
};
TEST_MAIN(roles, tests)
