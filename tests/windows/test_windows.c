/* SPDX-License-Identifier: MIT */
/* What only Windows has: one namespace for all kernel objects, access control lists, and names that
 * disappear with their last handle. */
#include "actor.h"

#include <windows.h>

#include <sddl.h>

#include "platform.h"

enum { SECTION_BYTES = 262144 };

static const struct mapring_options small = {.capacity_bytes = 65536};
static const struct mapring_options large = {.capacity_bytes = 1 << 20};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};

static void object_name(const char *ring, const char *kind, wchar_t name[200])
{
    swprintf(name, 200, L"Local\\mapring.%hs%hs", ring, kind);
}

static HANDLE make_event(const wchar_t *name)
{
    return CreateEventW(NULL, TRUE, FALSE, name);
}

static HANDLE make_mutex(const wchar_t *name)
{
    return CreateMutexW(NULL, FALSE, name);
}

static HANDLE make_semaphore(const wchar_t *name)
{
    return CreateSemaphoreW(NULL, 1, 1, name);
}

static void a_name_of_another_kind_of_object_is_refused(void **state)
{
    (void)state;
    static HANDLE (*const makers[])(const wchar_t *name) = {make_event, make_mutex, make_semaphore};
    for (size_t i = 0; i < COUNT_OF(makers); i++) {
        const char *ring = new_ring_name();
        wchar_t name[200];
        mapring_ring *handle;
        mapring_producer *producer;
        mapring_consumer *consumer;
        object_name(ring, ".ring", name);
        HANDLE object = makers[i](name);
        check(object != NULL);
        check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&handle, ring, NULL));
        check(strstr(mapring_last_error()->text, "another kind") != NULL);
        check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&handle, ring, &attach));
        check_result(MAPRING_ERROR_WRONG_KIND, mapring_producer_open(&producer, ring, NULL));
        check_result(MAPRING_ERROR_WRONG_KIND, mapring_consumer_open(&consumer, ring, NULL));
        CloseHandle(object);
        check_result(MAPRING_OK, mapring_open(&handle, ring, NULL));
        mapring_close(handle);
    }
}

/* This includes the objects of roles and of wake-ups. */
static void no_object_of_a_ring_may_be_of_another_kind(void **state)
{
    (void)state;
    static const char *const kinds[] = {".producer", ".room"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *ring = new_ring(&small);
        wchar_t name[200];
        mapring_producer *producer;
        object_name(ring, kinds[i], name);
        HANDLE object = make_mutex(name);
        check(object != NULL);
        check_result(MAPRING_ERROR_WRONG_KIND, mapring_producer_open(&producer, ring, NULL));
        CloseHandle(object);
        check_result(MAPRING_OK, mapring_producer_open(&producer, ring, NULL));
        mapring_producer_close(producer);
    }
}

static void a_consumers_objects_are_told_too(void **state)
{
    (void)state;
    static const char *const kinds[] = {".consumer0", ".wake0"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *ring = new_ring(&small);
        wchar_t name[200];
        mapring_consumer *consumer;
        object_name(ring, kinds[i], name);
        HANDLE object = make_semaphore(name);
        check(object != NULL);
        check_result(MAPRING_ERROR_WRONG_KIND, mapring_consumer_open(&consumer, ring, NULL));
        check(strstr(mapring_last_error()->text, kinds[i]) != NULL);
        CloseHandle(object);
        check_result(MAPRING_OK, mapring_consumer_open(&consumer, ring, NULL));
        mapring_consumer_close(consumer);
    }
}

static void a_name_taken_where_a_ring_is_made_leaves_no_ring(void **state)
{
    (void)state;
    const char *ring = new_ring_name();
    wchar_t name[200];
    mapring_ring *handle;
    object_name(ring, ".creator", name);
    HANDLE object = make_mutex(name);
    check(object != NULL);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&handle, ring, NULL));
    check(strstr(mapring_last_error()->text, ".creator") != NULL);
    CloseHandle(object);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&handle, ring, &attach));
}

static void an_event_of_somebody_else_has_the_role(void **state)
{
    (void)state;
    const char *ring = new_ring(&small);
    wchar_t name[200];
    mapring_producer *producer;
    object_name(ring, ".producer", name);
    HANDLE object = make_event(name);
    check(object != NULL);
    check_result(MAPRING_ERROR_PRODUCER_TAKEN, mapring_producer_open(&producer, ring, NULL));
    CloseHandle(object);
    check_result(MAPRING_OK, mapring_producer_open(&producer, ring, NULL));
    mapring_producer_close(producer);
}

static void a_file_in_use_cannot_be_cut_off(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *writer = start_producer(path);
    int64_t bytes = os_file_size(path);
    check(!os_file_resize(path, 65536));
    check_number(bytes, os_file_size(path));
    expect(writer, MAPRING_OK, "send 3 100");
}

