/* SPDX-License-Identifier: MIT */
/*
 * The measuring loops, written once and compiled into each transport with its operations inlined,
 * so that what is measured is the transport and not calls through pointers.
 *
 *     static const struct lane_ops ops = {reserve, commit, flush, next, release};
 *     BENCH_LOOPS(pipe, ops)
 *
 * defines pipe_loops(), which returns the table of loops. This file also compiles as C++.
 */
#ifndef BENCH_LOOPS_H
#define BENCH_LOOPS_H

#include "clock.h"
#include "job.h"
#include "nap.h"
#include "payload.h"
#include "transport.h"

#define BENCH_INLINE static inline __attribute__((always_inline))

/* One end of a channel. NULL from reserve or next: the other side is gone, or the transport
 * failed. */
struct lane_ops {
    void *(*reserve)(void *lane, size_t bytes);
    void (*commit)(void *lane, size_t bytes);
    void (*flush)(void *lane);                     /* sends everything that is held back */
    const void *(*next)(void *lane, size_t bytes); /* blocks until there is a record */
    void (*release)(void *lane);
};

/* Stands for other work of the program between two records; a unit takes about 4 cycles. */
BENCH_INLINE void loop_delay(uint32_t units)
{
    for (uint32_t i = 0; i < units; i++)
        __asm__ volatile("" : "+r"(units) : : "memory");
}

BENCH_INLINE bool loop_send(const struct lane_ops *ops, void *lane, size_t bytes, uint64_t first)
{
    void *payload = ops->reserve(lane, bytes);
    if (!payload)
        return false;
    payload_write(payload, bytes, first);
    ops->commit(lane, bytes);
    return true;
}

BENCH_INLINE bool loop_send_now(const struct lane_ops *ops, void *lane, size_t bytes,
                                uint64_t first)
{
    bool sent = loop_send(ops, lane, bytes, first);
    if (sent)
        ops->flush(lane);
    return sent;
}

/* Sends until `end`, a handful of records between two reads of the clock. */
BENCH_INLINE bool loop_send_until(const struct lane_ops *ops, void *lane, const struct job *job,
                                  uint64_t end)
{
    enum { HANDFUL = 64, HANDFUL_BYTES = 16384 };
    uint32_t handful = HANDFUL_BYTES / job->bytes;
    handful = handful < HANDFUL ? handful : (uint32_t)HANDFUL;
    uint64_t number = 1;
    while (clock_ticks() < end) {
        for (uint32_t i = 0; i <= handful; i++) {
            if (!loop_send(ops, lane, job->bytes, number++))
                return false;
            loop_delay(job->delay);
        }
    }
    return true;
}

BENCH_INLINE void loop_stream_out(const struct lane_ops *ops, void *lane, const struct job *job,
                                  struct result *result)
{
    uint64_t begin = clock_ticks() + job->warm_ticks;
    bool sent = loop_send_until(ops, lane, job, begin) &&
                loop_send_now(ops, lane, job->bytes, MARK_BEGIN) &&
                loop_send_until(ops, lane, job, begin + job->slice_ticks) &&
                loop_send_now(ops, lane, job->bytes, MARK_END);
    result->failed = !sent;
}

BENCH_INLINE void loop_stream_in(const struct lane_ops *ops, void *lane, const struct job *job,
                                 struct result *result)
{
    uint64_t sum = 0, records = 0, begin = clock_ticks();
    for (;;) {
        const void *payload = ops->next(lane, job->bytes);
        if (!payload)
            break;
        uint64_t first = payload_first(payload);
        sum += payload_sum(payload, job->bytes);
        records++;
        ops->release(lane);
        loop_delay(job->read_delay);
        if (first < MARK_BEGIN)
            continue;
        result->ticks = clock_ticks() - begin;
        result->records = records;
        if (first == MARK_END)
            break;
        records = 0;
        begin = clock_ticks();
    }
    result->checksum = sum;
    result->failed = result->records == 0;
}

