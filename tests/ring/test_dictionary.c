/* SPDX-License-Identifier: MIT */
/* What a ring says about its content, and the dictionary, which keeps what producers define. */
#include <inttypes.h>

#include "actor.h"
#include "layout.h"

enum { SMALL = 65536, DICTIONARY = 65536, ENTRY_HEAD = 16, KIND = 7 };

static const struct mapring_options defining = {.capacity_bytes = SMALL, .dictionary_bytes = 1};

static mapring_producer *open_producer(const char *name)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    return producer;
}

static mapring_dictionary *open_dictionary(const char *name)
{
    mapring_dictionary *dictionary;
    check_result(MAPRING_OK, mapring_dictionary_open(&dictionary, name, MAPRING_LOCAL));
    return dictionary;
}

static uint64_t define(mapring_producer *producer, uint32_t kind, const char *text)
{
    uint64_t offset = UINT64_MAX;
    check_result(MAPRING_OK, mapring_producer_define(producer, kind, text, strlen(text), &offset));
    return offset;
}

static void check_entry(const struct mapring_entry *entry, uint32_t kind, const char *text)
{
    check_number(kind, entry->kind);
    check_number(strlen(text), entry->bytes);
    check(memcmp(entry->payload, text, entry->bytes) == 0);
}

static void check_next(mapring_dictionary *dictionary, uint32_t kind, const char *text)
{
    struct mapring_entry entry;
    check_result(MAPRING_OK, mapring_dictionary_next(dictionary, &entry));
    check_entry(&entry, kind, text);
}

/* Defines its number, and the entries of all earlier ones once more. */
static int role_definer(int argc, char **argv)
{
    check(argc == 2);
    mapring_producer *producer = open_producer(argv[0]);
    for (int i = 0; i <= atoi(argv[1]); i++) {
        char text[24];
        snprintf(text, sizeof text, "entry %d", i);
        role_say("%" PRIu64, define(producer, KIND, text));
    }
    role_hear("end");
    mapring_producer_close(producer);
    return 0;
}

/* Writes an entry behind what is used, as somebody who is killed before it counts. */
static void write_behind(const char *path, uint64_t offset, const void *bytes, size_t count)
{
    check(os_file_write_at(path, (int64_t)(ring_file_bytes(SMALL, 0) + offset), bytes, count));
}

static void set_used(const char *path, uint64_t used)
{
    check(
        os_file_write_at(path, offsetof(struct ring_header, dictionary_used), &used, sizeof used));
}

/* ---- Content ---- */

static void a_ring_says_what_its_content_is(void **state)
{
    (void)state;
    static const char longest[] = "text/plain; charset=utf-8 \xe2\x82\xac 01234567890123456";
    check_number(MAPRING_CONTENT_BYTES - 1, strlen(longest));
    check_text("", stat_of(new_ring(NULL)).content);
    check_text("", stat_of(new_ring(&(struct mapring_options){.content = ""})).content);
    check_text(longest, stat_of(new_ring(&(struct mapring_options){.content = longest})).content);
}

static void only_text_describes_a_content(void **state)
{
    (void)state;
    static const char *const invalid[] = {
        "0123456789012345678901234567890123456789 1234567",
        "two\nlines",
        "\x1b[31m",
        "\x7f",
        "half \xe2\x82",
        "\xc0\x80",
        "\x80\x80",
        "\xed\xa0\x80",
        "\xff",
        "\xc2\x85",
        "\xf8\x88\x80\x80\x80",
        "\xf5\x80\x80\x80",
    };
    for (size_t i = 0; i < COUNT_OF(invalid); i++) {
        mapring_ring *ring;
        const char *name = new_path(".ring");
        const struct mapring_options options = {.content = invalid[i]};
        check_result(MAPRING_ERROR_ARGUMENT, mapring_open(&ring, name, &options));
        check(strstr(mapring_last_error()->text, "content") != NULL);
        check_number(-1, os_file_size(name));
    }
}

static void another_content_or_dictionary_is_told(void **state)
{
    (void)state;
    static const struct {
        struct mapring_options options;
        int result;
    } wishes[] = {
        {{.content = "text/plain"}, MAPRING_OK},
        {{.content = ""}, MAPRING_OK},
        {{.content = "text"}, MAPRING_ERROR_GEOMETRY_DIFFERS},
        {{.dictionary_bytes = DICTIONARY}, MAPRING_OK},
        {{.dictionary_bytes = 1}, MAPRING_OK},
        {{.dictionary_bytes = DICTIONARY + 1}, MAPRING_ERROR_GEOMETRY_DIFFERS},
    };
    const char *name = new_ring(
        &(struct mapring_options){.content = "text/plain", .dictionary_bytes = DICTIONARY});
    for (size_t i = 0; i < COUNT_OF(wishes); i++) {
        mapring_ring *ring;
        check_result(wishes[i].result, mapring_open(&ring, name, &wishes[i].options));
        mapring_close(ring);
    }
}

