/* SPDX-License-Identifier: MIT */
/* What becomes of records and entries that are damaged, or made to do harm. */
#include "packing.h"
#include "producer/producer.h"

/* Types as characters: enum mapring1_log_type. */
#define INT32       "\1"
#define UINT32      "\2"
#define INT64       "\3"
#define UINT64      "\4"
#define DOUBLE      "\5"
#define LONG_DOUBLE "\6"
#define POINTER     "\7"
#define STRING      "\10"

static struct packed line_of(uint32_t site, uint32_t thread)
{
    struct packed line = {.count = 0};
    pack_u32(&line, site);
    pack_u32(&line, thread);
    return line;
}

static uint32_t define_site(struct packed_log *log, const char *types, const char *format)
{
    const struct packed site = packed_site(MAPRING_LEVEL_INFO, types, format, 0);
    return packed_log_define(log, ENTRY_SITE, &site);
}

static void test_a_line_has_what_its_entries_say(void **state)
{
    (void)state;
    struct packed_log log;
    struct packed thread = {.count = 0};
    packed_log_open(&log);
    pack_u64(&thread, 11);
    pack_u64(&thread, 12);
    pack(&thread, "program\0worker", 15);
    struct packed line = line_of(define_site(&log, INT32 STRING, "a=%d of %s"),
                                 packed_log_define(&log, ENTRY_THREAD, &thread));
    pack_u32(&line, 3);
    pack_text(&line, "four");
    check_result(MAPRING_OK, packed_log_decode(&log, &line));
    check_text("a=3 of four", log.line.text);
    check_number(strlen("a=3 of four"), log.line.text_bytes);
    check_text("a=%d of %s", log.line.format);
    check_text("dir/file.c", log.line.file);
    check_text("function", log.line.function);
    check_text("program", log.line.program);
    check_text("worker", log.line.thread_name);
    check_text(log.name, log.line.ring);
    check_number(MAPRING_LEVEL_INFO, log.line.level);
    check_number(7, log.line.line);
    check_number(11, log.line.process);
    check_number(12, log.line.thread);
    check_number(5, log.line.sequence);
    check_number(6, log.line.time_ns);
    check_number(2, log.line.value_count);
    check_number(MAPRING_LOG_INTEGER, log.line.values[0].type);
    check_number(3, log.line.values[0].is.integer);
    check_number(1, log.line.values[0].name_bytes);
    check(log.line.values[0].name[0] == 'a');
    check(!log.line.values[1].name);
    check_text("four", log.line.values[1].is.text);
    packed_log_close(&log);
}

static void test_a_site_in_the_line_itself(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    const struct packed site = packed_site(MAPRING_LEVEL_FATAL, DOUBLE, "%.1f", 0);
    const double value = 2.5;
    struct packed line = line_of(0, 0);
    pack_u32(&line, (uint32_t)site.count);
    pack(&line, site.bytes, site.count);
    pack(&line, &value, sizeof value);
    check_result(MAPRING_OK, packed_log_decode(&log, &line));
    check_text("2.5", log.line.text);
    check_number(MAPRING_LEVEL_FATAL, log.line.level);
    check_text("", log.line.thread_name);
    for (size_t bytes = 0; bytes < line.count; bytes++) {
        struct packed part = line;
        part.count = bytes;
        check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &part));
        check_number(MAPRING_LEVEL_UNSET, log.line.level);
    }
    packed_log_close(&log);
}

static void test_a_line_that_is_too_short_or_too_long_is_damaged(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    struct packed line =
        line_of(define_site(&log, INT32 UINT32 INT64 UINT64 LONG_DOUBLE POINTER STRING,
                            "%d %u %lld %llu %Lf %p %s"),
                0);
    size_t head = line.count;
    pack_u32(&line, 1);
    pack_u32(&line, 2);
    pack_u64(&line, 3);
    pack_u64(&line, 4);
    pack_u64(&line, 0);
    pack_u64(&line, 0);
    pack_u64(&line, 5);
    pack_text(&line, "six");
    check_result(MAPRING_OK, packed_log_decode(&log, &line));
    check_text("1 2 3 4 0.000000 0x5 six", log.line.text);
    for (size_t bytes = head; bytes < line.count; bytes++) {
        struct packed part = line;
        part.count = bytes;
        check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &part));
        check_number(7, log.line.line);
    }
    pack_u8(&line, 0);
    check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &line));
    check_text("1 2 3 4 0.000000 0x5 six", log.line.text);
    packed_log_close(&log);
}

