/* SPDX-License-Identifier: MIT */
/* What bridges send each other: what goes in comes out, the same cuts give the same messages, and
 * nothing that was changed on the way is taken for good. */
#include "helpers.h"

#include "bridge/batch_builder.h"
#include "bridge/batch_reader.h"
#include "bridge/compression.h"
#include "shared/checksum.h"

#include <inttypes.h>

static const struct batch_origin timed = {.id = "0123-4567",
                                          .name = "log file",
                                          .content = "text/plain; charset=utf-8",
                                          .capacity_bytes = 1 << 20,
                                          .slot_bytes = 16,
                                          .times = true,
                                          .dictionary_bytes = 65536};
static const struct batch_settings usual = {.target_bytes = 65536, .limit_bytes = 1 << 20};
static const struct batch_position beginning;

/* Freed at the end of the process. */
static void *memory(size_t bytes)
{
    static void *all[4096];
    static unsigned count;
    check(count < sizeof all / sizeof *all);
    all[count] = malloc(bytes);
    check(all[count] != NULL);
    return all[count++];
}

/* A message of its own: that of a builder is valid for a while only. */
struct kept {
    struct engine_message message;
    struct engine_header headers[BATCH_HEADERS];
};

static struct kept keep(const struct engine_message *message, uint64_t number)
{
    struct kept kept = {.message = *message};
    unsigned char *payload = memory(message->bytes + 1);
    memcpy(payload, message->payload, message->bytes);
    kept.message.payload = payload;
    kept.message.number = number;
    for (unsigned i = 0; i < message->header_count; i++) {
        size_t bytes = strlen(message->headers[i].value) + 1;
        char *value = memory(bytes);
        memcpy(value, message->headers[i].value, bytes);
        kept.headers[i] = (struct engine_header){message->headers[i].name, value};
    }
    return kept;
}

/* The headers lie in the structure, which may have moved. */
static const struct engine_message *message_of(struct kept *kept)
{
    kept->message.headers = kept->headers;
    return &kept->message;
}

static void set_header(struct kept *kept, const char *name, const char *value)
{
    for (unsigned i = 0; i < kept->message.header_count; i++)
        if (strcmp(kept->headers[i].name, name) == 0)
            kept->headers[i].value = value;
}

static struct mapring_record record_of(const char *text, uint64_t sequence, uint64_t time_ns)
{
    return (struct mapring_record){
        .payload = text, .bytes = strlen(text), .sequence = sequence, .time_ns = time_ns};
}

static void check_next(struct batch_reader *reader, struct batch_item *item)
{
    char problem[BATCH_PROBLEM_BYTES] = "";
    enum batch_result result = batch_next(reader, item, problem);
    check_text("", problem);
    check_number(BATCH_ITEM, result);
}

static void check_record(struct batch_reader *reader, const char *text, uint64_t sequence)
{
    struct batch_item item;
    check_next(reader, &item);
    check_number(BATCH_RECORD, item.kind);
    check_number(strlen(text), item.record.bytes);
    check(memcmp(text, item.record.payload, item.record.bytes) == 0);
    check_number(sequence, item.record.sequence);
}

static void check_end(struct batch_reader *reader)
{
    struct batch_item item;
    char problem[BATCH_PROBLEM_BYTES] = "";
    enum batch_result result = batch_next(reader, &item, problem);
    check_text("", problem);
    check_number(BATCH_END, result);
}

static void check_open(struct batch_reader *reader, struct kept *kept)
{
    char problem[BATCH_PROBLEM_BYTES] = "";
    bool is_open = batch_open(reader, message_of(kept), problem);
    check_text("", problem);
    check(is_open);
}

/* ---- What goes in comes out ---- */

/* A record, a part, a loss, the end of a run, an entry, and a record without bytes. */
static void add_some_of_everything(struct batch_builder *builder)
{
    struct mapring_record first = record_of("first", 10, 5000), part = record_of("part", 11, 5010),
                          empty = record_of("", 19, 5000);
    const struct mapring_record lost = {.sequence = 12,
                                        .lost_records = 7,
                                        .lost_bytes = 700,
                                        .time_ns = 5020,
                                        .lost_until_ns = 6000};
    const struct mapring_entry entry = {.payload = "format", .bytes = 6, .kind = 9, .offset = 48};
    first.time_uncertainty_ns = 77;
    part.continued = true;
    check(batch_add_record(builder, &first));
    check(batch_add_record(builder, &part));
    check(batch_add_gap(builder, &lost));
    check(batch_add_run_end(builder, 3, true));
    check(batch_add_entry(builder, &entry));
    check(batch_add_record(builder, &empty));
}

