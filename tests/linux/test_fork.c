/* SPDX-License-Identifier: MIT */
/* A forked child inherits nothing usable from its parent: neither handles nor roles. */
#include "actor.h"
#include "mapring/merge.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef COVERAGE
void __gcov_dump(void);
#else
#define __gcov_dump() ((void)0)
#endif

/* Not with exit(), whose handlers are for the parent to run. */
__attribute__((noreturn)) static void end_child(int code)
{
    __gcov_dump();
    _exit(code);
}

static const struct mapring_options small = {.capacity_bytes = 65536};
static const struct mapring_merge_options observing = {.observe = true};

struct handles {
    const char *name;
    mapring_ring *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    mapring_image *image;
    mapring_dictionary *dictionary;
    mapring_merge *merge;
};

static void open_all(struct handles *all)
{
    *all = (struct handles){.name = new_ring(&small)};
    check_result(MAPRING_OK, mapring_open(&all->ring, all->name, NULL));
    check_result(MAPRING_OK, mapring_producer_open(&all->producer, all->name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&all->consumer, all->name, NULL));
    check_result(MAPRING_OK, mapring_observer_open(&all->observer, all->name, NULL));
    check_result(MAPRING_OK, mapring_image_open(&all->image, all->name, MAPRING_LOCAL));
    check_result(MAPRING_OK, mapring_dictionary_open(&all->dictionary, all->name, MAPRING_LOCAL));
    check_result(MAPRING_OK, mapring_merge_open(&all->merge, &observing));
    check_result(MAPRING_OK, mapring_merge_add(all->merge, all->name));
    check_result(MAPRING_OK, mapring_producer_send(all->producer, "one", 3, 0));
}

static void close_all(struct handles *all)
{
    mapring_merge_close(all->merge);
    mapring_image_close(all->image);
    mapring_dictionary_close(all->dictionary);
    mapring_observer_close(all->observer);
    mapring_consumer_close(all->consumer);
    mapring_producer_close(all->producer);
    mapring_close(all->ring);
}

/* Returns the number of the first wrong answer, since a child cannot use check(). */
static int use_inherited(struct handles *all)
{
    struct mapring_record record;
    struct mapring_origin origin;
    struct mapring_stat stat;
    struct mapring_latency latency;
    struct mapring_entry entry;
    struct mapring_buffer one = {"x", 1};
    void *payload;
    size_t count;
    char buffer[8];
    const int answers[] = {
        mapring_stat(all->ring, &stat),
        mapring_latency(all->ring, 0, &latency),
        mapring_dictionary_next(all->dictionary, &entry),
        mapring_producer_send(all->producer, "x", 1, 0),
        mapring_producer_reserve(all->producer, 1, &payload, MAPRING_FOREVER),
        mapring_producer_commit(all->producer, 0),
        mapring_producer_abort(all->producer),
        mapring_producer_send_batch(all->producer, &one, 1, 0),
        mapring_producer_drain(all->producer, MAPRING_FOREVER),
        mapring_producer_wait_consumers(all->producer, 3, MAPRING_FOREVER),
        mapring_consumer_next(all->consumer, &record, MAPRING_FOREVER),
        mapring_consumer_next_batch(all->consumer, &record, 1, &count, 0),
        mapring_consumer_release(all->consumer),
        mapring_consumer_receive(all->consumer, buffer, sizeof buffer, &record, 0),
        mapring_consumer_seek(all->consumer, MAPRING_NEWEST, 0),
        mapring_consumer_arm(all->consumer),
        mapring_producer_arm(all->producer, 1),
        mapring_producer_quiet(all->producer, true),
        mapring_producer_wake(all->producer),
        mapring_producer_sync(all->producer),
        mapring_observer_next(all->observer, &record, 0),
        mapring_observer_receive(all->observer, buffer, sizeof buffer, &record, 0),
        mapring_image_next(all->image, &record),
        mapring_merge_add(all->merge, "other"),
        mapring_merge_next(all->merge, &record, &origin, MAPRING_FOREVER),
        mapring_merge_release(all->merge),
        mapring_merge_arm(all->merge),
    };
    for (size_t i = 0; i < COUNT_OF(answers); i++)
        if (answers[i] != MAPRING_ERROR_FORKED)
            return (int)i + 1;
    return strstr(mapring_last_error()->text, "fork") ? 0 : 99;
}