/* Spins until a point in time, and returns the time. */
BENCH_INLINE uint64_t loop_await(uint64_t point)
{
    uint64_t now;
    while ((now = clock_ticks()) < point)
        continue;
    return now;
}

/* One record there and one back. */
BENCH_INLINE bool loop_trip(const struct lane_ops *ops, void *out, void *in, const struct job *job,
                            struct result *result)
{
    if (!loop_send_now(ops, out, job->bytes, 1))
        return false;
    const void *payload = ops->next(in, job->bytes);
    if (!payload)
        return false;
    result->checksum += payload_sum(payload, job->bytes);
    ops->release(in);
    return true;
}

/* Goes once around the ring, so that all its pages are mapped; but for no longer than one slice. */
BENCH_INLINE bool loop_warm_trips(const struct lane_ops *ops, void *out, void *in,
                                  const struct job *job, struct result *result)
{
    enum { HEADER_BYTES = 8 };
    uint64_t trips = job->capacity_bytes / (job->bytes + HEADER_BYTES);
    uint64_t end = clock_ticks() + job->slice_ticks;
    while (trips-- > 0 && clock_ticks() < end)
        if (!loop_trip(ops, out, in, job, result))
            return false;
    return true;
}

/* With a rate, a round trip is timed from the moment it was due. A late one delays the ones after
 * it, and their times include that delay. */
BENCH_INLINE void loop_ping(const struct lane_ops *ops, void *out, void *in, const struct job *job,
                            struct result *result, double ticks_per_ns)
{
    uint64_t step = job->rate ? (uint64_t)(ticks_per_ns * 1e9 / (double)job->rate) : 0;
    bool done = loop_warm_trips(ops, out, in, job, result);
    uint64_t now = clock_ticks(), end = now + job->slice_ticks, since = now;
    while (done && now < end) {
        if (step > 0)
            loop_await(since);
        done = loop_trip(ops, out, in, job, result);
        now = clock_ticks();
        histogram_add(&result->times, now - since);
        since = step > 0 ? since + step : now;
    }
    result->records = result->times.count;
    result->failed = !done || !loop_send_now(ops, out, job->bytes, MARK_END);
}

BENCH_INLINE void loop_pong(const struct lane_ops *ops, void *out, void *in, const struct job *job,
                            struct result *result)
{
    const void *payload;
    while ((payload = ops->next(in, job->bytes)) != NULL) {
        uint64_t first = payload_first(payload);
        result->checksum += payload_sum(payload, job->bytes);
        ops->release(in);
        if (first >= MARK_BEGIN)
            return;
        if (!loop_send_now(ops, out, job->bytes, 1))
            break;
    }
    result->failed = 1;
}

/* The first word of a record is the time at which it was due. Before that, sends as many records as
 * the warm-up time allows, so that all pages of the ring are mapped. */
BENCH_INLINE void loop_paced_out(const struct lane_ops *ops, void *lane, const struct job *job,
                                 struct result *result, double ticks_per_ns)
{
    enum { DITHER = 61 }; /* the clock advances in steps: begin at different points of one */
    uint64_t step = (uint64_t)(ticks_per_ns * 1e9 / (double)job->rate);
    bool sent = loop_send_until(ops, lane, job, clock_ticks() + job->warm_ticks);
    uint64_t begin = clock_ticks() + job->warm_ticks, end = begin + job->slice_ticks;
    uint64_t point = begin;
    for (uint64_t now = 0; sent && point < end && now < end; point += step) {
        now = loop_await(point);
        loop_delay((uint32_t)(point / step) % DITHER);
        uint64_t before = clock_ticks_in_order();
        sent = loop_send_now(ops, lane, job->bytes, point);
        histogram_add(&result->times, clock_ticks_in_order() - before);
    }
    result->failed = !sent || !loop_send_now(ops, lane, job->bytes, MARK_END);
    result->records = result->times.count;
}