static void test_a_length_beyond_the_record_is_not_read(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {4, 100, 0x7ffffffe, 0x80000004, 0xffffffff};
    struct packed_log log;
    packed_log_open(&log);
    uint32_t site = define_site(&log, STRING, "<%s>");
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct packed line = line_of(site, 0);
        pack_u32(&line, lengths[i]);
        pack(&line, "abc", 3);
        check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &line));
        check_text("<%!s(MISSING)>", log.line.text);
    }
    packed_log_close(&log);
}

static void test_null_pointers_and_cut_strings_are_shown(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    struct packed line = line_of(define_site(&log, STRING STRING STRING STRING, "%s|%.3s|%7s|%s"), 0);
    pack_u32(&line, MAPRING1_NULL);
    pack_u32(&line, MAPRING1_NULL);
    pack_u32(&line, MAPRING1_NULL);
    pack_u32(&line, 3 | MAPRING1_CUT);
    pack(&line, "abc", 3);
    check_result(MAPRING_OK, packed_log_decode(&log, &line));
    check_text("(null)|| (null)|abc...", log.line.text);
    check(!log.line.values[0].is.text);
    check(log.line.values[3].cut);
    packed_log_close(&log);
}

static void test_numbers_that_lead_nowhere(void **state)
{
    (void)state;
    struct packed_log log;
    struct packed thread = {.count = 0};
    packed_log_open(&log);
    pack_u64(&thread, 1);
    uint32_t site = define_site(&log, "", "text");
    uint32_t half_a_thread = packed_log_define(&log, ENTRY_THREAD, &thread);
    const uint32_t others[] = {site + 1, half_a_thread, 0x7fffffff, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct packed line = line_of(others[i], site);
        check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &line));
        check(strncmp(log.line.text, "%!(site ", 8) == 0);
        line = line_of(site, others[i]);
        check_result(MAPRING_OK, packed_log_decode(&log, &line));
        check_text("text", log.line.text);
        check_number(0, log.line.process);
    }
    packed_log_close(&log);
}

static void test_damaged_sites_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        unsigned char is;
    } changes[] = {{0, 0},   {0, MAPRING_LEVEL_OFF}, {0, 255}, {1, 2},
                   {1, 255}, {2, 3},                 {8, 0},   {8, 9}};
    struct packed_log log;
    struct mapring_log_site site;
    packed_log_open(&log);
    const struct packed good = packed_site(MAPRING_LEVEL_INFO, INT32, "%d", 0);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct packed bad = good;
        bad.bytes[changes[i].at] = changes[i].is;
        struct packed line = line_of(packed_log_define(&log, ENTRY_SITE, &bad), 0);
        pack_u32(&line, 1);
        check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &line));
        check_result(MAPRING_ERROR_DAMAGED, mapring_log_next_site(log.decoder, &site));
    }
    for (size_t bytes = 0; bytes < good.count; bytes++) {
        struct packed part = good;
        part.count = bytes;
        struct packed line = line_of(packed_log_define(&log, ENTRY_SITE, &part), 0);
        pack_u32(&line, 1);
        check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &line));
        check_result(MAPRING_ERROR_DAMAGED, mapring_log_next_site(log.decoder, &site));
    }
    packed_log_define(&log, ENTRY_SITE, &good);
    check_result(MAPRING_OK, mapring_log_next_site(log.decoder, &site));
    check_text("%d", site.format);
    check_number(1, site.value_count);
    check_number(MAPRING_LOG_INTEGER, site.types[0]);
    check_result(MAPRING_NOTHING, mapring_log_next_site(log.decoder, &site));
    packed_log_close(&log);
}

static void test_other_entries_are_no_sites(void **state)
{
    (void)state;
    struct packed_log log;
    struct mapring_log_site site;
    struct packed other = {.count = 0};
    packed_log_open(&log);
    pack_text(&other, "schema");
    packed_log_define(&log, 77, &other);
    define_site(&log, UINT64 POINTER STRING DOUBLE, "%llu %p %s %f");
    packed_log_define(&log, 78, &other);
    check_result(MAPRING_OK, mapring_log_next_site(log.decoder, &site));
    check_number(4, site.value_count);
    check_number(MAPRING_LOG_NATURAL, site.types[0]);
    check_number(MAPRING_LOG_POINTER, site.types[1]);
    check_number(MAPRING_LOG_TEXT, site.types[2]);
    check_number(MAPRING_LOG_REAL, site.types[3]);
    check_number(MAPRING_LEVEL_INFO, site.level);
    check_result(MAPRING_NOTHING, mapring_log_next_site(log.decoder, &site));
    packed_log_close(&log);
}