static HANDLE make_section(const wchar_t *name, const wchar_t *access)
{
    SECURITY_ATTRIBUTES security = {.nLength = sizeof security};
    check(ConvertStringSecurityDescriptorToSecurityDescriptorW(
        access, SDDL_REVISION_1, &security.lpSecurityDescriptor, NULL));
    HANDLE section =
        CreateFileMappingW(INVALID_HANDLE_VALUE, &security, PAGE_READWRITE, 0, SECTION_BYTES, name);
    LocalFree(security.lpSecurityDescriptor);
    check(section != NULL);
    return section;
}

static HANDLE section_for(const char *ring, const wchar_t *access)
{
    wchar_t name[200];
    object_name(ring, ".ring", name);
    return make_section(name, access);
}

static void a_ring_that_grants_nothing_is_refused(void **state)
{
    (void)state;
    const char *ring = new_ring_name();
    mapring_ring *handle;
    mapring_consumer *consumer;
    HANDLE section = section_for(ring, L"D:P");
    check_result(MAPRING_ERROR_PERMISSION, mapring_open(&handle, ring, &attach));
    check_number(ERROR_ACCESS_DENIED, mapring_last_error()->system);
    check_result(MAPRING_ERROR_PERMISSION, mapring_open(&handle, ring, NULL));
    check_result(MAPRING_ERROR_PERMISSION, mapring_consumer_open(&consumer, ring, NULL));
    CloseHandle(section);
}

static void a_mapping_that_is_no_ring_is_left_alone(void **state)
{
    (void)state;
    const char *ring = new_ring_name();
    mapring_ring *handle;
    HANDLE section = section_for(ring, L"D:P(A;;GA;;;WD)");
    char *view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    check(view != NULL);
    strcpy(view, "somebody else's");
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&handle, ring, &attach));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_open(&handle, ring, NULL));
    check_text("somebody else's", view);
    UnmapViewOfFile(view);
    CloseHandle(section);
}

/* A section that others left empty is not filled, not even one that administrators own. */
static void a_section_of_another_user_is_not_filled(void **state)
{
    (void)state;
    static const struct {
        const wchar_t *access;
        const char *owner;
    } cases[] = {
        {L"O:S-1-5-21-1-2-3-1000D:P(A;;GA;;;WD)", "S-1-5-21-1-2-3-1000"},
        {L"O:BAD:P(A;;GA;;;WD)", "S-1-5-32-544"},
        {L"O:SYD:P(A;;GA;;;WD)", "S-1-5-18"},
        {L"O:WDD:P(A;;GA;;;WD)", "S-1-1-0"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *ring = new_ring_name();
        mapring_ring *handle;
        HANDLE section = section_for(ring, cases[i].access);
        check_result(MAPRING_ERROR_PERMISSION, mapring_open(&handle, ring, &small));
        check(strstr(mapring_last_error()->text, cases[i].owner) != NULL);
        CloseHandle(section);
    }
}

/* As when a creator died while another process had the section open. */
static void a_section_that_nobody_filled_in_becomes_the_ring(void **state)
{
    (void)state;
    const char *ring = new_ring_name();
    mapring_ring *handle;
    mapring_producer *producer;
    HANDLE section = section_for(ring, L"D:P(A;;GA;;;WD)");
    char *view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    check(view != NULL);
    strcpy(view + SECTION_BYTES / 2, "left");
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&handle, ring, &attach));
    check_result(MAPRING_ERROR_DAMAGED, mapring_open(&handle, ring, &large));
    check(strstr(mapring_last_error()->text, "half-made") != NULL);
    check_result(MAPRING_OK, mapring_open(&handle, ring, &small));
    check_text("", view + SECTION_BYTES / 2);
    check_result(MAPRING_OK, mapring_producer_open(&producer, ring, &attach));
    check_result(MAPRING_OK, mapring_producer_send(producer, "record", 6, 0));
    mapring_producer_close(producer);
    mapring_close(handle);
    UnmapViewOfFile(view);
    CloseHandle(section);
}

