/* SPDX-License-Identifier: MIT */
/* What was sent in parts comes out of recv and dump in one piece. */
#include "actor.h"
#include "cli.h"

enum { SMALL = 65536, LIMIT = SMALL / 2 - 8 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

static mapring_producer *open_producer(const char *name)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &attach));
    return producer;
}

static void part(mapring_producer *producer, const char *text)
{
    check_result(MAPRING_OK, mapring_producer_send_part(producer, text, strlen(text), 0));
}

static void last(mapring_producer *producer, const char *text)
{
    check_result(MAPRING_OK, mapring_producer_send(producer, text, strlen(text), 0));
}

/* One line in parts, one in a single record, and an empty one in parts. */
static const char *ring_with_parts(void)
{
    const char *name = new_ring(&small);
    mapring_producer *producer = open_producer(name);
    part(producer, "one ");
    part(producer, "and ");
    last(producer, "more");
    last(producer, "next");
    part(producer, "");
    last(producer, "");
    mapring_producer_close(producer);
    return name;
}

static void parts_come_out_as_one(void **state)
{
    (void)state;
    static const struct {
        const char *framing, *expected;
        size_t bytes;
    } cases[] = {
        {"line", "one and more\nnext\n\n", 19},
        {"block", "one and morenext", 16},
        {"length", "\x0c\0\0\0one and more\x04\0\0\0next\0\0\0\0", 28},
    };
    const char *name = ring_with_parts();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *const commands[][7] = {
            {"dump", name, "--framing", cases[i].framing, NULL},
            {"recv", name, "--framing", cases[i].framing, "--observe", NULL},
            {"recv", name, "--framing", cases[i].framing, "--from", "oldest", NULL},
        };
        for (size_t j = 0; j < COUNT_OF(commands); j++) {
            const char *copy = new_path(".copy"), *errors = new_path(".errors");
            char *text =
                complaint_of(start_tool(TO_COMPLAINS_TO(copy, errors), commands[j]), 0, errors);
            check_text("", text);
            free(text);
            check_file(copy, cases[i].expected, cases[i].bytes);
        }
    }
}

static void objects_say_what_goes_on(void **state)
{
    (void)state;
    const struct ran *ran = RUN("recv", ring_with_parts(), "--json");
    check_text("{\"sequence\": 0, \"bytes\": 4, \"continued\": true, \"payload\": \"one \"}\n"
               "{\"sequence\": 1, \"bytes\": 4, \"continues\": true, \"continued\": true, "
               "\"payload\": \"and \"}\n"
               "{\"sequence\": 2, \"bytes\": 4, \"continues\": true, \"payload\": \"more\"}\n"
               "{\"sequence\": 3, \"bytes\": 4, \"payload\": \"next\"}\n"
               "{\"sequence\": 4, \"bytes\": 0, \"continued\": true, \"payload\": \"\"}\n"
               "{\"sequence\": 5, \"bytes\": 0, \"continues\": true, \"payload\": \"\"}\n",
               ran->output);
    check_text("", ran->errors);
}

static void count_takes_all_parts_for_one(void **state)
{
    (void)state;
    const char *name = ring_with_parts();
    check_text("one and more\n", RUN("recv", name, "--count", "1")->output);
    check_text("next\n", RUN("recv", name, "--count", "1")->output);
    check_text("\n", RUN("recv", name, "--count", "1")->output);
}

/* A line ends as soon as it is known to be cut, and that is reported once. */
static void the_end_of_a_run_cuts_a_line(void **state)
{
    (void)state;
    const char *name = new_ring(&small), *copy = new_path(".copy"), *errors = new_path(".errors");
    mapring_producer *producer = open_producer(name);
    struct process *receiver =
        START(TO_COMPLAINS_TO(copy, errors), "recv", name, "--follow", "--count", "1");
    await_consumers(name, 1);
    part(producer, "half");
    check_soon(os_file_size(copy) == 4);
    check_file(copy, "half", 4);
    mapring_producer_close(producer);
    check_soon(os_file_size(copy) == 5);
    check_file(copy, "half\n", 5);
    producer = open_producer(name);
    last(producer, "whole");
    mapring_producer_close(producer);
    char *text = complaint_of(receiver, 0, errors);
    check_text(
        "mapring recv: the part after record 0 did not arrive: the output is incomplete there\n",
        text);
    free(text);
    check_file(copy, "half\nwhole\n", 11);
    const struct ran *ran = RUN("dump", name);
    check_text("half\nwhole\n", ran->output);
    check_text(
        "mapring dump: the part after record 0 did not arrive: the output is incomplete there\n",
        ran->errors);
    const char *lengths = new_path(".lengths");
    process_exit_code(START(TO(lengths), "dump", name, "--framing", "length"));
    check_file(lengths, "\x04\0\0\0half\x05\0\0\0whole", 17);
}

