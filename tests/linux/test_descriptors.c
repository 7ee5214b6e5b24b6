/* SPDX-License-Identifier: MIT */
/* A program whose descriptors 0, 1 and 2 are closed, and which prints all the same. */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "actor.h"

enum { STANDARD = 3, KEPT_FROM = 10, RECORDS = 3, TABLE_LIMIT = 256 };

static const struct mapring_options small = {.capacity_bytes = 65536};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};

static int kept[STANDARD];

static void close_standard(void)
{
    fflush(stdout);
    for (int i = 0; i < STANDARD; i++) {
        kept[i] = fcntl(i, F_DUPFD_CLOEXEC, KEPT_FROM);
        close(i);
    }
}

static void open_standard(void)
{
    for (int i = 0; i < STANDARD; i++)
        if (dup2(kept[i], i) < 0)
            _exit(1);
}

/* Also prints a warning, which must go nowhere. */
static void check_standard_are_closed(const char *after)
{
    static const char warning[] = "warning: this would destroy the header of a ring";
    bool closed = true;
    for (int i = 0; i < STANDARD; i++)
        closed = fcntl(i, F_GETFD) < 0 && write(i, warning, sizeof warning) < 0 && closed;
    if (closed)
        return;
    open_standard();
    check_failed(__FILE__, __LINE__, "a descriptor below 3 is open after %s", after);
}

#define CHECKED(expected, call)                                                   \
    do {                                                                          \
        int checked_result = (call);                                              \
        check_standard_are_closed(#call);                                         \
        if (checked_result != (expected)) {                                       \
            open_standard();                                                      \
            check_results(__FILE__, __LINE__, #call, (expected), checked_result); \
        }                                                                         \
    } while (0)

static bool found(const char *name, void *context)
{
    (void)name;
    (void)context;
    check_standard_are_closed("mapring_list() has found a ring");
    return true;
}

static void use_all(const char *name, const struct mapring_options *options)
{
    mapring_ring *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    mapring_image *image;
    mapring_handle handle;
    struct mapring_stat stat;
    CHECKED(MAPRING_OK, mapring_producer_open(&producer, name, options));
    CHECKED(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    for (uint64_t i = 0; i < RECORDS; i++) {
        unsigned char payload[16];
        record_fill(payload, sizeof payload, i);
        CHECKED(MAPRING_OK, mapring_producer_send(producer, payload, sizeof payload, 0));
    }
    CHECKED(MAPRING_OK, mapring_open(&ring, name, &attach));
    CHECKED(MAPRING_OK, mapring_stat(ring, &stat));
    CHECKED(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    CHECKED(MAPRING_OK, mapring_consumer_wait_handle(consumer, &handle));
    CHECKED(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    CHECKED(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    CHECKED(MAPRING_ERROR_IN_USE, mapring_remove(name, MAPRING_LOCAL, false));
    CHECKED(MAPRING_OK, mapring_list(MAPRING_LOCAL, found, NULL));
    mapring_image_close(image);
    mapring_observer_close(observer);
    mapring_consumer_close(consumer);
    mapring_close(ring);
    mapring_producer_close(producer);
    check_standard_are_closed("closing");
}

static int role_closed(int argc, char **argv)
{
    struct mapring_options options = small;
    check_number(1, argc);
    options.sync = strchr(argv[0], '/') ? MAPRING_SYNC_INTERVAL : MAPRING_SYNC_NONE;
    options.sync_interval_ms = 60000;
    close_standard();
    use_all(argv[0], &options);
    open_standard();
    return 0;
}

static void check_ring_survives(const char *name)
{
    process_finish(start_role("closed", name, NULL));
    expect_records(start_consumer(name, "oldest"), 0, RECORDS);
}

static void what_a_program_prints_goes_into_no_ring(void **state)
{
    (void)state;
    check_ring_survives(new_ring_name());
    check_ring_survives(new_path(".ring"));
}

static int role_full_table(int argc, char **argv)
{
    mapring_ring *ring;
    int more[TABLE_LIMIT], count = 0;
    struct rlimit limit;
    check_number(2, argc);
    check_number(0, getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = TABLE_LIMIT;
    check_number(0, setrlimit(RLIMIT_NOFILE, &limit));
    close_standard();
    while (count < TABLE_LIMIT && (more[count] = fcntl(kept[0], F_DUPFD_CLOEXEC, STANDARD)) >= 0)
        count++;
    int made = mapring_open(&ring, argv[0], &small);
    int found = mapring_open(&ring, argv[1], &attach);
    check_standard_are_closed("a failure");
    open_standard();
    while (count > 0) /* a sanitizer needs some at the end */
        close(more[--count]);
    check_number(MAPRING_ERROR_SYSTEM, made);
    check_number(MAPRING_ERROR_SYSTEM, found);
    return 0;
}

static void without_any_other_descriptor_no_ring_is_opened(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    process_finish(start_role("full_table", path, new_ring(NULL), NULL));
    check_number(-1, os_file_size(path));
}

static const struct role roles[] = {
    ACTOR_ROLE, {"closed", role_closed}, {"full_table", role_full_table}};
static const struct CMUnitTest tests[] = {
    TEST(what_a_program_prints_goes_into_no_ring),
    TEST(without_any_other_descriptor_no_ring_is_opened),
};
TEST_MAIN(roles, tests)
