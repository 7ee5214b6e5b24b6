/* SPDX-License-Identifier: MIT */
/* dump --ctf: the files of a trace, field by field, and what becomes of the folder. That babeltrace2 reads
 * it is for check_ctf.py. */
#include "cli.h"

enum { MANY = 5000, LINE_BYTES = 32, TIMED_NS = 1000000000 };

struct reader {
    unsigned char *data;
    size_t bytes, at;
    uint64_t begin_ns, end_ns; /* of the packet */
    size_t packet_end, packets;
};

struct event {
    uint64_t id, time_ns, first, second; /* sequence and bytes, or first and records */
    bool continues, continued;
    const char *payload;
};

static uint64_t number(struct reader *reader, int bytes)
{
    uint64_t value = 0;
    check(reader->at + (size_t)bytes <= reader->bytes);
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)reader->data[reader->at++] << 8 * i;
    return value;
}

static const char *string(struct reader *reader)
{
    const char *text = (const char *)reader->data + reader->at;
    const void *end = memchr(text, '\0', reader->bytes - reader->at);
    check(end != NULL);
    reader->at += strlen(text) + 1;
    return text;
}

static void read_head(struct reader *reader, uint64_t stream, const char *ring)
{
    size_t begin = reader->at;
    check_number(0xC1FC1FC1, number(reader, 4));
    check_number(0, number(reader, 4));
    check_number(stream, number(reader, 8));
    reader->begin_ns = number(reader, 8);
    reader->end_ns = number(reader, 8);
    uint64_t content_bits = number(reader, 8);
    check_number(content_bits, number(reader, 8));
    check_number(reader->packets++, number(reader, 8));
    check_text(ring, string(reader));
    reader->packet_end = begin + (size_t)content_bits / 8;
    check(reader->packet_end <= reader->bytes);
}

static void read_payload(struct reader *reader, struct event *event)
{
    event->continues = number(reader, 1);
    event->continued = number(reader, 1);
    if (event->id == 1)
        event->second = number(reader, 4);
    event->payload = (const char *)reader->data + reader->at;
    if (event->id == 0)
        event->second = strlen(string(reader));
    else
        reader->at += (size_t)event->second;
}

static struct event next(struct reader *reader, uint64_t stream, const char *ring)
{
    struct event event = {0};
    if (reader->at == reader->packet_end)
        read_head(reader, stream, ring);
    event.id = number(reader, 1);
    event.time_ns = number(reader, 8);
    event.first = number(reader, 8);
    check(event.time_ns >= reader->begin_ns && event.time_ns <= reader->end_ns);
    if (event.id == 2) {
        event.second = number(reader, 8);
        reader->at += 2 * 8;
    } else {
        read_payload(reader, &event);
    }
    check(reader->at <= reader->packet_end);
    return event;
}

static const char *in_folder(const char *folder, const char *file)
{
    static char path[4][4096];
    static unsigned turn;
    char *at = path[turn++ % 4];
    snprintf(at, sizeof path[0], "%s/%s", folder, file);
    return at;
}

static struct reader open_stream(const char *folder, const char *file)
{
    struct reader reader = {0};
    reader.data = (unsigned char *)read_file(in_folder(folder, file), &reader.bytes);
    return reader;
}

static void close_stream(struct reader *reader)
{
    check_number(reader->bytes, reader->at);
    free(reader->data);
}

static bool is_there(const char *folder, const char *file)
{
    return os_file_size(in_folder(folder, file)) >= 0;
}

static mapring_producer *open_producer(const char *name, const struct mapring_options *options)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, options));
    return producer;
}

static void send(mapring_producer *producer, const char *data, size_t bytes)
{
    check_result(MAPRING_OK, mapring_producer_send(producer, data, bytes, 0));
}

/* With the records "one" and "two". */
static const char *ring_of_two(const struct mapring_options *options)
{
    const char *path = new_path(".ring");
    mapring_producer *producer = open_producer(path, options);
    send(producer, "one", 3);
    send(producer, "two", 3);
    mapring_producer_close(producer);
    return path;
}

static const char *traced(const char *ring)
{
    const char *folder = new_path(".ctf");
    const struct ran *ran = RUN("dump", ring, "--ctf", folder);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_number(0, ran->bytes);
    return folder;
}

