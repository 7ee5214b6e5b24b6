/* SPDX-License-Identifier: MIT */
/* Reading several rings at once. */
#include "mapring/merge.h"

#include "actor.h"
#include "ring/ring.h"

#include <inttypes.h>

enum { SMALL = 65536 };

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options overwriting = {.capacity_bytes = SMALL,
                                                   .when_full = MAPRING_OVERWRITE};
static const struct mapring_merge_options observing = {.observe = true};

/* A merge in this process, and what it returned last. */
static struct {
    mapring_merge *merge;
    struct mapring_record record;
    struct mapring_origin origin;
} it;

static void open_merge(const struct mapring_merge_options *options)
{
    check_result(MAPRING_OK, mapring_merge_open(&it.merge, options));
}

static int next(int64_t timeout_ns)
{
    return mapring_merge_next(it.merge, &it.record, &it.origin, timeout_ns);
}

static void check_next_at(int line, int result, const char *ring)
{
    int actual = next(TIME_LIMIT);
    if (actual != result || !it.origin.ring || strcmp(it.origin.ring, ring) != 0)
        check_failed(__FILE__, line, "%d (%s) of '%s' instead of %d of '%s': %s", actual,
                     mapring_result_text(actual), it.origin.ring ? it.origin.ring : "nobody",
                     result, ring, mapring_last_error()->text);
}
#define check_next(result, ring) check_next_at(__LINE__, (result), (ring))

/* The next record is this one, of that ring. */
static void check_record(const char *ring, uint64_t sequence)
{
    check_next(MAPRING_OK, ring);
    check_number(sequence, it.record.sequence);
    check(record_is_intact(it.record.payload, it.record.bytes, sequence));
    check_result(MAPRING_OK, mapring_merge_release(it.merge));
}

static struct mapring_merge_stat merge_stat(void)
{
    struct mapring_merge_stat stat;
    check_result(MAPRING_OK, mapring_merge_stat(it.merge, &stat));
    return stat;
}

static void close_merge(void)
{
    mapring_merge_close(it.merge);
    it.merge = NULL;
}

static void records_of_all_rings_come_and_say_where_from(void **state)
{
    (void)state;
    const char *one = new_ring(&small), *two = new_ring(&small);
    struct process *first = start_producer(one), *second = start_producer(two);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    check_result(MAPRING_NOTHING, next(0));
    check(!it.origin.ring);
    expect(first, MAPRING_OK, "send 2 100");
    expect(second, MAPRING_OK, "send 2 100");
    check_record(one, 0);
    check_record(two, 0);
    check_record(one, 1);
    check_record(two, 1);
    check_result(MAPRING_NOTHING, next(0));
    check_number(2, merge_stat().rings);
    close_merge();
}

static void a_wait_ends_when_any_ring_has_something(void **state)
{
    (void)state;
    const char *names[3];
    struct process *writers[3];
    open_merge(NULL);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        names[i] = new_ring(&small);
        writers[i] = start_producer(names[i]);
        check_result(MAPRING_OK, mapring_merge_add(it.merge, names[i]));
    }
    check_result(MAPRING_TIMED_OUT, next(20 * MILLISECONDS));
    for (uint64_t i = 0; i < 100; i++) {
        tell(writers[i % 3], "send 1 100");
        check_record(names[i % 3], i / 3);
        check_result(MAPRING_OK, answer(writers[i % 3]).result);
    }
    close_merge();
}

/* As with a consumer, the producer has the room again only when the record is released. */
static void records_are_unread_until_they_are_released(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, name));
    expect(writer, MAPRING_OK, "send 3 100");
    check_next(MAPRING_OK, name);
    check_next(MAPRING_OK, name);
    check_result(MAPRING_OK, mapring_merge_release(it.merge));
    close_merge();
    check_number(1, stat_of(name).unread_records);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, name));
    check_record(name, 2);
    check_result(MAPRING_NOTHING, next(0));
    check_result(MAPRING_OK, mapring_merge_release(it.merge));
    close_merge();
    check_number(0, stat_of(name).unread_records);
}

static void a_full_ring_goes_on_when_records_are_released(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, name));
    tell(writer, "send 2000 200 forever");
    for (uint64_t i = 0; i < 2000; i++)
        check_record(name, i);
    check_result(MAPRING_OK, answer(writer).result);
    struct mapring_stat stat = stat_of(name);
    check(stat.balanced);
    check_number(2000, stat.consumer[0].read_records + stat.consumer[0].pending_records);
    close_merge();
}

