/* SPDX-License-Identifier: MIT */
/* What bridges tell about themselves: who reads it gets what was told, from a bridge that runs, has
 * failed or was killed, and the command shows it. */
#include <sys/stat.h>
#include <unistd.h>

#include "bridge/status.h"
#include "cli.h"

static const char url[] = "nats://user:secret@one:4222,tls://two:4222,nats://token@three";

/* ---- A bridge ---- */

static struct status_writer writer;

static void tell_something(enum status_direction direction)
{
    struct status *now = &writer.now;
    now->records = 1234;
    now->bytes = 56789;
    now->messages = 17;
    now->next_sequence = 4321;
    now->lag_records = 99;
    now->lag_bytes = 9900;
    now->lag_messages = direction == STATUS_IN ? 5 : 0;
    now->in_flight = direction == STATUS_OUT ? 6 : 0;
    now->lag_ns = 1500000000;
    now->reconnects = 2;
    status_error(&writer, "the server \"one\" is away");
    status_set(&writer, STATUS_RUNNING);
    status_tell(&writer);
}

static enum status_direction direction_of(const char *word)
{
    return strcmp(word, "out") == 0 ? STATUS_OUT : STATUS_IN;
}

/* RING DIRECTION STREAM: tells something, and then what the test wants. */
static int bridge(int argc, char **argv)
{
    enum status_direction direction = direction_of(argv[1]);
    (void)argc;
    status_open(&writer, argv[0], MAPRING_LOCAL, direction, url, argv[2]);
    role_say("opened");
    role_hear("tell");
    tell_something(direction);
    role_say("told");
    const char *line = role_line();
    status_close(&writer, strcmp(line, "fail") == 0);
    return 0;
}

/* Tells the same number in several places, again and again. */
static int hasty_bridge(int argc, char **argv)
{
    (void)argc;
    status_open(&writer, argv[0], MAPRING_LOCAL, STATUS_OUT, url, "S");
    for (bool told = false; writer.file; told = true) {
        struct status *now = &writer.now;
        now->records = ++now->bytes;
        now->messages = now->next_sequence = now->lag_ns = now->records;
        snprintf(now->last_error, sizeof now->last_error, "%llu", (unsigned long long)now->bytes);
        status_tell(&writer);
        if (!told)
            role_say("told");
        usleep(20);
    }
    return 1;
}

static struct process *start_bridge(const char *ring, const char *direction, const char *stream)
{
    struct process *process = start_role("bridge", ring, direction, stream, NULL);
    process_hear(process, "opened");
    process_say(process, "tell");
    process_hear(process, "told");
    return process;
}

static void end_bridge(struct process *process, const char *how)
{
    process_say(process, "%s", how);
    process_finish(process);
}

/* ---- Who looks ---- */

static struct status seen[STATUS_LIMIT];

static unsigned look_at(const char *ring)
{
    return status_read(ring, MAPRING_LOCAL, seen);
}

static const char *file_beside(const char *ring, unsigned number)
{
    static char path[4096];
    seen[0].number = number;
    status_path(ring, MAPRING_LOCAL, &seen[0], path, sizeof path);
    return path;
}

static void what_a_bridge_tells_is_read(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    check_number(0, look_at(ring));
    struct process *process = start_bridge(ring, "in", "S");
    check_number(1, look_at(ring));
    check_text("in", status_direction(&seen[0]));
    check_text("running", status_state(&seen[0]));
    check(status_is_alive(&seen[0]));
    check_text("S", seen[0].stream);
    check_text("the server \"one\" is away", seen[0].last_error);
    check_number(1234, seen[0].records);
    check_number(5, seen[0].lag_messages);
    check_number(1, seen[0].errors);
    check(seen[0].process > 0 && seen[0].started_ns > 0);
    check(seen[0].started_ns <= seen[0].last_error_ns);
    check(seen[0].last_error_ns <= seen[0].state_since_ns);
    check(seen[0].state_since_ns <= seen[0].updated_ns);
    end_bridge(process, "end");
    check_number(0, look_at(ring));
}

static void servers_are_shown_without_secrets(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    struct process *process = start_bridge(ring, "out", "S");
    check_number(1, look_at(ring));
    check_text("nats://one:4222,tls://two:4222,nats://three", seen[0].server);
    end_bridge(process, "end");
}

static void a_bridge_that_was_killed_is_told_as_such(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    process_kill(start_bridge(ring, "out", "S"));
    check_number(1, look_at(ring));
    check_text("died", status_state(&seen[0]));
    check(!status_is_alive(&seen[0]));
    check_number(1234, seen[0].records);
}

