/* SPDX-License-Identifier: MIT */
/* The contract of src/platform.h, which is the same on every system: between processes, for a named
 * ring and for a file. */
#include "helpers.h"

#include <inttypes.h>

#include "platform.h"

enum { CAPACITY = 65536 };
#define BYTES ring_file_bytes(CAPACITY, 0)

static const char *(*const kinds[])(void) = {new_ring_name, NULL};

/* A name for the i-th kind of object; tests repeat for each kind. */
static const char *new_object_name(size_t i)
{
    return kinds[i] ? kinds[i]() : new_path(".object");
}

static struct ring_name parsed(const char *text)
{
    struct ring_name name;
    check_result(MAPRING_OK, ring_name_parse(&name, text, MAPRING_LOCAL));
    return name;
}

static uint64_t size_of(const struct platform_object *object)
{
    uint64_t bytes;
    check_result(MAPRING_OK, platform_size(object, &bytes));
    return bytes;
}

/* Creates an object as the library creates a ring: stamps it, reserves it, and writes to it. */
static struct platform_object *create(const char *text)
{
    struct ring_name name = parsed(text);
    struct platform_object *object;
    const uint64_t stamp = RING_MAGIC;
    unsigned char *base;
    check_result(MAPRING_OK, platform_create(&object, &name, 0600, now_ns() + TIME_LIMIT));
    check_number(0, size_of(object));
    check_result(MAPRING_OK, platform_stamp(object, &stamp, sizeof stamp));
    check_result(MAPRING_OK, platform_reserve(object, BYTES));
    check_result(MAPRING_OK, platform_map(object, ACCESS_PRODUCE, CAPACITY, &base));
    memcpy(base, &stamp, sizeof stamp);
    platform_unmap(base, CAPACITY);
    return object;
}

static struct platform_object *attach(const char *text)
{
    struct ring_name name = parsed(text);
    struct platform_object *object;
    check_result(MAPRING_OK, platform_attach(&object, &name, true));
    return object;
}

static void what_is_created_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *text = new_object_name(i);
        struct ring_name name = parsed(text);
        struct platform_object *object, *other;
        uint64_t word = 0;
        check_result(MAPRING_ERROR_NOT_THERE, platform_attach(&other, &name, false));
        object = create(text);
        check(size_of(object) >= BYTES);
        platform_role_drop(object, ROLE_CREATOR);
        check_result(MAPRING_OK, platform_attach(&other, &name, false));
        check(size_of(other) >= BYTES);
        check_result(MAPRING_OK, platform_read(other, 0, &word, sizeof word));
        check(word == RING_MAGIC);
        check_result(MAPRING_OK, platform_read(other, BYTES - 8, &word, sizeof word));
        check(word == 0);
        platform_detach(other);
        check_result(MAPRING_OK, platform_create(&other, &name, 0600, now_ns() + TIME_LIMIT));
        check(size_of(other) >= BYTES);
        platform_detach(other);
        platform_detach(object);
    }
}

/* ---- Roles ---- */

/* Takes the given role, says so, drops it when told to, and then ends. */
static int role_owner(int argc, char **argv)
{
    check_number(2, argc);
    struct platform_object *object = attach(argv[0]);
    unsigned role = (unsigned)atoi(argv[1]);
    check_result(MAPRING_OK, platform_role_take(object, role));
    check(!platform_role_held(object, role)); /* means: by somebody else */
    role_say("taken");
    role_hear("drop");
    platform_role_drop(object, role);
    role_say("dropped");
    role_hear("end");
    platform_detach(object);
    return 0;
}

static struct process *start_owner(const char *name, unsigned role)
{
    char number[16];
    snprintf(number, sizeof number, "%u", role);
    struct process *owner = start_role("owner", name, number, NULL);
    process_hear(owner, "taken");
    return owner;
}