static void a_durable_merge_keeps_its_places(void **state)
{
    (void)state;
    const struct mapring_merge_options durable = {.name = "archive", .durable = true};
    const char *one = new_ring(&small), *two = new_ring(&small);
    struct process *first = start_producer(one), *second = start_producer(two);
    for (uint64_t round = 0; round < 3; round++) {
        open_merge(&durable);
        check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
        check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
        expect(first, MAPRING_OK, "send 2 100");
        expect(second, MAPRING_OK, "send 1 100");
        check_record(one, round);
        check_record(two, round);
        check_next(MAPRING_OK, one); /* read, and not released */
        close_merge();
    }
    check_number(MAPRING_CONSUMER_AWAY, (int)stat_of(one).consumer[0].state);
    check_number(3, stat_of(one).consumer[0].pending_records);
    check_number(0, stat_of(two).consumer[0].pending_records);
}

static void observed_rings_are_read_too(void **state)
{
    (void)state;
    const char *one = new_ring(&small), *two = new_ring(&overwriting);
    struct process *first = start_producer(one), *second = start_producer(two);
    open_merge(&observing);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    check_number(0, stat_of(one).consumers);
    for (uint64_t i = 0; i < 20; i++) {
        tell(first, "send 1 %" PRIu64, 100 + 100 * i);
        check_record(one, i);
        tell(second, "send 1 10");
        check_record(two, i);
        check_result(MAPRING_OK, answer(first).result);
        check_result(MAPRING_OK, answer(second).result);
    }
    close_merge();
}

static void a_ring_that_overwrites_is_observed_and_losses_are_its_own(void **state)
{
    (void)state;
    const char *one = new_ring(&overwriting), *two = new_ring(&small);
    struct process *first = start_producer(one), *second = start_producer(two);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    check_number(1, stat_of(two).consumers);
    expect(first, MAPRING_OK, "send 1 100");
    check_record(one, 0);
    check_result(MAPRING_NOTHING, next(0));
    expect(first, MAPRING_OK, "send 2000 100");
    expect(second, MAPRING_OK, "send 1 100");
    check_next(MAPRING_LOST, one);
    check_number(1, it.record.sequence);
    uint64_t left = it.record.lost_records + 1;
    check_record(two, 0);
    check_record(one, left);
    close_merge();
}

static void the_end_of_a_run_is_told_with_its_ring(void **state)
{
    (void)state;
    const char *one = new_ring(&small), *two = new_ring(&small);
    struct process *first = start_producer(one), *second = start_producer(two);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    expect(first, MAPRING_OK, "send 1 100");
    expect(first, MAPRING_OK, "close");
    check_record(one, 0);
    check_next(MAPRING_PRODUCER_CLOSED, one);
    check_number(1, merge_stat().ended);
    process_kill(second);
    check_next(MAPRING_PRODUCER_DIED, two);
    check_number(2, merge_stat().ended);
    expect(first, MAPRING_OK, "producer %s", one);
    expect(first, MAPRING_OK, "send 1 100");
    check_record(one, 1);
    check_number(1, merge_stat().ended);
    close_merge();
}

static void patterns_find_rings(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    const char *one = new_name_below(name, "1"), *two = new_name_below(name, "22");
    struct process *first = start_producer(one), *second = start_producer(two);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, new_name_below(name, "?")));
    check_number(1, merge_stat().rings);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, new_name_below(name, "*")));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_number(2, merge_stat().rings);
    expect(first, MAPRING_OK, "send 1 100");
    check_record(one, 0);
    expect(second, MAPRING_OK, "send 1 100");
    check_record(two, 0);
    close_merge();
}

static void rings_that_appear_later_join(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *plain = new_ring_name();
    const char *late = new_name_below(name, "late");
    const struct mapring_merge_options newest = {.from = MAPRING_NEWEST};
    struct process *writer = start_actor();
    open_merge(&newest);
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, new_name_below(name, "*")));
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, plain));
    check_number(2, merge_stat().awaited);
    check_result(MAPRING_TIMED_OUT, next(MILLISECONDS));
    expect(writer, MAPRING_OK, "producer %s", late);
    expect(writer, MAPRING_OK, "send 2 100");
    check_record(late, 0);
    check_record(late, 1);
    check_number(1, merge_stat().awaited);
    struct process *second = start_producer(plain);
    expect(second, MAPRING_OK, "send 1 100");
    check_record(plain, 0);
    check_number(0, merge_stat().awaited);
    close_merge();
}

