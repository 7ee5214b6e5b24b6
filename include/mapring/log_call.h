/* SPDX-License-Identifier: MIT */
/*
 * How a log call packs its values. Nothing here is part of the interface: the manual is log.h. The
 * names mapring1_* are its version, as in inline.h. src/log/packed.h says what a record looks like.
 */
#ifndef MAPRING_LOG_CALL_H
#define MAPRING_LOG_CALL_H

#include <string.h>

#include <mapring/atomic.h>

/* Of inline.h, which a program with MAPRING_CALLED does not include. */
#ifndef MAPRING_CAST
#ifdef __cplusplus
#define MAPRING_CAST(type, value) static_cast<type>(value)
#else
#define MAPRING_CAST(type, value) ((type)(value))
#endif
#endif
#ifndef MAPRING_UNLIKELY
#define MAPRING_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#endif

enum mapring1_log_type {
    MAPRING1_INT32 = 1,
    MAPRING1_UINT32 = 2,
    MAPRING1_INT64 = 3,
    MAPRING1_UINT64 = 4,
    MAPRING1_DOUBLE = 5,
    MAPRING1_LONG_DOUBLE = 6,
    MAPRING1_POINTER = 7,
    MAPRING1_TEXT = 8
};

/* What the format says of a string: how many bytes it may have. */
#define MAPRING1_ANY_BYTES  0xffff /* up to its terminator */
#define MAPRING1_STAR_BYTES 0xfffe /* as the value before it says */
#define MAPRING1_NO_TEXT    0xfffd /* %p: it is not read */
#define MAPRING1_CUT        UINT32_C(0x80000000) /* a bit in a length: the string was longer */
#define MAPRING1_NULL       UINT32_C(0x7fffffff) /* the length of a null pointer */

/* A place in a program that logs. The library completes it at its first call, and keeps no pointer
 * to it. */
struct mapring1_log_site {
    const char *format, *file, *function;
    const unsigned char *types; /* enum mapring1_log_type, of the values; then 0 */
    uint32_t line;
    uint32_t level;
    uint32_t index; /* of the site in this process, counted from 1; 0: not known yet */
    uint16_t limits[MAPRING_LOG_VALUES]; /* of strings; written before the index */
};

struct mapring1_log_value {
    uint64_t bits;
    uint64_t more; /* the rest of a long double; of a string: its length, see above */
};

/* What a thread's calls of one log need to write a line. */
struct mapring1_log_way {
    mapring_producer *producer;
    const uint32_t *numbers; /* of sites in the dictionary of its ring, by their index; 0: none */
    uint32_t number_count;
    uint32_t number; /* the thread's own in that dictionary */
    int64_t timeout_ns;
    uint32_t text_limit;
};

/* A thread's side of one log. It is kept for as long as the process lives, for one thread and log
 * after another. */
struct mapring1_log_thread {
    uint64_t turn; /* changes whenever the library has something to do before the next call, and
                      whenever `way` changes */
    struct mapring1_log_way way;
    volatile uint32_t inside; /* the thread is in a call */
};

/* The log that a thread has called last, and its way, which can be used as it is while its turn is
 * the same. The copy is nearer by one load than the original. */
struct mapring1_log_last {
    struct mapring1_log_thread *thread;
    uint64_t turn;
    uint64_t log; /* the number of that log; 0: none yet */
    struct mapring1_log_way way;
};

/* What every handle of a log begins with. */
struct mapring1_log_hot {
    const uint32_t *level; /* in the ring: twice the level, plus 1 if it was set. Another one when
                              the ring is made anew */
    uint64_t number;       /* no other log of this process has it, before or after */
};