static void a_bridge_that_failed_leaves_why(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    end_bridge(start_bridge(ring, "out", "S"), "fail");
    check_number(1, look_at(ring));
    check_text("failed", status_state(&seen[0]));
    check_text("the server \"one\" is away", seen[0].last_error);
}

static void the_next_bridge_of_a_kind_takes_the_place_of_the_dead_one(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    process_kill(start_bridge(ring, "out", "S"));
    process_kill(start_bridge(ring, "out", "T"));
    check_number(2, look_at(ring));
    struct process *process = start_bridge(ring, "out", "T");
    check_number(2, look_at(ring));
    check_text("S", seen[0].stream);
    check_text("died", status_state(&seen[0]));
    check_text("T", seen[1].stream);
    check_text("running", status_state(&seen[1]));
    end_bridge(process, "end");
    check_number(1, look_at(ring));
}

static void more_bridges_than_can_be_shown_work_all_the_same(void **state)
{
    (void)state;
    struct process *process[STATUS_LIMIT + 1];
    char stream[8];
    const char *ring = new_ring_file(NULL);
    for (unsigned i = 0; i <= STATUS_LIMIT; i++) {
        snprintf(stream, sizeof stream, "S%u", i);
        process[i] = start_bridge(ring, "out", stream);
    }
    check_number(STATUS_LIMIT, look_at(ring));
    for (unsigned i = 0; i <= STATUS_LIMIT; i++)
        end_bridge(process[i], "end");
    check_number(0, look_at(ring));
}

static void readers_never_see_half_of_what_is_told(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    char text[24];
    struct process *process = start_role("hasty", ring, NULL);
    process_hear(process, "told");
    for (unsigned i = 0; i < 20000; i++) {
        check_number(1, look_at(ring));
        const struct status *status = &seen[0];
        check_number(status->records, status->bytes);
        check_number(status->records, status->messages);
        check_number(status->records, status->next_sequence);
        check_number(status->records, status->lag_ns);
        snprintf(text, sizeof text, "%llu", (unsigned long long)status->records);
        check_text(text, status->last_error);
    }
    process_kill(process);
}

static void what_others_put_there_is_not_taken_for_a_bridge(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL), *path = file_beside(ring, 0);
    uint64_t words[256];
    for (unsigned i = 0; i < COUNT_OF(words); i++)
        words[i] = mix(i) & ~UINT64_C(1);
    static const size_t sizes[] = {0, 100, sizeof words};
    for (unsigned i = 0; i < COUNT_OF(sizes); i++) {
        FILE *file = fopen(path, "wb");
        check(file && fwrite(words, 1, sizes[i], file) == sizes[i]);
        fclose(file);
        check_number(0, look_at(ring));
    }
    unlink(path);
    check(mkdir(path, 0700) == 0);
    check_number(0, look_at(ring));
    struct process *process = start_bridge(ring, "in", "S");
    check_number(1, look_at(ring));
    check_number(1, seen[0].number);
    end_bridge(process, "end");
    check(rmdir(path) == 0);
}

static void a_link_is_not_followed(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL), *victim = new_file("precious", 8);
    char path[4096];
    snprintf(path, sizeof path, "%s", file_beside(ring, 0));
    check(symlink(victim, path) == 0);
    end_bridge(start_bridge(ring, "in", "S"), "end");
    check_file(victim, "precious", 8);
    check(unlink(path) == 0);
}

static void who_may_read_the_ring_may_read_this(void **state)
{
    (void)state;
    struct stat status;
    const char *ring = new_ring_file(&(struct mapring_options){.mode = 0640});
    status_open(&writer, ring, MAPRING_LOCAL, STATUS_IN, url, "S");
    check(stat(file_beside(ring, 0), &status) == 0);
    check_number(0640, status.st_mode & 0777);
    status_close(&writer, false);
}

/* ---- What the command shows ---- */