static void a_role_has_one_owner(void **state)
{
    (void)state;
    static const unsigned all[] = {ROLE_CREATOR, ROLE_PRODUCER, ROLE_CONSUMER, ROLE_CONSUMER + 31};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *name = new_object_name(i);
        struct platform_object *object = create(name);
        platform_role_drop(object, ROLE_CREATOR);
        for (size_t k = 0; k < COUNT_OF(all); k++) {
            check(!platform_role_held(object, all[k]));
            struct process *owner = start_owner(name, all[k]);
            for (size_t other = 0; other < COUNT_OF(all); other++)
                check(platform_role_held(object, all[other]) == (other == k));
            check_result(MAPRING_NOTHING, platform_role_take(object, all[k]));
            process_say(owner, "drop");
            process_hear(owner, "dropped");
            check(!platform_role_held(object, all[k]));
            check_result(MAPRING_OK, platform_role_take(object, all[k]));
            platform_role_drop(object, all[k]);
            process_say(owner, "end");
            process_finish(owner);
        }
        platform_detach(object);
    }
}

static void a_role_can_be_taken_again_by_its_owner(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *name = new_object_name(i);
        struct platform_object *object = create(name), *other = attach(name);
        check_result(MAPRING_OK, platform_role_take(object, ROLE_PRODUCER));
        check_result(MAPRING_OK, platform_role_take(object, ROLE_PRODUCER));
        check(platform_role_held(other, ROLE_PRODUCER));
        platform_role_drop(object, ROLE_PRODUCER);
        check(!platform_role_held(other, ROLE_PRODUCER));
        platform_detach(other);
        platform_detach(object);
    }
}

static void a_role_dies_with_its_owner(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *name = new_object_name(i);
        struct platform_object *object = create(name);
        struct process *owner = start_owner(name, ROLE_PRODUCER);
        process_pause(owner);
        check(platform_role_held(object, ROLE_PRODUCER));
        process_kill(owner);
        check(!platform_role_held(object, ROLE_PRODUCER));
        check_result(MAPRING_OK, platform_role_take(object, ROLE_PRODUCER));
        platform_detach(object);
    }
}

static void asking_for_a_role_does_not_take_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *name = new_object_name(i);
        struct platform_object *object = create(name), *other = attach(name);
        for (int n = 0; n < 100; n++) {
            check(!platform_role_held(object, ROLE_PRODUCER));
            check(!platform_role_held(other, ROLE_PRODUCER));
        }
        check_result(MAPRING_OK, platform_role_take(other, ROLE_PRODUCER));
        check(platform_role_held(object, ROLE_PRODUCER));
        platform_detach(other);
        check(!platform_role_held(object, ROLE_PRODUCER));
        platform_detach(object);
    }
}

static void one_creator_at_a_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *text = new_object_name(i);
        struct ring_name name = parsed(text);
        struct platform_object *object = create(text), *other;
        check_result(MAPRING_ERROR_BEING_CREATED,
                     platform_create(&other, &name, 0600, now_ns() + 50 * MILLISECONDS));
        platform_role_drop(object, ROLE_CREATOR);
        check_result(MAPRING_OK, platform_create(&other, &name, 0600, now_ns() + TIME_LIMIT));
        platform_detach(other);
        platform_detach(object);
    }
}

/* ---- Views ---- */

static int role_looker(int argc, char **argv)
{
    unsigned char *base;
    check_number(1, argc);
    struct platform_object *object = attach(argv[0]);
    check_result(MAPRING_OK, platform_map(object, ACCESS_CONSUME, CAPACITY, &base));
    const volatile unsigned char *slots = base + 2 * REGION_BYTES;
    role_say("mapped");
    role_hear("look");
    check_text("across", (const char *)(base + 2 * REGION_BYTES) + CAPACITY - 3);
    check(slots[3] == '\0');
    base[REGION_BYTES] = 'c';
    role_say("seen");
    role_hear("store");
    os_crash_plainly();
    base[2 * REGION_BYTES] = 'x';
    return 0;
}

