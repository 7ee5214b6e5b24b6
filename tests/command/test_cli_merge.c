/* SPDX-License-Identifier: MIT */
/* recv and dump with several rings. */
#include "actor.h"
#include "cli.h"

static const struct mapring_options small = {.capacity_bytes = 65536};

static void send_lines(const char *name, const char *lines)
{
    struct process *sender = START(NULL, "send", name);
    process_write(sender, lines, strlen(lines));
    process_close_input(sender);
    process_finish(sender);
}

/* Two rings below one name, kept open. */
struct pair {
    const char *name, *pattern, *one, *two;
};

static struct pair new_pair(void)
{
    static mapring_ring *kept[2];
    struct pair pair = {.name = new_ring_name()};
    pair.pattern = new_name_below(pair.name, "*");
    pair.one = new_name_below(pair.name, "1");
    pair.two = new_name_below(pair.name, "2");
    for (size_t i = 0; i < 2; i++) {
        mapring_close(kept[i]);
        kept[i] = NULL;
        check_result(MAPRING_OK, mapring_open(&kept[i], i ? pair.two : pair.one, &small));
    }
    return pair;
}

static struct pair pair_with_lines(void)
{
    struct pair pair = new_pair();
    send_lines(pair.one, "a1\na2\n");
    send_lines(pair.two, "b1\nb2\n");
    return pair;
}

/* Both rings' lines are there, each ring's in its order. */
static void check_lines(const char *output, const char *const *lines, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        check_contains(lines[i], output);
        bytes += strlen(lines[i]);
        check(i % 2 == 0 || strstr(output, lines[i - 1]) < strstr(output, lines[i]));
    }
    check_number(bytes, strlen(output));
}

static void several_rings_are_received(void **state)
{
    (void)state;
    static const char *const lines[] = {"a1\n", "a2\n", "b1\n", "b2\n"};
    struct pair pair = pair_with_lines();
    const struct ran *ran = RUN("recv", pair.one, pair.two, "--observe");
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_lines(ran->output, lines, 4);
    ran = RUN("recv", pair.pattern);
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_lines(ran->output, lines, 4);
    check_number(0, ring_stat(pair.one).unread_records);
    check_number(0, ring_stat(pair.two).unread_records);
}

static void lines_begin_with_the_name_of_their_ring(void **state)
{
    (void)state;
    char text[4][160];
    struct pair pair = pair_with_lines();
    for (size_t i = 0; i < 4; i++)
        snprintf(text[i], sizeof text[i], "%s: %c%c\n", i < 2 ? pair.one : pair.two, "ab"[i / 2],
                 "12"[i % 2]);
    const char *const lines[] = {text[0], text[1], text[2], text[3]};
    const struct ran *ran = RUN("dump", "--prefix", pair.pattern);
    check_number(0, ran->code);
    check_lines(ran->output, lines, 4);
    ran = RUN("recv", "--prefix", "--observe", pair.one);
    check_number(0, ran->code);
    check_lines(ran->output, lines, 2);
    ran = RUN("recv", "--prefix", pair.one, pair.two);
    check_number(0, ran->code);
    check_lines(ran->output, lines, 4);
}

static void json_says_which_ring(void **state)
{
    (void)state;
    char text[160];
    struct pair pair = pair_with_lines();
    snprintf(text, sizeof text,
             "{\"ring\": \"%s\", \"sequence\": 1, \"bytes\": 2, \"payload\": \"a2\"}\n", pair.one);
    const struct ran *ran = RUN("dump", "--json", pair.one, pair.two);
    check_number(0, ran->code);
    check_contains(text, ran->output);
    check_json(ran->output, strcspn(ran->output, "\n"));
    ran = RUN("recv", "--json", pair.pattern);
    check_number(0, ran->code);
    check_contains(text, ran->output);
    ran = RUN("dump", "--json", pair.one);
    check_contains("{\"sequence\": 0, ", ran->output);
}

static void what_is_not_there_is_refused_unless_it_is_waited_for(void **state)
{
    (void)state;
    struct pair pair = pair_with_lines();
    const char *none = new_ring_name(), *nothing = new_name_below(none, "*");
    const struct ran *ran = RUN("recv", pair.one, none);
    check_number(1, ran->code);
    check_contains("there is no ring", ran->errors);
    check_contains("use --wait", ran->errors);
    ran = RUN("recv", nothing);
    check_number(1, ran->code);
    check_contains("no ring matches '", ran->errors);
    ran = RUN("recv", nothing, "--wait", "--timeout", "0.1");
    check_number(4, ran->code);
    check_contains("no ring appeared within 0.1 s", ran->errors);
    ran = RUN("dump", pair.one, none);
    check_number(1, ran->code);
    ran = RUN("dump", nothing);
    check_number(1, ran->code);
    check_contains("no ring matches '", ran->errors);
}