static void stat_shows_bridges(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    struct process *in = start_bridge(ring, "in", "S"), *out = start_bridge(ring, "out", "T");
    const struct ran *ran = RUN("stat", ring);
    check_number(0, ran->code);
    check_contains("\nbridge in: stream \"S\" of nats://one:4222,tls://two:4222,nats://three\n"
                   "    running for ",
                   ran->output);
    check_contains("    behind   about 99 records, 9.6 KiB in 5 messages, 1.5 s\n"
                   "    carried  1234 records, 55.4 KiB, 17 messages\n"
                   "    errors   1, and 2 new connections\n"
                   "    last     ",
                   ran->output);
    check_contains(" ago: the server \"one\" is away\n\nbridge out: stream \"T\"", ran->output);
    check_contains("    behind   99 records, 9.6 KiB, 1.5 s; 6 messages in flight\n", ran->output);
    ran = RUN("stat", ring, "--json");
    check_json(ran->output, ran->bytes);
    check_contains("\"direction\": \"in\", \"state\": \"running\", \"alive\": true, \"process\": ",
                   ran->output);
    check_contains("\"text\": \"the server \\\"one\\\" is away\"}", ran->output);
    end_bridge(in, "end");
    process_kill(out);
    check_contains("\n    died for ", RUN("stat", ring)->output);
}

static void stat_shows_a_bridge_whose_ring_is_not_there_yet(void **state)
{
    (void)state;
    const char *ring = new_path(".ring");
    struct process *process = start_bridge(ring, "in", "S");
    const struct ran *ran = RUN("stat", ring);
    check_number(1, ran->code);
    check_contains("a bridge is to make it from the stream 'S' of nats://one:4222", ran->errors);
    end_bridge(process, "end");
}

static void top_shows_bridges(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    struct process *process = start_bridge(ring, "in", "S");
    const struct ran *ran = RUN("top", ring, "--json", "--count", "1");
    check_contains("\"bridges\": [{\"direction\": \"in\"", ran->output);
    end_bridge(process, "end");
}

static void bridges_are_exported(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    char line[1024];
    struct process *process = start_bridge(ring, "in", "S");
    snprintf(line, sizeof line,
             "\nmapring_bridge_records_total{ring=\"%s\",direction=\"in\",stream=\"S\"} 1234\n",
             ring);
    check_contains(line, RUN("stat", "--prometheus", ring)->output);
    process_kill(process);
    snprintf(line, sizeof line,
             "\nmapring_bridge_up{ring=\"%s\",direction=\"in\",stream=\"S\"} 0\n", ring);
    check_contains(line, RUN("stat", "--prometheus", ring)->output);
}

static void doctor_says_what_to_do_about_a_bridge(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    struct process *process = start_bridge(ring, "in", "S");
    check(!strstr(RUN("doctor", ring)->output, "bridge"));
    process_kill(process);
    const struct ran *ran = RUN("doctor", ring, "--json");
    check_number(1, ran->code);
    check_contains(" died ", ran->output);
    check_contains("Start it again, which continues where it was: mapring bridge in ", ran->output);
    end_bridge(start_bridge(ring, "in", "S"), "fail");
    ran = RUN("doctor", ring, "--json");
    check_contains(" ago: the server \\\"one\\\" is away", ran->output);
    check_contains("After what it says is mended, start it again", ran->output);
}

static void removing_a_ring_forgets_its_dead_bridges(void **state)
{
    (void)state;
    const char *ring = new_ring_file(NULL);
    process_kill(start_bridge(ring, "out", "S"));
    struct process *process = start_bridge(ring, "out", "T");
    check_number(0, RUN("rm", ring)->code);
    check_number(1, look_at(ring));
    check_text("T", seen[0].stream);
    end_bridge(process, "end");
}

static const struct role roles[] = {{"bridge", bridge}, {"hasty", hasty_bridge}};
static const struct CMUnitTest tests[] = {
    TEST(what_a_bridge_tells_is_read),
    TEST(servers_are_shown_without_secrets),
    TEST(a_bridge_that_was_killed_is_told_as_such),
    TEST(a_bridge_that_failed_leaves_why),
    TEST(the_next_bridge_of_a_kind_takes_the_place_of_the_dead_one),
    TEST(more_bridges_than_can_be_shown_work_all_the_same),
    TEST(readers_never_see_half_of_what_is_told),
    TEST(what_others_put_there_is_not_taken_for_a_bridge),
    TEST(a_link_is_not_followed),
    TEST(who_may_read_the_ring_may_read_this),
    TEST(stat_shows_bridges),
    TEST(stat_shows_a_bridge_whose_ring_is_not_there_yet),
    TEST(top_shows_bridges),
    TEST(bridges_are_exported),
    TEST(doctor_says_what_to_do_about_a_bridge),
    TEST(removing_a_ring_forgets_its_dead_bridges),
};

TEST_MAIN(roles, tests)