/* A busy ring must not keep the others from being found and read. */
static void a_busy_ring_does_not_keep_others_from_joining(void **state)
{
    (void)state;
    const char *busy = new_ring(&overwriting), *late = new_ring_name();
    struct process *first = start_producer(busy), *second = start_actor();
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, busy));
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, late));
    tell(first, "send 3000000 8");
    expect(second, MAPRING_OK, "producer %s", late);
    expect(second, MAPRING_OK, "send 1 100");
    int64_t limit = now_ns() + TIME_LIMIT;
    do {
        int result = next(TIME_LIMIT);
        check(result == MAPRING_OK || result == MAPRING_LOST);
    } while (strcmp(it.origin.ring, late) != 0 && now_ns() < limit);
    check_text(late, it.origin.ring);
    process_kill(first);
    close_merge();
}

static void a_ring_that_is_removed_ends_alone(void **state)
{
    (void)state;
    const char *one = new_path(".ring"), *two = new_ring(&small);
    struct process *first = start_producer(one), *second = start_producer(two);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    expect(first, MAPRING_OK, "send 1 100");
    check_record(one, 0);
    check_result(MAPRING_OK, mapring_remove(one, MAPRING_LOCAL, true));
    check_next(MAPRING_REMOVED, one);
    check_result(MAPRING_TIMED_OUT, next(MILLISECONDS));
    check_number(1, merge_stat().rings);
    expect(first, MAPRING_OK, "close"); /* on Windows it keeps the name */
    struct process *again = start_producer(one);
    expect(again, MAPRING_OK, "send 1 100");
    check_record(one, 0);
    expect(second, MAPRING_OK, "send 1 100");
    check_record(two, 0);
    close_merge();
}

static void a_damaged_ring_ends_alone_and_stays_out_until_it_is_gone(void **state)
{
    (void)state;
    const char *one = new_path(".ring"), *two = new_ring(&small);
    struct process *first = start_actor(), *second = start_producer(two);
    expect(first, MAPRING_OK, "producer %s create 65536", one);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    check_result(MAPRING_NOTHING, next(0));
    const uint64_t nonsense = UINT64_MAX;
    check(os_file_write_at(one, 2 * REGION_BYTES, &nonsense, sizeof nonsense));
    check_next(MAPRING_ERROR_DAMAGED, one);
    check_text(one, mapring_last_error()->name);
    expect(second, MAPRING_OK, "send 1 100");
    check_record(two, 0);
    check_result(MAPRING_TIMED_OUT, next(250 * MILLISECONDS));
    check_number(1, merge_stat().left_out);
    expect(first, MAPRING_OK, "close");
    check_result(MAPRING_OK, mapring_remove(one, MAPRING_LOCAL, true));
    while (merge_stat().left_out > 0)
        check_result(MAPRING_TIMED_OUT, next(10 * MILLISECONDS));
    expect(first, MAPRING_OK, "producer %s create 65536", one);
    expect(first, MAPRING_OK, "send 1 100");
    check_record(one, 0);
    check_number(0, merge_stat().left_out);
    close_merge();
}

static void a_ring_of_a_pattern_that_cannot_be_read_is_reported_once(void **state)
{
    (void)state;
    const struct mapring_merge_options taken = {
        .name = "mine", .durable = true, .max_lag_bytes = 1000};
    const char *name = new_ring_name();
    const char *one = new_name_below(name, "1"), *two = new_name_below(name, "2");
    struct process *first = start_producer(one), *second = start_producer(two);
    expect(start_actor(), MAPRING_OK, "consumer %s oldest mine durable", one);
    open_merge(&taken);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, new_name_below(name, "*")));
    check_next(MAPRING_ERROR_CONSUMER_TAKEN, one);
    check_result(MAPRING_TIMED_OUT, next(250 * MILLISECONDS));
    check_number(1, merge_stat().left_out);
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, one));
    check_result(MAPRING_ERROR_POLICY, mapring_merge_add(it.merge, new_ring(&overwriting)));
    expect(second, MAPRING_OK, "send 1 100");
    check_record(two, 0);
    expect(first, MAPRING_OK, "send 1 100");
    close_merge();
}

static void what_appears_and_is_no_ring_is_left_out_until_it_is_gone(void **state)
{
    (void)state;
    const char *file = new_path(".ring");
    open_merge(NULL);
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, file));
    write_file(file, "not a ring\n", 11);
    check_next(MAPRING_ERROR_WRONG_KIND, file);
    check_result(MAPRING_TIMED_OUT, next(250 * MILLISECONDS));
    check_number(1, merge_stat().left_out);
    check_number(0, remove(file));
    struct process *writer = start_producer(file);
    expect(writer, MAPRING_OK, "send 1 100");
    check_record(file, 0);
    close_merge();
}