static void a_gap_cuts_a_line(void **state)
{
    (void)state;
    static char space[LIMIT];
    memset(space, 'x', sizeof space);
    const char *name = new_ring_file(
        &(struct mapring_options){.capacity_bytes = SMALL, .when_full = MAPRING_DROP});
    mapring_producer *producer = open_producer(name);
    check_result(MAPRING_OK, mapring_producer_send(producer, space, 32000, 0));
    check_result(MAPRING_OK, mapring_producer_send(producer, space, 32700, 0));
    part(producer, "half");
    check_result(MAPRING_DROPPED, mapring_producer_send(producer, space, 2000, 0));
    last(producer, "whole");
    mapring_producer_close(producer);
    const struct ran *ran = RUN("recv", name);
    check_number(0, ran->code);
    check_number(32001 + 32701 + 5 + 6, ran->bytes);
    check_text("half\nwhole\n", ran->output + 32001 + 32701);
    check_begins("mapring recv: the part after record 2 did not arrive", ran->errors);
    check_contains("lost", ran->errors);
}

/* The receiver is killed when it has the first part; the second part comes after that. */
static void a_durable_receiver_gets_parts_that_it_held_again(void **state)
{
    (void)state;
    const char *name = new_ring(&small), *copy = new_path(".copy");
    const char *const recv[] = {"recv", name, "--consumer", "arc", "--framing", "length", NULL};
    mapring_producer *producer = open_producer(name);
    last(producer, "whole");
    part(producer, "half ");
    struct process *receiver = start_tool(APPENDED_TO(copy), recv);
    check_soon(os_file_size(copy) == 9);
    await_sleeping_consumer(name, 0);
    process_kill(receiver);
    check_file(copy, "\x05\0\0\0whole", 9);
    last(producer, "half");
    mapring_producer_close(producer);
    const char *rest = new_path(".rest");
    process_finish(start_tool(TO(rest), recv));
    static const char once[] = "\x09\0\0\0half half",
                      twice[] = "\x05\0\0\0whole\x09\0\0\0half half";
    if (os_file_size(rest) == sizeof once - 1)
        check_file(rest, once, sizeof once - 1);
    else
        check_file(rest, twice, sizeof twice - 1);
}

/* Beside the parts that are held, there is room for the largest part and for any number of small
 * ones. */
static void held_parts_leave_room(void **state)
{
    (void)state;
    static char space[LIMIT];
    const char *name =
        new_ring(&(struct mapring_options){.capacity_bytes = SMALL, .slot_bytes = 256});
    const char *copy = new_path(".copy");
    mapring_producer *producer = open_producer(name);
    struct process *receiver = START(TO(copy), "recv", name, "--framing", "length");
    await_consumers(name, 1);
    check_result(MAPRING_OK, mapring_producer_send_part(producer, space, SMALL / 4, TIME_LIMIT));
    for (int i = 0; i < 2000; i++)
        check_result(MAPRING_OK, mapring_producer_send_part(producer, space, 1, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_producer_send_part(producer, space, LIMIT, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_producer_send(producer, space, LIMIT, TIME_LIMIT));
    mapring_producer_close(producer);
    process_finish(receiver);
    check_number(4 + SMALL / 4 + 2000 + 2 * LIMIT, os_file_size(copy));
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(parts_come_out_as_one),
    TEST(objects_say_what_goes_on),
    TEST(count_takes_all_parts_for_one),
    TEST(the_end_of_a_run_cuts_a_line),
    TEST(a_gap_cuts_a_line),
    TEST(a_durable_receiver_gets_parts_that_it_held_again),
    TEST(held_parts_leave_room),
};
TEST_MAIN(roles, tests)
