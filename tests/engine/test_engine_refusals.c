/* SPDX-License-Identifier: MIT */
/* What the engine of the bridge refuses, and who is let in, with real servers. */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bridge/engine.h"
#include "helpers.h"
#include "server.h"
#include "trust.h"

#include <nats/nats.h>

static struct server server;
static struct connection connection;

static void start_server(const char *settings)
{
    server_start(&server, settings);
    connection = (struct connection){.url = server.url};
}

static const char *file_with(const char *text)
{
    const char *path = new_path(".secret");
    write_file(path, text, strlen(text));
    return path;
}

/* ---- Sentences: with '@' for the server's URL ---- */

static const char *expected_sentence(const char *pattern)
{
    static char text[1000];
    size_t length = 0;
    for (; *pattern; pattern++)
        length += *pattern == '@'
                      ? (size_t)snprintf(text + length, sizeof text - length, "%s", server.url)
                      : (size_t)snprintf(text + length, sizeof text - length, "%c", *pattern);
    return text;
}

#define check_ends(engine, expected, sentence, call) \
    check_ends_at(__FILE__, __LINE__, (engine), (expected), (sentence), (call))
static void check_ends_at(const char *file, int line, struct engine *engine,
                          enum engine_result expected, const char *sentence,
                          enum engine_result result)
{
    const char *wanted = expected_sentence(sentence);
    bool same = expected == ENGINE_OK || strcmp(engine_problem(engine), wanted) == 0;
    if (result != expected || !same)
        check_failed(file, line, "%d '%s' instead of %d '%s'", result, engine_problem(engine),
                     expected, wanted);
    engine_close(engine);
}

/* Connects once to the stream 'log', which need not exist. */
static void check_connecting(enum engine_result expected, const char *sentence)
{
    struct engine *engine = engine_make(&connection, "log", NULL);
    check_ends(engine, expected, sentence, engine_connect(engine));
}

/* Who is let in is told that the stream is missing. */
static void check_let_in(void)
{
    check_connecting(ENGINE_MISSING, "there is no stream 'log' on @");
}

static void check_not_let_in(void)
{
    check_connecting(ENGINE_REFUSED, "@ does not let this user in (Authorization Violation)");
}

/* ---- Servers ---- */

static void test_no_server(void **state)
{
    (void)state;
    snprintf(server.url, sizeof server.url, "nats://127.0.0.1:%u", free_port());
    connection = (struct connection){.url = server.url};
    check_connecting(ENGINE_RETRY, "no server listens at @, or there is no such host");
}

static void test_no_such_host(void **state)
{
    (void)state;
    strcpy(server.url, "nats://nowhere.invalid:4222");
    connection = (struct connection){.url = server.url};
    check_connecting(ENGINE_RETRY, "no server listens at @, or there is no such host");
}

/* A port at which something else listens, which says nothing. */
static void test_no_answer(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    int file = socket(AF_INET, SOCK_STREAM, 0);
    check_number(0, bind(file, (struct sockaddr *)&address, sizeof address));
    check_number(0, listen(file, 1));
    getsockname(file, (struct sockaddr *)&address, &bytes);
    snprintf(server.url, sizeof server.url, "nats://127.0.0.1:%u", ntohs(address.sin_port));
    connection = (struct connection){.url = server.url};
    check_connecting(ENGINE_RETRY, "@ does not answer");
    close(file);
}

static void test_no_jetstream(void **state)
{
    (void)state;
    server_start_plain(&server, "");
    connection = (struct connection){.url = server.url};
    check_connecting(ENGINE_REFUSED, "the server @ has no JetStream; start it with -js, or with "
                                     "'jetstream' in its configuration");
}

static void test_no_jetstream_for_the_account(void **state)
{
    (void)state;
    start_server("accounts { A: { users: [{user: a, password: a}] } }");
    connection.user_file = file_with("a\na\n");
    check_connecting(ENGINE_REFUSED,
                     "the server @ has no JetStream for this user; it needs 'jetstream' in its "
                     "configuration, or in that of the account");
}

/* ---- Streams ---- */

static void test_no_stream(void **state)
{
    (void)state;
    start_server("");
    check_let_in();
}