#ifdef __cplusplus
#define MAPRING1_THREAD_LOCAL thread_local
extern "C" {
#else
#define MAPRING1_THREAD_LOCAL _Thread_local
#endif

#define MAPRING_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define MAPRING1_INLINE static inline __attribute__((always_inline, unused))

/* Does all that is missing for the call, and the call itself if it was not tried. `tried`: what that
 * returned, MAPRING_OK if it was not. Fills in *last for the next call, unless it is NULL. */
MAPRING_API void mapring1_log_call(mapring_log *log, struct mapring1_log_site *site,
                                   struct mapring1_log_value *values, unsigned count, int tried,
                                   struct mapring1_log_last *last);

/* Never called: lets the compiler check a format. */
MAPRING_PRINTF(1, 2) MAPRING1_INLINE void mapring1_log_check(const char *format, ...)
{
    (void)format;
}

/* Each source of the program has its own. */
static MAPRING1_THREAD_LOCAL struct mapring1_log_last mapring1_log_last __attribute__((unused));

MAPRING1_INLINE bool mapring1_log_enabled(const mapring_log *log, uint32_t level)
{
    if (MAPRING_UNLIKELY(!log))
        return false;
    const struct mapring1_log_hot *hot =
        MAPRING_CAST(const struct mapring1_log_hot *, MAPRING_CAST(const void *, log));
    return level * 2 + 1 >= mapring_relaxed_load(mapring_acquire_load(&hot->level));
}

/* ---- Values ---- */

MAPRING1_INLINE struct mapring1_log_value mapring1_bits(uint64_t bits)
{
    struct mapring1_log_value value;
    value.bits = bits;
    value.more = 0;
    return value;
}

MAPRING1_INLINE struct mapring1_log_value mapring1_integer(long long is)
{
    return mapring1_bits(MAPRING_CAST(uint64_t, is));
}

MAPRING1_INLINE struct mapring1_log_value mapring1_natural(unsigned long long is)
{
    return mapring1_bits(is);
}

MAPRING1_INLINE struct mapring1_log_value mapring1_double(double is)
{
    uint64_t bits;
    memcpy(&bits, &is, sizeof bits);
    return mapring1_bits(bits);
}

MAPRING1_INLINE struct mapring1_log_value mapring1_long_double(long double is)
{
    struct mapring1_log_value value = mapring1_bits(0);
    memcpy(&value, &is, sizeof is < sizeof value ? sizeof is : sizeof value);
    return value;
}

MAPRING1_INLINE struct mapring1_log_value mapring1_pointer(const volatile void *is)
{
#ifdef __cplusplus
    return mapring1_bits(reinterpret_cast<uintptr_t>(is));
#else
    return mapring1_bits((uintptr_t)is);
#endif
}

/* The string whose address the value has. */
MAPRING1_INLINE const char *mapring1_text_at(uint64_t bits)
{
    uintptr_t address = bits & UINTPTR_MAX;
#ifdef __cplusplus
    return reinterpret_cast<const char *>(address);
#else
    return (const char *)address;
#endif
}

/* ---- The record ---- */

/* How many bytes a string may have, by its format. `star`: the value before it. */
MAPRING1_INLINE uint64_t mapring1_text_may(uint16_t limit, uint64_t star)
{
    if (limit == MAPRING1_ANY_BYTES)
        return UINT64_MAX;
    if (limit != MAPRING1_STAR_BYTES)
        return limit;
    int32_t most = MAPRING_CAST(int32_t, star);
    return most < 0 ? UINT64_MAX : MAPRING_CAST(uint64_t, most);
}

/* The length of the string, as far as it is kept. */
MAPRING1_INLINE uint32_t mapring1_text_bytes(const char *text, uint64_t may, uint32_t text_limit)
{
    uint32_t most = may < text_limit ? MAPRING_CAST(uint32_t, may) : text_limit;
    const void *end = memchr(text, 0, most);
    if (end)
        return MAPRING_CAST(uint32_t, MAPRING_CAST(const char *, end) - text);
    return most == may || !text[most] ? most : most | MAPRING1_CUT;
}

/* The space that a value takes. */
MAPRING1_INLINE size_t mapring1_measure(unsigned type, struct mapring1_log_value *value,
                                        uint16_t limit, uint64_t star, uint32_t text_limit)
{
    const char *text = mapring1_text_at(value->bits);
    if (type == MAPRING1_INT32 || type == MAPRING1_UINT32)
        return 4;
    if (type == MAPRING1_LONG_DOUBLE)
        return 16;
    if (type != MAPRING1_TEXT || limit == MAPRING1_NO_TEXT)
        return 8;
    value->more = MAPRING1_NULL;
    if (!text)
        return 4;
    value->more = mapring1_text_bytes(text, mapring1_text_may(limit, star), text_limit);
    return 4 + (value->more & ~MAPRING1_CUT);
}

MAPRING1_INLINE unsigned char *mapring1_put(unsigned char *to, const void *from, size_t bytes)
{
    memcpy(to, from, bytes);
    return to + bytes;
}

MAPRING1_INLINE unsigned char *mapring1_pack(unsigned type, unsigned char *to,
                                             const struct mapring1_log_value *value, uint16_t limit)
{
    uint32_t half = MAPRING_CAST(uint32_t, value->bits);
    if (type == MAPRING1_INT32 || type == MAPRING1_UINT32)
        return mapring1_put(to, &half, sizeof half);
    if (type == MAPRING1_TEXT && limit != MAPRING1_NO_TEXT) {
        uint32_t length = MAPRING_CAST(uint32_t, value->more);
        to = mapring1_put(to, &length, sizeof length);
        if (length == MAPRING1_NULL)
            return to;
        return mapring1_put(to, mapring1_text_at(value->bits), length & ~MAPRING1_CUT);
    }
    to = mapring1_put(to, &value->bits, sizeof value->bits);
    if (type == MAPRING1_LONG_DOUBLE)
        to = mapring1_put(to, &value->more, sizeof value->more);
    return to;
}

/* The record begins with these two numbers. */
#define MAPRING1_LINE_BYTES 8

struct mapring1_log_line {
    const struct mapring1_log_site *site;
    const unsigned char *types;
    struct mapring1_log_value *values;
    unsigned count;
    uint32_t numbers[2]; /* of the site and the thread */
};

/* The space that the record takes; the lengths of strings are kept. */
MAPRING1_INLINE size_t mapring1_log_measure(const struct mapring1_log_line *line,
                                            uint32_t text_limit)
{
    size_t bytes = MAPRING1_LINE_BYTES;
#pragma GCC unroll 16
    for (unsigned i = 0; i < line->count; i++)
        bytes += mapring1_measure(line->types[i], &line->values[i], line->site->limits[i],
                                  i ? line->values[i - 1].bits : 0, text_limit);
    return bytes;
}

MAPRING1_INLINE void mapring1_log_pack_values(const struct mapring1_log_line *line,
                                              unsigned char *to)
{
#pragma GCC unroll 16
    for (unsigned i = 0; i < line->count; i++)
        to = mapring1_pack(line->types[i], to, &line->values[i], line->site->limits[i]);
}

MAPRING1_INLINE void mapring1_log_pack(const struct mapring1_log_line *line, unsigned char *to)
{
    mapring1_log_pack_values(line, mapring1_put(to, line->numbers, sizeof line->numbers));
}

MAPRING1_INLINE int mapring1_log_send_called(mapring_producer *producer, size_t bytes,
                                             const struct mapring1_log_line *line,
                                             int64_t timeout_ns)
{
    void *payload;
    int result = mapring_producer_reserve(producer, bytes, &payload, timeout_ns);
    if (MAPRING_UNLIKELY(result != MAPRING_OK))
        return result;
    mapring1_log_pack(line, MAPRING_CAST(unsigned char *, payload));
    return mapring_producer_commit(producer, bytes);
}

#ifdef MAPRING_CALLED
#define mapring1_log_send_line mapring1_log_send_called
#else
#define MAPRING1_LOG_HEADER (MAPRING_WORD_BYTES + MAPRING_TIMES) /* logs always have times */

/* Whether the record can be written without the library. */
MAPRING1_INLINE bool mapring1_log_has_room(const struct mapring_producer_hot *hot, size_t bytes,
                                           uint64_t next)
{
    return !hot->ring.broken && hot->ring.slow == MAPRING_TIMES &&
           bytes <= hot->ring.record_limit &&
           MAPRING_CAST(int64_t, hot->limit - next - hot->ring.slot_mask) > 0;
}

/* C, W: the end of mapring_producer_commit(). */
MAPRING1_INLINE int mapring1_log_show(mapring_producer *producer, mapring_word *word, size_t bytes,
                                      uint64_t next)
{
    struct mapring_producer_hot *hot = MAPRING_PRODUCER_HOT(producer);
    uint64_t sequence = hot->sequence;
    hot->position = next;
    hot->sequence = sequence + 1;
    hot->payload_bytes += bytes;
    mapring_release_store(word, mapring1_commit_word(MAPRING_DATA, bytes, sequence)); /* W1 */
    mapring_release_store(hot->tail, next);
    mapring_compiler_barrier();
    if (MAPRING_UNLIKELY(mapring_ordered_load(hot->wait_set))) /* W2 */
        mapring1_producer_wake(producer);
    return MAPRING_OK;
}

/* mapring1_stamp() of the record at `word`. */
MAPRING1_INLINE bool mapring1_log_stamp(struct mapring_producer_hot *hot, mapring_word *word)
{
    uint64_t counter = mapring_ticks(), before = hot->counter;
    if (MAPRING_UNLIKELY(counter - hot->counter_looked >= hot->counter_every))
        return false;
    if (MAPRING_LIKELY(MAPRING_CAST(int64_t, counter - before) > 0))
        hot->counter = counter;
    else
        counter = before;
    mapring_relaxed_store(word + 1, counter);
    return true;
}

/* What mapring_producer_reserve() and mapring_producer_commit() do, in one go: nothing is kept in
 * memory for the second, nor read again after the payload, which might have changed it as far as
 * the compiler knows. docs/performance.md says what that is worth. */
MAPRING1_INLINE int mapring1_log_send_line(mapring_producer *producer, size_t bytes,
                                           const struct mapring1_log_line *line,
                                           int64_t timeout_ns)
{
    struct mapring_producer_hot *hot = MAPRING_PRODUCER_HOT(producer);
    uint64_t span = mapring1_round(&hot->ring, MAPRING1_LOG_HEADER + bytes);
    uint64_t next = hot->position + span;
    if (MAPRING_UNLIKELY(!mapring1_log_has_room(hot, bytes, next)))
        return mapring1_log_send_called(producer, bytes, line, timeout_ns);
    mapring_relaxed_store(mapring1_word(&hot->ring, next), 0);
    mapring1_fetch_ahead(hot, next);
    unsigned char *at = mapring1_at(&hot->ring, hot->position);
    mapring_word *word = MAPRING_CAST(mapring_word *, MAPRING_CAST(void *, at));
    mapring1_log_pack(line, at + MAPRING1_LOG_HEADER);
    if (MAPRING_LIKELY(mapring1_log_stamp(hot, word)))
        return mapring1_log_show(producer, word, bytes, next);
    hot->reserved_span = span;
    hot->reserved_bytes = bytes;
    return mapring1_producer_commit(producer, bytes);
}
#endif

/* What both ways of a call share. Returns what the producer returned. What is needed of *way is
 * read before the payload is written, which might be anywhere as far as the compiler knows. */
MAPRING1_INLINE int mapring1_log_send(const struct mapring1_log_way *way, uint32_t number,
                                      const struct mapring1_log_site *site,
                                      const unsigned char *types,
                                      struct mapring1_log_value *values, unsigned count)
{
    const struct mapring1_log_line line = {site, types, values, count, {number, way->number}};
    size_t bytes = mapring1_log_measure(&line, way->text_limit);
    return mapring1_log_send_line(way->producer, bytes, &line, way->timeout_ns);
}

/* The number of the site in the dictionary of the thread's ring, 0 if it is not known yet. */
MAPRING1_INLINE uint32_t mapring1_log_number(const struct mapring1_log_way *way,
                                             const struct mapring1_log_site *site)
{
    uint32_t index = mapring_acquire_load(&site->index);
    return index < way->number_count ? way->numbers[index] : 0;
}

MAPRING1_INLINE void mapring1_log_write(mapring_log *log, struct mapring1_log_site *site,
                                        const unsigned char *types,
                                        struct mapring1_log_value *values, unsigned count)
{
    const struct mapring1_log_hot *hot =
        MAPRING_CAST(const struct mapring1_log_hot *, MAPRING_CAST(const void *, log));
    struct mapring1_log_last *last = &mapring1_log_last;
    struct mapring1_log_thread *thread = last->thread;
    int result = MAPRING_OK;
    uint32_t number;
    if (MAPRING_LIKELY(last->log == hot->number &&
                       mapring_relaxed_load(&thread->turn) == last->turn && !thread->inside &&
                       (number = mapring1_log_number(&last->way, site)) != 0)) {
        thread->inside = 1;
        mapring_compiler_barrier();
        result = mapring1_log_send(&last->way, number, site, types, values, count);
        mapring_compiler_barrier();
        thread->inside = 0;
        if (MAPRING_LIKELY(result == MAPRING_OK))
            return;
    }
    /* A copy, so that the values need no place in memory above. */
    struct mapring1_log_value copies[MAPRING_LOG_VALUES];
    for (unsigned i = 0; i < count; i++)
        copies[i] = values[i];
    mapring1_log_call(log, site, copies, count, result, last);
}

#ifdef __cplusplus
}
#endif

