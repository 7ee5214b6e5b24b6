/* SPDX-License-Identifier: MIT */
/*
 * How to reach the servers, and as whom: the options that both directions of the bridge have.
 * Secrets come from files or from the environment, never from the command line, which every user
 * of the machine can read.
 */
#ifndef BRIDGE_CONNECTION_H
#define BRIDGE_CONNECTION_H

#include "shared/options.h"

struct connection {
    const char *url; /* one, or several with commas between them; NULL: CONNECTION_DEFAULT_URL */
    const char *tls_ca, *tls_cert, *tls_key;                 /* files */
    const char *credentials, *nkey, *user_file, *token_file; /* files */
};

#define CONNECTION_DEFAULT_URL "nats://127.0.0.1:4222"

#define OPTIONS_CONNECTION(connection)                                                            \
    {"url", "URL", value_text, &(connection).url,                                                 \
     "the server, such as nats://host:4222, or tls://host:4222 for TLS; several of a cluster "    \
     "with "                                                                                      \
     "commas between them (default nats://127.0.0.1:4222)"},                                      \
        {"tls-ca", "FILE", value_text, &(connection).tls_ca,                                      \
         "use TLS, and trust servers whose certificate comes from this authority (default: from " \
         "those that the system trusts)"},                                                        \
        {"tls-cert", "FILE", value_text, &(connection).tls_cert,                                  \
         "the certificate of this client; with --tls-key"},                                       \
        {"tls-key", "FILE", value_text, &(connection).tls_key,                                    \
         "the private key of this client's certificate"},                                         \
        {"credentials", "FILE", value_text, &(connection).credentials,                            \
         "log in with the user's credentials: a file that ends in .creds"},                       \
        {"nkey", "FILE", value_text, &(connection).nkey,                                          \
         "log in with the user's NKey: a file with its seed"},                                    \
        {"user-file", "FILE", value_text, &(connection).user_file,                                \
         "log in with the user's name and password, which are in the first two lines of FILE "    \
         "(default: with MAPRING_NATS_USER and MAPRING_NATS_PASSWORD of the environment)"},       \
    {                                                                                             \
        "token-file", "FILE", value_text, &(connection).token_file,                               \
            "log in with the token in FILE (default: with MAPRING_NATS_TOKEN of the environment)" \
    }

/* Says what is wrong with the options; NULL: nothing. The exit status is then EXIT_USAGE. What they
 * say must not be printed: a URL may contain a password. */
const char *connection_problem(const struct connection *connection);

/* Whether a stream can have that name. */
bool connection_names_stream(const char *name);

#endif
