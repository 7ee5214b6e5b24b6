/* SPDX-License-Identifier: MIT */
/* What the parts of the engine share: one connection, its stream, and the first thing that failed. */
#ifndef BRIDGE_NATS_SESSION_H
#define BRIDGE_NATS_SESSION_H

#include "bridge/engine.h"
#include "library.h"

enum {
    ANSWER_MS = 5000,     /* how long the server may take for an answer */
    WRITE_MS = 2000,      /* how long it may accept nothing */
    PING_MS = 1000,       /* how often it is asked for a sign of life */
    PINGS_UNANSWERED = 2, /* the connection is then given up */
    PROBLEM_BYTES = 600,
    HEADERS_MOST = 32,
    NS_PER_MS = 1000000
};

/* What is published and not answered yet. */
struct flight {
    natsSubscription *answers;
    const char *subject; /* what the stream takes them from; belongs to others */
    char inbox[64];      /* answers come to this subject, with a number behind it */
    size_t inbox_length;
    uint64_t after;                    /* the number that the first message was to stand behind */
    bool begun;                        /* something was published */
    uint64_t first, next;              /* the number of the oldest one in flight, and of the next */
    bool stored[ENGINE_IN_FLIGHT];     /* by number; before an older one */
    int64_t sent_ns[ENGINE_IN_FLIGHT]; /* by number */
};

struct delivery {
    natsSubscription *messages;
    uint64_t count;   /* of messages that came */
    uint64_t last;    /* number of the last one */
    int64_t heard_ns; /* when the server last gave a sign of life here */
};

struct engine {
    const struct connection *settings;
    const char *stream, *wanted_subject;
    char server[256];

    natsConnection *connection;
    jsCtx *jetstream;
    jsStreamInfo *info; /* of the stream when it was found; NULL: it was not */
    size_t limit_bytes; /* of a message, with its headers */
    int64_t created_ns; /* when the stream was made; 0: not known yet */
    unsigned missed;    /* how often in a row the stream was not there any more */
    bool was_connected; /* the stream was found */
    bool worked;        /* a message was read or stored */

    struct flight flight;
    struct delivery delivery;

    natsMsg *message; /* what the caller has */
    const char **names;
    struct engine_header headers[HEADERS_MOST];

    enum engine_result failed; /* ENGINE_OK: not since the connection was made */
    char problem[PROBLEM_BYTES];
};

/* Notes the first failure since engine_connect(), and returns that of now. */
__attribute__((format(printf, 3, 4))) enum engine_result
session_fail(struct engine *engine, enum engine_result result, const char *format, ...);

/* The same for what can be cured by nothing that the bridge does, but may be over later, for
 * example while a server starts: refused, unless it had been all right before. */
__attribute__((format(printf, 2, 3))) enum engine_result session_refuse(struct engine *engine,
                                                                        const char *format, ...);

/* Says something without a failure of the connection. */
__attribute__((format(printf, 3, 4))) enum engine_result
session_say(struct engine *engine, enum engine_result result, const char *format, ...);

/* What the server or the connection said of a call that failed: `what` was to be done, such as
 * "read message 7". */
enum engine_result session_explain(struct engine *engine, const char *what, natsStatus status,
                                   jsErrCode code);

/* What the library said in this thread of its last call, which had this result. */
const char *session_said(natsStatus status);

/* If the server has refused a subject since the connection was made: says so. ENGINE_OK: no. */
enum engine_result session_permitted(struct engine *engine);

/* The message becomes what the caller has; that before it goes. NULL: none. */
void session_hold(struct engine *engine, natsMsg *message);

/* Describes what the caller has. False: too many headers, or no memory. */
bool session_describe(struct engine *engine, struct engine_message *message);

/* What to say of a connection that is closed. */
enum engine_result session_lost(struct engine *engine);

/* When a time that begins now is over. */
int64_t session_end_ns(int64_t timeout_ns);

/* Milliseconds for the library, which counts in them. */
int64_t session_ms(int64_t timeout_ns);

#endif