/* Of a ring whose producer has closed, the end is told, unless the next producer is waited for. */
static void a_merge_may_wait_for_producers(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        const struct mapring_merge_options options = {.wait_producer = i % 2, .observe = i / 2 % 2};
        const char *one = new_ring(&small), *late = new_ring_name();
        struct process *first = start_producer(one), *second = start_actor();
        expect(first, MAPRING_OK, "send 1 100");
        expect(first, MAPRING_OK, "close");
        open_merge(&options);
        check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
        check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, late));
        check_record(one, 0);
        if (options.wait_producer)
            check_result(MAPRING_NOTHING, next(0));
        else
            check_next(MAPRING_PRODUCER_CLOSED, one);
        expect(second, MAPRING_OK, "producer %s", late);
        expect(second, MAPRING_OK, "send 1 100");
        check_record(late, 0);
        expect(second, MAPRING_OK, "close");
        check_next(MAPRING_PRODUCER_CLOSED, late);
        close_merge();
    }
}

static void a_ring_that_is_named_and_cannot_be_read_is_a_failure(void **state)
{
    (void)state;
    const struct mapring_merge_options one_ring = {.rings_limit = 1};
    const char *one = new_ring(&small), *two = new_ring(&small);
    const char *file = new_path(".txt");
    write_file(file, "not a ring\n", 11);
    open_merge(&one_ring);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_merge_add(it.merge, file));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_ERROR_NO_MEMORY, mapring_merge_add(it.merge, two));
    check_result(MAPRING_TIMED_OUT, next(150 * MILLISECONDS));
    close_merge();
}

/* A producer that sends the words it is told, each a record; "x>" is continued. */
static int role_speaker(int argc, char **argv)
{
    mapring_producer *producer;
    check_number(1, argc);
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], &small));
    role_say("ready");
    for (const char *word; strcmp(word = role_line(), "close") != 0;) {
        size_t bytes = strlen(word);
        bool part = word[bytes - 1] == '>';
        check_result(MAPRING_OK, (part ? mapring_producer_send_part
                                       : mapring_producer_send)(producer, word, bytes, 0));
        role_say("sent");
    }
    mapring_producer_close(producer);
    return 0;
}

static struct process *start_speaker(const char *name)
{
    struct process *speaker = start_role("speaker", name, NULL);
    process_hear(speaker, "ready");
    return speaker;
}

static void say(struct process *speaker, const char *word)
{
    process_say(speaker, "%s", word);
    process_hear(speaker, "sent");
}

static void check_word_at(int line, const char *word)
{
    int result = next(TIME_LIMIT);
    if (result != MAPRING_OK || it.record.bytes != strlen(word) ||
        memcmp(it.record.payload, word, it.record.bytes) != 0)
        check_failed(__FILE__, line, "%s: '%.*s' instead of '%s'", mapring_result_text(result),
                     result == MAPRING_OK ? (int)it.record.bytes : 0,
                     (const char *)it.record.payload, word);
}
#define check_word(word) check_word_at(__LINE__, (word))

static void check_lines_are_whole(const struct mapring_merge_options *options)
{
    const char *one = new_ring_name(), *two = new_ring_name();
    struct process *first = start_speaker(one), *second = start_speaker(two);
    open_merge(options);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, new_ring(&small))); /* idle */
    say(first, "a1>");
    say(second, "b1>");
    say(second, "b2");
    check_word("a1>");
    check_result(MAPRING_NOTHING, next(0));
    check_result(MAPRING_TIMED_OUT, next(20 * MILLISECONDS));
    say(first, "a2>");
    say(first, "a3");
    say(first, "a4>");
    check_word("a2>");
    check_word("a3");
    check(it.record.continues && !it.record.continued);
    check_word("b1>");
    check_word("b2");
    check_word("a4>");
    say(second, "b3");
    process_kill(first);
    check_next(MAPRING_PRODUCER_DIED, one);
    check_word("b3");
    close_merge();
}

static void lines_are_not_torn(void **state)
{
    (void)state;
    check_lines_are_whole(NULL);
    check_lines_are_whole(&observing);
}

/* The next producer begins something new, whether the end of the first one was seen or not. */
static void a_line_that_is_cut_by_the_next_producer_holds_nobody_up(void **state)
{
    (void)state;
    const char *one = new_ring_name(), *two = new_ring_name();
    struct process *first = start_speaker(one), *second = start_speaker(two);
    open_merge(NULL);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    say(first, "a1>");
    check_word("a1>");
    process_kill(first);
    first = start_speaker(one);
    say(second, "b1");
    say(first, "a2");
    check_next(MAPRING_PRODUCER_DIED, one);
    check_word("a2");
    check(!it.record.continues);
    check_word("b1");
    close_merge();
}