static void test_a_name_that_no_stream_can_have(void **state)
{
    (void)state;
    start_server("");
    struct engine *engine = engine_make(&connection, "app.log", NULL);
    check_ends(engine, ENGINE_REFUSED,
               "invalid name of a stream 'app.log': it must not be empty or contain spaces, '.', "
               "'*', '>' or slashes",
               engine_connect(engine));
}

static struct engine *made(const char *stream, const char *subject,
                           const struct engine_new_stream *options)
{
    struct engine *engine = engine_make(&connection, stream, subject);
    check_number(ENGINE_MISSING, engine_connect(engine));
    if (options)
        check_number(ENGINE_OK, engine_create_stream(engine, options));
    return engine;
}

static void test_a_subject_of_another_stream(void **state)
{
    (void)state;
    start_server("");
    engine_close(made("other", "records", &(struct engine_new_stream){0}));
    struct engine *engine = made("log", "records", NULL);
    check_ends(engine, ENGINE_REFUSED,
               "cannot make the stream 'log': the subject 'records' is taken by another stream; "
               "name another one with --subject",
               engine_create_stream(engine, &(struct engine_new_stream){0}));
}

static void test_replicas_without_a_cluster(void **state)
{
    (void)state;
    start_server("");
    struct engine *engine = made("log", NULL, NULL);
    check_ends(engine, ENGINE_REFUSED,
               "cannot make the stream 'log': the server @ is not in a cluster, and has no "
               "replicas",
               engine_create_stream(engine, &(struct engine_new_stream){.replicas = 3}));
}

static void test_a_stream_made_by_two(void **state)
{
    (void)state;
    start_server("");
    struct engine *second = made("log", NULL, NULL);
    engine_close(made("log", NULL, &(struct engine_new_stream){0}));
    check_ends(second, ENGINE_REFUSED,
               "cannot make the stream 'log': another program has just made one of this name",
               engine_create_stream(second, &(struct engine_new_stream){.max_bytes = 100000}));
}

static void test_a_stream_larger_than_the_server_permits(void **state)
{
    (void)state;
    start_server("");
    struct engine *engine = made("log", NULL, NULL);
    check_ends(
        engine, ENGINE_REFUSED,
        "cannot make the stream 'log': the server says 'insufficient storage resources "
        "available' (10047)",
        engine_create_stream(engine, &(struct engine_new_stream){.max_bytes = UINT64_C(1) << 60}));
}

static void make_stream(const jsStreamConfig *changes)
{
    natsConnection *link = NULL;
    jsCtx *jetstream = NULL;
    jsStreamConfig config = *changes;
    config.Name = "log";
    check_number(NATS_OK, natsConnection_ConnectTo(&link, server.url));
    check_number(NATS_OK, natsConnection_JetStream(&jetstream, link, NULL));
    check_number(NATS_OK, js_AddStream(NULL, jetstream, &config, NULL, NULL));
    jsCtx_Destroy(jetstream);
    natsConnection_Destroy(link);
}

static void check_writing(const char *subject, enum engine_result expected, const char *sentence)
{
    struct engine *engine = engine_make(&connection, "log", subject);
    check_number(ENGINE_OK, engine_connect(engine));
    check_ends(engine, expected, sentence, engine_write(engine));
}

static jsStreamConfig config_with(const char **subjects, int count)
{
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Subjects = subjects;
    config.SubjectsLen = count;
    return config;
}

static void test_subjects(void **state)
{
    (void)state;
    start_server("");
    jsStreamConfig config = config_with((const char *[]){"a", "b.*.c", "d.>"}, 3);
    make_stream(&config);
    check_writing(NULL, ENGINE_REFUSED,
                  "the stream 'log' takes messages of 'a', 'b.*.c' and 'd.>': name one with "
                  "--subject");
    check_writing("b.c", ENGINE_REFUSED,
                  "the stream 'log' takes no messages of the subject 'b.c', but of 'a', 'b.*.c' "
                  "and 'd.>'");
    check_writing("b.x.c", ENGINE_OK, "");
    check_writing("d.x.y", ENGINE_OK, "");
}

