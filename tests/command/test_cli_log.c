/* SPDX-License-Identifier: MIT */
/* What recv, dump, log and record do with logs. */
#include <inttypes.h>

#include "cli.h"
#include "mapring/log.h"
#include "platform.h"

enum { TEXT_BYTES = 1024 };

static mapring_log *open_log(const char *name)
{
    mapring_log *log;
    const struct mapring_log_options options = {.level = MAPRING_LEVEL_DEBUG};
    check_result(MAPRING_OK, mapring_log_open(&log, name, &options));
    check_result(MAPRING_OK, mapring_log_name_thread(log, "tester"));
    return log;
}

/* In files, so that rings stay on both systems when they are closed. */
static mapring_log *open_kept_log(void)
{
    use_directory();
    return open_log("app");
}

static int order_line;

static void write_order(mapring_log *log, int order)
{
    order_line = __LINE__ + 1;
    MAPRING_INFO(log, "order=%d of %s at %.2f", order, "X", 3.2);
}

static int write_from_thread(void *context)
{
    MAPRING_WARN((mapring_log *)context, "from another thread");
    return 0;
}

static void write_in_thread(mapring_log *log)
{
    check_number(0, os_thread_join(os_thread_start(write_from_thread, log)));
}

/* Three lines of two threads, the second one from another ring. */
static void write_log(void)
{
    mapring_log *log = open_kept_log();
    write_order(log, 1);
    write_in_thread(log);
    write_order(log, 2);
    mapring_log_close(log);
}

/* Logs as the test says, until it says "end" or kills it. */
static int logger(int argc, char **argv)
{
    (void)argc;
    mapring_log *log = open_log(argv[0]);
    role_say("ready");
    for (;;) {
        const char *line = role_line();
        if (strcmp(line, "end") == 0)
            break;
        if (strcmp(line, "thread") == 0)
            write_in_thread(log);
        else
            MAPRING_INFO(log, "heard %s", line);
        role_say("done");
    }
    mapring_log_close(log);
    return 0;
}

static struct process *start_logger(const char *name)
{
    struct process *process = start_role("logger", name, NULL);
    process_hear(process, "ready");
    return process;
}

