/* SPDX-License-Identifier: MIT */
/* The parts of the bridge's engine that need no server. */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "bridge/backoff.h"
#include "bridge/connection.h"
#include "bridge/nats/answer.h"
#include "bridge/nats/library.h"
#include "bridge/nats/nkey.h"
#include "bridge/nats/secret.h"
#include "bridge/nats/subject.h"
#include "helpers.h"
#include "shared/os.h"
#include "trust.h"

/* ---- Options ---- */

static void check_url(const char *url, const char *problem)
{
    struct connection connection = {.url = url};
    const char *found = connection_problem(&connection);
    check(!found == !problem);
    if (problem)
        check_text(problem, found);
}

static void test_urls(void **state)
{
    (void)state;
    static const char invalid[] = "invalid --url: it must be nats://HOST:PORT or tls://HOST:PORT, "
                                  "or several of them with commas and no spaces between them";
    check_url(NULL, NULL);
    check_url("nats://host", NULL);
    check_url("nats://host:4222", NULL);
    check_url("tls://[::1]:4222,nats://b,nats://c:1", NULL);
    check_url("", invalid);
    check_url("host:4222", invalid);
    check_url("http://host", invalid);
    check_url("nats://", invalid);
    check_url("nats://a,", invalid);
    check_url("nats://a, nats://b", invalid);
    check_url("nats://a nats://b", invalid);
    check_url("nats://a/path", invalid);
}

static void test_secrets_in_a_url_are_refused_without_being_shown(void **state)
{
    (void)state;
    check_url("nats://a,nats://anna:secret@host:4222",
              "--url must not contain a user, a password or a token, because every user of this "
              "machine can read command lines; put them into a file for --user-file or "
              "--token-file, or into the environment (MAPRING_NATS_USER and "
              "MAPRING_NATS_PASSWORD, or MAPRING_NATS_TOKEN)");
}

static void test_options_that_belong_together(void **state)
{
    (void)state;
    check_text("--tls-cert and --tls-key need each other",
               connection_problem(&(struct connection){.tls_cert = "a"}));
    check_text("--tls-cert and --tls-key need each other",
               connection_problem(&(struct connection){.tls_key = "a"}));
    check(!connection_problem(&(struct connection){.tls_cert = "a", .tls_key = "b"}));
    check_text("--credentials, --nkey, --user-file and --token-file exclude each other",
               connection_problem(&(struct connection){.credentials = "a", .token_file = "b"}));
    check_text("--credentials, --nkey, --user-file and --token-file exclude each other",
               connection_problem(&(struct connection){.nkey = "a", .user_file = "b"}));
}

/* ---- Waiting ---- */

static void check_wait(struct backoff *backoff, int64_t longest_ms)
{
    int64_t wait_ns = backoff_next_ns(backoff);
    check(wait_ns <= longest_ms * MILLISECONDS);
    check(wait_ns > longest_ms * MILLISECONDS / 2);
}

static void test_each_wait_is_longer_up_to_a_limit(void **state)
{
    (void)state;
    struct backoff backoff = {0};
    for (int64_t longest_ms = 100; longest_ms <= 6400; longest_ms *= 2)
        check_wait(&backoff, longest_ms);
    for (int i = 0; i < 100; i++)
        check_wait(&backoff, 10000);
    backoff_reset(&backoff);
    check_wait(&backoff, 100);
}

static void test_two_do_not_wait_equally_long(void **state)
{
    (void)state;
    struct backoff one = {.random = 1}, other = {.random = 2};
    bool differ = false;
    for (int i = 0; i < 10; i++)
        differ = backoff_next_ns(&one) != backoff_next_ns(&other) || differ;
    check(differ);
}

static int waiter(int argc, char **argv)
{
    (void)argc, (void)argv;
    os_catch_interrupts();
    struct backoff backoff = {.random = 1, .attempts = 6};
    role_say("waits");
    int64_t begun_ns = now_ns();
    check(!backoff_pause(&backoff));
    check(now_ns() - begun_ns < 3 * SECONDS);
    return 0;
}

static void test_a_signal_ends_a_wait(void **state)
{
    (void)state;
    have_console();
    struct process *process = start_role("waiter", NULL);
    process_hear(process, "waits");
    check(process_interrupt(process));
    process_finish(process);
}

/* ---- Secrets ---- */