static void the_slots_are_mapped_twice_in_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *name = new_object_name(i);
        struct platform_object *object = create(name);
        unsigned char *base;
        check_result(MAPRING_OK, platform_map(object, ACCESS_PRODUCE, CAPACITY, &base));
        struct process *looker = start_role("looker", name, NULL);
        process_hear(looker, "mapped");
        volatile unsigned char *slots = base + 2 * REGION_BYTES; /* each byte has two addresses */
        for (size_t n = 0; n < sizeof "across"; n++)
            slots[CAPACITY - 3 + n] = (unsigned char)"across"[n];
        check(slots[0] == 'o' && slots[2] == 's' && slots[3] == '\0');
        process_say(looker, "look");
        process_hear(looker, "seen");
        check_number('c', base[REGION_BYTES]);
        process_say(looker, "store");
        check_number(PROCESS_CRASHED, process_wait(looker).fate);
        check_number('o', slots[0]);
        platform_unmap(base, CAPACITY);
        platform_detach(object);
    }
}

static void what_is_too_large_for_the_address_space_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct platform_object *object = create(new_object_name(i));
        unsigned char *base;
        check_result(MAPRING_ERROR_NO_MEMORY,
                     platform_map(object, ACCESS_READ, UINT64_C(1) << 62, &base));
        check(strstr(mapring_last_error()->text, "address space") != NULL);
        platform_detach(object);
    }
}

/* ---- Sleeping and waking ---- */

static int role_sleeper(int argc, char **argv)
{
    unsigned char *base;
    check_number(2, argc);
    unsigned channel = (unsigned)atoi(argv[1]);
    struct platform_object *object = attach(argv[0]);
    check_result(MAPRING_OK, platform_channel_open(object, channel));
    check_result(MAPRING_OK, platform_map(object, ACCESS_CONSUME, CAPACITY, &base));
    shared_u32 *word = (shared_u32 *)(void *)(base + REGION_BYTES);
    fetch_or32(word, 1);
    role_say("sleeping");
    while (load_ordered(word) == 1)
        platform_sleep(object, channel, word, 1, TIME_LIMIT);
    role_say("awake");
    platform_unmap(base, CAPACITY);
    platform_detach(object);
    return 0;
}

static void a_sleeper_is_woken_on_its_channel(void **state)
{
    (void)state;
    static const char *const channels[] = {"0", "7", "31", "32"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        for (size_t k = 0; k < COUNT_OF(channels); k++) {
            const char *name = new_object_name(i);
            struct platform_object *object = create(name);
            unsigned char *base;
            check_result(MAPRING_OK, platform_map(object, ACCESS_PRODUCE, CAPACITY, &base));
            shared_u32 *word = (shared_u32 *)(void *)(base + REGION_BYTES);
            struct process *sleeper = start_role("sleeper", name, channels[k], NULL);
            process_hear(sleeper, "sleeping");
            exchange32(word, 2);
            platform_wake(object, UINT64_C(1) << atoi(channels[k]), word);
            process_hear(sleeper, "awake");
            process_finish(sleeper);
            platform_unmap(base, CAPACITY);
            platform_detach(object);
        }
}

static void a_sleep_has_a_limit_and_a_condition(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct platform_object *object = create(new_object_name(i));
        unsigned char *base;
        check_result(MAPRING_OK, platform_channel_open(object, 3));
        check_result(MAPRING_OK, platform_channel_open(object, 3)); /* already open */
        check_result(MAPRING_OK, platform_map(object, ACCESS_PRODUCE, CAPACITY, &base));
        shared_u32 *word = (shared_u32 *)(void *)(base + REGION_BYTES);
        int64_t start = now_ns();
        platform_sleep(object, 3, word, 5, TIME_LIMIT); /* the word differs */
        check(now_ns() - start < TIME_LIMIT / 2);
        start = now_ns();
        platform_sleep(object, 3, word, 0, 30 * MILLISECONDS);
        platform_sleep(object, 4, word, 0, 30 * MILLISECONDS); /* not open */
        check(now_ns() - start < TIME_LIMIT / 2);
        platform_unmap(base, CAPACITY);
        platform_detach(object);
    }
}

static void a_signal_stays_until_it_is_cleared(void **state)
{
    (void)state;
    mapring_handle handle;
    check_result(MAPRING_OK, platform_signal_open(&handle, "ring"));
    check(!platform_signal_wait(handle, 0));
    platform_signal_set(handle);
    check(platform_signal_wait(handle, 0));
    check(platform_signal_wait(handle, INT64_MAX));
    platform_signal_clear(handle);
    check(!platform_signal_wait(handle, MILLISECONDS));
    platform_signal_close(handle);
}