static void test_the_only_subject(void **state)
{
    (void)state;
    start_server("");
    jsStreamConfig config = config_with((const char *[]){"records"}, 1);
    make_stream(&config);
    check_writing(NULL, ENGINE_OK, "");
    check_writing("record", ENGINE_REFUSED,
                  "the stream 'log' takes no messages of the subject 'record', but of 'records'");
}

static void test_a_stream_that_does_not_acknowledge(void **state)
{
    (void)state;
    start_server("");
    jsStreamConfig config = config_with((const char *[]){"records"}, 1);
    config.NoAck = true;
    make_stream(&config);
    check_writing(NULL, ENGINE_REFUSED,
                  "the stream 'log' does not acknowledge messages (no_ack), so nobody knows what "
                  "it has stored");
}

static void test_a_stream_that_is_a_mirror(void **state)
{
    (void)state;
    start_server("");
    engine_close(made("other", "records", &(struct engine_new_stream){0}));
    jsStreamSource source;
    jsStreamSource_Init(&source);
    source.Name = "other";
    jsStreamConfig config = config_with(NULL, 0);
    config.Mirror = &source;
    make_stream(&config);
    check_writing(NULL, ENGINE_REFUSED,
                  "the stream 'log' mirrors another one, and takes no messages");
}

/* ---- Permissions ---- */

static void start_with_permissions(const char *permissions)
{
    char settings[1000];
    snprintf(settings, sizeof settings,
             "no_auth_user: root\naccounts { A: { jetstream: enabled, users: [{user: root, "
             "password: root}, {user: a, password: a, permissions: { %s } }] } }",
             permissions);
    start_server(settings);
    engine_close(made("log", "records", &(struct engine_new_stream){0}));
    connection.user_file = file_with("a\na");
}

static void test_no_permission_to_ask(void **state)
{
    (void)state;
    start_with_permissions("publish: \"records\"");
    check_connecting(ENGINE_REFUSED, "the server does not permit this user to write to "
                                     "\"$JS.API.STREAM.INFO.log\"");
}

static void test_no_permission_for_answers(void **state)
{
    (void)state;
    start_with_permissions("subscribe: \"records\"");
    struct engine *engine = engine_make(&connection, "log", NULL);
    check_number(ENGINE_REFUSED, engine_connect(engine));
    check(strstr(engine_problem(engine),
                 "the server does not permit this user to read from \"_INBOX."));
    engine_close(engine);
}

static void test_no_permission_to_write(void **state)
{
    (void)state;
    start_with_permissions("publish: { deny: \"records\" }");
    struct engine *engine = engine_make(&connection, "log", NULL);
    struct engine_message message = {.payload = "a", .bytes = 1};
    uint64_t number = 0;
    check_number(ENGINE_OK, engine_connect(engine));
    check_number(ENGINE_OK, engine_write(engine));
    check_number(ENGINE_OK, engine_publish(engine, &message, 0, SECONDS));
    check_ends(engine, ENGINE_REFUSED,
               "the server does not permit this user to write to \"records\"",
               engine_acknowledged(engine, TIME_LIMIT, &number));
}

static void test_no_permission_to_read(void **state)
{
    (void)state;
    start_with_permissions("publish: { deny: \"$JS.API.CONSUMER.>\" }");
    struct engine *engine = engine_make(&connection, "log", NULL);
    check_number(ENGINE_OK, engine_connect(engine));
    check_ends(engine, ENGINE_REFUSED,
               "the server does not permit this user to write to \"$JS.API.CONSUMER.CREATE.log\"",
               engine_read(engine, 1));
}

