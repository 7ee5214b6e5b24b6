/* SPDX-License-Identifier: MIT */
/* What only Linux has: signals, other kinds of files, users, small file systems. */
#include "actor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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

/* A thousand times a second, and every interrupted call ends with EINTR. */
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

/* Reserving much storage takes longer than it is until the next signal. */
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

static void a_link_in_the_place_of_a_named_ring_is_not_followed(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *target = new_ring_file(&small);
    mapring_ring *ring;
    int linked = symlink(target, shared_file(name));
    int creating = mapring_open(&ring, name, NULL), attaching = mapring_open(&ring, name, &attach);
    unlink(shared_file(name));
    check_number(0, linked);
    check_result(MAPRING_ERROR_WRONG_KIND, creating);
    check_result(MAPRING_ERROR_WRONG_KIND, attaching);
}

static void another_users_file_in_the_place_of_a_named_ring_is_refused(void **state)
{
    (void)state;
    if (!os_is_root())
        skip();
    const char *name = new_ring_name();
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, &small));
    mapring_close(ring);
    int changed = chown(shared_file(name), 12345, 12345);
    int creating = mapring_open(&ring, name, NULL), attaching = mapring_open(&ring, name, &attach);
    unlink(shared_file(name)); /* which mapring_remove() refuses */
    check_number(0, changed);
    check_result(MAPRING_ERROR_PERMISSION, creating);
    check_result(MAPRING_ERROR_PERMISSION, attaching);
    check(strstr(mapring_last_error()->text, "12345") != NULL);
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
    return 0;
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
    expect(actor, MAPRING_ERROR_PERMISSION, "ring %s", path);
}

static void a_full_file_system_is_an_error_at_creation(void **state)
{
    (void)state;
    const char *directory = new_path(".mount");
    char path[1200];
    check(os_make_directory(directory));
    if (mount("none", directory, "tmpfs", 0, "size=1m") != 0)
        skip();
    snprintf(path, sizeof path, "%s/x.ring", directory);
    const struct mapring_options large = {.capacity_bytes = 4 << 20};
    mapring_ring *ring;
    int refused = mapring_open(&ring, path, &large);
    long system = mapring_last_error()->system;
    int64_t left = os_file_size(path);
    int made = mapring_open(&ring, path, &small);
    mapring_close(ring);
    umount2(directory, MNT_DETACH);
    check_result(MAPRING_ERROR_NO_SPACE, refused);
    check_number(ENOSPC, system);
    check_number(-1, left);
    check_result(MAPRING_OK, made);
}

static int role_limited(int argc, char **argv)
{
    struct rlimit limit = {1 << 20, 1 << 20};
    const struct mapring_options large = {.capacity_bytes = 4 << 20};
    mapring_ring *ring;
    check_number(1, argc);
    signal(SIGXFSZ, SIG_IGN);
    check_number(0, setrlimit(RLIMIT_FSIZE, &limit));
    check_result(MAPRING_ERROR_NO_SPACE, mapring_open(&ring, argv[0], &large));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, argv[0], &attach));
    return 0;
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

/* Not under a sanitizer, which needs more itself. */
static void a_lack_of_address_space_is_told(void **state)
{
    (void)state;
    if (os_is_sanitized())
        skip();
    const struct mapring_options large = {.capacity_bytes = UINT64_C(1) << 30};
    const char *path = new_path(".ring");
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    check(os_file_resize(path, (int64_t)ring_file_bytes(large.capacity_bytes)));
    struct ring_header *header = header_read(path);
    header->identity.capacity_bytes = large.capacity_bytes;
    header_write(path, header);
    process_finish(start_role("poor", path, NULL));
}

static const struct role roles[] = {
    ACTOR_ROLE,
    {"wet_reader", role_wet_reader},
    {"wet_writer", role_wet_writer},
    {"wet_creator", role_wet_creator},
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
    TEST(another_users_file_in_the_place_of_a_named_ring_is_refused),
    TEST(the_mode_says_who_may_use_a_ring),
    TEST(a_local_ring_is_not_there_for_other_users),
    TEST(a_directory_that_may_not_be_written_gets_no_ring),
    TEST(a_full_file_system_is_an_error_at_creation),
    TEST(a_limit_of_file_sizes_is_an_error_at_creation),
    TEST(a_lack_of_address_space_is_told),
};
TEST_MAIN(roles, tests)
