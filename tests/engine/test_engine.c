/* SPDX-License-Identifier: MIT */
/* The engine of the bridge with a real server: writing, reading, and what goes wrong on the way. */
#include <inttypes.h>

#include "bridge/engine.h"
#include "helpers.h"
#include "server.h"

#include <nats/nats.h>

/* How long a server may take to be given up. */
static const int64_t patience_ns = 20 * SECONDS;

static struct server server;
static struct connection connection;

static void start_server(void)
{
    server_start(&server, "");
    connection = (struct connection){.url = server.url};
}

/* ---- Engines, closed when the test ends ---- */

static struct engine *engines[8];
static unsigned engine_count;

static struct engine *make_engine(void)
{
    return engines[engine_count++] = engine_make(&connection, "log", NULL);
}

static int close_engines(void **state)
{
    while (engine_count > 0)
        engine_close(engines[--engine_count]);
    return test_teardown(state);
}

#define check_engine(engine, expected, call) \
    check_engine_at(__FILE__, __LINE__, #call, (engine), (expected), (call))
static void check_engine_at(const char *file, int line, const char *call,
                            const struct engine *engine, enum engine_result expected,
                            enum engine_result result)
{
    if (result != expected)
        check_failed(file, line, "%s is %d, not %d: %s", call, result, expected,
                     engine_problem(engine));
}

static void check_says(const struct engine *engine, const char *part)
{
    if (!strstr(engine_problem(engine), part))
        check_failed(__FILE__, __LINE__, "'%s' does not say '%s'", engine_problem(engine), part);
}

static struct engine *new_stream(const struct engine_new_stream *stream)
{
    struct engine *engine = make_engine();
    check_engine(engine, ENGINE_MISSING, engine_connect(engine));
    check_engine(engine, ENGINE_OK, engine_create_stream(engine, stream));
    check_engine(engine, ENGINE_OK, engine_write(engine));
    return engine;
}

static struct engine *new_plain_stream(void)
{
    start_server();
    return new_stream(&(struct engine_new_stream){0});
}

static void connect_to_write(struct engine *engine)
{
    check_soon(engine_connect(engine) == ENGINE_OK);
    check_engine(engine, ENGINE_OK, engine_write(engine));
}

static struct engine *connected(void)
{
    struct engine *engine = make_engine();
    check_engine(engine, ENGINE_OK, engine_connect(engine));
    return engine;
}

static struct engine *connected_to_write(void)
{
    struct engine *engine = connected();
    check_engine(engine, ENGINE_OK, engine_write(engine));
    return engine;
}

/* ---- Messages: each says which one it is ---- */

static enum engine_result publish_text(struct engine *engine, uint64_t number, const char *payload,
                                       size_t bytes)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    struct engine_header headers[] = {{"Mapring-First", text}, {"Mapring-Name", "log"}};
    struct engine_message message = {
        .headers = headers, .header_count = 2, .payload = payload, .bytes = bytes};
    return engine_publish(engine, &message, number - 1, patience_ns);
}

static enum engine_result publish(struct engine *engine, uint64_t number)
{
    return publish_text(engine, number, "a\0b", 3);
}

static void publish_to(struct engine *engine, uint64_t first, uint64_t last)
{
    for (uint64_t number = first; number <= last; number++)
        check_engine(engine, ENGINE_OK, publish(engine, number));
}

/* What is refused may be known before all of it is sent. */
static void publish_as_far_as_possible(struct engine *engine, uint64_t first, uint64_t last)
{
    enum engine_result result = ENGINE_OK;
    for (uint64_t number = first; number <= last && result == ENGINE_OK; number++)
        result = publish(engine, number);
}

static enum engine_result await_all(struct engine *engine, uint64_t *number)
{
    enum engine_result result;
    do
        result = engine_acknowledged(engine, patience_ns, number);
    while (result == ENGINE_OK && engine_in_flight(engine) > 0);
    return result;
}

