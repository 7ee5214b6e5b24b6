/* SPDX-License-Identifier: MIT */
/*
 * How to reach the servers, and as whom: the options that both directions of the bridge have, and
 * what comes from the environment. Secrets come from files or from there, never from the command
 * line, which every user of the machine can read.
 */
#ifndef BRIDGE_CONNECTION_H
#define BRIDGE_CONNECTION_H

#include "shared/options.h"

struct connection {
    const char *url; /* one, or several with commas between them; NULL: CONNECTION_DEFAULT_URL */
    const char *tls_ca, *tls_cert, *tls_key;
    const char *credentials, *nkey, *user_file, *token_file; /* files */

    /* From the environment; connection_check() */
    char *user, *password, *token;
};

#define CONNECTION_DEFAULT_URL "nats://127.0.0.1:4222"

#define OPTIONS_CONNECTION(connection)                                                             \
    {"url", "URL", value_url, &(connection).url,                                                   \
     "the server, such as nats://host:4222, or tls://host:4222 for TLS; several of a cluster "     \
     "with "                                                                                       \
     "commas between them (default nats://127.0.0.1:4222)"},                                       \
        {"tls-ca", "FILE", value_text, &(connection).tls_ca,                                       \
         "trust servers whose certificate was signed by this authority, and use TLS (default: "    \
         "those that the system trusts)"},                                                         \
        {"tls-cert", "FILE", value_text, &(connection).tls_cert,                                   \
         "the certificate of this client; with --tls-key"},                                        \
        {"tls-key", "FILE", value_text, &(connection).tls_key,                                     \
         "the private key of this client's certificate"},                                          \
        {"credentials", "FILE", value_text, &(connection).credentials,                             \
         "the user's credentials, a file that ends in .creds"},                                    \
        {"nkey", "FILE", value_text, &(connection).nkey, "the user's NKey: a file with its seed"}, \
        {"user-file", "FILE", value_text, &(connection).user_file,                                 \
         "a file with the user's name in its first line and the password in its second"},          \
    {                                                                                              \
        "token-file", "FILE", value_text, &(connection).token_file, "a file with a token"          \
    }

/* As the functions of shared/values.h: const char *. */
const char *value_url(const char *text, void *value);

/* Takes MAPRING_NATS_USER, MAPRING_NATS_PASSWORD and MAPRING_NATS_TOKEN out of the environment, and
 * says whether what is set fits together. False: printed what is wrong; the exit status is
 * EXIT_USAGE. */
bool connection_check(struct connection *connection);

#endif
