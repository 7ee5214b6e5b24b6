/* SPDX-License-Identifier: MIT */
/* The connection of mapring bridge: what is refused before anything is connected. */
#include "cli.h"

static const char *const directions[] = {"out", "in"};

static bool has_engine(void)
{
    return strcmp(getenv("MAPRING_NATS"), "yes") == 0;
}

static void test_a_password_in_a_url_is_refused_and_not_repeated(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(directions); i++) {
        const struct ran *ran =
            RUN("bridge", directions[i], new_ring_name(), "--url", "nats://anna:open-sesame@host");
        check_number(2, ran->code);
        check_contains("--url must not contain a user, a password or a token, because every user "
                       "of this machine can read command lines",
                       ran->errors);
        check(!strstr(ran->errors, "sesame"));
    }
}

static void test_options_that_do_not_fit_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(directions); i++) {
        const char *name = new_ring_name();
        const struct ran *ran = RUN("bridge", directions[i], name, "--tls-cert", "file");
        check_number(2, ran->code);
        check_contains("--tls-cert and --tls-key need each other", ran->errors);
        ran = RUN("bridge", directions[i], name, "--nkey", "file", "--token-file", "file");
        check_number(2, ran->code);
        check_contains("--credentials, --nkey, --user-file and --token-file exclude each other",
                       ran->errors);
        ran = RUN("bridge", directions[i], name, "--url", "http://host");
        check_number(2, ran->code);
        check_contains("invalid --url: it must be nats://HOST:PORT or tls://HOST:PORT",
                       ran->errors);
    }
}

static void test_without_the_library_it_says_what_is_missing(void **state)
{
    (void)state;
    if (has_engine())
        skip();
    for (size_t i = 0; i < COUNT_OF(directions); i++) {
        const struct ran *ran = RUN("bridge", directions[i], new_ring_name());
        check_number(1, ran->code);
        check_contains("this mapring was built without NATS JetStream, which needs libnats "
                       "(Debian: libnats-dev; there is none for Windows); build it again with "
                       "-Dnats=enabled",
                       ran->errors);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_a_password_in_a_url_is_refused_and_not_repeated),
    TEST(test_options_that_do_not_fit_together),
    TEST(test_without_the_library_it_says_what_is_missing),
};

static const struct role roles[] = {{NULL, NULL}};
TEST_MAIN(roles, tests)
