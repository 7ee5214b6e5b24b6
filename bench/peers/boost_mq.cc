/* SPDX-License-Identifier: MIT */
/* Peer: boost::interprocess::message_queue. */
#include <boost/interprocess/ipc/message_queue.hpp>

#include <cstdlib>
#include <exception>

#include "core/loops.h"
#include "peers.h"

namespace
{

using boost::interprocess::message_queue;

struct lane {
    message_queue *queue;
    unsigned char *buffer;
};

void *open_end(const struct channel *channel, struct result *result)
{
    size_t bytes = channel->job->bytes;
    try {
        auto *queue = new message_queue(boost::interprocess::open_or_create, channel->name,
                                        channel->job->capacity_bytes / bytes, bytes);
        return new lane{queue, static_cast<unsigned char *>(std::calloc(1, bytes))};
    } catch (const std::exception &problem) {
        snprintf(result->error, sizeof result->error, "message_queue: %s", problem.what());
        return nullptr;
    }
}

void close_end(void *context)
{
    auto *closing = static_cast<lane *>(context);
    delete closing->queue;
    std::free(closing->buffer);
    delete closing;
}

void remove_queue(const struct channel *channel)
{
    message_queue::remove(channel->name);
}

void *reserve(void *context, size_t)
{
    return static_cast<lane *>(context)->buffer;
}

void commit(void *context, size_t bytes)
{
    auto *to = static_cast<lane *>(context);
    to->queue->send(to->buffer, bytes, 0);
}

void nothing(void *)
{
}

const void *next(void *context, size_t bytes)
{
    auto *from = static_cast<lane *>(context);
    message_queue::size_type got;
    unsigned priority;
    from->queue->receive(from->buffer, bytes, got, priority);
    return from->buffer;
}

constexpr lane_ops mq_ops = {reserve, commit, nothing, next, nothing};
BENCH_LOOPS(mq, mq_ops)

} // namespace

const struct transport transport_boost_mq = {.name = "boost-mq",
                                             .title = "Boost.Interprocess queue",
                                             .sleeps = true,
                                             .open_writer = open_end,
                                             .open_reader = open_end,
                                             .close_writer = close_end,
                                             .close_reader = close_end,
                                             .remove = remove_queue,
                                             .loops = mq_loops};
