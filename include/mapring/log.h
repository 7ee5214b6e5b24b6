/* SPDX-License-Identifier: MIT */
/*
 * mapring: log lines, of which not one is lost when the process is killed. What mapring.h says about
 * results, times and forked children holds here, too; log_reader.h reads them.
 *
 *     mapring_log *log;
 *     mapring_log_open(&log, "app", NULL);
 *     MAPRING_INFO(log, "order=%d of %s at %.2f", id, who, price);
 *
 * A call packs its values into a record; whoever reads it formats them. So a call costs some twenty
 * nanoseconds, whatever the format. The format, file, line and function of each call are written
 * once, into the dictionary of the ring.
 *
 * Rings. Each thread that logs has a ring of its own: the first has the log's NAME, others NAME.1,
 * NAME.2, and so on (a path PATH.ring becomes PATH.1.ring). It is made at the thread's first call,
 * or is one that an earlier thread or process has left, which it continues. Other processes may open
 * a log of the same name, and get rings of their own. A thread that ends leaves its ring to the next
 * thread of the process. It stays open until the log is closed.
 *
 * Full rings. Unless the options say otherwise, a log overwrites its oldest lines: it neither stops
 * its program, nor keeps the oldest lines at the cost of the last ones. Readers learn what they
 * missed. With MAPRING_BLOCK, a log that nobody reads stops its program once a ring is full: the
 * call waits until a first consumer has read, unless options.timeout_ns sets a limit.
 *
 * Levels. The level of a log lies in the ring NAME, where any process can change it, and applies to
 * all rings of the log. A call below the level does not evaluate its values.
 *
 * Threads and processes. Any thread may log at any time between mapring_log_open() and
 * mapring_log_close(). After fork, the child's next call makes rings of its own. A call in a signal
 * handler that has interrupted a call of the same thread is left out and counted. In other signal
 * handlers, a call is safe if its thread has logged before, and this call has, too: the first time,
 * memory is allocated.
 *
 * Libraries. A library that logs may be unloaded, since neither its lines nor the log refer to what
 * it consists of. If mapring itself goes with it, its logs are to be closed before; what it has kept
 * for each thread and place that logged, some hundred bytes, is not given back.
 *
 * Needs gcc or clang, in C17 or C++17. */
#ifndef MAPRING_LOG_H
#define MAPRING_LOG_H

#include <mapring/mapring.h>

#ifndef __GNUC__
#error "mapring/log.h needs gcc or clang"
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define MAPRING_LOG_CONTENT "application/vnd.mapring.log" /* options.content of a log's rings */
#define MAPRING_LOG_VALUES  16 /* as many values a line may have */

enum mapring_level {
    MAPRING_LEVEL_UNSET = 0,
    MAPRING_LEVEL_TRACE = 1,
    MAPRING_LEVEL_DEBUG = 2,
    MAPRING_LEVEL_INFO = 3,
    MAPRING_LEVEL_WARN = 4,
    MAPRING_LEVEL_ERROR = 5,
    MAPRING_LEVEL_FATAL = 6,
    MAPRING_LEVEL_OFF = 7
};

struct mapring_log;
typedef struct mapring_log mapring_log;

/* All zero means: a ring of 1 MiB for each thread, which overwrites, with a dictionary of 1 MiB, and
 * the level INFO. */
struct mapring_log_options {
    struct mapring_options ring; /* of each thread, as for mapring_open(); what is 0 there is as said
                                    above. Times are always on, and the content is that of logs;
                                    `how` and `origin` must be 0 */
    enum mapring_level level;    /* unless mapring_log_set_level() has set another one */
    uint32_t text_limit; /* bytes that a line keeps of each string; 0: 1024. At most 65,535, and at
                            most a 64th of the capacity */
    int64_t timeout_ns;  /* of a log that blocks: how long a call waits for room before its line is
                            left out and counted; 0: without limit */
    bool shared;         /* all threads of the process write into one ring, one after another: for
                            very many threads that log little */
    uint8_t reserved_bytes[7];
    uint64_t reserved[8];
};