/* ---- The macro: the type of each value, and its bits ---- */

#define MAPRING1_LONG          (sizeof(long) == 4 ? MAPRING1_INT32 : MAPRING1_INT64)
#define MAPRING1_UNSIGNED_LONG (sizeof(long) == 4 ? MAPRING1_UINT32 : MAPRING1_UINT64)

#ifdef __cplusplus
/* A value's type is the size of what the first function would return. */
#define MAPRING1_IS(c_type, number, function)                    \
    char (&mapring1_sized(c_type))[number];                      \
    MAPRING1_INLINE struct mapring1_log_value mapring1_of(c_type is) { return function(is); }
MAPRING1_IS(int, MAPRING1_INT32, mapring1_integer)
MAPRING1_IS(unsigned, MAPRING1_UINT32, mapring1_natural)
MAPRING1_IS(long, MAPRING1_LONG, mapring1_integer)
MAPRING1_IS(unsigned long, MAPRING1_UNSIGNED_LONG, mapring1_natural)
MAPRING1_IS(long long, MAPRING1_INT64, mapring1_integer)
MAPRING1_IS(unsigned long long, MAPRING1_UINT64, mapring1_natural)
MAPRING1_IS(double, MAPRING1_DOUBLE, mapring1_double)
MAPRING1_IS(long double, MAPRING1_LONG_DOUBLE, mapring1_long_double)
MAPRING1_IS(const char *, MAPRING1_TEXT, mapring1_pointer)
MAPRING1_IS(const signed char *, MAPRING1_TEXT, mapring1_pointer)
MAPRING1_IS(const unsigned char *, MAPRING1_TEXT, mapring1_pointer)
MAPRING1_IS(const volatile void *, MAPRING1_POINTER, mapring1_pointer)
MAPRING1_IS(decltype(nullptr), MAPRING1_POINTER, mapring1_pointer)
#undef MAPRING1_IS
#define mapring1_type(is) sizeof(mapring1_sized(is))
#else
/* clang-format off */
#define mapring1_type(is) _Generic((is), \
    bool: MAPRING1_INT32, \
    char: MAPRING1_INT32, \
    signed char: MAPRING1_INT32, \
    unsigned char: MAPRING1_INT32, \
    short: MAPRING1_INT32, \
    unsigned short: MAPRING1_INT32, \
    int: MAPRING1_INT32, \
    unsigned: MAPRING1_UINT32, \
    long: MAPRING1_LONG, \
    unsigned long: MAPRING1_UNSIGNED_LONG, \
    long long: MAPRING1_INT64, \
    unsigned long long: MAPRING1_UINT64, \
    float: MAPRING1_DOUBLE, \
    double: MAPRING1_DOUBLE, \
    long double: MAPRING1_LONG_DOUBLE, \
    char *: MAPRING1_TEXT, \
    const char *: MAPRING1_TEXT, \
    signed char *: MAPRING1_TEXT, \
    const signed char *: MAPRING1_TEXT, \
    unsigned char *: MAPRING1_TEXT, \
    const unsigned char *: MAPRING1_TEXT, \
    default: MAPRING1_POINTER)