static int exit_code_of(pid_t child)
{
    int status;
    check(waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void check_unharmed(struct handles *all)
{
    struct mapring_record record;
    check_number(MAPRING_PRODUCER_IS_OPEN, stat_of(all->name).producer_state);
    check_number(1, stat_of(all->name).consumers);
    check_result(MAPRING_OK, mapring_producer_send(all->producer, "two", 3, 0));
    for (uint64_t i = 0; i < 2; i++) {
        check_result(MAPRING_OK, mapring_consumer_next(all->consumer, &record, 0));
        check_number(i, record.sequence);
        check_result(MAPRING_OK, mapring_consumer_release(all->consumer));
    }
}

static void inherited_handles_answer_that_they_are_the_parents(void **state)
{
    (void)state;
    struct handles all;
    open_all(&all);
    pid_t child = fork();
    if (child == 0)
        end_child(use_inherited(&all));
    check_number(0, exit_code_of(child));
    check_unharmed(&all);
    close_all(&all);
}

static void a_child_closes_inherited_handles_without_harm(void **state)
{
    (void)state;
    struct handles all;
    open_all(&all);
    pid_t child = fork();
    if (child == 0) {
        close_all(&all);
        end_child(0);
    }
    check_number(0, exit_code_of(child));
    check_unharmed(&all);
    close_all(&all);
}

/* These handles have threads, which stay in the parent. */
static void a_child_closes_inherited_threads_and_objects_without_harm(void **state)
{
    (void)state;
    const struct mapring_options options = {.sync = MAPRING_SYNC_INTERVAL,
                                            .sync_interval_ms = 1000};
    struct handles all;
    struct ring_name parsed;
    struct platform_object *object;
    mapring_producer *producer;
    mapring_merge *empty;
    mapring_handle handle;
    open_all(&all);
    check_result(MAPRING_OK, mapring_consumer_wait_handle(all.consumer, &handle));
    check_result(MAPRING_OK, mapring_merge_wait_handle(all.merge, &handle));
    check_result(MAPRING_OK, mapring_merge_open(&empty, NULL));
    check_result(MAPRING_OK, mapring_merge_wait_handle(empty, &handle));
    check_result(MAPRING_OK, mapring_producer_open(&producer, new_path(".ring"), &options));
    check_result(MAPRING_OK, ring_name_parse(&parsed, all.name, MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_attach(&object, &parsed, false));
    pid_t child = fork();
    if (child == 0) {
        mapring_merge_close(empty);
        mapring_producer_close(producer);
        platform_detach(object);
        close_all(&all);
        end_child(0);
    }
    check_number(0, exit_code_of(child));
    check_unharmed(&all);
    check_result(MAPRING_OK, mapring_producer_sync(producer));
    check_number(0, platform_role_held(object, ROLE_CREATOR));
    platform_detach(object);
    mapring_producer_close(producer);
    close_all(&all);
}

static int read_with_own_handle(const char *name)
{
    mapring_consumer *consumer;
    struct mapring_record record;
    if (mapring_consumer_open(&consumer, name, NULL) != MAPRING_OK)
        return 1;
    if (mapring_consumer_next(consumer, &record, TIME_LIMIT) != MAPRING_OK || record.sequence != 0)
        return 2;
    mapring_consumer_close(consumer);
    return 0;
}

static void a_child_opens_handles_of_its_own(void **state)
{
    (void)state;
    struct handles all;
    open_all(&all);
    pid_t child = fork();
    if (child == 0) {
        mapring_producer *second;
        int result = mapring_producer_open(&second, all.name, NULL);
        end_child(result == MAPRING_ERROR_PRODUCER_TAKEN ? read_with_own_handle(all.name) : 3);
    }
    check_number(0, exit_code_of(child));
    check_unharmed(&all);
    close_all(&all);
}

static void a_grandchild_is_told_too(void **state)
{
    (void)state;
    struct handles all;
    open_all(&all);
    pid_t child = fork();
    if (child == 0) {
        pid_t grandchild = fork();
        if (grandchild == 0)
            end_child(use_inherited(&all));
        int status;
        waitpid(grandchild, &status, 0);
        end_child(WIFEXITED(status) ? WEXITSTATUS(status) : 98);
    }
    check_number(0, exit_code_of(child));
    close_all(&all);
}

/* Takes both roles, and forks a child that lives until the test closes the pipe. */
static int role_parent(int argc, char **argv)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    check_number(1, argc);
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], NULL));
    check_result(MAPRING_OK, mapring_producer_send(producer, "", 0, 0));
    fflush(stdout);
    if (fork() == 0) {
        role_line();
        end_child(0);
    }
    role_say("ready");
    role_line();
    return 0;
}

static void a_parents_death_is_noticed_though_its_child_lives(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    struct process *parent = start_role("parent", name, NULL);
    process_hear(parent, "ready");
    expect(reader, MAPRING_OK, "next 5000");
    expect(reader, MAPRING_OK, "release");
    kill((pid_t)process_id(parent), SIGKILL);
    expect(reader, MAPRING_PRODUCER_DIED, "next 5000");
    struct mapring_stat stat = stat_of(name);
    check_number(MAPRING_PRODUCER_HAS_DIED, stat.producer_state);
    check(!stat.consumer[1].alive);
    expect(start_producer(name), MAPRING_OK, "send 1 10");
    check_number(PROCESS_KILLED, process_wait(parent).fate);
}

static const struct role roles[] = {ACTOR_ROLE, {"parent", role_parent}};
static const struct CMUnitTest tests[] = {
    TEST(inherited_handles_answer_that_they_are_the_parents),
    TEST(a_child_closes_inherited_handles_without_harm),
    TEST(a_child_closes_inherited_threads_and_objects_without_harm),
    TEST(a_child_opens_handles_of_its_own),
    TEST(a_grandchild_is_told_too),
    TEST(a_parents_death_is_noticed_though_its_child_lives),
};
TEST_MAIN(roles, tests)