static const struct batch_position at_ten = {.sequence = 10, .run = 2, .dictionary = 48};

static void check_some_of_everything(struct batch_reader *reader)
{
    struct batch_item item;
    check_record(reader, "first", 10);
    check_next(reader, &item);
    check_number(11, item.record.sequence);
    check_number(5010, item.record.time_ns);
    check_number(77, item.record.time_uncertainty_ns);
    check(item.record.continued);
    check_next(reader, &item);
    check_number(BATCH_GAP, item.kind);
    check_number(12, item.record.sequence);
    check_number(7, item.record.lost_records);
    check_number(700, item.record.lost_bytes);
    check_number(5020, item.record.time_ns);
    check_number(6000, item.record.lost_until_ns);
    check_next(reader, &item);
    check_number(BATCH_RUN_END, item.kind);
    check_number(3, item.run);
    check(item.died);
    check_next(reader, &item);
    check_number(BATCH_ENTRY, item.kind);
    check_number(9, item.entry.kind);
    check_number(48, item.entry.offset);
    check(item.entry.bytes == 6 && memcmp(item.entry.payload, "format", 6) == 0);
    check_next(reader, &item);
    check_number(19, item.record.sequence);
    check_number(0, item.record.bytes);
    check_number(5000, item.record.time_ns);
    check_end(reader);
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    struct batch_builder *builder = batch_builder_new(&timed, &usual);
    struct batch_reader *reader = batch_reader_new();
    batch_begin(builder, &at_ten, NULL);
    check(batch_is_empty(builder));
    add_some_of_everything(builder);
    struct kept kept = keep(batch_finish(builder), 1);
    check_open(reader, &kept);
    check_some_of_everything(reader);
    const struct batch_head *head = batch_head(reader);
    check(batch_positions_equal(&head->end, batch_end(builder)));
    check_number(10, head->first);
    check_number(20, head->end.sequence);
    check_number(3, head->end.run);
    check_number(72, head->end.dictionary);
    check_text(timed.name, head->origin.name);
    check_text(timed.content, head->origin.content);
    check_text(timed.id, head->origin.id);
    check_number(timed.capacity_bytes, head->origin.capacity_bytes);
    check_number(timed.dictionary_bytes, head->origin.dictionary_bytes);
    batch_builder_free(builder);
    batch_reader_free(reader);
}

static void what_is_in_the_stream_is_not_added_again(void **state)
{
    (void)state;
    struct batch_builder *builder = batch_builder_new(&timed, &usual);
    struct batch_reader *reader = batch_reader_new();
    const struct batch_position later = {.sequence = 14, .run = 3, .dictionary = 72};
    struct batch_item item;
    batch_begin(builder, &later, NULL);
    add_some_of_everything(builder);
    struct kept kept = keep(batch_finish(builder), 1);
    check_open(reader, &kept);
    check_next(reader, &item);
    check_number(BATCH_GAP, item.kind);
    check_number(14, item.record.sequence);
    check_number(5, item.record.lost_records);
    check_number(0, item.record.lost_bytes);
    check_number(6000, item.record.lost_until_ns);
    check_record(reader, "", 19);
    check_end(reader);
    batch_builder_free(builder);
    batch_reader_free(reader);
}

static void a_compressed_message_is_smaller_and_says_the_same(void **state)
{
    (void)state;
    if (!compression_is_available)
        skip();
    struct batch_settings settings = usual;
    settings.compress = true;
    struct batch_builder *builder = batch_builder_new(&timed, &settings);
    struct batch_reader *reader = batch_reader_new();
    batch_begin(builder, &beginning, NULL);
    for (uint64_t i = 0; i < 100; i++) {
        const struct mapring_record record = record_of("all lines are the same here", i, 1000 + i);
        check(batch_add_record(builder, &record));
    }
    struct kept kept = keep(batch_finish(builder), 1);
    check(kept.message.bytes < 500);
    check_open(reader, &kept);
    for (uint64_t i = 0; i < 100; i++)
        check_record(reader, "all lines are the same here", i);
    check_end(reader);
    batch_builder_free(builder);
    batch_reader_free(reader);
}