#define mapring1_of(is) _Generic((is), \
    bool: mapring1_integer, \
    char: mapring1_integer, \
    signed char: mapring1_integer, \
    unsigned char: mapring1_integer, \
    short: mapring1_integer, \
    unsigned short: mapring1_integer, \
    int: mapring1_integer, \
    unsigned: mapring1_natural, \
    long: mapring1_integer, \
    unsigned long: mapring1_natural, \
    long long: mapring1_integer, \
    unsigned long long: mapring1_natural, \
    float: mapring1_double, \
    double: mapring1_double, \
    long double: mapring1_long_double, \
    default: mapring1_pointer)(is)
/* clang-format on */
#endif

/* `of` each value after the format, each followed by a comma. */
#define MAPRING1_EACH_1(of, format)
#define MAPRING1_EACH_2(of, format, is) of(is),
#define MAPRING1_EACH_3(of, format, is, ...) of(is), MAPRING1_EACH_2(of, format, __VA_ARGS__)
#define MAPRING1_EACH_4(of, format, is, ...) of(is), MAPRING1_EACH_3(of, format, __VA_ARGS__)
#define MAPRING1_EACH_5(of, format, is, ...) of(is), MAPRING1_EACH_4(of, format, __VA_ARGS__)
#define MAPRING1_EACH_6(of, format, is, ...) of(is), MAPRING1_EACH_5(of, format, __VA_ARGS__)
#define MAPRING1_EACH_7(of, format, is, ...) of(is), MAPRING1_EACH_6(of, format, __VA_ARGS__)
#define MAPRING1_EACH_8(of, format, is, ...) of(is), MAPRING1_EACH_7(of, format, __VA_ARGS__)
#define MAPRING1_EACH_9(of, format, is, ...) of(is), MAPRING1_EACH_8(of, format, __VA_ARGS__)
#define MAPRING1_EACH_10(of, format, is, ...) of(is), MAPRING1_EACH_9(of, format, __VA_ARGS__)
#define MAPRING1_EACH_11(of, format, is, ...) of(is), MAPRING1_EACH_10(of, format, __VA_ARGS__)
#define MAPRING1_EACH_12(of, format, is, ...) of(is), MAPRING1_EACH_11(of, format, __VA_ARGS__)
#define MAPRING1_EACH_13(of, format, is, ...) of(is), MAPRING1_EACH_12(of, format, __VA_ARGS__)
#define MAPRING1_EACH_14(of, format, is, ...) of(is), MAPRING1_EACH_13(of, format, __VA_ARGS__)
#define MAPRING1_EACH_15(of, format, is, ...) of(is), MAPRING1_EACH_14(of, format, __VA_ARGS__)
#define MAPRING1_EACH_16(of, format, is, ...) of(is), MAPRING1_EACH_15(of, format, __VA_ARGS__)
#define MAPRING1_EACH_17(of, format, is, ...) of(is), MAPRING1_EACH_16(of, format, __VA_ARGS__)
#define MAPRING1_EACH_(count, ...) MAPRING1_EACH_##count(__VA_ARGS__)
#define MAPRING1_EACH(count, ...)  MAPRING1_EACH_(count, __VA_ARGS__)