static void publish_all(struct engine *engine, uint64_t first, uint64_t last)
{
    uint64_t number = 0;
    publish_to(engine, first, last);
    check_engine(engine, ENGINE_OK, await_all(engine, &number));
    check_number(last, number);
}

/* Whatever follows from what was sent: the first failure. */
static enum engine_result failure(struct engine *engine)
{
    uint64_t number = 0;
    return await_all(engine, &number);
}

static void check_message(uint64_t number, const struct engine_message *message)
{
    check_number(number, message->number);
    check_number(3, message->bytes);
    check(memcmp(message->payload, "a\0b", 3) == 0);
    check_number(number, strtoull(engine_header(message, "Mapring-First"), NULL, 10));
    check_text("log", engine_header(message, "Mapring-Name"));
    check_number(2, message->header_count);
    check(!engine_header(message, "Mapring-Else"));
    check(message->time_ns > INT64_C(1700000000) * SECONDS);
}

static void read_to(struct engine *engine, uint64_t first, uint64_t last)
{
    struct engine_message message;
    for (uint64_t number = first; number <= last; number++) {
        check_engine(engine, ENGINE_OK, engine_next(engine, patience_ns, &message));
        check_message(number, &message);
    }
}

/* ---- What only an administrator does ---- */

static void administrate(natsStatus (*act)(jsCtx *))
{
    natsConnection *link = NULL;
    jsCtx *jetstream = NULL;
    check_number(NATS_OK, natsConnection_ConnectTo(&link, server.url));
    check_number(NATS_OK, natsConnection_JetStream(&jetstream, link, NULL));
    check_number(NATS_OK, act(jetstream));
    jsCtx_Destroy(jetstream);
    natsConnection_Destroy(link);
}

static natsStatus delete_stream(jsCtx *jetstream)
{
    return js_DeleteStream(jetstream, "log", NULL, NULL);
}

static natsStatus purge_all(jsCtx *jetstream)
{
    return js_PurgeStream(jetstream, "log", NULL, NULL);
}

static natsStatus delete_second(jsCtx *jetstream)
{
    return js_DeleteMsg(jetstream, "log", 2, NULL, NULL);
}

static natsStatus make_anew(jsCtx *jetstream)
{
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Name = "log";
    config.Subjects = (const char *[]){"mapring.log"};
    config.SubjectsLen = 1;
    natsStatus status = delete_stream(jetstream);
    return status == NATS_OK ? js_AddStream(NULL, jetstream, &config, NULL, NULL) : status;
}

static natsStatus shrink(jsCtx *jetstream)
{
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Name = "log";
    config.Subjects = (const char *[]){"mapring.log"};
    config.SubjectsLen = 1;
    config.Discard = js_DiscardNew;
    config.MaxMsgSize = 100;
    return js_UpdateStream(NULL, jetstream, &config, NULL, NULL);
}

/* ---- Writing and reading ---- */

static void test_a_stream_is_made_as_asked(void **state)
{
    (void)state;
    start_server();
    struct engine *engine =
        new_stream(&(struct engine_new_stream){.max_bytes = 1 << 20, .max_age_ns = 3600 * SECONDS});
    struct engine_stream stream;
    check_engine(engine, ENGINE_OK, engine_stream(engine, &stream));
    check_number(1, stream.first);
    check_number(0, stream.last);
    check_number(0, stream.messages);
    check_number(1 << 20, stream.max_bytes);
    check_number(1, stream.replicas);
    check_text(server.url, engine_server(engine));
}