static void a_damaged_content_is_refused(void **state)
{
    (void)state;
    static const char *const contents[] = {"\x1b]0;title", "no terminator in forty-eight bytes "
                                                           "of the identity"};
    for (size_t i = 0; i < COUNT_OF(contents); i++) {
        const char *path = new_path(".ring");
        mapring_ring *ring;
        check_result(MAPRING_OK, mapring_open(&ring, path, &defining));
        mapring_close(ring);
        size_t bytes = strlen(contents[i]) < CONTENT_BYTES ? strlen(contents[i]) : CONTENT_BYTES;
        check(os_file_write_at(path, offsetof(struct ring_identity, content), contents[i], bytes));
        check_result(MAPRING_ERROR_DAMAGED, mapring_open(&ring, path, NULL));
        check(strstr(mapring_last_error()->text, "content") != NULL);
    }
}

/* ---- Dictionary ---- */

static void entries_are_read_in_order_and_by_offset(void **state)
{
    (void)state;
    const char *name = new_ring(&defining);
    mapring_dictionary *dictionary = open_dictionary(name);
    struct mapring_entry entry;
    check_result(MAPRING_NOTHING, mapring_dictionary_next(dictionary, &entry));
    mapring_producer *producer = open_producer(name);
    check_number(0, define(producer, KIND, "first"));
    check_number(ENTRY_HEAD + 8, define(producer, KIND + 1, "")); /* 5 bytes are padded */
    uint64_t third = define(producer, UINT32_MAX, "the third one");
    check_next(dictionary, KIND, "first");
    check_next(dictionary, KIND + 1, "");
    check_next(dictionary, UINT32_MAX, "the third one");
    check_result(MAPRING_NOTHING, mapring_dictionary_next(dictionary, &entry));
    check_result(MAPRING_OK, mapring_dictionary_at(dictionary, third, &entry));
    check_entry(&entry, UINT32_MAX, "the third one");
    check_number(third, entry.offset);
    define(producer, KIND, "fourth");
    check_next(dictionary, KIND, "fourth");
    check_number(DICTIONARY, stat_of(name).dictionary_bytes);
    check_number(third + ENTRY_HEAD + 16 + ENTRY_HEAD + 8, stat_of(name).dictionary_used_bytes);
    mapring_producer_close(producer);
    mapring_dictionary_close(dictionary);
}

static void the_same_entry_is_kept_once(void **state)
{
    (void)state;
    const char *name = new_ring(&defining);
    mapring_producer *producer = open_producer(name);
    uint64_t a = define(producer, KIND, "same"), b = define(producer, KIND + 1, "same");
    check(a != b);
    check_number(a, define(producer, KIND, "same"));
    check_number(b, define(producer, KIND + 1, "same"));
    mapring_producer_close(producer);
    producer = open_producer(name);
    check_number(a, define(producer, KIND, "same"));
    check(define(producer, KIND, "other") > b);
    mapring_producer_close(producer);
}

static void many_entries_are_found_again(void **state)
{
    (void)state;
    enum { MANY = 10000 };
    const char *name =
        new_ring(&(struct mapring_options){.capacity_bytes = SMALL, .dictionary_bytes = MANY * 32});
    mapring_producer *producer = open_producer(name);
    static uint64_t offsets[MANY];
    char text[24];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < MANY; i++) {
            snprintf(text, sizeof text, "%d", i);
            uint64_t offset = define(producer, KIND, text);
            check(round == 0 || offset == offsets[i]);
            offsets[i] = offset;
        }
    mapring_producer_close(producer);
    mapring_dictionary *dictionary = open_dictionary(name);
    for (int i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "%d", i);
        check_next(dictionary, KIND, text);
    }
    mapring_dictionary_close(dictionary);
}

static void records_do_not_disturb_the_dictionary(void **state)
{
    (void)state;
    const struct mapring_options options = {
        .capacity_bytes = SMALL, .dictionary_bytes = 1, .when_full = MAPRING_OVERWRITE};
    const char *name = new_ring(&options);
    mapring_producer *producer = open_producer(name);
    define(producer, KIND, "kept");
    char payload[1000] = "";
    for (int i = 0; i < 1000; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, payload, sizeof payload, 0));
    mapring_producer_close(producer);
    mapring_dictionary *dictionary = open_dictionary(name);
    check_next(dictionary, KIND, "kept");
    mapring_dictionary_close(dictionary);
}