/* ---- The rest ---- */

static void a_process_knows_itself_and_the_time(void **state)
{
    (void)state;
    check(platform_system() == SYSTEM_LINUX || platform_system() == SYSTEM_WINDOWS);
    check(platform_process() != 0);
    check(platform_process_started() != 0);
    check(platform_process_started() == platform_process_started());
    check(platform_cpus() >= 1);
    check(platform_wall_clock_ns() > UINT64_C(1577836800) * 1000000000); /* 2020 */
    check(platform_wall_clock_ns() < UINT64_C(7258118400) * 1000000000); /* 2200 */
    int64_t start = now_ns();
    platform_pause_ns(2 * MILLISECONDS);
    check(now_ns() - start >= 2 * MILLISECONDS);
    if (platform_membarrier_register())
        platform_membarrier();
}

static int role_identity(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    role_say("%" PRIu64, platform_process());
    return 0;
}

static void a_process_id_is_the_one_that_others_see(void **state)
{
    (void)state;
    char id[32];
    struct process *process = start_role("identity", NULL);
    snprintf(id, sizeof id, "%" PRIu64, process_id(process));
    process_hear(process, id);
    process_finish(process);
}

static void the_systems_errors_have_words(void **state)
{
    (void)state;
    for (long native = 1; native < 150; native++) {
        char text[80];
        platform_error_text(native, text, sizeof text);
        check(text[0] && !strpbrk(text, "\r\n"));
        check(platform_error_code(native) < 0);
        for (size_t room = 1; room < 10; room++) {
            platform_error_text(native, text, room);
            check(strlen(text) < room);
        }
    }
}

static void what_is_removed_is_not_found(void **state)
{
    (void)state;
    const char *text = new_path(".object");
    struct ring_name name = parsed(text);
    struct platform_object *object = create(text);
    platform_detach(object);
    check_result(MAPRING_OK, platform_remove(&name));
    check_result(MAPRING_ERROR_NOT_THERE, platform_attach(&object, &name, false));
    check_result(MAPRING_ERROR_NOT_THERE, platform_remove(&name));
}

static void a_stamp_that_needs_no_more_room_stays(void **state)
{
    (void)state;
    static const unsigned char stamp[4096] = "stamp";
    unsigned char found[sizeof stamp];
    struct ring_name name = parsed(new_path(".object"));
    struct platform_object *object;
    check_result(MAPRING_OK, platform_create(&object, &name, 0600, now_ns() + TIME_LIMIT));
    check_result(MAPRING_OK, platform_stamp(object, stamp, sizeof stamp));
    check_result(MAPRING_OK, platform_reserve(object, sizeof stamp));
    check_number(sizeof stamp, size_of(object));
    check_result(MAPRING_OK, platform_read(object, 0, found, sizeof found));
    check(memcmp(stamp, found, sizeof stamp) == 0);
    platform_detach(object);
}

static bool count_one(const char *name, void *context)
{
    (void)name;
    ++*(unsigned *)context;
    return false;
}

static void a_list_ends_when_it_is_told_to(void **state)
{
    (void)state;
    unsigned found = 0;
    struct platform_object *one = create(new_ring_name()), *other = create(new_ring_name());
    check_result(MAPRING_OK, platform_list(false, count_one, &found));
    check_number(1, found);
    platform_detach(other);
    platform_detach(one);
}

/* ---- Lists of names that come and go ---- */

enum { KEPT = 12 };

struct kept {
    const char *name[KEPT];
    struct platform_object *object[KEPT];
    unsigned seen[KEPT];
    bool drop; /* each as soon as it is seen */
};

static void keep(struct kept *kept)
{
    for (size_t i = 0; i < KEPT; i++) {
        kept->name[i] = new_ring_name();
        kept->object[i] = create(kept->name[i]);
    }
}

static void let_go(struct kept *kept, size_t i)
{
    struct ring_name name = parsed(kept->name[i]);
    platform_detach(kept->object[i]);
    kept->object[i] = NULL;
    platform_remove(&name);
}