/* Opens the log and makes the ring NAME, or attaches it: what an existing one is like, all rings of
 * the log become, unless the options say otherwise, which fails. A NAME has at most 94 characters.
 * NULL options are all zero. Fails as mapring_producer_open(), and with MAPRING_ERROR_WRONG_KIND if
 * the ring is not a log's; then *log is NULL, with which calls do nothing. */
MAPRING_API int mapring_log_open(mapring_log **log, const char *name,
                                 const struct mapring_log_options *options);

/* Closes the rings of all threads. No thread may be in a call of this log, or make one later. NULL
 * is accepted. */
MAPRING_API void mapring_log_close(mapring_log *log);

/* Names the calling thread in this log: up to 63 bytes of UTF-8, otherwise the system's name for it
 * is used. Also prepares the thread, so that its first call is as fast as others. May wait as
 * mapring_producer_open(), and fails like it. */
MAPRING_API int mapring_log_name_thread(mapring_log *log, const char *name);

/* Return and set the level of the log, for all processes. Any thread may call them. Do not block. A
 * level that was set stays until the ring is removed. MAPRING_ERROR_ARGUMENT if there is no such
 * level. */
MAPRING_API enum mapring_level mapring_log_level(const mapring_log *log);
MAPRING_API int mapring_log_set_level(mapring_log *log, enum mapring_level level);

/* The same from outside, for the ring NAME of a log. Need write permission. MAPRING_ERROR_NOT_THERE
 * if there is no such ring, MAPRING_ERROR_WRONG_KIND if it is not a log's. */
MAPRING_API int mapring_level_get(const char *name, enum mapring_scope scope,
                                  enum mapring_level *level);
MAPRING_API int mapring_level_set(const char *name, enum mapring_scope scope,
                                  enum mapring_level level);

/* "TRACE" to "FATAL", "OFF"; NULL if there is no such level. */
MAPRING_API const char *mapring_level_name(enum mapring_level level);

struct mapring_log_stat {
    uint32_t threads;            /* that have a ring */
    uint32_t reserved_word;
    uint64_t interrupted_lines;  /* left out: of signal handlers that interrupted a call */
    uint64_t unwritten_lines;    /* left out for any other reason: no ring could be made, or no room
                                    within the time limit. Of a ring that drops, mapring_stat()
                                    counts what it dropped */
    struct mapring_error error;  /* why, for the last of them; code MAPRING_OK: none */
    uint64_t reserved[8];
};

/* Reports what became of this process's lines. Any thread may call it. */
MAPRING_API int mapring_log_stat(mapring_log *log, struct mapring_log_stat *stat);

/* Writes a line. `level` is a constant, such as MAPRING_LEVEL_INFO; then come the format, which is a
 * string literal, and up to 16 values, which are evaluated once, or not at all if the level of the
 * log is higher. The compiler checks them as those of printf(). Values are integers of all
 * widths, bool, characters, float, double, long double, pointers, and strings, also with %.*s; no
 * wide characters, no %2$d, and no %n. `name=%d` names a value for readers. Never fails: what cannot be
 * written is counted by mapring_log_stat(). Waits only if the log blocks. */
#define MAPRING_LOG(log, level, ...) MAPRING1_LOG((log), (level), __VA_ARGS__)

#define MAPRING_TRACE(log, ...) MAPRING_LOG(log, MAPRING_LEVEL_TRACE, __VA_ARGS__)
#define MAPRING_DEBUG(log, ...) MAPRING_LOG(log, MAPRING_LEVEL_DEBUG, __VA_ARGS__)
#define MAPRING_INFO(log, ...)  MAPRING_LOG(log, MAPRING_LEVEL_INFO, __VA_ARGS__)
#define MAPRING_WARN(log, ...)  MAPRING_LOG(log, MAPRING_LEVEL_WARN, __VA_ARGS__)
#define MAPRING_ERROR(log, ...) MAPRING_LOG(log, MAPRING_LEVEL_ERROR, __VA_ARGS__)
#define MAPRING_FATAL(log, ...) MAPRING_LOG(log, MAPRING_LEVEL_FATAL, __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#include <mapring/log_call.h> /* MAPRING1_LOG */

#endif