static void a_full_dictionary_is_told_and_stays_whole(void **state)
{
    (void)state;
    static char large[DICTIONARY + 1];
    const char *name = new_ring(&defining);
    mapring_producer *producer = open_producer(name);
    uint64_t offset;
    check_result(MAPRING_NO_ROOM,
                 mapring_producer_define(producer, KIND, large, sizeof large, &offset));
    check_result(MAPRING_NO_ROOM, mapring_producer_define(producer, KIND, large,
                                                          DICTIONARY - ENTRY_HEAD + 1, &offset));
    check_result(MAPRING_OK, mapring_producer_define(producer, KIND, large,
                                                     DICTIONARY - 2 * ENTRY_HEAD, &offset));
    check_number(0, offset);
    check_result(MAPRING_NO_ROOM, mapring_producer_define(producer, KIND, "x", 1, &offset));
    check_number(DICTIONARY - ENTRY_HEAD, define(producer, KIND, ""));
    check_result(MAPRING_NO_ROOM, mapring_producer_define(producer, KIND + 1, NULL, 0, &offset));
    check_number(DICTIONARY - ENTRY_HEAD, define(producer, KIND, ""));
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    mapring_producer_close(producer);
}

static void a_ring_without_a_dictionary_has_no_room_in_it(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    mapring_producer *producer = open_producer(name);
    struct mapring_entry entry;
    uint64_t offset;
    check_result(MAPRING_NO_ROOM, mapring_producer_define(producer, KIND, NULL, 0, &offset));
    mapring_dictionary *dictionary = open_dictionary(name);
    check_result(MAPRING_NOTHING, mapring_dictionary_next(dictionary, &entry));
    check_result(MAPRING_NOTHING, mapring_dictionary_at(dictionary, 0, &entry));
    mapring_dictionary_close(dictionary);
    mapring_producer_close(producer);
}

static void each_producer_adds_only_what_is_new(void **state)
{
    (void)state;
    enum { PRODUCERS = 5 };
    const char *name = new_ring(&defining);
    char offsets[PRODUCERS][24];
    for (int i = 0; i < PRODUCERS; i++) {
        char number[8];
        snprintf(number, sizeof number, "%d", i);
        struct process *definer = start_role("definer", name, number, NULL);
        for (int j = 0; j <= i; j++) {
            const char *offset = process_line(definer);
            check(offset != NULL);
            if (j == i)
                snprintf(offsets[j], sizeof offsets[j], "%s", offset);
            check_text(offsets[j], offset);
        }
        if (i % 2 == 0) {
            process_kill(definer);
        } else {
            process_say(definer, "end");
            process_finish(definer);
        }
    }
    check_number(PRODUCERS * (ENTRY_HEAD + 8), stat_of(name).dictionary_used_bytes);
}

static void what_is_behind_the_used_part_is_nobodys(void **state)
{
    (void)state;
    const char *path = new_ring_file(&defining);
    mapring_producer *producer = open_producer(path);
    uint64_t used = define(producer, KIND, "a") + ENTRY_HEAD + 8;
    mapring_producer_close(producer);
    write_behind(path, used, "rubbish that is no entry, but longer", 36);
    mapring_dictionary *dictionary = open_dictionary(path);
    struct mapring_entry entry;
    check_next(dictionary, KIND, "a");
    check_result(MAPRING_NOTHING, mapring_dictionary_next(dictionary, &entry));
    producer = open_producer(path);
    check_number(used, define(producer, KIND, "b"));
    check_next(dictionary, KIND, "b");
    mapring_producer_close(producer);
    mapring_dictionary_close(dictionary);
}

static void a_damaged_dictionary_is_told(void **state)
{
    (void)state;
    static const struct {
        uint64_t offset;
        uint32_t word;
    } damages[] = {
        {0, UINT32_MAX},
        {0, 9},
        {0, 0}, /* length */
        {4, 0},
        {4, 8},                 /* kind */
        {8, 0},                 /* checksum */
        {ENTRY_HEAD, 0x414141}, /* payload */
    };
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        const char *path = new_ring_file(&defining);
        mapring_producer *producer = open_producer(path);
        define(producer, KIND, "payload");
        mapring_producer_close(producer);
        write_behind(path, damages[i].offset, &damages[i].word, sizeof damages[i].word);
        mapring_dictionary *dictionary = open_dictionary(path);
        struct mapring_entry entry;
        uint64_t offset;
        check_result(MAPRING_ERROR_DAMAGED, mapring_dictionary_next(dictionary, &entry));
        check(strstr(mapring_last_error()->text, "offset 0 of its dictionary") != NULL);
        check_result(MAPRING_ERROR_DAMAGED, mapring_dictionary_at(dictionary, 0, &entry));
        mapring_dictionary_close(dictionary);
        producer = open_producer(path);
        check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
        check_result(MAPRING_ERROR_DAMAGED,
                     mapring_producer_define(producer, KIND, "x", 1, &offset));
        mapring_producer_close(producer);
    }
}