static bool is_ready(mapring_handle handle, int64_t timeout_ns)
{
    return os_wait_for_any(&handle, 1, timeout_ns) == 0;
}

/* ---- Times ---- */

static const struct mapring_options with_times = {.capacity_bytes = SMALL, .times = true};

struct timed_pair {
    const char *one, *two;
    struct process *first, *second;
};

static struct timed_pair open_timed_pair(const struct mapring_merge_options *options)
{
    struct timed_pair pair = {.one = new_ring(&with_times), .two = new_ring(&with_times)};
    pair.first = start_producer(pair.one);
    pair.second = start_producer(pair.two);
    open_merge(options);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, pair.one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, pair.two));
    return pair;
}

/* With a grace that does not end in this test. */
static void a_record_is_held_back_until_the_others_show_a_later_one(void **state)
{
    (void)state;
    const struct mapring_merge_options patient = {.grace_ns = 3600 * SECONDS};
    struct timed_pair pair = open_timed_pair(&patient);
    for (uint64_t i = 0; i < 20; i++) {
        expect(pair.first, MAPRING_OK, "send 1 100");
        check_result(i ? MAPRING_OK : MAPRING_NOTHING, next(0)); /* that of the second ring */
        check_result(MAPRING_NOTHING, next(0));
        check_result(MAPRING_TIMED_OUT, next(MILLISECONDS));
        tell(pair.second, "send 1 100");
        check_record(pair.one, i);
        check_result(MAPRING_OK, answer(pair.second).result);
    }
    check_number(0, merge_stat().late_records);
    close_merge();
}

static void what_is_there_comes_in_the_order_of_its_times(void **state)
{
    (void)state;
    struct timed_pair pair = open_timed_pair(NULL);
    for (uint64_t i = 0; i < 100; i++)
        expect(i % 3 ? pair.first : pair.second, MAPRING_OK, "send 1 100");
    uint64_t sequences[2] = {0, 0}, latest = 0;
    for (uint64_t i = 0; i < 100; i++) {
        check_record(i % 3 ? pair.one : pair.two, sequences[i % 3 > 0]++);
        check(it.record.time_ns >= latest && !it.origin.late);
        latest = it.record.time_ns;
    }
    check_result(MAPRING_TIMED_OUT, next(MILLISECONDS));
    close_merge();
}

/* Nothing else comes, but the grace ends. */
static void a_handle_becomes_ready_when_a_record_was_held_back_for_long_enough(void **state)
{
    (void)state;
    const struct mapring_merge_options options[] = {{.observe = false}, {.observe = true}};
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        struct timed_pair pair = open_timed_pair(&options[i]);
        mapring_handle handle;
        check_result(MAPRING_OK, mapring_merge_wait_handle(it.merge, &handle));
        for (uint64_t j = 0; j < 10; j++) {
            expect(pair.first, MAPRING_OK, "send 1 100");
            while (mapring_merge_arm(it.merge) == MAPRING_NOTHING)
                check(is_ready(handle, TIME_LIMIT));
            check_record(pair.one, j);
        }
        close_merge();
    }
}

/* The record was committed long before the merge found its ring. */
static void a_ring_that_joins_with_old_records_is_late(void **state)
{
    (void)state;
    const char *old = new_ring_name();
    struct timed_pair pair = open_timed_pair(NULL);
    const char *recent = pair.one;
    struct process *writer = start_actor();
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, old, &with_times));
    expect(writer, MAPRING_OK, "producer %s", old);
    expect(writer, MAPRING_OK, "send 1 100");
    expect(pair.first, MAPRING_OK, "send 1 100");
    check_record(recent, 0);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, old));
    check_record(old, 0);
    check(it.origin.late);
    check_number(1, merge_stat().late_records);
    mapring_close(ring);
    close_merge();
}

/* ---- Eight producers at random rates, which are killed and started again ---- */

enum { CHATTERS = 8, ROUNDS = 3, CHATTER_RECORDS = 700 };

/* Sends records in bursts and pauses, some of them in parts, until it has sent enough or is
 * killed. */
static int role_chatter(int argc, char **argv)
{
    const struct mapring_options options = {.capacity_bytes = SMALL, .times = true};
    mapring_producer *producer;
    check_number(2, argc);
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], &options));
    role_say("ready");
    role_hear("go");
    uint64_t seed = strtoull(argv[1], NULL, 10);
    for (uint64_t i = 0; i < CHATTER_RECORDS; i++) {
        uint64_t random = mix(seed + i);
        char text[200];
        size_t bytes = (size_t)snprintf(text, sizeof text, "%" PRIu64, i) + (size_t)(random % 100);
        check_result(MAPRING_OK, (random % 5 == 0 && i + 1 < CHATTER_RECORDS
                                      ? mapring_producer_send_part
                                      : mapring_producer_send)(producer, text, bytes, TIME_LIMIT));
        if (random % 16 == 1)
            platform_pause_ns((int64_t)(random >> 8 & 0x1fffff));
        if (random % 64 == 2)
            os_yield();
    }
    role_say("done");
    role_hear("close");
    mapring_producer_close(producer);
    return 0;
}

