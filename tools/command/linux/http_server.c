/* SPDX-License-Identifier: MIT */
/*
 * The HTTP server, by libmicrohttpd. The library is loaded when a server starts: it brings others
 * with it, which would more than double the time that every other command needs to begin.
 */
#include "command/http_server.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "shared/message.h"

#define LIBRARY "libmicrohttpd.so.12"

enum { THREADS = 4, CONNECTIONS = 64, IDLE_SECONDS = 10, WAITING_CONNECTIONS = 64 };

static struct {
    __typeof__(MHD_start_daemon) *start;
    __typeof__(MHD_stop_daemon) *stop;
    __typeof__(MHD_create_response_from_buffer) *create;
    __typeof__(MHD_add_response_header) *add_header;
    __typeof__(MHD_queue_response) *queue;
    __typeof__(MHD_destroy_response) *destroy;
} library;

static struct MHD_Daemon *server;
static http_answer *answer_of;

/* ---- The library ---- */

static bool find(void *handle, const char *name, void *function)
{
    void *found = dlsym(handle, name);
    memcpy(function, &found, sizeof found); /* ISO C has no conversion from void * */
    return found != NULL;
}

static bool load_library(void)
{
    void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    bool loaded = handle && find(handle, "MHD_start_daemon", &library.start) &&
                  find(handle, "MHD_stop_daemon", &library.stop) &&
                  find(handle, "MHD_create_response_from_buffer", &library.create) &&
                  find(handle, "MHD_add_response_header", &library.add_header) &&
                  find(handle, "MHD_queue_response", &library.queue) &&
                  find(handle, "MHD_destroy_response", &library.destroy);
    if (!loaded)
        complain("cannot load %s: %s; install it (Debian: libmicrohttpd12), or use --textfile with "
                 "node_exporter",
                 LIBRARY, dlerror());
    return loaded;
}

/* ---- Answers ---- */

static enum MHD_Result send_reply(struct MHD_Connection *connection, const struct http_reply *reply)
{
    struct MHD_Response *response =
        library.create(reply->bytes, reply->body, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(reply->body);
        return MHD_NO;
    }
    library.add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type);
    if (reply->status == HTTP_NOT_ALLOWED)
        library.add_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result result = library.queue(connection, (unsigned)reply->status, response);
    library.destroy(response);
    return result;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *data_bytes, void **request)
{
    (void)context, (void)version, (void)data, (void)data_bytes, (void)request;
    struct http_reply reply = {.status = HTTP_NOT_ALLOWED, .type = "text/plain"};
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
        reply = answer_of(path);
    return send_reply(connection, &reply);
}

/* ---- The socket ---- */

static void complain_of_address(const struct http_address *address, const char *why)
{
    bool is_6 = strchr(address->host, ':') != NULL;
    complain("cannot listen on %s%s%s:%s: %s", is_6 ? "[" : "", address->host, is_6 ? "]" : "",
             address->port, why);
}

static const char *explain(int problem)
{
    switch (problem) {
    case EADDRINUSE: return "another program uses this port; choose one with --listen ADDR:PORT";
    case EACCES: return "only root may use this port; choose one above 1023";
    case EADDRNOTAVAIL: return "this machine has no such address";
    default: return strerror(problem);
    }
}

static int listen_on(const struct addrinfo *place)
{
    int on = 1, file = socket(place->ai_family, place->ai_socktype | SOCK_CLOEXEC, 0);
    if (file >= 0 && setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(file, place->ai_addr, place->ai_addrlen) == 0 &&
        listen(file, WAITING_CONNECTIONS) == 0)
        return file;
    int problem = errno;
    if (file >= 0)
        close(file);
    errno = problem;
    return -1;
}

/* -1: failed, and said why. */
static int open_socket(const struct http_address *address)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *place = NULL;
    int problem = getaddrinfo(address->host, address->port, &wanted, &place);
    if (problem != 0) {
        complain_of_address(address, gai_strerror(problem));
        return -1;
    }
    int file = listen_on(place);
    if (file < 0)
        complain_of_address(address, explain(errno));
    freeaddrinfo(place);
    return file;
}

static void store_port(int file, struct http_address *address)
{
    struct sockaddr_storage name;
    socklen_t bytes = sizeof name;
    getsockname(file, (struct sockaddr *)&name, &bytes);
    getnameinfo((struct sockaddr *)&name, bytes, NULL, 0, address->port, sizeof address->port,
                NI_NUMERICSERV);
}

/* ---- The server ---- */

/* Signals are for the main thread, whose pause they end. */
static void start_threads(int file)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    server = library.start(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL, answer,
                           NULL, MHD_OPTION_LISTEN_SOCKET, file, MHD_OPTION_THREAD_POOL_SIZE,
                           (unsigned)THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                           MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool http_server_start(struct http_address *address, http_answer *answers)
{
    int file = load_library() ? open_socket(address) : -1;
    if (file < 0)
        return false;
    store_port(file, address);
    answer_of = answers;
    start_threads(file);
    if (server)
        return true;
    close(file);
    complain("cannot start the HTTP server: %s", strerror(errno));
    return false;
}

void http_server_stop(void)
{
    library.stop(server);
}
