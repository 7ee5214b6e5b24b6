/* SPDX-License-Identifier: MIT */
/* What only Windows has: one namespace for all kernel objects, access control lists, names that go
 * with their last handle. */
#include "actor.h"

#include <windows.h>

#include <sddl.h>

static const struct mapring_options small = {.capacity_bytes = 65536};
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

/* The names of roles and of wake-ups too. */
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

static HANDLE section_for(const char *ring, const wchar_t *access)
{
    wchar_t name[200];
    SECURITY_ATTRIBUTES security = {.nLength = sizeof security};
    object_name(ring, ".ring", name);
    check(ConvertStringSecurityDescriptorToSecurityDescriptorW(
        access, SDDL_REVISION_1, &security.lpSecurityDescriptor, NULL));
    HANDLE section =
        CreateFileMappingW(INVALID_HANDLE_VALUE, &security, PAGE_READWRITE, 0, 262144, name);
    LocalFree(security.lpSecurityDescriptor);
    check(section != NULL);
    return section;
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
    TEST(a_file_in_use_cannot_be_cut_off),
    TEST(a_ring_that_grants_nothing_is_refused),
    TEST(a_mapping_that_is_no_ring_is_left_alone),
    TEST(a_named_ring_goes_with_its_last_handle),
};
TEST_MAIN(roles, tests)