/* What the manual names is enough, also for more than the server sends without being answered. */
static void test_the_permissions_of_the_manual_are_enough(void **state)
{
    enum { BYTES = 500000, COUNT = 50 };
    (void)state;
    start_with_permissions("publish: [\"records\", \"$JS.API.STREAM.INFO.log\", "
                           "\"$JS.API.STREAM.MSG.GET.log\", \"$JS.API.CONSUMER.CREATE.log\", "
                           "\"$JS.FC.log.>\"], subscribe: \"_INBOX.>\"");
    struct engine *engine = engine_make(&connection, "log", NULL);
    char *payload = calloc(1, BYTES);
    struct engine_message message = {.payload = payload, .bytes = BYTES};
    uint64_t number = 0;
    check_number(ENGINE_OK, engine_connect(engine));
    check_number(ENGINE_OK, engine_write(engine));
    for (uint64_t after = 0; after < COUNT; after++)
        check_number(ENGINE_OK, engine_publish(engine, &message, after, TIME_LIMIT));
    while (engine_in_flight(engine) > 0)
        check_number(ENGINE_OK, engine_acknowledged(engine, TIME_LIMIT, &number));
    check_number(ENGINE_OK, engine_last(engine, &message));
    check_number(ENGINE_OK, engine_read(engine, 1));
    for (uint64_t expected = 1; expected <= COUNT; expected++) {
        check_number(ENGINE_OK, engine_next(engine, TIME_LIMIT, &message));
        check_number(expected, message.number);
    }
    engine_close(engine);
    free(payload);
}

static void test_no_permission_to_say_how_far_it_has_read(void **state)
{
    enum { BYTES = 500000, COUNT = 50 };
    (void)state;
    start_with_permissions("publish: { deny: \"$JS.FC.>\" }");
    struct engine *engine = engine_make(&connection, "log", NULL);
    char *payload = calloc(1, BYTES);
    struct engine_message message = {.payload = payload, .bytes = BYTES};
    check_number(ENGINE_OK, engine_connect(engine));
    check_number(ENGINE_OK, engine_write(engine));
    for (uint64_t after = 0; after < COUNT; after++)
        check_number(ENGINE_OK, engine_publish(engine, &message, after, TIME_LIMIT));
    check_number(ENGINE_OK, engine_read(engine, 1));
    enum engine_result result;
    do
        result = engine_next(engine, SECONDS, &message);
    while (result == ENGINE_OK || result == ENGINE_NOTHING);
    check(strstr(engine_problem(engine),
                 "the server does not permit this user to write to \"$JS.FC.log."));
    engine_close(engine);
    free(payload);
}

/* ---- Users ---- */

static void test_a_user_with_a_password(void **state)
{
    (void)state;
    start_server("authorization { user: anna, password: \"pass word\" }");
    check_not_let_in();
    connection.user_file = file_with("anna\nwrong\n");
    check_not_let_in();
    connection.user_file = file_with("anna\npass word\n");
    check_let_in();
    connection.user_file = file_with("anna\r\npass word");
    check_let_in();
}

static void check_file_refused(const char *format)
{
    char sentence[600];
    const char *path = connection.user_file    ? connection.user_file
                       : connection.token_file ? connection.token_file
                       : connection.nkey       ? connection.nkey
                       : connection.tls_ca     ? connection.tls_ca
                                               : connection.credentials;
    snprintf(sentence, sizeof sentence, format, path);
    check_connecting(ENGINE_REFUSED, sentence);
}

static void test_files_of_secrets_that_are_none(void **state)
{
    (void)state;
    start_server("");
    connection.user_file = file_with("anna\n");
    check_file_refused("'%s' must have the user's name in its first line and the password in its "
                       "second");
    connection.user_file = new_path(".missing");
    check_file_refused("cannot read '%s': No such file or directory");
    connection.user_file = NULL;
    connection.token_file = file_with("\n");
    check_file_refused("'%s' must have a token in its first line");
    connection.token_file = NULL;
    connection.nkey = file_with("SUNOSEED\n");
    check_file_refused("'%s' does not begin with the seed of a user's NKey (SU...)");
    connection.nkey = NULL;
    connection.credentials = new_path(".creds");
    check_file_refused("cannot read '%s': No such file or directory");
    connection.credentials = file_with("nothing\n");
    check_file_refused("'%s' holds no credentials of a user");
    connection.credentials = NULL;
    connection.tls_ca = file_with("nothing\n");
    check_file_refused("'%s' is no certificate of an authority in PEM form");
}