static void let_log(struct process *process, const char *line)
{
    process_say(process, "%s", line);
    process_hear(process, "done");
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

/* ---- Lines for people ---- */

static void a_line_says_when_where_and_what(void **state)
{
    (void)state;
    char text[TEXT_BYTES];
    write_log();
    const struct ran *ran = RUN("dump", "app");
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_number(3, count_lines(ran->output));
    snprintf(text, sizeof text, "[%" PRIu64 "] tester: order=1 of X at 3.20 (test_cli_log.c:%d)\n",
             (uint64_t)platform_process(), order_line);
    check_contains(text, ran->output);
    check_contains(" INFO  ", ran->output);
    check_number(' ', ran->output[strlen("2026-11-27")]);
    check_number(' ', ran->output[strlen("2026-11-27 23:13:09.123456789")]);
    use_no_directory();
}

static void the_lines_of_all_threads_come_in_the_order_of_time(void **state)
{
    (void)state;
    write_log();
    static const char *const commands[] = {"dump", "recv"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        const struct ran *ran = RUN(commands[i], "app", "--format", "{ring} {text}");
        check_number(0, ran->code);
        check_text("", ran->errors);
        check_text("app order=1 of X at 3.20\n"
                   "app.1 from another thread\n"
                   "app order=2 of X at 3.20\n",
                   ran->output);
    }
    check_text("from another thread\n", RUN("dump", "app.1", "--format", "{text}")->output);
    use_no_directory();
}

static void the_files_of_a_log_are_found_by_their_paths(void **state)
{
    (void)state;
    write_log();
    char path[TEXT_BYTES];
    snprintf(path, sizeof path, "%s", file_of("app"));
    use_no_directory();
    check_number(3, count_lines(RUN("dump", path)->output));
    check_number(3, count_lines(RUN("recv", path)->output));
    check_number(2, count_lines(RUN("log", "sites", path)->output));
}

static void lines_are_chosen_by_level_text_and_number(void **state)
{
    (void)state;
    write_log();
    check_text("from another thread\n",
               RUN("recv", "app", "--level", "WARN", "--format", "{text}")->output);
    check_text("", RUN("dump", "app", "--level", "error")->output);
    check_text("order=2 of X at 3.20\n",
               RUN("dump", "app", "--grep", "order=2", "--format", "{text}")->output);
    check_text("from another thread\norder=2 of X at 3.20\n",
               RUN("dump", "app", "--last", "2", "--format", "{text}")->output);
    check_text("order=1 of X at 3.20\norder=2 of X at 3.20\n",
               RUN("dump", "app", "--last", "2", "--grep", "of X", "--format", "{text}")->output);
    check_text("", RUN("dump", "app", "--last", "2", "--grep", "none")->output);
    check_text("order=1 of X at 3.20\n",
               RUN("recv", "app", "--count", "1", "--format", "{text}")->output);
    use_no_directory();
}

static void a_pattern_says_what_is_written(void **state)
{
    (void)state;
    char text[TEXT_BYTES];
    write_log();
    snprintf(text, sizeof text, "<   INFO|INFO   > {} write_order %d tester order=1 0 app\n",
             order_line);
    check_text(text, RUN("dump", "app", "--last", "3", "--grep", "order=1", "--format",
                         "<{level:>7}|{level:7}> {{}} {function} {line} {thread} {fields} "
                         "{sequence} {ring}")
                         ->output);
    check_contains("test_cli_log.c order=1",
                   RUN("dump", "app", "--format", "{file} {text}")->output);
    static const char *const wrong[] = {"",      "{",         "}",       "{nonsense}",
                                        "{time", "{level:x}", "{level:}"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const struct ran *ran = RUN("recv", "app", "--format", wrong[i]);
        check_number(2, ran->code);
        check_contains("{level:5}", ran->errors);
    }
    use_no_directory();
}

static void levels_are_coloured_if_that_was_asked_for(void **state)
{
    (void)state;
    write_log();
    const struct ran *ran = RUN("dump", "app", "--format", "{level:5}|", "--color", "always");
    check_text("\x1b[32mINFO\x1b[0m |\n\x1b[33mWARN\x1b[0m |\n\x1b[32mINFO\x1b[0m |\n",
               ran->output);
    check_text("INFO |\nWARN |\nINFO |\n", RUN("dump", "app", "--format", "{level:5}|")->output);
    check_number(2, RUN("dump", "app", "--color", "blue")->code);
    use_no_directory();
}

static void a_line_stays_one_line(void **state)
{
    (void)state;
    mapring_log *log = open_kept_log();
    MAPRING_INFO(log, "%s", "one\ntwo\r\tthree");
    mapring_log_close(log);
    check_text("one\\ntwo\\r\tthree\n", RUN("dump", "app", "--format", "{text}")->output);
    use_no_directory();
}

static void times_have_the_form_that_was_asked_for(void **state)
{
    (void)state;
    write_log();
    const struct ran *ran = RUN("dump", "app", "--time", "--format", "{time}|");
    check_contains("Z|\n", ran->output);
    ran = RUN("dump", "app", "--time=relative", "--format", "{time}|");
    check_begins("+0.000000000|\n", ran->output);
    use_no_directory();
}

/* ---- Lines for programs ---- */

static void a_line_is_an_object(void **state)
{
    (void)state;
    char text[TEXT_BYTES];
    write_log();
    const struct ran *ran = RUN("recv", "app", "--json", "--count", "1");
    check_number(0, ran->code);
    check_number(1, count_lines(ran->output));
    check_json(ran->output, ran->bytes);
    check_begins("{\"ring\": \"app\", \"sequence\": 0, \"time_ns\": ", ran->output);
    check_contains("\"level\": \"INFO\", \"text\": \"order=1 of X at 3.20\", "
                   "\"fields\": {\"order\": 1}, \"values\": [1, \"X\", 3.2], "
                   "\"format\": \"order=%d of %s at %.2f\", \"file\": \"",
                   ran->output);
    snprintf(text, sizeof text, "test_cli_log.c\", \"line\": %d, \"function\": \"write_order\", ",
             order_line);
    check_contains(text, ran->output);
    snprintf(text, sizeof text, "\"process\": %" PRIu64 ", \"thread_name\": \"tester\", ",
             (uint64_t)platform_process());
    check_contains(text, ran->output);
    use_no_directory();
}

static void values_of_all_kinds_are_valid_json(void **state)
{
    (void)state;
    mapring_log *log = open_kept_log();
    const char *none = NULL;
    MAPRING_INFO(log, "a=%u b=%lld c=%f d=%p e=%s a=%d", 4000000000u, -5000000000ll, 1.0 / 0.0,
                 (void *)16, none, 7);
    MAPRING_INFO(log, "%s %s", "\xff\x01\"", "");
    mapring_log_close(log);
    const struct ran *ran = RUN("dump", "app", "--json");
    check_contains("\"fields\": {\"b\": -5000000000, \"c\": \"inf\", \"d\": \"0x10\", \"e\": null, "
                   "\"a\": 7}, \"values\": [4000000000, -5000000000, \"inf\", \"0x10\", null, 7]",
                   ran->output);
    check_contains("\"fields\": {}, \"values\": [\"\xef\xbf\xbd\\u0001\\\"\", \"\"]", ran->output);
    const char *second = strchr(ran->output, '\n') + 1;
    check_json(ran->output, (size_t)(second - ran->output));
    check_json(second, strlen(second));
    use_no_directory();
}

static void records_can_be_had_as_they_are(void **state)
{
    (void)state;
    mapring_log *log = open_kept_log();
    MAPRING_INFO(log, "%s", "text");
    mapring_log_close(log);
    const struct ran *ran = RUN("recv", "app", "--framing", "block");
    check_number(0, ran->code);
    check_number(8 + 4 + 4, ran->bytes);
    check_number(0, memcmp(ran->output + 12, "text", 4));
    use_no_directory();
}

/* ---- Live ---- */

static void lines_are_received_as_they_are_written(void **state)
{
    (void)state;
    use_directory();
    struct process *reader = START(NULL, "recv", "app", "--wait", "--format", "{ring} {text}");
    struct process *writer = start_logger("app");
    let_log(writer, "one");
    process_hear(reader, "app heard one");
    let_log(writer, "thread");
    process_hear(reader, "app.1 from another thread");
    let_log(writer, "two");
    process_hear(reader, "app heard two");
    process_say(writer, "end");
    process_finish(writer);
    process_finish(reader);
    use_no_directory();
}

static void lines_outlive_a_process_that_is_killed(void **state)
{
    (void)state;
    use_directory();
    struct process *writer = start_logger("app");
    let_log(writer, "one");
    let_log(writer, "thread");
    process_kill(writer);
    check_text("heard one\nfrom another thread\n",
               RUN("dump", "app", "--format", "{text}")->output);
    const struct ran *ran = RUN("recv", "app", "--format", "{text}");
    check_number(3, ran->code);
    check_text("heard one\nfrom another thread\n", ran->output);
    check_contains("the producer of the ring 'app' died", ran->errors);
    struct process *next = start_logger("app");
    let_log(next, "more");
    process_say(next, "end");
    process_finish(next);
    check_text("heard one\nfrom another thread\nheard more\n",
               RUN("dump", "app", "--format", "{text}")->output);
    use_no_directory();
}

static void a_log_that_is_not_there_is_refused_unless_it_is_waited_for(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    check_number(1, RUN("recv", name, "--level", "warn")->code);
    const struct ran *ran = RUN("recv", name, "--wait", "--timeout", "0.1");
    check_number(4, ran->code);
    check_contains("no such ring appeared", ran->errors);
}

static void rings_beside_a_log_are_left_alone(void **state)
{
    (void)state;
    mapring_log *log = open_kept_log();
    write_order(log, 1);
    mapring_log_close(log);
    static const char *const others[] = {"app.1", "app.orders", "app.x1"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        mapring_producer *producer;
        check_result(MAPRING_OK, mapring_producer_open(&producer, others[i], NULL));
        check_result(MAPRING_OK, mapring_producer_send(producer, "data", 4, 0));
        mapring_producer_close(producer);
    }
    check_number(1, count_lines(RUN("recv", "app")->output));
    check_number(1, count_lines(RUN("dump", "app")->output));
    check_number(1, ring_stat("app.1").unread_records);
    use_no_directory();
}

/* ---- Losses ---- */

enum { LINES_AT_ONCE = 5000 };

/* How many lines all complaints together call lost. */
static unsigned long count_lost(const char *complaints)
{
    static const char says[] = "lost ";
    unsigned long lost = 0;
    for (const char *at = complaints; (at = strstr(at, says)); at += sizeof says - 1)
        lost += strtoul(at + sizeof says - 1, NULL, 10);
    return lost;
}

/* The lines that are there come in their order; the number of the last one is known. */
static size_t count_numbers(const char *output)
{
    unsigned long next = 0;
    size_t count = 0;
    for (const char *at = output; *at != '\0'; at = strchr(at, '\n') + 1, count++) {
        unsigned long number = strtoul(at + strlen("number "), NULL, 10);
        check(strncmp(at, "number ", 7) == 0 && number >= next);
        next = number + 1;
    }
    check_number(LINES_AT_ONCE + 1, next);
    return count;
}

static void a_receiver_that_is_too_slow_is_told_how_many_lines_it_has_missed(void **state)
{
    (void)state;
    mapring_log *log;
    const char *output = new_path(".output"), *errors = new_path(".errors");
    use_directory();
    check_result(
        MAPRING_OK,
        mapring_log_open(&log, "app", &(struct mapring_log_options){.ring.capacity_bytes = 65536}));
    MAPRING_INFO(log, "number %d", 0);
    struct process *receiver =
        START(TO_COMPLAINS_TO(output, errors), "recv", "app", "--format", "{text}");
    check_soon(os_file_size(output) > 0);
    process_pause(receiver);
    for (int i = 1; i <= LINES_AT_ONCE; i++)
        MAPRING_INFO(log, "number %d", i);
    mapring_log_close(log);
    process_resume(receiver);
    char *complaints = complaint_of(receiver, 0, errors);
    char *lines = read_file(output, NULL);
    check_number(LINES_AT_ONCE + 1, count_numbers(lines) + count_lost(complaints));
    check(count_lost(complaints) > 0);
    free(complaints);
    free(lines);
    use_no_directory();
}

/* ---- Damage ---- */

static void write_damaged_log(void)
{
    mapring_producer *producer;
    const struct mapring_options options = {.content = MAPRING_LOG_CONTENT,
                                            .times = true,
                                            .dictionary_bytes = 65536,
                                            .when_full = MAPRING_OVERWRITE};
    use_directory();
    check_result(MAPRING_OK, mapring_producer_open(&producer, "app", &options));
    for (int i = 0; i < 3; i++)
        check_result(MAPRING_OK, mapring_producer_send_part(producer, "\xff\xff\xff\xff", 4, 0));
    mapring_producer_close(producer);
}

static void what_is_no_line_is_told_once_and_counted(void **state)
{
    (void)state;
    write_damaged_log();
    static const char *const commands[] = {"recv", "dump"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        const struct ran *ran = RUN(commands[i], "app", "--level", "fatal");
        check_number(1, ran->code);
        check_number(3, count_lines(ran->output));
        check_number(2, count_lines(ran->errors));
        check_contains("3 lines could not be read", ran->errors);
    }
    const struct ran *ran = RUN("dump", "app", "--json", "--last", "2");
    check_number(1, ran->code);
    check_number(2, count_lines(ran->output));
    check_contains("\"level\": null", ran->output);
    use_no_directory();
}

static void damage_in_a_recording_is_told_once_and_counted(void **state)
{
    (void)state;
    const char *recording = new_path(".recording");
    write_damaged_log();
    RUN("record", "app", "--output", recording);
    const struct ran *ran = RUN("play", recording, "-", "--level", "fatal");
    check_number(1, ran->code);
    check_number(3, count_lines(ran->output));
    check_number(2, count_lines(ran->errors));
    check_contains("3 lines could not be read", ran->errors);
    use_no_directory();
}

/* ---- Losses ---- */

static bool holds(const char *path, const char *part)
{
    size_t bytes;
    char *text = os_file_size(path) > 0 ? read_file(path, &bytes) : NULL;
    bool held = text && strstr(text, part);
    free(text);
    return held;
}

static mapring_log *open_small_log(void)
{
    mapring_log *log;
    const struct mapring_log_options options = {.ring.capacity_bytes = 65536};
    use_directory();
    check_result(MAPRING_OK, mapring_log_open(&log, "app", &options));
    return log;
}

/* The reader has seen what the ring had so far. Most of what follows is overwritten meanwhile. */
static void lose_lines(mapring_log *log, struct process *reader)
{
    process_pause(reader);
    for (int i = 1; i < 5000; i++)
        write_order(log, i);
    mapring_log_close(log);
    process_resume(reader);
}

static uint64_t number_after(const char *key, const char *text)
{
    check_contains(key, text);
    return strtoull(strstr(text, key) + strlen(key), NULL, 10);
}

/* The next line with both texts. */
static char *line_with(char **text, const char *one, const char *two)
{
    char *line;
    do {
        line = *text;
        check(*line != '\0');
        *text = strchr(line, '\n');
        *(*text)++ = '\0';
    } while (!strstr(line, one) || !strstr(line, two));
    return line;
}

/* The lines of another ring that come between say nothing about it. */
static void check_loss(char *text)
{
    char *before = line_with(&text, "\"ring\": \"app\"", "order=0");
    line_with(&text, "\"ring\": \"app.1\"", "from another thread");
    char *lost = line_with(&text, "\"ring\": \"app\"", "\"lost\": {\"first\": 1, ");
    char *after = line_with(&text, "\"ring\": \"app\"", "order=");
    check_json(lost, strlen(lost));
    check_number(number_after("\"time_ns\": ", before), number_after("\"after_ns\": ", lost));
    check_number(number_after("\"time_ns\": ", after), number_after("\"before_ns\": ", lost));
}

static void lost_lines_lie_between_those_of_their_ring(void **state)
{
    (void)state;
    size_t bytes;
    const char *errors = new_path(".errors"), *output = new_path(".output");
    mapring_log *log = open_small_log();
    struct process *reader =
        START(TO_COMPLAINS_TO(output, errors), "recv", "app", "--wait", "--json");
    write_order(log, 0);
    write_in_thread(log);
    check_soon(holds(output, "from another thread"));
    lose_lines(log, reader);
    process_finish(reader);
    char *text = read_file(output, &bytes), *complaint = read_file(errors, &bytes);
    check_loss(text);
    check_contains("ring 'app': lost ", complaint);
    check_contains(", between 20", complaint);
    free(text);
    free(complaint);
    use_no_directory();
}

static void lost_lines_of_a_recording_lie_between_those_of_their_ring(void **state)
{
    (void)state;
    const char *recording = new_path(".recording"), *errors = new_path(".errors");
    mapring_log *log = open_small_log();
    struct process *reader = START(COMPLAINS_TO(errors), "record", "app", "-o", recording);
    write_order(log, 0);
    write_in_thread(log);
    check_soon(strstr(RUN("play", recording, "-")->output, "from another thread"));
    lose_lines(log, reader);
    process_finish(reader);
    const struct ran *ran = RUN("play", recording, "-", "--json");
    check_contains(", between 20", ran->errors);
    char *text = strdup(ran->output);
    check_loss(text);
    free(text);
    use_no_directory();
}

/* ---- mapring log ---- */

static void lines_are_written_from_the_command_line(void **state)
{
    (void)state;
    use_directory();
    const struct ran *ran = RUN("log", "write", "app", "the backup", "is done", "--level", "warn");
    check_number(0, ran->code);
    check_text("", ran->errors);
    struct process *writer = START(NULL, "log", "write", "app", "--thread", "pipe");
    process_write(writer, "one\n\nlast", strlen("one\n\nlast"));
    process_close_input(writer);
    process_finish(writer);
    check_number(0, RUN("log", "write", "app", "unwanted", "--level", "debug")->code);
    check_text("WARN mapring the backup is done\nINFO pipe one\nINFO pipe \nINFO pipe last\n",
               RUN("dump", "app", "--format", "{level} {thread} {text}")->output);
    use_no_directory();
}

static void what_cannot_be_written_is_told(void **state)
{
    (void)state;
    const char *other = new_ring(NULL);
    const struct ran *ran = RUN("log", "write", other, "text");
    check_number(1, ran->code);
    check_begins("mapring log write: ", ran->errors);
    check_number(2, RUN("log", "write", "a b", "text")->code);
    check_number(2, RUN("log", "write", other, "text", "--level", "off")->code);
    check_number(2, RUN("log")->code);
}

static void sites_are_listed_once_and_counted(void **state)
{
    (void)state;
    char text[TEXT_BYTES];
    write_log();
    const struct ran *ran = RUN("log", "sites", "app", "--count");
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_number(2, count_lines(ran->output));
    snprintf(text, sizeof text, "test_cli_log.c:%d  write_order  order=%%d of %%s at %%.2f\n",
             order_line);
    check_contains(text, ran->output);
    check_begins("         2  INFO   ", ran->output);
    check_contains("\n         1  WARN   ", ran->output);
    ran = RUN("log", "sites", "app", "--json", "--count");
    check_json(ran->output, strcspn(ran->output, "\n"));
    check_contains("\"format\": \"from another thread\", \"lines\": 1}", ran->output);
    ran = RUN("log", "sites", new_ring(NULL));
    check_number(1, ran->code);
    check_contains("is not a log", ran->errors);
    use_no_directory();
}

/* ---- Recordings ---- */

static void a_recording_of_a_log_becomes_a_log_again(void **state)
{
    (void)state;
    const char *recording = new_path(".recording");
    write_log();
    check_number(0, RUN("record", "app", "--output", recording)->code);
    check_number(0, RUN("play", recording, "*-copy", "--speed", "max")->code);
    check_text("order=1 of X at 3.20\norder=2 of X at 3.20\n",
               RUN("dump", "app-copy", "--format", "{text}")->output);
    check_text("from another thread\n", RUN("dump", "app.1-copy", "--format", "{text}")->output);
    use_no_directory();
}

static const char *record_log(void)
{
    const char *recording = new_path(".recording");
    write_log();
    check_number(0, RUN("record", "app", "--output", recording)->code);
    return recording;
}

/* What `mapring dump app OPTION [VALUE]` writes, mapring play writes of the recording. */
static void check_played(const char *recording, const char *option, const char *value)
{
    const struct ran *ran = RUN("dump", "app", option, value);
    check_number(0, ran->code);
    char *dumped = strdup(ran->output);
    ran = RUN("play", recording, "-", option, value);
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_text(dumped, ran->output);
    free(dumped);
}

static void the_lines_of_a_recording_are_those_of_the_log(void **state)
{
    (void)state;
    const char *recording = record_log();
    check_number(3, count_lines(RUN("play", recording, "-")->output));
    check_played(recording, "--json", NULL);
    check_played(recording, "--color", "always");
    check_played(recording, "--format", "{ring} {sequence} {thread} {text} {fields}");
    check_played(recording, "--level", "warn");
    check_played(recording, "--grep", "order=2");
    check_played(recording, "--time=relative", NULL);
    check_played(recording, "--prefix", NULL);
    check_played(recording, "--since", "1h");
    use_no_directory();
}

static void a_recording_needs_no_ring_to_become_lines(void **state)
{
    (void)state;
    const char *recording = record_log();
    check_number(0, RUN("rm", "app", "app.1")->code);
    check_text("order=1 of X at 3.20\nfrom another thread\norder=2 of X at 3.20\n",
               RUN("play", recording, "-", "--format", "{text}")->output);
    use_no_directory();
}

/* The second command tells of the same rings again, and of a new log of the same name. */
static void a_recording_that_goes_on_has_the_lines_of_each_log(void **state)
{
    (void)state;
    const char *recording = record_log();
    check_number(0, RUN("rm", "app", "app.1")->code);
    mapring_log *log = open_log("app");
    MAPRING_ERROR(log, "%s", "of the second log");
    mapring_log_close(log);
    check_number(0, RUN("record", "app", "--output", recording)->code);
    check_text("from another thread\nof the second log\n",
               RUN("play", recording, "-", "--level", "warn", "--format", "{text}")->output);
    use_no_directory();
}

static void records_of_a_recording_can_be_had_as_they_are(void **state)
{
    (void)state;
    const char *recording = record_log();
    const struct ran *ran = RUN("play", recording, "-", "--framing", "block");
    check_number(0, ran->code);
    check(ran->bytes > 0 && ran->output[ran->bytes - 1] != '\n');
    ran = RUN("play", recording, "copy", "--level", "warn");
    check_number(2, ran->code);
    check_contains("use - as NAME", ran->errors);
    use_no_directory();
}

static const struct role roles[] = {{"logger", logger}};
static const struct CMUnitTest tests[] = {
    TEST(a_line_says_when_where_and_what),
    TEST(the_lines_of_all_threads_come_in_the_order_of_time),
    TEST(the_files_of_a_log_are_found_by_their_paths),
    TEST(lines_are_chosen_by_level_text_and_number),
    TEST(a_pattern_says_what_is_written),
    TEST(levels_are_coloured_if_that_was_asked_for),
    TEST(a_line_stays_one_line),
    TEST(times_have_the_form_that_was_asked_for),
    TEST(a_line_is_an_object),
    TEST(values_of_all_kinds_are_valid_json),
    TEST(records_can_be_had_as_they_are),
    TEST(lines_are_received_as_they_are_written),
    TEST(lines_outlive_a_process_that_is_killed),
    TEST(a_log_that_is_not_there_is_refused_unless_it_is_waited_for),
    TEST(rings_beside_a_log_are_left_alone),
    TEST(a_receiver_that_is_too_slow_is_told_how_many_lines_it_has_missed),
    TEST(what_is_no_line_is_told_once_and_counted),
    TEST(lost_lines_lie_between_those_of_their_ring),
    TEST(lost_lines_of_a_recording_lie_between_those_of_their_ring),
    TEST(lines_are_written_from_the_command_line),
    TEST(what_cannot_be_written_is_told),
    TEST(sites_are_listed_once_and_counted),
    TEST(a_recording_of_a_log_becomes_a_log_again),
    TEST(the_lines_of_a_recording_are_those_of_the_log),
    TEST(a_recording_needs_no_ring_to_become_lines),
    TEST(a_recording_that_goes_on_has_the_lines_of_each_log),
    TEST(records_of_a_recording_can_be_had_as_they_are),
    TEST(damage_in_a_recording_is_told_once_and_counted),
};
TEST_MAIN(roles, tests)