static bool environment_shows(const char *text)
{
    static char environment[1 << 20];
    int file = open("/proc/self/environ", O_RDONLY);
    ssize_t bytes = read(file, environment, sizeof environment);
    close(file);
    return bytes > 0 && memmem(environment, (size_t)bytes, text, strlen(text));
}

static int forgetter(int argc, char **argv)
{
    (void)argc, (void)argv;
    check(environment_shows("hidden word"));
    const struct secrets *secrets = secrets_of_environment();
    check_text("anna", secrets->user);
    check_text("hidden word", secrets->password);
    check(!secrets->token);
    check(!environment_shows("hidden word"));
    check(!getenv("MAPRING_NATS_PASSWORD"));
    check_text("hidden word", secrets_of_environment()->password);
    return 0;
}

static void test_the_environment_forgets_secrets(void **state)
{
    (void)state;
    setenv("MAPRING_NATS_USER", "anna", 1);
    setenv("MAPRING_NATS_PASSWORD", "hidden word", 1);
    struct process *process = start_role("forgetter", NULL);
    unsetenv("MAPRING_NATS_USER");
    unsetenv("MAPRING_NATS_PASSWORD");
    process_finish(process);
}

static void test_the_public_key_of_a_seed(void **state)
{
    (void)state;
    char key[NKEY_PUBLIC_LENGTH + 1], wrong[sizeof user_seed];
    check(!library_load());
    check(nkey_public(user_seed, key));
    check_text(user_key, key);
    for (size_t i = 0; i < strlen(user_seed); i++) {
        strcpy(wrong, user_seed);
        wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
        check(!nkey_public(wrong, key) || i + 1 == strlen(user_seed));
    }
    check(!nkey_public("", key));
    check(!nkey_public(user_key, key));
}

/* ---- What the server says ---- */

static struct answer answer_of(const char *text)
{
    struct answer answer;
    check(answer_read(&answer, text, strlen(text)));
    return answer;
}

static void check_no_answer(const char *text)
{
    struct answer answer;
    check(!answer_read(&answer, text, strlen(text)));
}

static void test_answers(void **state)
{
    (void)state;
    check_number(12, answer_of("{\"stream\":\"S\", \"seq\":12}").number);
    check_number(7, answer_of("{\"stream\":\"S\",\"domain\":\"d\",\"seq\":7}").number);
    struct answer answer = answer_of("{\"error\":{\"code\":400,\"err_code\":10071,\"description\":"
                                     "\"wrong last sequence: 5\"},\"stream\":\"S\",\"seq\":0}");
    check_number(10071, answer.code);
    check_text("wrong last sequence: 5", answer.description);
    check_no_answer("");
    check_no_answer("+OK");
    check_no_answer("{\"stream\":\"S\"}");
    check_no_answer("{\"stream\":\"S\",\"seq\":0}");
    check_no_answer("{\"error\":{\"code\":400},\"stream\":\"S\",\"seq\":1}");
    char large[2000];
    memset(large, ' ', sizeof large);
    check(!answer_read(&answer, large, sizeof large));
}

static void test_subjects_of_patterns(void **state)
{
    (void)state;
    check(subject_matches("a.b", "a.b"));
    check(!subject_matches("a.b", "a"));
    check(!subject_matches("a", "a.b"));
    check(!subject_matches("ab", "a"));
    check(subject_matches("a.*", "a.b"));
    check(!subject_matches("a.*", "a"));
    check(!subject_matches("a.*", "a.b.c"));
    check(!subject_matches("a.*", "a."));
    check(subject_matches("*.b", "a.b"));
    check(subject_matches("a.>", "a.b.c"));
    check(!subject_matches("a.>", "a"));
    check(subject_matches(">", "a"));
    check(!subject_matches("a", ""));
}

static const struct role roles[] = {{"waiter", waiter}, {"forgetter", forgetter}};

static const struct CMUnitTest tests[] = {
    TEST(test_urls),
    TEST(test_secrets_in_a_url_are_refused_without_being_shown),
    TEST(test_options_that_belong_together),
    TEST(test_each_wait_is_longer_up_to_a_limit),
    TEST(test_two_do_not_wait_equally_long),
    TEST(test_a_signal_ends_a_wait),
    TEST(test_the_environment_forgets_secrets),
    TEST(test_the_public_key_of_a_seed),
    TEST(test_answers),
    TEST(test_subjects_of_patterns),
};

TEST_MAIN(roles, tests)