static void test_a_token(void **state)
{
    (void)state;
    start_server("authorization { token: \"open sesame\" }");
    check_not_let_in();
    connection.token_file = file_with("open sesam\n");
    check_not_let_in();
    connection.token_file = file_with("open sesame\n");
    check_let_in();
}

static void test_an_nkey(void **state)
{
    (void)state;
    char settings[200], seed[100];
    snprintf(settings, sizeof settings, "authorization { users: [{ nkey: %s }] }", user_key);
    start_server(settings);
    check_not_let_in();
    snprintf(seed, sizeof seed, "%s\n", stranger_seed);
    connection.nkey = file_with(seed);
    check_not_let_in();
    snprintf(seed, sizeof seed, "%s\n", user_seed);
    connection.nkey = file_with(seed);
    check_let_in();
    seed[10] ^= 1;
    connection.nkey = file_with(seed);
    check_file_refused("'%s' does not begin with the seed of a user's NKey (SU...)");
}

static const char *credentials_file(const char *token, const char *seed)
{
    char text[4096];
    snprintf(text, sizeof text,
             "-----BEGIN NATS USER JWT-----\n%s\n------END NATS USER JWT------\n\n"
             "-----BEGIN USER NKEY SEED-----\n%s\n------END USER NKEY SEED------\n",
             token, seed);
    return file_with(text);
}

static void test_credentials(void **state)
{
    (void)state;
    char settings[4096];
    snprintf(
        settings, sizeof settings,
        "operator: %s\nresolver: MEMORY\nsystem_account: %s\nresolver_preload { %s: %s, %s: %s }",
        operator_token, system_key, system_key, system_token, account_key, account_token);
    start_server(settings);
    check_not_let_in();
    connection.credentials = credentials_file(stranger_token, stranger_seed);
    check_not_let_in();
    connection.credentials = credentials_file(user_token, stranger_seed);
    check_not_let_in();
    connection.credentials = credentials_file(user_token, user_seed);
    check_let_in();
}

/* ---- TLS ---- */

static const char *certificates;

static const char *certificate(const char *name)
{
    static char paths[8][600];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", certificates, name);
    return path;
}

static void start_with_tls(const char *name, const char *settings)
{
    char text[3000];
    certificates = make_certificates();
    snprintf(text, sizeof text,
             "tls { cert_file: \"%s/%s.pem\", key_file: \"%s/%s.key\", ca_file: "
             "\"%s/authority.pem\", %s }",
             certificates, name, certificates, name, certificates, settings);
    start_server(text);
}

static void test_tls_with_the_right_authority(void **state)
{
    (void)state;
    start_with_tls("server", "");
    connection.tls_ca = certificate("authority.pem");
    check_let_in();
}

static void test_tls_by_the_url(void **state)
{
    (void)state;
    start_with_tls("server", "");
    char url[80];
    snprintf(url, sizeof url, "tls%s", strchr(server.url, ':'));
    strcpy(server.url, url);
    check_connecting(ENGINE_REFUSED, "the certificate of @ comes from an authority that is not "
                                     "trusted; name the right one with --tls-ca");
    connection.tls_ca = certificate("authority.pem");
    struct engine *engine = engine_make(&connection, "log", NULL);
    check_number(ENGINE_MISSING, engine_connect(engine));
    engine_close(engine);
}

static void test_tls_with_a_wrong_authority(void **state)
{
    (void)state;
    start_with_tls("server", "");
    connection.tls_ca = certificate("stranger.pem");
    check_connecting(ENGINE_REFUSED, "the certificate of @ comes from an authority that is not "
                                     "trusted; name the right one with --tls-ca");
}

static void test_tls_with_an_expired_certificate(void **state)
{
    (void)state;
    start_with_tls("expired", "");
    connection.tls_ca = certificate("authority.pem");
    check_connecting(ENGINE_REFUSED, "the certificate of @ has expired");
}

static void test_tls_with_a_certificate_of_another_host(void **state)
{
    (void)state;
    start_with_tls("other", "");
    connection.tls_ca = certificate("authority.pem");
    check_connecting(ENGINE_REFUSED, "the certificate of @ is for another host; use the name in "
                                     "--url that the certificate has");
}

