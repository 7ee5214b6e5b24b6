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

constexpr std::size_t batch_records = 64, bench_bytes = 64, bench_records = 128000;

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

bool bench_send(mapring::producer &producer)
{
    const payload sent = {};
    for (std::size_t i = 0; i < bench_records; i++)
        if (!producer.send(sent, 0))
            return false;
    return true;
}

bool bench_send_batches(mapring::producer &producer)
{
    const payload sent = {};
    mapring_buffer records[batch_records];
    for (auto &record : records)
        record = {&sent, sizeof sent};
    for (std::size_t i = 0; i < bench_records; i += batch_records)
        if (!producer.send_batch(records, batch_records, 0))
            return false;
    return true;
}

bool bench_read(mapring::consumer &consumer)
{
    mapring::record record;
    int sum = 0;
    for (std::size_t i = 0; i < bench_records; i++) {
        if (!consumer.next(record, 0))
            return false;
        sum += record.as<payload>()->bytes[0];
        if (!consumer.release())
            return false;
    }
    return sum == 0;
}

bool bench_read_batches(mapring::consumer &consumer)
{
    mapring::record records[batch_records];
    int sum = 0;
    std::size_t got = 0;
    for (std::size_t done = 0; done < bench_records; done += got) {
        if (!consumer.next_batch(records, got, 0))
            return false;
        for (std::size_t i = 0; i < got; i++)
            sum += records[i].as<payload>()->bytes[0];
        if (!consumer.release())
            return false;
    }
    return sum == 0;
}

int measure_round(bool in_batches)
{
    using clock = std::chrono::steady_clock;
    static const char ring[] = "test-peer-bench-cpp";
    mapring_options options = {};
    options.capacity_bytes = 1 << 26;
    options.prefault = true;
    mapring_consumer_options reading = {};
    reading.prefault = true;
    mapring::producer producer;
    mapring::consumer consumer;
    auto result = producer.open(ring, options);
    if (result)
        result = consumer.open(ring, reading);
    if (!result)
        return failed(result);
    auto begin = clock::now();
    bool done = (in_batches ? bench_send_batches : bench_send)(producer);
    auto sent = clock::now();
    done = done && (in_batches ? bench_read_batches : bench_read)(consumer);
    std::chrono::duration<double, std::nano> send = sent - begin, read = clock::now() - sent;
    std::printf("%.1f %.1f\n", send.count() / bench_records, read.count() / bench_records);
    mapring_remove(ring, MAPRING_LOCAL, true);
    return done ? 0 : 1;
}

int measure(std::string_view how, int rounds)
{
    int status = 0;
    for (int i = 0; i < rounds && status == 0; i++)
        status = measure_round(how == "batch");
    return status;
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
        return measure(argv[2], std::atoi(argv[3]));
    std::cerr << "usage: peer read|send|batch|hold|bench ARGUMENT...\n";
    return 64;
}