/* ---- Sizes ---- */

static void a_message_is_full_at_its_size(void **state)
{
    (void)state;
    struct batch_builder *builder = batch_builder_new(&timed, &usual);
    static char text[128];
    memset(text, 'x', sizeof text - 1);
    batch_begin(builder, &beginning, NULL);
    uint64_t count = 0;
    struct mapring_record record = record_of(text, 0, 1);
    while (batch_add_record(builder, &record))
        record.sequence = ++count;
    size_t bytes = batch_finish(builder)->bytes;
    check(bytes > 65536 - 256 && bytes <= 65536);
    check_number(count, batch_end(builder)->sequence);
    batch_builder_free(builder);
}

static struct mapring_record large_record(unsigned char *payload, size_t bytes, uint64_t sequence)
{
    for (size_t i = 0; i < bytes; i++)
        payload[i] = (unsigned char)(i * 7 + i / 256);
    return (struct mapring_record){.payload = payload, .bytes = bytes, .sequence = sequence};
}

/* Puts a record and what surrounds it into messages. Returns their number. */
static unsigned send_large(const struct mapring_record *record, struct kept *kept, unsigned limit)
{
    const struct batch_settings small = {.target_bytes = 1000, .limit_bytes = 1000};
    struct batch_builder *builder = batch_builder_new(&timed, &small);
    const struct mapring_record before = record_of("before", 0, 1), after = record_of("after", 2, 3);
    struct batch_position position = beginning;
    unsigned count = 0;
    bool taken = false;
    batch_begin(builder, &position, NULL);
    check(batch_add_record(builder, &before));
    while (!taken && count + 1 < limit) {
        taken = batch_add_record(builder, record);
        check(!batch_is_empty(builder));
        kept[count] = keep(batch_finish(builder), count + 1);
        check(kept[count++].message.bytes <= 1000);
        position = *batch_end(builder);
        batch_begin(builder, &position, NULL);
    }
    check(taken && batch_add_record(builder, &after));
    kept[count] = keep(batch_finish(builder), count + 1);
    batch_builder_free(builder);
    return count + 1;
}

static void a_record_larger_than_a_message_takes_several(void **state)
{
    (void)state;
    static unsigned char payload[5000];
    struct kept kept[16];
    const struct mapring_record record = large_record(payload, sizeof payload, 1);
    unsigned count = send_large(&record, kept, 16);
    struct batch_reader *reader = batch_reader_new();
    struct batch_item item;
    check(count >= 7);
    check_open(reader, &kept[0]);
    check_record(reader, "before", 0);
    check_end(reader);
    for (unsigned i = 1; i + 2 < count; i++) {
        check_open(reader, &kept[i]);
        check_number(1, batch_head(reader)->first);
        check_end(reader);
        check_number(1, batch_head(reader)->end.sequence);
        check(batch_head(reader)->end.piece_bytes > 0);
    }
    check_open(reader, &kept[count - 2]);
    check_next(reader, &item);
    check_number(1, item.record.sequence);
    check_number(sizeof payload, item.record.bytes);
    check(memcmp(payload, item.record.payload, sizeof payload) == 0);
    check_end(reader);
    check_number(2, batch_head(reader)->end.sequence);
    check_number(0, batch_head(reader)->end.piece_bytes);
    check_open(reader, &kept[count - 1]);
    check_record(reader, "after", 2);
    batch_reader_free(reader);
}

static void a_missing_piece_is_told(void **state)
{
    (void)state;
    static unsigned char payload[5000];
    struct kept kept[16];
    char problem[BATCH_PROBLEM_BYTES] = "";
    const struct mapring_record record = large_record(payload, sizeof payload, 1);
    unsigned count = send_large(&record, kept, 16);
    struct batch_reader *reader = batch_reader_new();
    check_open(reader, &kept[1]);
    check_end(reader);
    check(!batch_open(reader, message_of(&kept[3]), problem));
    check(strstr(problem, "message 4 continues a record that it does not follow") != NULL);
    check(!batch_open(reader, message_of(&kept[count - 2]), problem));
    batch_reader_free(reader);
}

/* ---- The same cuts ---- */

static bool are_same(const struct kept *a, const struct kept *b)
{
    bool same = a->message.bytes == b->message.bytes &&
                memcmp(a->message.payload, b->message.payload, a->message.bytes) == 0;
    for (unsigned i = 0; same && i < a->message.header_count; i++)
        same = strcmp(a->headers[i].value, b->headers[i].value) == 0;
    return same;
}