static void test_messages_come_back_as_they_were_sent(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    struct engine_message message;
    check_engine(engine, ENGINE_NOTHING, engine_last(engine, &message));
    check_number(0, message.number);
    publish_all(engine, 1, 3);
    check_engine(engine, ENGINE_OK, engine_last(engine, &message));
    check_message(3, &message);
    check_engine(engine, ENGINE_OK, engine_get(engine, 2, &message));
    check_message(2, &message);
    check_engine(engine, ENGINE_NOTHING, engine_get(engine, 4, &message));
    check_engine(engine, ENGINE_OK, engine_read(engine, 2));
    check_engine(engine, ENGINE_OK, engine_next(engine, patience_ns, &message));
    check_message(2, &message);
    check_number(1, message.pending);
    read_to(engine, 3, 3);
    check_engine(engine, ENGINE_NOTHING, engine_next(engine, 0, &message));
}

static void test_a_reader_hears_of_what_is_written_later(void **state)
{
    (void)state;
    struct engine *writer = new_plain_stream();
    struct engine *reader = connected();
    check_engine(reader, ENGINE_OK, engine_read(reader, 1));
    publish_all(writer, 1, 1000);
    read_to(reader, 1, 1000);
    publish_all(writer, 1001, 1001);
    read_to(reader, 1001, 1001);
}

static void test_reading_begins_again_elsewhere(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    publish_all(engine, 1, 10);
    check_engine(engine, ENGINE_OK, engine_read(engine, 1));
    read_to(engine, 1, 4);
    check_engine(engine, ENGINE_OK, engine_read(engine, 9));
    read_to(engine, 9, 10);
}

static void test_a_reader_of_a_quiet_stream_is_not_given_up(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    struct engine_message message;
    check_engine(engine, ENGINE_OK, engine_read(engine, 1));
    check_engine(engine, ENGINE_NOTHING, engine_next(engine, 5 * SECONDS, &message));
    publish_all(engine, 1, 1);
    read_to(engine, 1, 1);
}

/* More than the window in which the server sends. */
static void test_a_slow_reader_gets_everything(void **state)
{
    enum { BYTES = 500000, COUNT = 200 };
    (void)state;
    struct engine *writer = new_plain_stream();
    struct engine *reader = connected();
    char *payload = calloc(1, BYTES);
    struct engine_message message;
    check_engine(reader, ENGINE_OK, engine_read(reader, 1));
    for (uint64_t number = 1; number <= COUNT; number++)
        check_engine(writer, ENGINE_OK, publish_text(writer, number, payload, BYTES));
    check_engine(writer, ENGINE_OK, failure(writer));
    for (uint64_t number = 1; number <= COUNT; number++) {
        check_engine(reader, ENGINE_OK, engine_next(reader, patience_ns, &message));
        check_number(number, message.number);
        check_number(BYTES, message.bytes);
    }
    free(payload);
}

static void test_missing_messages_are_skipped(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    struct engine_message message;
    struct engine_stream stream;
    publish_all(engine, 1, 3);
    administrate(delete_second);
    check_engine(engine, ENGINE_NOTHING, engine_get(engine, 2, &message));
    check_engine(engine, ENGINE_OK, engine_stream(engine, &stream));
    check_number(2, stream.messages);
    check_engine(engine, ENGINE_OK, engine_read(engine, 2));
    read_to(engine, 3, 3);
}

static void test_a_purged_stream_goes_on_with_its_numbers(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    struct engine_message message;
    struct engine_stream stream;
    publish_all(engine, 1, 3);
    administrate(purge_all);
    check_engine(engine, ENGINE_NOTHING, engine_last(engine, &message));
    check_number(3, message.number);
    check_engine(engine, ENGINE_OK, engine_stream(engine, &stream));
    check_number(4, stream.first);
    publish_all(engine, 4, 4);
}