#define MAPRING1_COUNT_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, count, ...) count
#define MAPRING1_COUNT(...) \
    MAPRING1_COUNT_(__VA_ARGS__, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)

#define MAPRING1_FORMAT(format, ...) "" format

/* The values belong to the expression that calls, so that what they point to is still there: it may
 * be a temporary, such as that of path.string().c_str(). */
#ifdef __cplusplus
template <size_t count>
MAPRING1_INLINE void mapring1_log_write_values(mapring_log *log, struct mapring1_log_site *site,
                                               const unsigned char *types,
                                               struct mapring1_log_value (&&values)[count])
{
    mapring1_log_write(log, site, types, values, count - 1);
}
#define MAPRING1_WRITE(log, site, types, ...) \
    mapring1_log_write_values(log, site, types, {__VA_ARGS__})
#else
#define MAPRING1_WRITE(log, site, types, ...)                                            \
    mapring1_log_write(log, site, types, (struct mapring1_log_value[]){__VA_ARGS__},     \
                       sizeof types - 1)
#endif

#define MAPRING1_LOG(handle, severity, ...)                                                    \
    do {                                                                                       \
        mapring_log *mapring1_log_ = (handle);                                                 \
        if (mapring1_log_enabled(mapring1_log_, (severity))) {                                 \
            static const unsigned char mapring1_types_[] = {                                   \
                MAPRING1_EACH(MAPRING1_COUNT(__VA_ARGS__), mapring1_type, __VA_ARGS__) 0};     \
            static struct mapring1_log_site mapring1_site_ = {                                 \
                MAPRING1_FORMAT(__VA_ARGS__, 0), __FILE__, __func__, mapring1_types_,          \
                __LINE__, (severity), 0, {0}};                                                 \
            MAPRING1_WRITE(mapring1_log_, &mapring1_site_, mapring1_types_,                    \
                           MAPRING1_EACH(MAPRING1_COUNT(__VA_ARGS__), mapring1_of, __VA_ARGS__) \
                               mapring1_integer(0));                                           \
        }                                                                                      \
        if (0)                                                                                 \
            mapring1_log_check(__VA_ARGS__);                                                   \
    } while (0)

#endif