static void several_rings_with_wrong_options_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *option, *value, *message;
    } cases[] = {
        {"--from", "7", "--from SEQUENCE applies to one ring only"},
        {"--framing", "length", "cannot be used with --prefix"},
        {"--max-lag", "1M", "--max-lag applies to durable consumers only"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct ran *ran =
            RUN("recv", "one", "two", "--prefix", cases[i].option, cases[i].value);
        check_number(2, ran->code);
        check_contains(cases[i].message, ran->errors);
    }
    check_number(2, RUN("recv", "one", "t*", "--wake-bytes", "1K", "--wake-delay", "1")->code);
    check_number(2, RUN("recv", "a b*", "one")->code);
    check_number(2, RUN("recv", "a b", "one")->code);
    check_number(2, RUN("dump", "one", "two", "--prefix", "--framing", "block")->code);
    check_number(2, RUN("dump", "a b", "one")->code);
}

static void rings_that_appear_later_are_received(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    const char *one = new_name_below(name, "1"), *two = new_name_below(name, "2");
    struct process *receiver = START(NULL, "recv", new_name_below(name, "*"), "--wait", "--follow",
                                     "--prefix", "--count", "3");
    struct process *first = START(NULL, "send", one, "--wait-consumers", "1");
    process_say(first, "hello");
    char line[160];
    snprintf(line, sizeof line, "%s: hello", one);
    process_hear(receiver, line);
    struct process *second = START(NULL, "send", two, "--wait-consumers", "1");
    process_say(second, "from\nhere");
    snprintf(line, sizeof line, "%s: from", two);
    process_hear(receiver, line);
    snprintf(line, sizeof line, "%s: here", two);
    process_hear(receiver, line);
    process_finish(receiver);
    process_close_input(first);
    process_close_input(second);
    process_finish(first);
    process_finish(second);
}

/* With one of them dead, everything is written first. */
static void the_death_of_one_producer_is_told(void **state)
{
    (void)state;
    struct pair pair = new_pair();
    const char *errors = new_path(".errors"), *output = new_path(".output");
    struct process *one = START(NULL, "send", pair.one), *two = START(NULL, "send", pair.two);
    process_say(one, "a1");
    process_say(two, "b1");
    await_records(pair.one, 1);
    await_records(pair.two, 1);
    struct process *receiver =
        START(TO_COMPLAINS_TO(output, errors), "recv", pair.one, pair.two, "--timeout", "30");
    await_consumers(pair.two, 1);
    process_kill(one);
    process_close_input(two);
    process_finish(two);
    char *complaint = complaint_of(receiver, 3, errors);
    check_contains("the producer of the ring '", complaint);
    check_contains(pair.one, complaint);
    check(!strstr(complaint, pair.two));
    free(complaint);
    check_number(6, os_file_size(output));
}

static void a_timeout_ends_several_rings(void **state)
{
    (void)state;
    struct pair pair = new_pair();
    struct process *one = START(NULL, "send", pair.one);
    process_say(one, "a1");
    await_records(pair.one, 1);
    const struct ran *ran = RUN("recv", pair.pattern, "--timeout", "0.2");
    check_number(4, ran->code);
    check_text("a1\n", ran->output);
    check_contains("no record arrived within 0.2 s", ran->errors);
    process_close_input(one);
    process_finish(one);
}

static void a_removed_ring_is_told_and_the_others_go_on(void **state)
{
    (void)state;
    const char *file = new_path(".ring"), *named = new_ring(&small);
    const char *errors = new_path(".errors");
    struct process *one = START(NULL, "send", file), *two = START(NULL, "send", named);
    process_say(one, "a1");
    await_records(file, 1);
    struct process *receiver = START(COMPLAINS_TO(errors), "recv", file, named);
    process_hear(receiver, "a1");
    check_result(MAPRING_OK, mapring_remove(file, MAPRING_LOCAL, true));
    process_say(two, "b1");
    process_hear(receiver, "b1");
    process_kill(one);
    check_soon(os_file_size(errors) > 0);
    process_close_input(two);
    process_finish(two);
    char *complaint = complaint_of(receiver, 3, errors);
    check_contains("was removed; all records in it were read", complaint);
    free(complaint);
}