struct chatter {
    const char *name;
    struct process *process;
    uint64_t next; /* sequence number of the next record to be returned */
    uint64_t last; /* that of the first one after this run, unless it is killed */
    unsigned rounds, ends;
};

static struct chatter chatters[CHATTERS];

/* What holds for every record, in whatever order the producers ran. */
static struct {
    const char *line; /* the ring whose line is incomplete */
    uint64_t latest_ns, late;
} so_far;

static void start_chatter(size_t i)
{
    char seed[24];
    snprintf(seed, sizeof seed, "%u", (unsigned)(1000 * i + chatters[i].rounds));
    chatters[i].process = start_role("chatter", chatters[i].name, seed, NULL);
    chatters[i].rounds++;
    process_hear(chatters[i].process, "ready");
    chatters[i].last = stat_of(chatters[i].name).sequence + CHATTER_RECORDS;
    process_say(chatters[i].process, "go");
}

static struct chatter *chatter_of(const char *ring)
{
    size_t i = 0;
    while (strcmp(chatters[i].name, ring) != 0)
        i++;
    check(i < CHATTERS);
    return &chatters[i];
}

static void check_order(const struct mapring_record *record, bool late)
{
    bool continues = record->continues;
    check(record->time_ns > 0);
    check(continues || late == (record->time_ns < so_far.latest_ns));
    so_far.late += late;
    if (record->time_ns > so_far.latest_ns)
        so_far.latest_ns = record->time_ns;
}

static void check_chat(int result)
{
    struct chatter *chatter = chatter_of(it.origin.ring);
    check(!so_far.line || strcmp(so_far.line, it.origin.ring) == 0);
    so_far.line = NULL;
    if (result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED) {
        chatter->ends++;
        return;
    }
    check_result(MAPRING_OK, result);
    check_number(chatter->next, it.record.sequence);
    chatter->next++;
    check_order(&it.record, it.origin.late);
    so_far.line = it.record.continued ? chatter->name : NULL;
    check_result(MAPRING_OK, mapring_merge_release(it.merge));
}

/* After so many records of it, a producer is killed, and the next one started. */
static void kill_some(void)
{
    for (size_t i = 0; i < CHATTERS; i++) {
        struct chatter *chatter = &chatters[i];
        if (chatter->rounds >= ROUNDS || chatter->next < 150 * chatter->rounds + 20 * i)
            continue;
        process_kill(chatter->process);
        start_chatter(i);
    }
}

static bool all_have_ended(void)
{
    struct mapring_merge_stat stat = merge_stat();
    for (size_t i = 0; i < CHATTERS; i++)
        if (chatters[i].process)
            return false;
    return stat.rings == CHATTERS && stat.ended == CHATTERS;
}

static bool is_done(const struct chatter *chatter)
{
    return chatter->rounds == ROUNDS && chatter->process && chatter->next == chatter->last;
}

/* The last producer of each ring closes when everything is read. */
static void finish_those_done(void)
{
    for (size_t i = 0; i < CHATTERS; i++) {
        if (!is_done(&chatters[i]))
            continue;
        process_hear(chatters[i].process, "done");
        process_say(chatters[i].process, "close");
        process_finish(chatters[i].process);
        chatters[i].process = NULL;
    }
}

static void check_chatters(const struct mapring_merge_options *options)
{
    const char *name = new_ring_name();
    memset(&so_far, 0, sizeof so_far);
    memset(chatters, 0, sizeof chatters);
    open_merge(options);
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, new_name_below(name, "*")));
    for (size_t i = 0; i < CHATTERS; i++) {
        char suffix[8];
        snprintf(suffix, sizeof suffix, "%u", (unsigned)i);
        chatters[i].name = new_name_below(name, suffix);
        start_chatter(i);
    }
    while (!all_have_ended()) {
        int result = next(10 * MILLISECONDS);
        if (result == MAPRING_TIMED_OUT)
            finish_those_done();
        else
            check_chat(result);
        kill_some();
    }
    check_number(so_far.late, merge_stat().late_records);
    for (size_t i = 0; i < CHATTERS; i++)
        check_number(stat_of(chatters[i].name).records, chatters[i].next);
    close_merge();
}