static void a_record_becomes_an_event_with_its_time(void **state)
{
    (void)state;
    const char *ring = ring_of_two(&(struct mapring_options){.times = true});
    const char *folder = traced(ring);
    struct reader reader = open_stream(folder, "stream-0");
    struct event one = next(&reader, 0, ring), two = next(&reader, 0, ring);
    check_number(0, one.id);
    check_number(0, one.first);
    check_text("one", one.payload);
    check_number(1, two.first);
    check_text("two", two.payload);
    check(one.time_ns > TIMED_NS && two.time_ns >= one.time_ns);
    close_stream(&reader);
}

static void the_metadata_is_text_of_the_format(void **state)
{
    (void)state;
    size_t bytes;
    char *text = read_file(in_folder(traced(ring_of_two(NULL)), "metadata"), &bytes);
    check_begins("/* CTF 1.8 */\n", text);
    check_contains("name = \"record\";", text);
    check_number(bytes, strlen(text));
    free(text);
}

static void without_times_the_sequence_numbers_count(void **state)
{
    (void)state;
    const char *ring = ring_of_two(NULL);
    struct reader reader = open_stream(traced(ring), "stream-0");
    check_number(0, next(&reader, 0, ring).time_ns);
    check_number(1, next(&reader, 0, ring).time_ns);
    close_stream(&reader);
}

static void what_is_not_text_becomes_bytes(void **state)
{
    (void)state;
    static const char data[] = "a\0b\xff";
    const char *ring = new_path(".ring");
    mapring_producer *producer = open_producer(ring, NULL);
    send(producer, data, 4);
    send(producer, "", 0);
    mapring_producer_close(producer);
    struct reader reader = open_stream(traced(ring), "stream-0");
    struct event bytes = next(&reader, 0, ring), empty = next(&reader, 0, ring);
    check_number(1, bytes.id);
    check_number(4, bytes.second);
    check(memcmp(data, bytes.payload, 4) == 0);
    check_number(0, empty.id);
    check_text("", empty.payload);
    close_stream(&reader);
}

static void parts_say_what_they_continue(void **state)
{
    (void)state;
    const char *ring = new_path(".ring");
    mapring_producer *producer = open_producer(ring, NULL);
    check_result(MAPRING_OK, mapring_producer_send_part(producer, "one ", 4, 0));
    send(producer, "line", 4);
    mapring_producer_close(producer);
    struct reader reader = open_stream(traced(ring), "stream-0");
    struct event first = next(&reader, 0, ring), last = next(&reader, 0, ring);
    check(first.continued && !first.continues);
    check(last.continues && !last.continued);
    close_stream(&reader);
}

static void a_loss_is_an_event(void **state)
{
    (void)state;
    static char large[20000];
    const char *ring = new_path(".ring");
    mapring_producer *producer = open_producer(
        ring, &(struct mapring_options){.capacity_bytes = 1 << 16, .when_full = MAPRING_DROP});
    for (int i = 0; i < 5; i++)
        check(mapring_producer_send(producer, large, sizeof large, 0) >= 0);
    mapring_producer_close(producer);
    const char *folder = new_path(".ctf");
    const struct ran *ran = RUN("dump", ring, "--ctf", folder);
    check_number(0, ran->code);
    check_contains("lost 2 records (40000 bytes), numbers 3 to 4", ran->errors);
    struct reader reader = open_stream(folder, "stream-0");
    for (int i = 0; i < 3; i++)
        check_number(1, next(&reader, 0, ring).id);
    struct event lost = next(&reader, 0, ring);
    check_number(2, lost.id);
    check_number(3, lost.first);
    check_number(2, lost.second);
    close_stream(&reader);
}

static void many_records_take_several_packets(void **state)
{
    (void)state;
    char line[LINE_BYTES];
    const char *ring = new_path(".ring");
    mapring_producer *producer = open_producer(ring, NULL);
    for (int i = 0; i < MANY; i++)
        send(producer, line, (size_t)snprintf(line, sizeof line, "record %d of %d", i, MANY));
    mapring_producer_close(producer);
    struct reader reader = open_stream(traced(ring), "stream-0");
    for (int i = 0; i < MANY; i++) {
        snprintf(line, sizeof line, "record %d of %d", i, MANY);
        check_text(line, next(&reader, 0, ring).payload);
    }
    check(reader.packets > 2);
    close_stream(&reader);
}