static void test_the_largest_message_has_room(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    char *payload = calloc(1, 2 << 20);
    struct engine_header header = {"Name", "value"};
    struct engine_message message = {.headers = &header, .header_count = 1, .payload = payload};
    message.bytes = engine_room(engine, &header, 1);
    check(message.bytes > 1000000 && message.bytes < 1 << 20);
    check_engine(engine, ENGINE_OK, engine_publish(engine, &message, 0, patience_ns));
    message.bytes++;
    check_engine(engine, ENGINE_TOO_LARGE, engine_publish(engine, &message, 1, patience_ns));
    check_says(engine, "a message of 1048501 bytes is too large for the stream 'log': it takes "
                       "1048576, with headers");
    message.bytes--;
    check_engine(engine, ENGINE_OK, engine_publish(engine, &message, 1, patience_ns));
    check_engine(engine, ENGINE_OK, failure(engine));
    check_engine(engine, ENGINE_OK, engine_last(engine, &message));
    check_number(2, message.number);
    free(payload);
}

static void test_a_smaller_limit_of_the_stream_counts(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    administrate(shrink);
    check_engine(engine, ENGINE_OK, publish_text(engine, 1, (char[200]){0}, 200));
    check_engine(engine, ENGINE_REFUSED, failure(engine));
    check_says(engine, "the stream 'log' takes only smaller messages than it did before");
    connect_to_write(engine);
    check(engine_room(engine, NULL, 0) < 100);
    check_engine(engine, ENGINE_TOO_LARGE, publish_text(engine, 1, (char[200]){0}, 200));
}

/* ---- Conflicts ---- */

static void test_a_hole_is_refused(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    uint64_t number = 0;
    publish_all(engine, 1, 1);
    connect_to_write(engine);
    publish_as_far_as_possible(engine, 5, 6);
    check_engine(engine, ENGINE_CONFLICT, engine_acknowledged(engine, patience_ns, &number));
    check_number(0, number);
    check_says(engine, "the stream 'log' does not end where this bridge left it (wrong last "
                       "sequence: 1): another bridge writes into it, or somebody has changed it");
    check_engine(engine, ENGINE_CONFLICT, publish(engine, 7));
}

static void test_a_second_writer_is_refused(void **state)
{
    (void)state;
    struct engine *first = new_plain_stream();
    struct engine *second = connected_to_write();
    publish_all(first, 1, 2);
    publish_as_far_as_possible(second, 1, 2);
    check_engine(second, ENGINE_CONFLICT, failure(second));
    connect_to_write(second);
    publish_all(second, 3, 3);
    publish_to(first, 3, 3);
    check_engine(first, ENGINE_CONFLICT, failure(first));
}

static void test_what_is_stored_before_a_failure_is_known(void **state)
{
    (void)state;
    start_server();
    struct engine *engine = new_stream(&(struct engine_new_stream){.max_bytes = 2000});
    char payload[400] = {0};
    uint64_t number = 0;
    enum engine_result result = ENGINE_OK;
    for (uint64_t next = 1; next <= 20 && result == ENGINE_OK; next++)
        result = publish_text(engine, next, payload, sizeof payload);
    while (result == ENGINE_OK)
        result = engine_acknowledged(engine, patience_ns, &number);
    check_engine(engine, ENGINE_FULL, result);
    engine_acknowledged(engine, 0, &number);
    check_says(engine, "the stream 'log' is full (maximum bytes exceeded)");
    connect_to_write(engine);
    struct engine_message message;
    check_engine(engine, ENGINE_OK, engine_last(engine, &message));
    check_number(message.number, number);
    check(number > 0);
}

static void test_a_full_stream_goes_on_when_there_is_room(void **state)
{
    (void)state;
    start_server();
    struct engine *engine = new_stream(&(struct engine_new_stream){.max_bytes = 2000});
    char payload[1500] = {0};
    check_engine(engine, ENGINE_OK, publish_text(engine, 1, "", 1));
    check_engine(engine, ENGINE_OK, publish_text(engine, 2, payload, sizeof payload));
    check_engine(engine, ENGINE_OK, failure(engine));
    check_engine(engine, ENGINE_OK, publish_text(engine, 3, payload, sizeof payload));
    check_engine(engine, ENGINE_FULL, failure(engine));
    administrate(purge_all);
    connect_to_write(engine);
    check_engine(engine, ENGINE_OK, publish_text(engine, 3, payload, sizeof payload));
    check_engine(engine, ENGINE_OK, failure(engine));
}