static void losses_say_which_ring(void **state)
{
    (void)state;
    const struct mapring_options overwriting = {.capacity_bytes = 65536,
                                                .when_full = MAPRING_OVERWRITE};
    const char *one = new_ring(&overwriting), *two = new_ring(&small);
    const char *errors = new_path(".errors"), *output = new_path(".output");
    struct process *receiver =
        START(TO_COMPLAINS_TO(output, errors), "recv", one, two, "--framing", "block");
    await_consumers(two, 1);
    process_pause(receiver);
    struct process *first = start_producer(one);
    expect(first, MAPRING_OK, "send 2000 100");
    expect(first, MAPRING_OK, "close");
    process_resume(receiver);
    process_finish(START(&(struct process_streams){.input = new_file("", 0)}, "send", two));
    char *complaint = complaint_of(receiver, 0, errors);
    check_contains(one, complaint);
    check_contains("': lost ", complaint);
    free(complaint);
}

static void damage_of_one_ring_does_not_end_a_dump_of_several(void **state)
{
    (void)state;
    const char *one = new_path(".ring"), *two = new_path(".ring");
    const uint64_t nonsense = UINT64_MAX;
    send_lines(one, "a1\na2\n");
    send_lines(two, "b1\nb2\n");
    check(os_file_write_at(one, 2 * REGION_BYTES + 16, &nonsense, sizeof nonsense));
    const struct ran *ran = RUN("dump", one, two, one);
    check_number(1, ran->code);
    check_text("a1\nb1\nb2\n", ran->output);
    check_contains("is damaged", ran->errors);
}

static void a_durable_consumer_of_several_rings_gets_each_record_once(void **state)
{
    (void)state;
    struct pair pair = pair_with_lines();
    static const char *const lines[] = {"a1\n", "a2\n", "b1\n", "b2\n"};
    const struct ran *ran = RUN("recv", pair.pattern, "--consumer", "archive");
    check_number(0, ran->code);
    check_lines(ran->output, lines, 4);
    send_lines(pair.two, "b3\n");
    ran = RUN("recv", pair.pattern, "--consumer", "archive");
    check_number(0, ran->code);
    check_text("b3\n", ran->output);
}

/* So that the times of different rings, each of which has its own uncertainty, differ by more. */
static void pass_time(void)
{
    int64_t until = now_ns() + 2 * MILLISECONDS;
    while (now_ns() < until)
        os_yield();
}

/* Lines of two rings with times, sent one after the other. */
static void rings_with_times_are_written_in_their_order(void **state)
{
    (void)state;
    const struct mapring_options with_times = {.capacity_bytes = 65536, .times = true};
    mapring_producer *producers[2];
    const char *names[2], *expected = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    for (size_t i = 0; i < 2; i++) {
        names[i] = new_ring(&with_times);
        check_result(MAPRING_OK, mapring_producer_open(&producers[i], names[i], NULL));
    }
    for (size_t i = 0; i < 10; i++) {
        check_result(MAPRING_OK,
                     mapring_producer_send(producers[i % 3 % 2], expected + 2 * i, 1, 0));
        pass_time();
    }
    mapring_producer_close(producers[0]);
    mapring_producer_close(producers[1]);
    check_text(expected, RUN("dump", names[1], names[0])->output);
    check_text(expected, RUN("recv", names[0], names[1], "--observe")->output);
    check_text(expected, RUN("recv", names[1], names[0])->output);
}

static const struct CMUnitTest tests[] = {
    TEST(rings_with_times_are_written_in_their_order),
    TEST(several_rings_are_received),
    TEST(lines_begin_with_the_name_of_their_ring),
    TEST(json_says_which_ring),
    TEST(what_is_not_there_is_refused_unless_it_is_waited_for),
    TEST(several_rings_with_wrong_options_are_refused),
    TEST(rings_that_appear_later_are_received),
    TEST(the_death_of_one_producer_is_told),
    TEST(a_timeout_ends_several_rings),
    TEST(a_removed_ring_is_told_and_the_others_go_on),
    TEST(losses_say_which_ring),
    TEST(damage_of_one_ring_does_not_end_a_dump_of_several),
    TEST(a_durable_consumer_of_several_rings_gets_each_record_once),
};

static const struct role roles[] = {ACTOR_ROLE};

TEST_MAIN(roles, tests)