static void test_a_damaged_dictionary_is_told_and_passed_over(void **state)
{
    (void)state;
    struct packed_log log;
    struct mapring_log_site site;
    packed_log_open(&log);
    uint32_t first = define_site(&log, "", "first");
    uint32_t second = define_site(&log, "", "second");
    struct mapring_producer *producer = log.producer;
    struct ring_entry *entry = (void *)(producer->ring.dictionary + entry_offset(first));
    entry->crc ^= 1;
    check_result(MAPRING_ERROR_DAMAGED, mapring_log_next_site(log.decoder, &site));
    check_result(MAPRING_OK, mapring_log_next_site(log.decoder, &site));
    check_text("second", site.format);
    struct packed line = line_of(first, 0);
    check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &line));
    line = line_of(second, 0);
    check_result(MAPRING_OK, packed_log_decode(&log, &line));
    entry = (void *)(producer->ring.dictionary + entry_offset(define_site(&log, "", "third")));
    entry->bytes = UINT32_MAX;
    check_result(MAPRING_ERROR_DAMAGED, mapring_log_next_site(log.decoder, &site));
    check_result(MAPRING_NOTHING, mapring_log_next_site(log.decoder, &site));
    store_release(&producer->ring.header->dictionary_used,
                  load_relaxed(&producer->ring.header->dictionary_used) + 8);
    check_result(MAPRING_ERROR_DAMAGED, mapring_log_next_site(log.decoder, &site));
    check_result(MAPRING_NOTHING, mapring_log_next_site(log.decoder, &site));
    packed_log_close(&log);
}

static void test_threads_that_say_too_little_are_unknown(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    struct packed thread = {.count = 0};
    uint32_t site = define_site(&log, "", "text");
    pack_u64(&thread, 11);
    pack_u64(&thread, 12);
    pack(&thread, "program\0worker", 15);
    for (size_t bytes = 0; bytes < thread.count; bytes++) {
        struct packed part = thread;
        part.count = bytes;
        struct packed line = line_of(site, packed_log_define(&log, ENTRY_THREAD, &part));
        check_result(MAPRING_OK, packed_log_decode(&log, &line));
        check_number(0, log.line.thread);
        check_text("", log.line.program);
    }
    packed_log_close(&log);
}

static void test_a_damaged_site_in_the_line_itself(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    const struct packed site = packed_site(MAPRING_LEVEL_OFF, "", "text", 0);
    struct packed line = line_of(0, 0);
    pack_u32(&line, (uint32_t)site.count);
    pack(&line, site.bytes, site.count);
    check_result(MAPRING_ERROR_DAMAGED, packed_log_decode(&log, &line));
    check(strstr(log.line.text, "%!(not a line; ") == log.line.text);
    packed_log_close(&log);
}

static void test_ten_thousand_sites(void **state)
{
    (void)state;
    enum { SITES = 10000 };
    static uint32_t numbers[SITES];
    struct packed_log log;
    char format[32];
    packed_log_open(&log);
    for (int i = 0; i < SITES; i++) {
        snprintf(format, sizeof format, "site %d", i);
        numbers[i] = define_site(&log, "", format);
    }
    for (int i = SITES - 1; i >= 0; i--) {
        const struct packed line = line_of(numbers[i], 0);
        snprintf(format, sizeof format, "site %d", i);
        check_result(MAPRING_OK, packed_log_decode(&log, &line));
        check_text(format, log.line.text);
    }
    packed_log_close(&log);
}

/* ---- Without a ring ---- */

static void give(mapring_log_decoder *decoder, uint32_t kind, uint64_t offset,
                 const struct packed *packed)
{
    const struct mapring_entry entry = {
        .payload = packed->bytes, .bytes = packed->count, .kind = kind, .offset = offset};
    check_result(MAPRING_OK, mapring_log_decoder_define(decoder, &entry));
}

