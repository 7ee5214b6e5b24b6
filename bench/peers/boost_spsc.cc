/* SPDX-License-Identifier: MIT */
/* Peer: boost::lockfree::spsc_queue of fixed-size items, one at a time and in batches. */
#include <boost/lockfree/spsc_queue.hpp>

#include <cstdlib>

#include "core/loops.h"
#include "peers.h"

namespace
{

constexpr uint64_t capacity_bytes = 1 << 20;

template <size_t bytes> struct item {
    unsigned char payload[bytes];
};

template <size_t bytes>
using queue_of =
    boost::lockfree::spsc_queue<item<bytes>, boost::lockfree::capacity<capacity_bytes / bytes>>;

struct lane {
    void *queue; /* in shared memory; all zeros are an empty queue */
    unsigned char *buffer;
    size_t batch, held, taken;
};

void *open_end(const struct channel *channel, struct result *)
{
    auto *made = static_cast<lane *>(std::calloc(1, sizeof(lane)));
    made->queue = channel->area;
    made->batch = job_batch(channel->job);
    made->buffer = static_cast<unsigned char *>(std::calloc(made->batch, channel->job->bytes));
    return made;
}

void close_end(void *context)
{
    std::free(static_cast<lane *>(context)->buffer);
    std::free(context);
}

void nothing(void *)
{
}

template <size_t bytes> struct single {
    static queue_of<bytes> &queue(void *context)
    {
        return *static_cast<queue_of<bytes> *>(static_cast<lane *>(context)->queue);
    }
    static void *reserve(void *context, size_t)
    {
        return static_cast<lane *>(context)->buffer;
    }
    static void commit(void *context, size_t)
    {
        auto *record = reinterpret_cast<item<bytes> *>(static_cast<lane *>(context)->buffer);
        while (!queue(context).push(*record))
            continue;
    }
    static const void *next(void *context, size_t)
    {
        while (queue(context).read_available() == 0)
            continue;
        return &queue(context).front();
    }
    static void release(void *context)
    {
        queue(context).pop();
    }
    static constexpr lane_ops ops = {reserve, commit, nothing, next, release};
    BENCH_LOOPS(boost, ops)
};

template <size_t bytes> struct batch {
    using record = item<bytes>;
    static record *records(void *context)
    {
        return reinterpret_cast<record *>(static_cast<lane *>(context)->buffer);
    }
    static void *reserve(void *context, size_t)
    {
        return &records(context)[static_cast<lane *>(context)->held];
    }
    static void flush(void *context)
    {
        auto *from = static_cast<lane *>(context);
        for (size_t sent = 0; sent < from->held;)
            sent += single<bytes>::queue(context).push(records(context) + sent, from->held - sent);
        from->held = 0;
    }
    static void commit(void *context, size_t)
    {
        auto *from = static_cast<lane *>(context);
        if (++from->held == from->batch)
            flush(context);
    }
    static const void *next(void *context, size_t)
    {
        auto *to = static_cast<lane *>(context);
        if (to->taken == to->held) {
            to->taken = 0;
            while ((to->held = single<bytes>::queue(context).pop(records(context), to->batch)) == 0)
                continue;
        }
        return &records(context)[to->taken];
    }
    static void release(void *context)
    {
        ++static_cast<lane *>(context)->taken;
    }
    static constexpr lane_ops ops = {reserve, commit, flush, next, release};
    BENCH_LOOPS(boost, ops)
};

template <template <size_t> class kind> const struct loops *loops_of(const struct job *job)
{
#define BOOST_CASE(size)                                               \
    if (job->bytes == (size) && job->capacity_bytes == capacity_bytes) \
        return kind<size>::boost_loops(job);
    PEER_SIZES(BOOST_CASE)
    return nullptr;
}

} // namespace

const struct transport transport_boost_spsc = {.name = "boost-spsc",
                                               .title = "boost spsc_queue",
                                               .open_writer = open_end,
                                               .open_reader = open_end,
                                               .close_writer = close_end,
                                               .close_reader = close_end,
                                               .loops = loops_of<single>};

const struct transport transport_boost_spsc_batch = {.name = "boost-spsc-batch",
                                                     .title = "boost spsc_queue, batches of 32",
                                                     .single = &transport_boost_spsc,
                                                     .open_writer = open_end,
                                                     .open_reader = open_end,
                                                     .close_writer = close_end,
                                                     .close_reader = close_end,
                                                     .loops = loops_of<batch>};
