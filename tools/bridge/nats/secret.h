/* SPDX-License-Identifier: MIT */
/* User names, passwords and tokens: from files, or from the environment, which forgets them. */
#ifndef BRIDGE_NATS_SECRET_H
#define BRIDGE_NATS_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* From MAPRING_NATS_USER and so on, or NULL. */
struct secrets {
    char *user, *password, *token;
};

/* Takes them out of the environment at the first call, so that they do not stay readable in /proc. */
const struct secrets *secrets_of_environment(void);

/* The first lines of a file. */
struct secret_lines {
    char text[4096];
    const char *first, *second; /* "" if they are missing */
};

/* False: errno says why. */
bool secret_read(struct secret_lines *lines, const char *path);

/* Overwrites them. */
void secret_forget(struct secret_lines *lines);

#endif