BENCH_INLINE void loop_paced_in(const struct lane_ops *ops, void *lane, const struct job *job,
                                struct result *result)
{
    uint64_t begin = clock_ticks(); /* warm-up records contain smaller numbers */
    struct nap all = {0};
    const void *payload;
    while ((payload = ops->next(lane, job->bytes)) != NULL) {
        uint64_t now = clock_ticks();
        uint64_t first = payload_first(payload);
        result->checksum += payload_sum(payload, job->bytes);
        ops->release(lane);
        if (first >= MARK_BEGIN) {
            nap_end(&all, result);
            return;
        }
        if (first > begin && result->times.count == 0)
            all = nap_begin();
        if (first > begin)
            histogram_add(&result->times, now > first ? now - first : 0);
    }
    result->failed = 1;
}

BENCH_INLINE void loop_idle_in(const struct lane_ops *ops, void *lane, const struct job *job,
                               struct result *result)
{
    const void *payload;
    do {
        struct nap nap = nap_begin();
        payload = ops->next(lane, job->bytes);
        nap_end(&nap, result);
        if (!payload)
            break;
        uint64_t first = payload_first(payload);
        ops->release(lane);
        if (first == MARK_END)
            return;
    } while (true);
    result->failed = 1;
}

/* Sends much more than fits into the ring, and so sleeps once until the reader begins. */
BENCH_INLINE void loop_idle_out(const struct lane_ops *ops, void *lane, const struct job *job,
                                struct result *result)
{
    uint64_t count = 2 * job->capacity_bytes / job->bytes;
    for (uint64_t i = 0; i < count; i++) {
        struct nap nap = nap_begin();
        if (!loop_send_now(ops, lane, job->bytes, 1))
            break;
        nap_end(&nap, result);
    }
    result->failed = !loop_send_now(ops, lane, job->bytes, MARK_END);
}

#define BENCH_LOOPS(name, ops)                                                                    \
    static void name##_stream_out(void *lane, const struct job *job, struct result *result)       \
    {                                                                                             \
        loop_stream_out(&ops, lane, job, result);                                                 \
    }                                                                                             \
    static void name##_stream_in(void *lane, const struct job *job, struct result *result)        \
    {                                                                                             \
        loop_stream_in(&ops, lane, job, result);                                                  \
    }                                                                                             \
    static void name##_ping(void *out, void *in, const struct job *job, struct result *result)    \
    {                                                                                             \
        loop_ping(&ops, out, in, job, result, clock_ticks_per_ns());                              \
    }                                                                                             \
    static void name##_pong(void *out, void *in, const struct job *job, struct result *result)    \
    {                                                                                             \
        loop_pong(&ops, out, in, job, result);                                                    \
    }                                                                                             \
    static void name##_paced_out(void *lane, const struct job *job, struct result *result)        \
    {                                                                                             \
        loop_paced_out(&ops, lane, job, result, clock_ticks_per_ns());                            \
    }                                                                                             \
    static void name##_paced_in(void *lane, const struct job *job, struct result *result)         \
    {                                                                                             \
        loop_paced_in(&ops, lane, job, result);                                                   \
    }                                                                                             \
    static void name##_idle_out(void *lane, const struct job *job, struct result *result)         \
    {                                                                                             \
        loop_idle_out(&ops, lane, job, result);                                                   \
    }                                                                                             \
    static void name##_idle_in(void *lane, const struct job *job, struct result *result)          \
    {                                                                                             \
        loop_idle_in(&ops, lane, job, result);                                                    \
    }                                                                                             \
    static void name##_send_end(void *lane, const struct job *job, struct result *result)         \
    {                                                                                             \
        result->failed = !loop_send_now(&ops, lane, job->bytes, MARK_END);                        \
    }                                                                                             \
    static const struct loops *name##_loops(const struct job *job)                                \
    {                                                                                             \
        static const struct loops table = {name##_stream_out, name##_stream_in, name##_ping,      \
                                           name##_pong,       name##_paced_out, name##_paced_in,  \
                                           name##_idle_out,   name##_idle_in,   name##_send_end}; \
        (void)job;                                                                                \
        return &table;                                                                            \
    }

#endif
