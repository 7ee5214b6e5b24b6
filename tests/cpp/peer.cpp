/* SPDX-License-Identifier: MIT */
/* tests/languages/peer.c in C++. */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mapring/mapring.hpp>
#include <string>
#include <vector>

namespace
{

constexpr std::size_t batch_records = 64, bench_bytes = 64;

int failed(mapring::result result)
{
    std::cerr << "peer: " << mapring::last_error() << '\n';
    return -result.code();
}

void print(const mapring::record &record)
{
    std::printf("record %llu %d %d ", static_cast<unsigned long long>(record.sequence),
                record.continued, record.continues);
    for (std::byte byte : record.view())
        std::printf("%02x", std::to_integer<unsigned>(byte));
    std::printf("\n");
}

/* What a reader gets instead of a record. Returns whether more can come. */
bool tell(mapring::result result, const mapring::record &record, int &code)
{
    if (result == MAPRING_LOST)
        std::printf("lost %llu %llu\n", static_cast<unsigned long long>(record.sequence),
                    static_cast<unsigned long long>(record.lost_records));
    else if (!result.failed())
        std::printf("end %d\n", result.code());
    else
        code = failed(result);
    std::fflush(stdout);
    return result == MAPRING_LOST;
}

int read_consumer(const char *ring, std::int64_t timeout_ns)
{
    mapring::consumer consumer;
    mapring_consumer_options options = {};
    options.from = MAPRING_OLDEST;
    if (auto result = consumer.open(ring, options); !result)
        return failed(result);
    int code = 0;
    for (bool more = true; more;) {
        auto records = consumer.records(timeout_ns);
        for (auto &record : records) {
            print(record);
            std::fflush(stdout);
        }
        more = tell(records.result(), records.lost(), code);
    }
    return code;
}

int read_batches(const char *ring, std::int64_t timeout_ns)
{
    mapring::consumer consumer;
    mapring_consumer_options options = {};
    options.from = MAPRING_OLDEST;
    if (auto result = consumer.open(ring, options); !result)
        return failed(result);
    mapring::record records[batch_records];
    int code = 0;
    for (;;) {
        std::size_t count = 0;
        auto result = consumer.next_batch(records, count, timeout_ns);
        if (!result && !tell(result, records[0], code))
            return code;
        for (std::size_t i = 0; result && i < count; i++)
            print(records[i]);
        if (result)
            result = consumer.release();
    }
}

int read_observer(const char *ring, std::int64_t timeout_ns)
{
    mapring::observer observer;
    mapring_observer_options options = {};
    options.from = MAPRING_OLDEST;
    if (auto result = observer.open(ring, options); !result)
        return failed(result);
    std::vector<char> buffer(100000);
    mapring::record record;
    for (int code = 0;;) {
        auto result = observer.receive(buffer.data(), buffer.size(), record, timeout_ns);
        if (result)
            print(record);
        else if (!tell(result, record, code))
            return code;
    }
}

int read_ring(std::string_view how, const char *ring, long long milliseconds)
{
    std::int64_t timeout_ns = milliseconds < 0 ? MAPRING_FOREVER : milliseconds * 1000000;
    return how == "observer" ? read_observer(ring, timeout_ns)
           : how == "batch"  ? read_batches(ring, timeout_ns)
                             : read_consumer(ring, timeout_ns);
}

int hold(const char *ring)
{
    mapring::consumer consumer;
    mapring::record record;
    auto result = consumer.open(ring);
    if (result)
        result = consumer.next(record);
    if (!result)
        return failed(result);
    std::cout << "held" << std::endl;
    while (std::cin.get() != EOF)
        ;
    return 0;
}

mapring::result send_batches(mapring::producer &producer)
{
    std::vector<std::string> lines;
    std::vector<mapring_buffer> buffers;
    bool more = true;
    while (more) {
        lines.clear();
        buffers.clear();
        for (std::string line;
             lines.size() < batch_records && (more = !!std::getline(std::cin, line));)
            lines.push_back(line);
        for (auto &line : lines)
            buffers.push_back({line.data(), line.size()});
        if (!buffers.empty())
            if (auto result = producer.send_batch(buffers.data(), buffers.size()); !result)
                return result;
    }
    return MAPRING_OK;
}

mapring::result send_lines(mapring::producer &producer)
{
    for (std::string line; std::getline(std::cin, line);)
        if (auto result = producer.send(line); !result)
            return result;
    return MAPRING_OK;
}

int send(std::string_view how, const char *ring)
{
    mapring::producer producer;
    if (auto result = producer.open(ring); !result)
        return failed(result);
    std::cout << "open" << std::endl;
    auto result = how == "batch" ? send_batches(producer) : send_lines(producer);
    return result ? 0 : failed(result);
}

struct payload {
    char bytes[bench_bytes];
};

bool one_by_one(mapring::producer &producer, mapring::consumer &consumer, std::uint64_t count)
{
    const payload sent = {};
    mapring::record record;
    for (std::uint64_t i = 0; i < count; i++)
        if (!producer.send(sent, 0) || !consumer.next(record, 0) || !consumer.release())
            return false;
    return true;
}

bool in_batches(mapring::producer &producer, mapring::consumer &consumer, std::uint64_t count)
{
    const payload sent = {};
    mapring_buffer buffers[batch_records];
    mapring::record records[batch_records];
    for (auto &buffer : buffers)
        buffer = {&sent, sizeof sent};
    for (std::uint64_t i = 0; i < count; i += batch_records) {
        std::size_t got = 0;
        if (!producer.send_batch(buffers, batch_records, 0) ||
            !consumer.next_batch(records, got, 0) || got != batch_records || !consumer.release())
            return false;
    }
    return true;
}

int measure(std::string_view how, std::uint64_t count)
{
    static const char ring[] = "test-peer-bench-cpp";
    mapring::producer producer;
    mapring::consumer consumer;
    auto result = producer.open(ring);
    if (result)
        result = consumer.open(ring);
    if (!result)
        return failed(result);
    auto begin = std::chrono::steady_clock::now();
    bool done = (how == "batch" ? in_batches : one_by_one)(producer, consumer, count);
    std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    std::printf("%.1f\n", took.count() / static_cast<double>(count));
    mapring_remove(ring, MAPRING_LOCAL, true);
    return done ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "read" && argc == 5)
        return read_ring(argv[2], argv[3], std::atoll(argv[4]));
    if ((what == "send" || what == "batch") && argc == 3)
        return send(what, argv[2]);
    if (what == "hold" && argc == 3)
        return hold(argv[2]);
    if (what == "bench" && argc == 4)
        return measure(argv[2], std::strtoull(argv[3], nullptr, 10));
    std::cerr << "usage: peer read|send|batch|hold|bench ARGUMENT...\n";
    return 64;
}