static void nothing_is_lost_torn_or_out_of_order_whoever_is_killed(void **state)
{
    (void)state;
    check_chatters(NULL);
}

static void the_same_holds_for_a_durable_merge(void **state)
{
    (void)state;
    const struct mapring_merge_options durable = {
        .name = "archive", .durable = true, .grace_ns = 50 * MILLISECONDS};
    check_chatters(&durable);
}

static void check_handle(const struct mapring_merge_options *options)
{
    const char *one = new_ring(&small), *two = new_ring(&small);
    const char *name = new_ring_name(), *late = new_name_below(name, "late");
    struct process *writers[] = {start_producer(one), start_producer(two), start_actor()};
    mapring_handle handle, again;
    open_merge(options);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_arm(it.merge));
    check_result(MAPRING_OK, mapring_merge_wait_handle(it.merge, &handle));
    check_result(MAPRING_OK, mapring_merge_wait_handle(it.merge, &again));
    check(handle == again);
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two));
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, new_name_below(name, "*")));
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, name));
    check_result(MAPRING_NOTHING, mapring_merge_add(it.merge, new_ring_name()));
    for (uint64_t i = 0; i < 50; i++) {
        check_result(MAPRING_NOTHING, mapring_merge_arm(it.merge));
        check(i > 2 || !is_ready(handle, 20 * MILLISECONDS));
        expect(writers[i % 2], MAPRING_OK, "send 1 100");
        check(is_ready(handle, TIME_LIMIT));
        check_record(i % 2 ? two : one, i / 2);
        check_result(MAPRING_NOTHING, next(0));
    }
    check_result(MAPRING_NOTHING, mapring_merge_arm(it.merge));
    expect(writers[2], MAPRING_OK, "producer %s", late);
    check(is_ready(handle, TIME_LIMIT));
    expect(writers[2], MAPRING_OK, "send 1 100");
    check_record(late, 0);
    expect(writers[2], MAPRING_OK, "send 1 100");
    check_result(MAPRING_OK, mapring_merge_arm(it.merge));
    check_record(late, 1);
    check_result(MAPRING_NOTHING, mapring_merge_arm(it.merge));
    process_kill(writers[2]);
    check(is_ready(handle, TIME_LIMIT));
    check_next(MAPRING_PRODUCER_DIED, late);
    check_result(MAPRING_NOTHING, next(0));
    check_result(MAPRING_NOTHING, mapring_merge_arm(it.merge));
    check(!is_ready(handle, 250 * MILLISECONDS));
    struct process *named = start_producer(name);
    check(is_ready(handle, TIME_LIMIT));
    expect(named, MAPRING_OK, "send 1 100");
    check_record(name, 0);
    close_merge();
}

static void one_handle_becomes_ready_for_all_rings(void **state)
{
    (void)state;
    check_handle(NULL);
    check_handle(&observing);
}

static void an_armed_handle_survives_other_calls(void **state)
{
    (void)state;
    const char *one = new_ring(&small), *two = new_ring(&small);
    struct process *first = start_producer(one);
    mapring_handle handle;
    open_merge(&observing);
    check_result(MAPRING_OK, mapring_merge_wait_handle(it.merge, &handle));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, one));
    check_result(MAPRING_NOTHING, mapring_merge_arm(it.merge));
    check_result(MAPRING_NOTHING, next(0));
    check_result(MAPRING_TIMED_OUT, next(5 * MILLISECONDS));
    expect(first, MAPRING_OK, "send 1 100");
    check(is_ready(handle, TIME_LIMIT));
    check_record(one, 0);
    check_result(MAPRING_NOTHING, mapring_merge_arm(it.merge));
    check_result(MAPRING_OK, mapring_merge_add(it.merge, two)); /* ready: arm again */
    check(is_ready(handle, TIME_LIMIT));
    check_result(MAPRING_NOTHING, mapring_merge_arm(it.merge));
    check(!is_ready(handle, 20 * MILLISECONDS));
    close_merge();
}

static void names_match_patterns(void **state)
{
    (void)state;
    check(mapring_name_matches("app", "app"));
    check(!mapring_name_matches("app", "ap"));
    check(!mapring_name_matches("ap", "app"));
    check(mapring_name_matches("app.1", "app.*"));
    check(mapring_name_matches("app.", "app.*"));
    check(!mapring_name_matches("app", "app.*"));
    check(mapring_name_matches("app.1", "*.?"));
    check(!mapring_name_matches("app.12", "*.?"));
    check(mapring_name_matches("a.b.c.12", "a*c*2"));
    check(mapring_name_matches("aXbXbc", "a*bc"));
    check(mapring_name_matches("", "**"));
    check(!mapring_name_matches("", "?"));
    check(!mapring_name_matches(NULL, "?"));
    check(!mapring_name_matches("a", NULL));
}

