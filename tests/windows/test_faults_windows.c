/* SPDX-License-Identifier: MIT */
/* Failing calls in what only Windows has: views in the place of placeholders, and sections and
 * files that others keep or replace. */
#include "faults.h"

#include <windows.h>

#include "helpers.h"
#include "holdings.h"
#include "moments.h"
#include "platform.h"
#include "windows/play.h"

enum { SMALL = 65536, RECORD_BYTES = 1000, RECORDS = 200 /* more than three laps */ };

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};
static const struct mapring_consumer_options newest = {.from = MAPRING_NEWEST,
                                                       .wait_producer = true};

/* ---- Placeholders ---- */

/* Counts reserved address ranges with nothing in them. */
static long reservations(void)
{
    long count = 0;
    MEMORY_BASIC_INFORMATION region;
    for (const char *at = NULL; VirtualQuery(at, &region, sizeof region);
         at = (const char *)region.BaseAddress + region.RegionSize)
        count += region.State == MEM_RESERVE && region.BaseAddress == region.AllocationBase;
    return count;
}

/* How often the function was called since the last start. */
static unsigned calls_of(const char *name, unsigned *first)
{
    struct faults is = faults_stop();
    unsigned count = 0;
    for (unsigned i = is.count; i-- > 0;)
        if (strcmp(is.calls[i]->name, name) == 0) {
            *first = i;
            count++;
        }
    return count;
}

static void check_records_pass(mapring_producer *producer, mapring_consumer *consumer)
{
    unsigned char payload[RECORD_BYTES];
    struct mapring_record record;
    for (unsigned i = 0; i < RECORDS; i++) {
        memset(payload, (int)i, sizeof payload);
        check_result(MAPRING_OK, mapring_producer_send(producer, payload, sizeof payload, 0));
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        check_number(sizeof payload, record.bytes);
        check(memcmp(payload, record.payload, sizeof payload) == 0);
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
}

static void check_ring_works(const char *name)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &attach));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &newest));
    check_records_pass(producer, consumer);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void rings_are_viewed_in_the_place_of_placeholders(void **state)
{
    (void)state;
    const char *names[] = {new_ring(&small), new_ring_file(&small)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        unsigned first;
        check_ring_works(names[i]);
        long before = reservations();
        play_placeholders(true);
        faults_count();
        check_ring_works(names[i]);
        check(calls_of("MapViewOfFile3", &first) >= 2 * 4); /* for each role */
        check_number(0, calls_of("MapViewOfFileEx", &first));
        check_number(before, reservations());
        play_placeholders(false);
    }
}

static void try_failing_view(const char *name, unsigned number)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &newest));
    faults_fail(number, ERROR_NOT_ENOUGH_MEMORY);
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &attach));
    check(faults_stop().failed);
    check_records_pass(producer, consumer);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void a_view_that_fails_is_made_without_placeholders(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    unsigned first;
    play_placeholders(true);
    check_ring_works(name);
    faults_count();
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &attach));
    unsigned views = calls_of("MapViewOfFile3", &first);
    mapring_producer_close(producer);
    struct holdings before = holdings_now();
    long reserved = reservations();
    check(views >= 4);
    for (unsigned i = 0; i < views; i++)
        try_failing_view(name, first + i);
    struct holdings after = holdings_now();
    check_number(before.views, after.views);
    check_number(before.handles, after.handles);
    check_number(reserved, reservations());
    play_placeholders(false);
}

/* ---- Sections that others keep ---- */

static HANDLE section_of(const char *ring)
{
    wchar_t name[200];
    swprintf(name, 200, L"Local\\mapring.%hs.ring", ring);
    HANDLE section =
        CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4 * SMALL, name);
    check(section != NULL);
    return section;
}

static struct platform_object *creator_of(const char *ring)
{
    struct ring_name name;
    struct platform_object *object;
    check_result(MAPRING_OK, ring_name_parse(&name, ring, MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_create(&object, &name, 0600, 0));
    return object;
}

/* The section is mapped to be cleared or, if it appeared meanwhile, to be measured first. */
static void a_section_that_cannot_be_made_anew_is_told(void **state)
{
    (void)state;
    for (int meanwhile = 0; meanwhile < 2; meanwhile++) {
        const char *ring = new_ring_name();
        HANDLE section = meanwhile ? NULL : section_of(ring);
        struct platform_object *object = creator_of(ring);
        if (meanwhile)
            section = section_of(ring);
        check(faults_fail_next("MapViewOfFile"));
        check_result(MAPRING_ERROR_NO_SPACE, platform_reserve(object, 2 * SMALL));
        check(faults_failed_next());
        check(strstr(mapring_last_error()->text, ring) != NULL);
        check_result(MAPRING_OK, platform_reserve(object, 2 * SMALL));
        platform_detach(object);
        CloseHandle(section);
    }
}

/* ---- A file that is replaced ---- */

struct replaced {
    const char *path, *aside;
    bool late; /* the creator of the ring had already locked the file */
};

static bool has_creator(const char *path)
{
    OVERLAPPED place = {.Offset = ROLE_CREATOR, .OffsetHigh = (DWORD)(ROLE_OFFSET >> 32)};
    HANDLE file =
        CreateFileA(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return false;
    bool locked = !LockFileEx(file, LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place);
    CloseHandle(file); /* unlocks it, too */
    return locked;
}

static void put_another_there(void *context)
{
    struct replaced *file = context;
    file->late = has_creator(file->path);
    /* the file may not exist yet */
    MoveFileExA(file->path, file->aside, MOVEFILE_REPLACE_EXISTING);
    write_file(file->path, "", 0);
}

static void a_file_that_is_replaced_while_it_is_made_is_made_anew(void **state)
{
    (void)state;
    struct replaced file = {.path = new_path(".ring"), .aside = new_path(".aside")};
    long moments = 1;
    for (long moment = 0; moment < moments; moment++) {
        mapring_ring *ring;
        file.late = false;
        moments_start(moment, put_another_there, &file);
        int result = mapring_open(&ring, file.path, &small);
        moments = moments_stop();
        check_result(MAPRING_OK, result);
        mapring_close(ring);
        check(file.late || os_file_size(file.path) > 0);
        check(remove(file.path) == 0);
        remove(file.aside);
    }
    check(moments > 1);
}

static const struct role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    TEST(rings_are_viewed_in_the_place_of_placeholders),
    TEST(a_view_that_fails_is_made_without_placeholders),
    TEST(a_section_that_cannot_be_made_anew_is_told),
    TEST(a_file_that_is_replaced_while_it_is_made_is_made_anew),
};

int main(int argc, char **argv)
{
    return test_main(argc, argv, roles, 0, tests, COUNT_OF(tests));
}
