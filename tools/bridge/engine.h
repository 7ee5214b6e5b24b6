/* SPDX-License-Identifier: MIT */
/*
 * What carries a ring's messages to other machines: a stream that numbers its messages from 1 and
 * has one writer. By NATS JetStream in nats/; if the build has no library for it, no_nats/ says so.
 *
 *     struct engine *engine = engine_make(&connection, "log", NULL);
 *     while ((result = engine_connect(engine)) == ENGINE_RETRY)
 *         backoff_pause(&backoff);
 *     if (result != ENGINE_OK)
 *         complain("%s", engine_problem(engine));
 *
 * A writer says of each message after which number it has to stand, so the server refuses whatever
 * would make a hole, stand twice or come from a second writer. After a result that is not
 * ENGINE_OK, ENGINE_NOTHING or ENGINE_TOO_LARGE, what is in flight may have been stored or not:
 * engine_connect() again, then find out by engine_last(). An engine is used by one thread.
 */
#ifndef BRIDGE_ENGINE_H
#define BRIDGE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connection.h"

enum engine_result {
    ENGINE_OK,
    ENGINE_NOTHING, /* the time is over, or there is no such message */
    ENGINE_RETRY,   /* the server is gone, has no leader or does not answer: connect again, later */
    ENGINE_FULL,    /* the stream is full: connect again, later */
    ENGINE_CONFLICT,  /* the stream did not end where a message expected: connect again, look */
    ENGINE_TOO_LARGE, /* the message was not sent; nothing else has changed */
    ENGINE_MISSING,   /* there is no such stream; engine_create_stream() can be called */
    ENGINE_REFUSED    /* trying again is of no use */
};

enum { ENGINE_IN_FLIGHT = 64 };

struct engine_header {
    const char *name, *value;
};

struct engine_message {
    uint64_t number;  /* its place in the stream; of a message to be published: ignored */
    int64_t time_ns;  /* when the server stored it, since 1970; ignored as well */
    uint64_t pending; /* how many the stream has behind it; only from engine_next() */
    const struct engine_header *headers;
    unsigned header_count;
    const void *payload;
    size_t bytes;
};

struct engine_stream {
    uint64_t first, last;      /* numbers; nothing is stored: first == last + 1 */
    uint64_t messages;         /* fewer than there are numbers if some were deleted */
    uint64_t bytes, max_bytes; /* max_bytes 0: no limit */
    int64_t created_ns;        /* since 1970 */
    unsigned replicas;
};

struct engine_new_stream {
    unsigned replicas;  /* 0: one */
    uint64_t max_bytes; /* 0: no limit */
    int64_t max_age_ns; /* 0: no limit */
};

struct engine;

/* NULL, or a sentence that says why this command has no engine: what is missing, and where to get
 * it. */
const char *engine_missing(void);

/* Does not connect yet. `subject`: where the stream takes its messages from; NULL: the only one
 * that it has, of a new stream "mapring.STREAM". Keeps what it is passed by reference. NULL: not
 * enough memory. */
struct engine *engine_make(const struct connection *connection, const char *stream,
                           const char *subject);
void engine_close(struct engine *engine); /* accepts NULL */

/* What was wrong, as a sentence without secrets; valid until the next call. */
const char *engine_problem(const struct engine *engine);

/* The server that it is connected to, or was last, without secrets: "nats://host:4222"; "" before
 * the first time. */
const char *engine_server(const struct engine *engine);

/* Connects and looks for the stream; a connection that it has is closed. ENGINE_OK, _RETRY,
 * _MISSING or _REFUSED. The stream that was found first must not be another one later: if it was
 * deleted, or made anew, that is ENGINE_REFUSED. */
enum engine_result engine_connect(struct engine *engine);

/* After ENGINE_MISSING: makes the stream. It has one subject, is stored in files, and refuses new
 * messages when it is full. */
enum engine_result engine_create_stream(struct engine *engine,
                                        const struct engine_new_stream *stream);

/* Asks the server. */
enum engine_result engine_stream(struct engine *engine, struct engine_stream *stream);

/* Asks the server whether it has another stream, of that name: ENGINE_OK; ENGINE_NOTHING: no. */
enum engine_result engine_has_stream(struct engine *engine, const char *stream);

/* ---- Writing ---- */

/* Begins to write: before the first engine_publish() on a connection. */
enum engine_result engine_write(struct engine *engine);

/* How many bytes of payload fit into a message with these headers. */
size_t engine_room(const struct engine *engine, const struct engine_header *headers,
                   unsigned header_count);

/* Sends a message that has to be stored behind number `after`, and so gets after + 1; a message
 * must be the next after the one before it. Waits while ENGINE_IN_FLIGHT are unanswered, but not
 * longer than the timeout: ENGINE_NOTHING, and nothing was sent. The message is copied. */
enum engine_result engine_publish(struct engine *engine, const struct engine_message *message,
                                  uint64_t after, int64_t timeout_ns);

/* Stores up to which number everything published since engine_connect() is stored (0: nothing
 * yet), also with a failure. Waits until that is more than *number was, or everything is answered;
 * ENGINE_NOTHING: the time is over. */
enum engine_result engine_acknowledged(struct engine *engine, int64_t timeout_ns, uint64_t *number);

unsigned engine_in_flight(const struct engine *engine);

/* ---- Reading ---- */

/* A message is valid until the next call that stores one, or engine_connect(). The last message:
 * ENGINE_NOTHING: none is stored; message->number is that of the last one that ever was, 0 in a new
 * stream. */
enum engine_result engine_last(struct engine *engine, struct engine_message *message);
enum engine_result engine_get(struct engine *engine, uint64_t number,
                              struct engine_message *message);

/* Begins to read with the message of this number, or the first later one. */
enum engine_result engine_read(struct engine *engine, uint64_t number);

/* The next message in order, each once. Numbers that are missing in the stream are skipped. */
enum engine_result engine_next(struct engine *engine, int64_t timeout_ns,
                               struct engine_message *message);

/* The value of a header, or NULL. */
const char *engine_header(const struct engine_message *message, const char *name);

#endif