static void test_tls_with_certificates_of_clients(void **state)
{
    (void)state;
    char sentence[1300];
    start_with_tls("server", "verify: true");
    connection.tls_ca = certificate("authority.pem");
    check_connecting(ENGINE_REFUSED,
                     "@ ended the connection at once: if it wants a certificate of this client, "
                     "use --tls-cert and --tls-key");
    connection.tls_cert = certificate("stray.pem");
    connection.tls_key = certificate("stray.key");
    check_connecting(ENGINE_REFUSED,
                     "@ ended the connection at once: does it trust the authority that has signed "
                     "this client's certificate?");
    connection.tls_cert = certificate("client.pem");
    snprintf(sentence, sizeof sentence,
             "'%s' and '%s' are no certificate and its private key in PEM form",
             connection.tls_cert, connection.tls_key);
    check_connecting(ENGINE_REFUSED, sentence);
    connection.tls_key = certificate("client.key");
    check_let_in();
}

static void test_a_server_without_tls(void **state)
{
    (void)state;
    start_server("");
    certificates = make_certificates();
    connection.tls_ca = certificate("authority.pem");
    check_connecting(ENGINE_REFUSED, "@ does not use TLS, which the options ask for (tls:, "
                                     "--tls-ca or --tls-cert)");
}

/* It asks for TLS and then says nothing, which the library would wait for without end. */
static void test_a_handshake_without_an_end(void **state)
{
    (void)state;
    static const char info[] = "INFO {\"server_id\":\"A\",\"max_payload\":1048576,\"tls_required\":"
                               "true,\"headers\":true}\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    int file = socket(AF_INET, SOCK_STREAM, 0);
    check_number(0, bind(file, (struct sockaddr *)&address, sizeof address));
    check_number(0, listen(file, 1));
    getsockname(file, (struct sockaddr *)&address, &bytes);
    snprintf(server.url, sizeof server.url, "nats://127.0.0.1:%u", ntohs(address.sin_port));
    connection = (struct connection){.url = server.url};
    if (fork() == 0) {
        int client = accept(file, NULL, NULL);
        bool sent = write(client, info, strlen(info)) == (ssize_t)strlen(info);
        char rest[100];
        while (read(client, rest, sizeof rest) > 0)
            continue;
        _exit(sent ? 0 : 1);
    }
    close(file);
    check_connecting(ENGINE_RETRY, "@ does not answer");
}

static const struct CMUnitTest tests[] = {
    TEST(test_no_server),
    TEST(test_no_such_host),
    TEST(test_no_answer),
    TEST(test_no_jetstream),
    TEST(test_no_jetstream_for_the_account),
    TEST(test_no_stream),
    TEST(test_a_name_that_no_stream_can_have),
    TEST(test_a_subject_of_another_stream),
    TEST(test_replicas_without_a_cluster),
    TEST(test_a_stream_made_by_two),
    TEST(test_a_stream_larger_than_the_server_permits),
    TEST(test_subjects),
    TEST(test_the_only_subject),
    TEST(test_a_stream_that_does_not_acknowledge),
    TEST(test_a_stream_that_is_a_mirror),
    TEST(test_no_permission_to_ask),
    TEST(test_no_permission_for_answers),
    TEST(test_no_permission_to_write),
    TEST(test_no_permission_to_read),
    TEST(test_the_permissions_of_the_manual_are_enough),
    TEST(test_no_permission_to_say_how_far_it_has_read),
    TEST(test_a_user_with_a_password),
    TEST(test_files_of_secrets_that_are_none),
    TEST(test_a_token),
    TEST(test_an_nkey),
    TEST(test_credentials),
    TEST(test_tls_with_the_right_authority),
    TEST(test_tls_by_the_url),
    TEST(test_tls_with_a_wrong_authority),
    TEST(test_tls_with_an_expired_certificate),
    TEST(test_tls_with_a_certificate_of_another_host),
    TEST(test_tls_with_certificates_of_clients),
    TEST(test_a_server_without_tls),
    TEST(test_a_handshake_without_an_end),
};

static const struct role roles[] = {{NULL, NULL}};
TEST_MAIN(roles, tests)
