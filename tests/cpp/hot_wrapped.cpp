/* SPDX-License-Identifier: MIT */
/* Loops through the wrapper, as hot_plain.c has them in C. */
#include <mapring/mapring.hpp>

struct sample {
    std::uint64_t time;
    double value;
};

extern "C" int send_loop(mapring::producer *producer, const sample *samples, std::size_t count)
{
    for (std::size_t i = 0; i < count; i++)
        if (auto result = producer->send(samples[i]); !result)
            return result.code();
    return MAPRING_OK;
}

extern "C" int receive_loop(mapring::consumer *consumer, double *sum)
{
    auto records = consumer->records(0);
    for (auto &record : records)
        if (auto sample = record.as<struct sample>())
            *sum += sample->value;
    return records.result().code();
}