/* ---- Streams that go ---- */

static void test_a_deleted_stream_is_not_gone_on_with(void **state)
{
    (void)state;
    struct engine *writer = new_plain_stream();
    struct engine *reader = connected();
    struct engine_message message;
    publish_all(writer, 1, 1);
    check_engine(reader, ENGINE_OK, engine_read(reader, 1));
    read_to(reader, 1, 1);
    administrate(delete_stream);
    publish_to(writer, 2, 2);
    check_engine(writer, ENGINE_RETRY, failure(writer));
    check_says(writer, "nobody takes messages for the stream 'log': it was deleted, or has no "
                       "leader at present");
    check_engine(writer, ENGINE_RETRY, engine_connect(writer));
    check_says(writer, "there is no stream 'log' on nats://");
    check_engine(writer, ENGINE_RETRY, engine_connect(writer));
    check_engine(writer, ENGINE_REFUSED, engine_connect(writer));
    check_says(writer, "the stream 'log' was deleted while it was in use: it no longer holds what "
                       "was sent into it before");
    check_engine(reader, ENGINE_RETRY, engine_next(reader, patience_ns, &message));
    check_says(reader, "no longer sends what comes into the stream 'log'");
    check_soon(engine_connect(reader) == ENGINE_REFUSED);
}

static void test_a_stream_made_anew_is_another_one(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    publish_all(engine, 1, 2);
    administrate(make_anew);
    publish_to(engine, 3, 3);
    check_engine(engine, ENGINE_CONFLICT, failure(engine));
    check_engine(engine, ENGINE_REFUSED, engine_connect(engine));
    check_says(engine, "the stream 'log' was deleted and made anew while it was in use: it no "
                       "longer holds what was sent into it before");
}

static void test_a_deleted_stream_can_be_asked_about(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    struct engine_stream stream;
    administrate(delete_stream);
    check_engine(engine, ENGINE_RETRY, engine_stream(engine, &stream));
    check_says(engine, "the stream 'log' was deleted");
}

/* ---- Servers that go ---- */

static void test_a_killed_server_keeps_what_it_acknowledged(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    struct engine_message message;
    uint64_t number = 0;
    publish_all(engine, 1, 100);
    server_kill(&server);
    enum engine_result result = ENGINE_OK;
    for (uint64_t next = 101; result == ENGINE_OK; next++)
        result = publish(engine, next);
    check_engine(engine, ENGINE_RETRY, result);
    check_engine(engine, ENGINE_RETRY, engine_acknowledged(engine, 0, &number));
    check_says(engine, "the connection to nats://127.0.0.1:");
    check_engine(engine, ENGINE_RETRY, engine_connect(engine));
    check_says(engine, "no server listens at nats://127.0.0.1:");
    server_restart(&server);
    connect_to_write(engine);
    check_engine(engine, ENGINE_OK, engine_last(engine, &message));
    check_number(100, message.number);
    publish_all(engine, 101, 101);
}

static void test_a_reader_notices_that_the_server_was_killed(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    struct engine_message message;
    publish_all(engine, 1, 2);
    check_engine(engine, ENGINE_OK, engine_read(engine, 1));
    read_to(engine, 1, 2);
    server_kill(&server);
    check_engine(engine, ENGINE_RETRY, engine_next(engine, patience_ns, &message));
    check_says(engine, "was lost");
    server_restart(&server);
    check_soon(engine_connect(engine) == ENGINE_OK);
    check_engine(engine, ENGINE_OK, engine_read(engine, 2));
    read_to(engine, 2, 2);
}