/* Whoever makes the section takes no role. */
static void a_section_that_comes_while_the_ring_is_created_becomes_it(void **state)
{
    (void)state;
    struct ring_name name;
    struct platform_object *object;
    uint64_t bytes, word = RING_MAGIC;
    const char *ring = new_ring_name();
    check_result(MAPRING_OK, ring_name_parse(&name, ring, MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_create(&object, &name, 0600, 0));
    HANDLE section = section_for(ring, L"D:P(A;;GA;;;WD)");
    check_result(MAPRING_OK, platform_reserve(object, SECTION_BYTES / 2));
    char *view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    check(view != NULL);
    memcpy(view, &word, sizeof word);
    check_result(MAPRING_OK, platform_size(object, &bytes));
    check_number(SECTION_BYTES, bytes);
    UnmapViewOfFile(view);
    CloseHandle(section);
    platform_detach(object);
}

static void who_may_not_create_in_the_global_scope_is_told_who_may(void **state)
{
    (void)state;
    struct ring_name name;
    struct platform_object *object;
    wchar_t wide[200];
    const char *ring = new_ring_name();
    check_result(MAPRING_OK, ring_name_parse(&name, ring, MAPRING_GLOBAL));
    check_result(MAPRING_OK, platform_create(&object, &name, 0600, 0));
    swprintf(wide, 200, L"Global\\mapring.%hs.ring", ring);
    HANDLE section = make_section(wide, L"D:P");
    check_result(MAPRING_ERROR_PERMISSION, platform_reserve(object, SECTION_BYTES));
    check(strstr(mapring_last_error()->text, "SeCreateGlobalPrivilege") != NULL);
    CloseHandle(section);
    platform_detach(object);
}

/* ---- Lists ---- */

struct listed {
    const char *part;
    char names[256]; /* those that contain the part, each followed by a space */
};

static bool note_name(const char *name, void *context)
{
    struct listed *listed = context;
    size_t length = strlen(listed->names);
    if (strstr(name, listed->part))
        snprintf(listed->names + length, sizeof listed->names - length, "%s ", name);
    return true;
}

static void only_rings_are_listed(void **state)
{
    (void)state;
    static const wchar_t *const others[] = {
        L"Local\\mapring.%hs", L"Local\\mapring.%hs.wing", L"Local\\mappings.%hs.ring",
        L"Local\\mapring.%hs-that-has-a-name-which-is-longer-than-all-"
        L"names-that-a-ring-may-have-so-that-it-cannot-be-a-ring.ring"};
    const char *ring = new_ring(&small);
    struct listed listed = {.part = ring};
    char expected[256];
    HANDLE sections[COUNT_OF(others)], nameless = make_section(L"Local\\mapring..ring", L"D:P");
    wchar_t name[200];
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        swprintf(name, 200, others[i], ring);
        sections[i] = make_section(name, L"D:P");
    }
    swprintf(name, 200, L"Local\\mapring.%hs-event.ring", ring);
    HANDLE event = make_event(name);
    check_result(MAPRING_OK, mapring_list(MAPRING_LOCAL, note_name, &listed));
    snprintf(expected, sizeof expected, "%s ", ring);
    check_text(expected, listed.names);
    CloseHandle(event);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        CloseHandle(sections[i]);
    CloseHandle(nameless);
}

static void a_name_that_no_ring_has_is_not_listed(void **state)
{
    (void)state;
    const char *ring = new_ring_name();
    struct listed listed = {.part = ring};
    wchar_t name[200];
    swprintf(name, 200, L"Local\\mapring.%hs\u00e4.ring", ring);
    HANDLE section = make_section(name, L"D:P");
    check_result(MAPRING_OK, mapring_list(MAPRING_LOCAL, note_name, &listed));
    check_text("", listed.names);
    CloseHandle(section);
}

/* Even if its section cannot be opened. */
static void a_named_ring_that_is_open_cannot_be_removed(void **state)
{
    (void)state;
    struct ring_name parsed;
    const char *ring = new_ring(&small), *closed = new_ring_name();
    check_result(MAPRING_ERROR_IN_USE, mapring_remove(ring, MAPRING_LOCAL, true));
    check(strstr(mapring_last_error()->text, "last handle") != NULL);
    HANDLE section = section_for(closed, L"D:P");
    check_result(MAPRING_OK, ring_name_parse(&parsed, closed, MAPRING_LOCAL));
    check_result(MAPRING_ERROR_IN_USE, platform_remove(&parsed));
    CloseHandle(section);
}

static void no_process_is_asked_for_barriers(void **state)
{
    (void)state;
    check(!platform_membarrier_register());
    platform_membarrier(); /* does nothing */
}

static void a_named_ring_goes_with_its_last_handle(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    struct process *keeper = start_actor(), *writer = start_actor();
    mapring_ring *ring;
    expect(keeper, MAPRING_OK, "ring %s create 65536", name);
    expect(writer, MAPRING_OK, "producer %s attach", name);
    expect(writer, MAPRING_OK, "send 3 10");
    process_kill(writer);
    struct process *reader = start_consumer(name, "oldest");
    process_kill(keeper);
    expect_records(reader, 0, 3);
    check_result(MAPRING_OK, mapring_open(&ring, name, &attach));
    mapring_close(ring);
    process_kill(reader);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, name, &attach));
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_name_of_another_kind_of_object_is_refused),
    TEST(no_object_of_a_ring_may_be_of_another_kind),
    TEST(a_consumers_objects_are_told_too),
    TEST(a_name_taken_where_a_ring_is_made_leaves_no_ring),
    TEST(an_event_of_somebody_else_has_the_role),
    TEST(a_file_in_use_cannot_be_cut_off),
    TEST(a_ring_that_grants_nothing_is_refused),
    TEST(a_mapping_that_is_no_ring_is_left_alone),
    TEST(a_section_of_another_user_is_not_filled),
    TEST(a_section_that_nobody_filled_in_becomes_the_ring),
    TEST(a_section_that_comes_while_the_ring_is_created_becomes_it),
    TEST(who_may_not_create_in_the_global_scope_is_told_who_may),
    TEST(only_rings_are_listed),
    TEST(a_name_that_no_ring_has_is_not_listed),
    TEST(a_named_ring_that_is_open_cannot_be_removed),
    TEST(no_process_is_asked_for_barriers),
    TEST(a_named_ring_goes_with_its_last_handle),
};
TEST_MAIN(roles, tests)
