/* SPDX-License-Identifier: MIT */
/* A NATS server of a test: with a port and a folder of its own, it goes with the test. */
#ifndef MAPRING_TESTS_SERVER_H
#define MAPRING_TESTS_SERVER_H

#include "helpers.h"

struct server {
    struct process *process;
    unsigned port;
    const char *folder, *configuration; /* files */
    char url[64];
};

/* `settings` is added to the configuration; plain: without JetStream. Returns when it listens. */
void server_start(struct server *server, const char *settings);
void server_start_plain(struct server *server, const char *settings);

/* Again, after process_kill(): the same port and folder. */
void server_restart(struct server *server);
void server_kill(struct server *server);

/* A port at which nobody listens. */
unsigned free_port(void);

/* Makes certificates in a new folder: authority.pem, stranger.pem (another authority), and, each
 * signed by the authority, server, other (of another host), expired and client, with NAME.key. */
const char *make_certificates(void);

#endif
