/* SPDX-License-Identifier: MIT */
/*
 * A small HTTP server: by libmicrohttpd in linux/, and by the system's HTTP Server API in windows/.
 * If the build has none, http_server_missing.c says so.
 */
#ifndef TOOLS_HTTP_SERVER_H
#define TOOLS_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "http_address.h"

enum http_status { HTTP_OK = 200, HTTP_NOT_FOUND = 404, HTTP_NOT_ALLOWED = 405, HTTP_FAILED = 500 };

struct http_reply {
    enum http_status status;
    const char *type; /* of the content; stays */
    char *body;       /* the server calls free() */
    size_t bytes;
};

/* Answers GET and HEAD for a path, in a thread of the server; several may call it at once. */
typedef struct http_reply http_answer(const char *path);

/* Serves in the background, for as long as the process lives or until http_server_stop(). Port 0
 * means any free one. Stores the port in `address`. On failure prints why and returns false. There
 * is one server in a process. */
bool http_server_start(struct http_address *address, http_answer *answer);

/* Ends the connections. Answers that are being written are finished on Linux. */
void http_server_stop(void);

#endif