struct source {
    struct mapring_record records[200];
    char text[200][40];
    unsigned char large[3000];
};

/* Record 100 is large, records 150 to 159 are lost, and run 5 ends before record 170. */
static void make_source(struct source *source)
{
    for (unsigned i = 0; i < 200; i++) {
        snprintf(source->text[i], sizeof source->text[i], "record %u of some", i * i);
        source->records[i] = record_of(source->text[i], i, 1000 * i);
    }
    source->records[100] = large_record(source->large, sizeof source->large, 100);
    source->records[150].lost_records = 10;
    source->records[150].lost_bytes = 1;
}

static bool offer(struct batch_builder *builder, const struct source *source, unsigned i)
{
    if (i == 170 && !batch_add_run_end(builder, 5, false))
        return false;
    return source->records[i].lost_records > 0 ? batch_add_gap(builder, &source->records[i])
                                               : batch_add_record(builder, &source->records[i]);
}

/* Makes messages, each of which ends where a message of `cuts` ended, if there are any. */
static unsigned cut(const struct source *source, size_t target_bytes,
                    const struct batch_position *cuts, struct batch_position *ends,
                    struct kept *kept)
{
    const struct batch_settings settings = {.target_bytes = target_bytes, .limit_bytes = 1000};
    struct batch_builder *builder = batch_builder_new(&timed, &settings);
    unsigned count = 0;
    batch_begin(builder, &beginning, cuts);
    for (unsigned i = 0; i < 200; i += i == 150 ? 10 : 1)
        while (!offer(builder, source, i)) {
            check(!batch_is_empty(builder) && count < 60);
            kept[count] = keep(batch_finish(builder), count + 1);
            ends[count++] = *batch_end(builder);
            batch_begin(builder, &ends[count - 1], cuts ? &cuts[count] : NULL);
        }
    kept[count] = keep(batch_finish(builder), count + 1);
    ends[count++] = *batch_end(builder);
    batch_builder_free(builder);
    return count;
}

static void the_same_cuts_give_the_same_messages(void **state)
{
    (void)state;
    static struct source source;
    static struct kept first[64], second[64], third[64];
    static struct batch_position cuts[65], again[65], other[65];
    make_source(&source);
    unsigned count = cut(&source, 300, NULL, cuts, first);
    check(count > 10);
    check_number(count, cut(&source, 900, cuts, again, second));
    for (unsigned i = 0; i < count; i++) {
        check(batch_positions_equal(&cuts[i], &again[i]));
        check(are_same(&first[i], &second[i]));
    }
    check(cut(&source, 900, NULL, other, third) < count);
}

static void a_loss_is_cut_where_records_were(void **state)
{
    (void)state;
    struct batch_builder *builder = batch_builder_new(&timed, &usual);
    struct batch_reader *reader = batch_reader_new();
    const struct batch_position until = {.sequence = 4};
    const struct mapring_record lost = {
        .sequence = 0, .lost_records = 10, .lost_bytes = 5, .time_ns = 70, .lost_until_ns = 90};
    struct batch_item item;
    batch_begin(builder, &beginning, &until);
    check(!batch_add_gap(builder, &lost));
    check(batch_is_full(builder));
    struct kept kept = keep(batch_finish(builder), 1);
    check_open(reader, &kept);
    check_next(reader, &item);
    check_number(4, item.record.lost_records);
    check_number(70, item.record.time_ns);
    check_number(0, item.record.lost_until_ns);
    batch_begin(builder, &until, NULL);
    check(batch_add_gap(builder, &lost));
    kept = keep(batch_finish(builder), 2);
    check_open(reader, &kept);
    check_next(reader, &item);
    check_number(6, item.record.lost_records);
    check_number(0, item.record.time_ns);
    check_number(90, item.record.lost_until_ns);
    batch_builder_free(builder);
    batch_reader_free(reader);
}

/* ---- What was changed on the way ---- */

static struct kept some_message(void)
{
    struct batch_builder *builder = batch_builder_new(&timed, &usual);
    batch_begin(builder, &at_ten, NULL);
    add_some_of_everything(builder);
    struct kept kept = keep(batch_finish(builder), 7);
    batch_builder_free(builder);
    return kept;
}