static void offsets_that_are_none_are_told(void **state)
{
    (void)state;
    static const uint64_t offsets[] = {1, 4, 8, 16};
    const char *name = new_ring(&defining);
    mapring_producer *producer = open_producer(name);
    define(producer, KIND, "payload!");
    mapring_dictionary *dictionary = open_dictionary(name);
    struct mapring_entry entry;
    check_next(dictionary, KIND, "payload!");
    for (size_t i = 0; i < COUNT_OF(offsets); i++)
        check_result(MAPRING_ERROR_DAMAGED, mapring_dictionary_at(dictionary, offsets[i], &entry));
    check_result(MAPRING_NOTHING, mapring_dictionary_at(dictionary, 24, &entry));
    check_result(MAPRING_NOTHING, mapring_dictionary_at(dictionary, UINT64_MAX, &entry));
    mapring_dictionary_close(dictionary);
    mapring_producer_close(producer);
}

static void an_impossible_use_is_told(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {UINT64_MAX, DICTIONARY + 1, 8, 20};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        const char *path = new_ring_file(&defining);
        mapring_producer *producer = open_producer(path);
        define(producer, KIND, "payload!");
        mapring_producer_close(producer);
        set_used(path, sizes[i]);
        mapring_dictionary *dictionary = open_dictionary(path);
        struct mapring_entry entry;
        uint64_t offset;
        check_result(MAPRING_ERROR_DAMAGED, mapring_dictionary_next(dictionary, &entry));
        check_result(MAPRING_ERROR_DAMAGED, mapring_dictionary_at(dictionary, 0, &entry));
        producer = open_producer(path);
        check_result(MAPRING_ERROR_DAMAGED,
                     mapring_producer_define(producer, KIND, "x", 1, &offset));
        check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
        mapring_producer_close(producer);
        mapring_dictionary_close(dictionary);
    }
}

static void a_truncated_dictionary_is_told(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &defining));
    define(producer, KIND, "payload!");
    mapring_producer_close(producer);
    mapring_dictionary *dictionary = open_dictionary(path);
    struct mapring_entry entry;
    for (int bytes = 20; bytes >= -10; bytes -= 10) {
        check(os_file_resize(path, (int64_t)ring_file_bytes(SMALL, 0) + bytes));
        check_result(MAPRING_ERROR_DAMAGED, mapring_dictionary_next(dictionary, &entry));
        check(strstr(mapring_last_error()->text, "truncated") != NULL);
    }
    mapring_dictionary_close(dictionary);
    check_result(MAPRING_ERROR_DAMAGED, mapring_producer_open(&producer, path, NULL));
}

static void invalid_arguments_are_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&defining);
    mapring_producer *producer = open_producer(name);
    mapring_dictionary *dictionary = open_dictionary(name), *none;
    struct mapring_entry entry;
    uint64_t offset;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_define(NULL, KIND, "", 0, &offset));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_define(producer, 0, "", 0, &offset));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_define(producer, KIND, NULL, 1, &offset));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_define(producer, KIND, "", 0, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_dictionary_open(NULL, name, MAPRING_LOCAL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_dictionary_next(NULL, &entry));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_dictionary_next(dictionary, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_dictionary_at(NULL, 0, &entry));
    check_result(MAPRING_ERROR_NOT_THERE,
                 mapring_dictionary_open(&none, new_ring_name(), MAPRING_LOCAL));
    check(none == NULL);
    const struct mapring_options large = {.dictionary_bytes = DICTIONARY_MAX + 1};
    mapring_ring *ring;
    check_result(MAPRING_ERROR_GEOMETRY, mapring_open(&ring, new_ring_name(), &large));
    mapring_dictionary_close(NULL);
    mapring_dictionary_close(dictionary);
    mapring_producer_close(producer);
}

static const struct role roles[] = {ACTOR_ROLE, {"definer", role_definer}};
static const struct CMUnitTest tests[] = {
    TEST(a_ring_says_what_its_content_is),
    TEST(only_text_describes_a_content),
    TEST(another_content_or_dictionary_is_told),
    TEST(a_damaged_content_is_refused),
    TEST(entries_are_read_in_order_and_by_offset),
    TEST(the_same_entry_is_kept_once),
    TEST(many_entries_are_found_again),
    TEST(records_do_not_disturb_the_dictionary),
    TEST(a_full_dictionary_is_told_and_stays_whole),
    TEST(a_ring_without_a_dictionary_has_no_room_in_it),
    TEST(each_producer_adds_only_what_is_new),
    TEST(what_is_behind_the_used_part_is_nobodys),
    TEST(a_damaged_dictionary_is_told),
    TEST(offsets_that_are_none_are_told),
    TEST(an_impossible_use_is_told),
    TEST(a_truncated_dictionary_is_told),
    TEST(invalid_arguments_are_refused),
};
TEST_MAIN(roles, tests)