static bool see(const char *name, void *context)
{
    struct kept *kept = context;
    for (size_t i = 0; i < KEPT; i++) {
        if (strcmp(name, kept->name[i]) != 0)
            continue;
        kept->seen[i]++;
        if (kept->drop)
            let_go(kept, i);
    }
    return true;
}

static void what_goes_while_it_is_listed_hides_nothing(void **state)
{
    (void)state;
    struct kept kept = {.drop = true};
    keep(&kept);
    check_result(MAPRING_OK, platform_list(false, see, &kept));
    for (size_t i = 0; i < KEPT; i++)
        check_number(1, kept.seen[i]);
}

/* Creates and removes objects until it is killed. */
static int role_coming_and_going(int argc, char **argv)
{
    for (size_t i = 0; i < SIZE_MAX; i++) {
        char *text = argv[i % (size_t)argc];
        struct ring_name name = parsed(text);
        struct platform_object *object = create(text);
        if (i == (size_t)argc)
            role_say("comes and goes");
        platform_detach(object);
        platform_remove(&name);
    }
    return 0;
}

static void what_others_make_and_remove_meanwhile_hides_nothing(void **state)
{
    (void)state;
    struct kept kept = {.drop = false};
    keep(&kept);
    struct process *other =
        start_role("coming_and_going", new_ring_name(), new_ring_name(), new_ring_name(), NULL);
    process_hear(other, "comes and goes");
    for (unsigned round = 1; round <= 20; round++) {
        check_result(MAPRING_OK, platform_list(false, see, &kept));
        for (size_t i = 0; i < KEPT; i++)
            check_number(round, kept.seen[i]);
    }
    process_kill(other);
    for (size_t i = 0; i < KEPT; i++)
        let_go(&kept, i);
}

static void what_is_not_there_cannot_be_removed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct ring_name name = parsed(new_object_name(i));
        check_result(MAPRING_ERROR_NOT_THERE, platform_remove(&name));
    }
}

static void a_directory_is_not_removed(void **state)
{
    (void)state;
    const char *path = new_path(".directory");
    struct ring_name name = parsed(path);
    check(os_make_directory(path));
    check_result(MAPRING_ERROR_WRONG_KIND, platform_remove(&name));
    check(!os_make_directory(path)); /* because it still exists */
}

static void what_is_discarded_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *text = new_object_name(i);
        struct ring_name name = parsed(text);
        struct platform_object *object = create(text);
        platform_discard(object);
        platform_detach(object);
        check_result(MAPRING_ERROR_NOT_THERE, platform_attach(&object, &name, false));
    }
}

static const struct role roles[] = {{"owner", role_owner},
                                    {"looker", role_looker},
                                    {"sleeper", role_sleeper},
                                    {"identity", role_identity},
                                    {"coming_and_going", role_coming_and_going}};
static const struct CMUnitTest tests[] = {
    TEST(what_is_created_is_found),
    TEST(a_role_has_one_owner),
    TEST(a_role_can_be_taken_again_by_its_owner),
    TEST(a_role_dies_with_its_owner),
    TEST(asking_for_a_role_does_not_take_it),
    TEST(one_creator_at_a_time),
    TEST(the_slots_are_mapped_twice_in_a_row),
    TEST(what_is_too_large_for_the_address_space_is_refused),
    TEST(a_sleeper_is_woken_on_its_channel),
    TEST(a_sleep_has_a_limit_and_a_condition),
    TEST(a_signal_stays_until_it_is_cleared),
    TEST(a_process_knows_itself_and_the_time),
    TEST(a_process_id_is_the_one_that_others_see),
    TEST(the_systems_errors_have_words),
    TEST(what_is_removed_is_not_found),
    TEST(a_stamp_that_needs_no_more_room_stays),
    TEST(a_list_ends_when_it_is_told_to),
    TEST(what_goes_while_it_is_listed_hides_nothing),
    TEST(what_others_make_and_remove_meanwhile_hides_nothing),
    TEST(what_is_not_there_cannot_be_removed),
    TEST(a_directory_is_not_removed),
    TEST(what_is_discarded_leaves_nothing),
};
TEST_MAIN(roles, tests)