static void check_refused(const char *name, const char *value, const char *expected)
{
    struct kept kept = some_message();
    struct batch_reader *reader = batch_reader_new();
    struct batch_item item;
    char problem[BATCH_PROBLEM_BYTES] = "";
    set_header(&kept, name, value);
    bool is_open = batch_open(reader, message_of(&kept), problem);
    while (is_open && batch_next(reader, &item, problem) == BATCH_ITEM)
        ;
    if (!strstr(problem, expected))
        check_text(expected, problem);
    batch_reader_free(reader);
}

static void headers_that_cannot_be_are_refused(void **state)
{
    (void)state;
    check_refused("Mapring-First", "x", "message 7 has an invalid header Mapring-First: 'x'");
    check_refused("Mapring-First", "99999999999999999999", "invalid header Mapring-First");
    check_refused("Mapring-First", "21", "invalid header Mapring-Next: '20'");
    check_refused("Mapring-Next", "", "invalid header Mapring-Next");
    check_refused("Mapring-Next", "21", "it holds less than its headers say");
    check_refused("Mapring-Next", "19", "an item cannot be as it is");
    check_refused("Mapring-Run", "2", "an item cannot be as it is");
    check_refused("Mapring-Run", "4", "it holds less than its headers say");
    check_refused("Mapring-Dictionary", "64", "an item cannot be as it is");
    check_refused("Mapring-Shape", "capacity=1 slot=3", "invalid header Mapring-Shape");
    check_refused("Mapring-Shape", "capacity=1000 slot=16 times=0 dictionary=0", "Mapring-Shape");
    check_refused("Mapring-Content", "text%0", "invalid header Mapring-Content");
    check_refused("Mapring-Content", "text%00", "invalid header Mapring-Content");
    check_refused("Mapring-Ring", "", "invalid header Mapring-Ring");
    check_refused("Mapring-Crc", "0000000x", "invalid header Mapring-Crc");
    check_refused("Mapring-Crc", "00000000", "message 7 is damaged: its checksum is wrong");
    check_refused("Mapring-Format", "2", "has format 2, which a later mapring wrote");
}

static void a_message_of_something_else_is_told(void **state)
{
    (void)state;
    const struct engine_message foreign = {.number = 5, .payload = "hello", .bytes = 5};
    struct batch_head head;
    char problem[BATCH_PROBLEM_BYTES] = "";
    check(!batch_read_head(&foreign, &head, problem));
    check_text("message 5 was not written by mapring bridge out: it has no header Mapring-Format",
               problem);
}

/* Each byte, and each end, of a payload whose checksum is right again. */
static void no_payload_makes_it_read_outside(void **state)
{
    (void)state;
    struct batch_reader *reader = batch_reader_new();
    struct kept good = some_message();
    char problem[BATCH_PROBLEM_BYTES], crc[16];
    struct batch_item item;
    unsigned read = 0;
    for (size_t bytes = 0; bytes <= good.message.bytes; bytes++)
        for (unsigned change = 1; change < 256; change += 2) {
            unsigned char *payload = malloc(bytes + 1);
            memcpy(payload, good.message.payload, bytes);
            if (bytes > 0)
                payload[change * 37 % bytes] ^= (unsigned char)change;
            struct kept changed = good;
            changed.message.payload = payload;
            changed.message.bytes = bytes;
            snprintf(crc, sizeof crc, "%08" PRIx32, checksum(0, payload, bytes));
            set_header(&changed, "Mapring-Crc", crc);
            if (batch_open(reader, message_of(&changed), problem))
                while (batch_next(reader, &item, problem) == BATCH_ITEM)
                    read += item.record.bytes <= bytes && item.entry.bytes <= bytes;
            free(payload);
        }
    check(read > 0);
    batch_reader_free(reader);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(what_goes_in_comes_out),
    TEST(what_is_in_the_stream_is_not_added_again),
    TEST(a_compressed_message_is_smaller_and_says_the_same),
    TEST(a_message_is_full_at_its_size),
    TEST(a_record_larger_than_a_message_takes_several),
    TEST(a_missing_piece_is_told),
    TEST(the_same_cuts_give_the_same_messages),
    TEST(a_loss_is_cut_where_records_were),
    TEST(headers_that_cannot_be_are_refused),
    TEST(a_message_of_something_else_is_told),
    TEST(no_payload_makes_it_read_outside),
};
TEST_MAIN(roles, tests)