static int decode(mapring_log_decoder *decoder, const struct packed *packed,
                  struct mapring_log_line *line)
{
    const struct mapring_record record = {
        .payload = packed->bytes, .bytes = packed->count, .sequence = 5, .time_ns = 6};
    return mapring_log_decode(decoder, &record, line);
}

static void test_a_decoder_without_a_ring_knows_what_it_was_given(void **state)
{
    (void)state;
    mapring_log_decoder *decoder;
    struct mapring_log_line line;
    const struct packed site = packed_site(MAPRING_LEVEL_INFO, STRING, "got %s", 0),
                        other = packed_site(MAPRING_LEVEL_WARN, STRING, "another %s", 0);
    struct packed record = line_of(entry_number(64), 0);
    pack_text(&record, "it");
    check_result(MAPRING_OK, mapring_log_decoder_new(&decoder, "carried"));
    check_result(MAPRING_ERROR_DAMAGED, decode(decoder, &record, &line));
    check_text("carried", line.ring);
    check(strstr(mapring_last_error()->text, "carried"));
    give(decoder, ENTRY_SITE, 64, &site);
    give(decoder, ENTRY_SITE, 64, &other);
    check_result(MAPRING_OK, decode(decoder, &record, &line));
    check_text("got it", line.text);
    check_number(MAPRING_LEVEL_INFO, line.level);
    mapring_log_decoder_close(decoder);
}

static void test_entries_that_no_dictionary_has_are_refused(void **state)
{
    (void)state;
    struct packed_log log;
    mapring_log_decoder *decoder;
    struct mapring_log_site site;
    struct mapring_entry entry = {.payload = "", .kind = ENTRY_SITE, .offset = 4};
    packed_log_open(&log);
    check_result(MAPRING_OK, mapring_log_decoder_new(&decoder, "carried"));
    check_result(MAPRING_ERROR_DAMAGED, mapring_log_decoder_define(decoder, &entry));
    entry.offset = UINT64_C(8) * UINT32_MAX;
    check_result(MAPRING_ERROR_DAMAGED, mapring_log_decoder_define(decoder, &entry));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_decoder_define(decoder, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_decoder_define(log.decoder, &entry));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_next_site(decoder, &site));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_decoder_new(NULL, "carried"));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_decoder_new(&decoder, NULL));
    mapring_log_decoder_close(decoder);
    packed_log_close(&log);
}

static void test_misuse_is_refused(void **state)
{
    (void)state;
    struct packed_log log;
    struct mapring_log_line line;
    struct mapring_log_site site;
    const struct mapring_record record = {.payload = "", .bytes = 0};
    mapring_log_decoder *decoder;
    mapring_producer *producer;
    const char *name = new_ring_name();
    packed_log_open(&log);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_decoder_open(NULL, log.name, MAPRING_LOCAL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_decode(NULL, &record, &line));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_decode(log.decoder, NULL, &line));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_decode(log.decoder, &record, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_next_site(log.decoder, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_next_site(NULL, &site));
    check_result(MAPRING_ERROR_DAMAGED, mapring_log_decode(log.decoder, &record, &line));
    check_text("%!(not a line; 0 bytes)", line.text);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_log_decoder_open(&decoder, name, MAPRING_LOCAL));
    check(!decoder);
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_ERROR_WRONG_KIND,
                 mapring_log_decoder_open(&decoder, name, MAPRING_LOCAL));
    check(!decoder);
    mapring_log_decoder_close(NULL);
    mapring_producer_close(producer);
    packed_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    TEST(test_a_line_has_what_its_entries_say),
    TEST(test_a_site_in_the_line_itself),
    TEST(test_a_line_that_is_too_short_or_too_long_is_damaged),
    TEST(test_a_length_beyond_the_record_is_not_read),
    TEST(test_null_pointers_and_cut_strings_are_shown),
    TEST(test_numbers_that_lead_nowhere),
    TEST(test_damaged_sites_are_refused),
    TEST(test_other_entries_are_no_sites),
    TEST(test_a_damaged_dictionary_is_told_and_passed_over),
    TEST(test_threads_that_say_too_little_are_unknown),
    TEST(test_a_damaged_site_in_the_line_itself),
    TEST(test_ten_thousand_sites),
    TEST(test_a_decoder_without_a_ring_knows_what_it_was_given),
    TEST(test_entries_that_no_dictionary_has_are_refused),
    TEST(test_misuse_is_refused),
};

static const struct role roles[] = {{0}};

TEST_MAIN(roles, tests)