static void refuse(const struct mapring_merge_options *options)
{
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_open(&it.merge, options));
    check(!it.merge);
}

#define REFUSE(...) refuse(&(struct mapring_merge_options){__VA_ARGS__})

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    char long_name[MAPRING_NAME_BYTES + 1] = "";
    memset(long_name, 'x', MAPRING_NAME_BYTES);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_open(NULL, NULL));
    REFUSE(.scope = (enum mapring_scope)7);
    REFUSE(.from = MAPRING_AT_SEQUENCE);
    REFUSE(.after_lap = (enum mapring_from)9);
    REFUSE(.grace_ns = -1);
    REFUSE(.name = long_name);
    REFUSE(.durable = true);
    REFUSE(.durable = true, .name = "");
    REFUSE(.durable = true, .name = "x", .observe = true);
    REFUSE(.max_lag_bytes = 1);
    REFUSE(.reserved = {1});
    open_merge(&(struct mapring_merge_options){.scope = MAPRING_GLOBAL});
    close_merge();
    open_merge(NULL);
    int no_pattern = mapring_merge_add(it.merge, "./no-such-*"); /* no name on Windows */
    check(no_pattern == MAPRING_NOTHING || no_pattern == MAPRING_ERROR_NAME);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_add(it.merge, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_add(NULL, "x"));
    check_result(MAPRING_ERROR_NAME, mapring_merge_add(it.merge, "a b*"));
    check_result(MAPRING_ERROR_NAME, mapring_merge_add(it.merge, "a b"));
    check_result(MAPRING_ERROR_NAME, mapring_merge_add(it.merge, "..."));
    check_result(MAPRING_ERROR_ARGUMENT, next(-2));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_next(it.merge, NULL, &it.origin, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_next(it.merge, &it.record, NULL, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_next(NULL, &it.record, &it.origin, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_release(NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_arm(NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_stat(it.merge, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_merge_wait_handle(it.merge, NULL));
    check_result(MAPRING_OK, mapring_merge_release(it.merge));
    check_result(MAPRING_NOTHING, next(0));
    check_result(MAPRING_TIMED_OUT, next(MILLISECONDS));
    close_merge();
    mapring_merge_close(NULL);
}

static const struct CMUnitTest tests[] = {
    TEST(records_of_all_rings_come_and_say_where_from),
    TEST(a_wait_ends_when_any_ring_has_something),
    TEST(records_are_unread_until_they_are_released),
    TEST(a_full_ring_goes_on_when_records_are_released),
    TEST(a_durable_merge_keeps_its_places),
    TEST(observed_rings_are_read_too),
    TEST(a_ring_that_overwrites_is_observed_and_losses_are_its_own),
    TEST(the_end_of_a_run_is_told_with_its_ring),
    TEST(patterns_find_rings),
    TEST(rings_that_appear_later_join),
    TEST(a_busy_ring_does_not_keep_others_from_joining),
    TEST(a_ring_that_is_removed_ends_alone),
    TEST(a_damaged_ring_ends_alone_and_stays_out_until_it_is_gone),
    TEST(a_ring_of_a_pattern_that_cannot_be_read_is_reported_once),
    TEST(what_appears_and_is_no_ring_is_left_out_until_it_is_gone),
    TEST(a_merge_may_wait_for_producers),
    TEST(a_ring_that_is_named_and_cannot_be_read_is_a_failure),
    TEST(lines_are_not_torn),
    TEST(a_line_that_is_cut_by_the_next_producer_holds_nobody_up),
    TEST(a_record_is_held_back_until_the_others_show_a_later_one),
    TEST(what_is_there_comes_in_the_order_of_its_times),
    TEST(a_handle_becomes_ready_when_a_record_was_held_back_for_long_enough),
    TEST(a_ring_that_joins_with_old_records_is_late),
    TEST(nothing_is_lost_torn_or_out_of_order_whoever_is_killed),
    TEST(the_same_holds_for_a_durable_merge),
    TEST(one_handle_becomes_ready_for_all_rings),
    TEST(an_armed_handle_survives_other_calls),
    TEST(names_match_patterns),
    TEST(wrong_arguments_are_refused),
};

static const struct role roles[] = {
    ACTOR_ROLE, {"speaker", role_speaker}, {"chatter", role_chatter}};

TEST_MAIN(roles, tests)
