/* SPDX-License-Identifier: MIT */
/*
 * The measuring loops, written once and compiled into each transport with its operations inlined:
 * what is measured is then the transport and not a call through a pointer.
 *
 *     static const struct lane_ops ops = {reserve, commit, flush, next, release};
 *     BENCH_LOOPS(pipe, ops)
 *
 * defines pipe_loops(), which gives the table of its loops. Also compiles as C++.
 */
#ifndef BENCH_LOOPS_H
#define BENCH_LOOPS_H

#include "clock.h"
#include "job.h"
#include "os.h"
#include "payload.h"
#include "transport.h"

#define BENCH_INLINE static inline __attribute__((always_inline))

/* One end of a channel. NULL means that the other side is gone or the transport failed. */
struct lane_ops {
    void *(*reserve)(void *lane, size_t bytes);
    void (*commit)(void *lane, size_t bytes);
    void (*flush)(void *lane);                       /* lets nothing be held back */
    const void *(*next)(void *lane, size_t bytes); /* waits */
    void (*release)(void *lane);
};

/* Some work of the program's own between two records: about 4 cycles a unit. */
BENCH_INLINE void loop_delay(uint32_t units)
{
    for (uint32_t i = 0; i < units; ++i)
        __asm__ volatile("" : "+r"(units) : : "memory");
}

BENCH_INLINE bool loop_send(const struct lane_ops *ops, void *lane, size_t bytes, uint64_t first)
{
    void *payload = ops->reserve(lane, bytes);
    if (payload == NULL)
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

/* Sends for a while, and between looks at the clock a handful at a time. */
BENCH_INLINE bool loop_send_until(const struct lane_ops *ops, void *lane, const struct job *job,
                                  uint64_t end)
{
    enum { HANDFUL = 64, HANDFUL_BYTES = 16384 };
    uint32_t handful = HANDFUL_BYTES / job->bytes;
    handful = handful < HANDFUL ? handful : (uint32_t)HANDFUL;
    uint64_t number = 1;
    while (clock_ticks() < end) {
        for (uint32_t i = 0; i <= handful; ++i) {
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
        if (payload == NULL)
            break;
        uint64_t first = payload_first(payload);
        sum += payload_sum(payload, job->bytes);
        ++records;
        ops->release(lane);
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

/* Waits for the next point in time of a schedule, and returns it. */
BENCH_INLINE uint64_t loop_await(uint64_t point)
{
    uint64_t now;
    while ((now = clock_ticks()) < point)
        continue;
    return now;
}

/* With a rate, a round trip counts from when it should have begun: a late one makes the next ones
 * late, and that belongs to the truth. */
BENCH_INLINE void loop_ping(const struct lane_ops *ops, void *out, void *in, const struct job *job,
                            struct result *result, double ticks_per_ns)
{
    uint64_t step = job->rate ? (uint64_t)(ticks_per_ns * 1e9 / (double)job->rate) : 0;
    uint64_t now = clock_ticks(), begin = now + job->warm_ticks, end = begin + job->slice_ticks;
    uint64_t since = now, sum = 0;
    while (now < end) {
        if (step > 0)
            loop_await(since);
        if (!loop_send_now(ops, out, job->bytes, 1))
            break;
        const void *payload = ops->next(in, job->bytes);
        if (payload == NULL)
            break;
        sum += payload_sum(payload, job->bytes);
        ops->release(in);
        now = clock_ticks();
        if (now > begin)
            histogram_add(&result->times, now - since);
        since = step > 0 ? since + step : now;
    }
    result->checksum = sum;
    result->records = result->times.count;
    result->failed = now < end || !loop_send_now(ops, out, job->bytes, MARK_END);
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

/* The first word is the time at which the record should have been sent. */
BENCH_INLINE void loop_paced_out(const struct lane_ops *ops, void *lane, const struct job *job,
                                 struct result *result, double ticks_per_ns)
{
    enum { DITHER = 61 };
    uint64_t step = (uint64_t)(ticks_per_ns * 1e9 / (double)job->rate);
    uint64_t point = clock_ticks() + step;
    uint64_t begin = point + job->warm_ticks, end = begin + job->slice_ticks;
    bool sent = true;
    for (uint64_t now = 0; sent && point < end && now < end; point += step) {
        now = loop_await(point);
        loop_delay((uint32_t)(point / step) % DITHER); /* the clock goes in steps: not always one's begin */
        uint64_t before = clock_ticks_in_order();
        sent = loop_send_now(ops, lane, job->bytes, point);
        uint64_t taken = clock_ticks_in_order() - before;
        if (point > begin)
            histogram_add(&result->times, taken);
    }
    result->failed = !sent || !loop_send_now(ops, lane, job->bytes, MARK_END);
    result->records = result->times.count;
}

BENCH_INLINE void loop_paced_in(const struct lane_ops *ops, void *lane, const struct job *job,
                                struct result *result)
{
    uint64_t begin = clock_ticks() + job->warm_ticks;
    const void *payload;
    while ((payload = ops->next(lane, job->bytes)) != NULL) {
        uint64_t now = clock_ticks();
        uint64_t first = payload_first(payload);
        result->checksum += payload_sum(payload, job->bytes);
        ops->release(lane);
        if (first >= MARK_BEGIN)
            return;
        if (first > begin)
            histogram_add(&result->times, now > first ? now - first : 0);
    }
    result->failed = 1;
}

/* Keeps the longest of the waits that were seen: how long, and what the process did meanwhile. */
struct loop_nap {
    int64_t begin_ns, cpu_ns;
    uint64_t switches;
};

BENCH_INLINE struct loop_nap loop_nap_begin(void)
{
    struct loop_nap nap = {os_now_ns(), bench_cpu_ns(), bench_switches()};
    return nap;
}

BENCH_INLINE void loop_nap_end(const struct loop_nap *nap, struct result *result)
{
    uint64_t taken = (uint64_t)(os_now_ns() - nap->begin_ns);
    if (taken < result->idle_ns)
        return;
    result->idle_ns = taken;
    result->cpu_ns = (uint64_t)(bench_cpu_ns() - nap->cpu_ns);
    result->switches = bench_switches() - nap->switches;
}

BENCH_INLINE void loop_idle_in(const struct lane_ops *ops, void *lane, const struct job *job,
                               struct result *result)
{
    const void *payload;
    do {
        struct loop_nap nap = loop_nap_begin();
        payload = ops->next(lane, job->bytes);
        loop_nap_end(&nap, result);
        if (payload == NULL)
            break;
        uint64_t first = payload_first(payload);
        ops->release(lane);
        if (first == MARK_END)
            return;
    } while (true);
    result->failed = 1;
}

/* Sends much more than the ring holds, and so sleeps once in the middle of it. */
BENCH_INLINE void loop_idle_out(const struct lane_ops *ops, void *lane, const struct job *job,
                                struct result *result)
{
    uint64_t count = 2 * job->capacity_bytes / job->bytes;
    for (uint64_t i = 0; i < count; ++i) {
        struct loop_nap nap = loop_nap_begin();
        if (!loop_send_now(ops, lane, job->bytes, 1))
            break;
        loop_nap_end(&nap, result);
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
        static const struct loops table = {                                                       \
            name##_stream_out, name##_stream_in, name##_ping,     name##_pong,    name##_paced_out,\
            name##_paced_in,   name##_idle_out,  name##_idle_in,  name##_send_end};               \
        (void)job;                                                                                \
        return &table;                                                                            \
    }

#endif