static void test_a_stopped_server_is_given_up(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    publish_all(engine, 1, 1);
    process_pause(server.process);
    publish_to(engine, 2, 1 + ENGINE_IN_FLIGHT);
    struct engine_message message = {.payload = "", .bytes = 1};
    check_engine(engine, ENGINE_NOTHING, engine_publish(engine, &message, 1 + ENGINE_IN_FLIGHT, 0));
    check_number(ENGINE_IN_FLIGHT, engine_in_flight(engine));
    int64_t begun_ns = now_ns();
    check_engine(engine, ENGINE_RETRY, failure(engine));
    check(now_ns() - begun_ns < patience_ns);
    check_engine(engine, ENGINE_RETRY, engine_connect(engine));
    process_resume(server.process);
    connect_to_write(engine);
}

/* It accepts nothing any more once the buffers are full. */
static void test_a_stopped_server_does_not_hold_up_a_large_message(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    char *payload = calloc(1, 1000000);
    process_pause(server.process);
    enum engine_result result = ENGINE_OK;
    for (uint64_t number = 1; number <= ENGINE_IN_FLIGHT && result == ENGINE_OK; number++)
        result = publish_text(engine, number, payload, 1000000);
    check_engine(engine, ENGINE_RETRY, result);
    process_resume(server.process);
    connect_to_write(engine);
    free(payload);
}

static void test_a_reader_gives_up_a_stopped_server(void **state)
{
    (void)state;
    struct engine *engine = new_plain_stream();
    struct engine_message message;
    publish_all(engine, 1, 1);
    check_engine(engine, ENGINE_OK, engine_read(engine, 1));
    read_to(engine, 1, 1);
    process_pause(server.process);
    check_engine(engine, ENGINE_RETRY, engine_next(engine, patience_ns, &message));
    process_resume(server.process);
}

static void test_any_server_of_the_list_will_do(void **state)
{
    (void)state;
    new_plain_stream();
    char urls[200];
    snprintf(urls, sizeof urls, "nats://127.0.0.1:%u,%s,nats://127.0.0.1:%u", free_port(),
             server.url, free_port());
    connection.url = urls;
    for (int i = 0; i < 5; i++)
        check_text(server.url, engine_server(connected()));
}

#define CASE(function)                                       \
    {                                                        \
#function, function, test_setup, close_engines, NULL \
    }

static const struct CMUnitTest tests[] = {
    CASE(test_a_stream_is_made_as_asked),
    CASE(test_messages_come_back_as_they_were_sent),
    CASE(test_a_reader_hears_of_what_is_written_later),
    CASE(test_reading_begins_again_elsewhere),
    CASE(test_a_reader_of_a_quiet_stream_is_not_given_up),
    CASE(test_a_slow_reader_gets_everything),
    CASE(test_missing_messages_are_skipped),
    CASE(test_a_purged_stream_goes_on_with_its_numbers),
    CASE(test_the_largest_message_has_room),
    CASE(test_a_smaller_limit_of_the_stream_counts),
    CASE(test_a_hole_is_refused),
    CASE(test_a_second_writer_is_refused),
    CASE(test_what_is_stored_before_a_failure_is_known),
    CASE(test_a_full_stream_goes_on_when_there_is_room),
    CASE(test_a_deleted_stream_is_not_gone_on_with),
    CASE(test_a_stream_made_anew_is_another_one),
    CASE(test_a_deleted_stream_can_be_asked_about),
    CASE(test_a_killed_server_keeps_what_it_acknowledged),
    CASE(test_a_reader_notices_that_the_server_was_killed),
    CASE(test_a_stopped_server_is_given_up),
    CASE(test_a_stopped_server_does_not_hold_up_a_large_message),
    CASE(test_a_reader_gives_up_a_stopped_server),
    CASE(test_any_server_of_the_list_will_do),
};

static const struct role roles[] = {{NULL, NULL}};
TEST_MAIN(roles, tests)