static void each_ring_has_a_stream(void **state)
{
    (void)state;
    const char *folder = new_path(".ctf");
    const char *plain = ring_of_two(NULL);
    const char *timed = ring_of_two(&(struct mapring_options){.times = true});
    check_number(0, RUN("dump", timed, plain, "--ctf", folder)->code);
    struct reader first = open_stream(folder, "stream-0"), second = open_stream(folder, "stream-1");
    check_number(0, next(&first, 0, plain).time_ns);
    check(next(&second, 1, timed).time_ns > TIMED_NS);
    next(&first, 0, plain);
    next(&second, 1, timed);
    close_stream(&first);
    close_stream(&second);
}

static void only_what_was_asked_for_is_traced(void **state)
{
    (void)state;
    const char *ring = ring_of_two(NULL), *folder = new_path(".ctf");
    check_number(0, RUN("dump", ring, "--ctf", folder, "--grep", "two")->code);
    struct reader reader = open_stream(folder, "stream-0");
    check_text("two", next(&reader, 0, ring).payload);
    close_stream(&reader);
}

static void an_empty_folder_is_used_and_any_other_is_refused(void **state)
{
    (void)state;
    const char *ring = ring_of_two(NULL), *folder = use_directory();
    use_no_directory();
    check_number(0, RUN("dump", ring, "--ctf", folder)->code);
    size_t bytes;
    char *before = read_file(in_folder(folder, "stream-0"), &bytes);
    const struct ran *ran = RUN("dump", ring, "--ctf", folder);
    check_number(1, ran->code);
    check_contains("' is not empty; name a new one\n", ran->errors);
    check_file(in_folder(folder, "stream-0"), before, bytes);
    free(before);
}

static void no_ring_leaves_no_trace(void **state)
{
    (void)state;
    const char *folder = new_path(".ctf"), *empty = use_directory();
    use_no_directory();
    check_number(1, RUN("dump", new_path(".ring"), "--ctf", folder)->code);
    check_number(1, RUN("dump", new_path(".ring"), "--ctf", empty)->code);
    check(!is_there(folder, "metadata") && !is_there(empty, "metadata"));
    check_number(0, RUN("dump", ring_of_two(NULL), "--ctf", empty)->code);
}

static void what_comes_before_a_damage_is_traced(void **state)
{
    (void)state;
    const char *ring = ring_of_two(NULL), *folder = new_path(".ctf");
    size_t bytes;
    char *file = read_file(ring, &bytes);
    static const size_t second = 131072 + 16;
    memset(file + second, 0xff, 8);
    write_file(ring, file, bytes);
    free(file);
    check_number(1, RUN("dump", ring, "--ctf", folder)->code);
    struct reader reader = open_stream(folder, "stream-0");
    check_text("one", next(&reader, 0, ring).payload);
    close_stream(&reader);
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    (void)state;
    const char *ring = ring_of_two(NULL);
    const char *below[] = {in_folder(new_path(".none"), "trace"), ring};
    for (size_t i = 0; i < COUNT_OF(below); i++) {
        const struct ran *ran = RUN("dump", ring, "--ctf", below[i]);
        check_number(1, ran->code);
        check_begins("mapring dump: --ctf: cannot make the folder '", ran->errors);
    }
}

static void another_format_is_refused(void **state)
{
    (void)state;
    static const char *const others[] = {"--json", "--time", "--prefix", "--framing=length"};
    const char *ring = ring_of_two(NULL), *folder = new_path(".ctf");
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        const struct ran *ran = RUN("dump", ring, "--ctf", folder, others[i]);
        check_number(2, ran->code);
        check_begins("mapring dump: --ctf cannot be used with --json, --time, --prefix",
                     ran->errors);
    }
    check(!is_there(folder, "metadata"));
}

static const struct role roles[] = {{"none", NULL}};

static const struct CMUnitTest tests[] = {
    TEST(a_record_becomes_an_event_with_its_time),
    TEST(the_metadata_is_text_of_the_format),
    TEST(without_times_the_sequence_numbers_count),
    TEST(what_is_not_text_becomes_bytes),
    TEST(parts_say_what_they_continue),
    TEST(a_loss_is_an_event),
    TEST(many_records_take_several_packets),
    TEST(each_ring_has_a_stream),
    TEST(only_what_was_asked_for_is_traced),
    TEST(an_empty_folder_is_used_and_any_other_is_refused),
    TEST(no_ring_leaves_no_trace),
    TEST(what_comes_before_a_damage_is_traced),
    TEST(a_folder_that_cannot_be_made_is_named),
    TEST(another_format_is_refused),
};

TEST_MAIN(roles, tests)
