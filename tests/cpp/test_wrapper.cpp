/* SPDX-License-Identifier: MIT */
/* What mapring.hpp adds to mapring.h. Usage: test_wrapper RING, a name that is free. Compiled for
 * each standard, and without exceptions and RTTI. */
#include "check.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <mapring/mapring.hpp>
#include <string>

namespace
{

struct sample {
    std::uint64_t time;
    double value;
};

struct alignas(64) line {
    char bytes[64];
};

const char *ring_name;

struct pair {
    mapring::producer producer;
    mapring::consumer consumer;

    explicit pair(mapring_when_full when_full = MAPRING_BLOCK)
    {
        mapring_options options = {};
        options.capacity_bytes = 65536;
        options.when_full = when_full;
        CHECK(producer.open(ring_name, options));
        CHECK(consumer.open(ring_name));
    }

    ~pair()
    {
        producer.close();
        consumer.close();
        mapring_remove(ring_name, MAPRING_LOCAL, true); /* on Windows it has gone */
    }

    mapring::record next()
    {
        mapring::record record;
        CHECK(consumer.next(record, 0));
        CHECK(consumer.release());
        return record;
    }

    bool is_empty()
    {
        mapring::record record;
        return consumer.next(record, 0) == MAPRING_NOTHING;
    }
};

void everything_is_sent_as_what_it_is()
{
    pair ring;
    const std::string text = "a string";
    const std::byte bytes[] = {std::byte(1), std::byte(0), std::byte(3)};
    CHECK(ring.producer.send("a literal"));
    CHECK(ring.producer.send(text, 0));
    CHECK(ring.producer.send(std::string_view("a\0b", 3)));
    CHECK(ring.producer.send(mapring::bytes_view(bytes, 3)));
    CHECK(ring.producer.send(sample{7, 0.5}));
    CHECK(ring.producer.send(std::array<int, 3>{1, 2, 3}));
    CHECK(ring.producer.send_bytes(bytes, 2));
    CHECK(ring.producer.printf(0, "%d and %s", 5, "six"));
    CHECK(ring.next().text() == "a literal");
    CHECK(ring.next().text() == text);
    CHECK(ring.next().text() == std::string_view("a\0b", 3));
    auto three = ring.next().view();
    CHECK(three.size() == 3 && three[0] == std::byte(1) && three[2] == std::byte(3));
    CHECK(ring.next().as<sample>()->time == 7);
    CHECK((*ring.next().as<std::array<int, 3>>())[2] == 3);
    CHECK(ring.next().view().size() == 2);
    CHECK(ring.next().text() == "5 and six");
    CHECK(ring.is_empty());
}

void an_object_of_another_size_or_alignment_is_none()
{
    pair ring;
    CHECK(ring.producer.send(sample{1, 2}));
    CHECK(ring.producer.send("12345678"));
    CHECK(ring.producer.send(""));
    mapring::record record = ring.next();
    CHECK(record.as<sample>() && !record.as<double>() && !record.as<line>());
    record = ring.next();
    CHECK(record.as<double>() && !record.as<sample>());
    CHECK(!ring.next().as<char>());
    unsigned aligned = 0;
    for (unsigned i = 0; i < 16; i++) {
        CHECK(ring.producer.send(line{}));
        aligned += ring.next().as<line>() != nullptr;
    }
    CHECK(aligned < 16); /* slots of 16 bytes, behind a word of 8 */
}

void a_reservation_that_is_not_committed_has_never_been()
{
    pair ring;
    {
        auto place = ring.producer.reserve(8, 0);
        CHECK(place && place.data() && place.size() == 8);
    }
    {
        auto place = ring.producer.reserve(8, 0);
        std::memcpy(place.data(), "kept", 4);
        CHECK(place.commit(9) == MAPRING_ERROR_ARGUMENT); /* it is still reserved */
        CHECK(place.commit(4));
        CHECK(place.commit(4) == MAPRING_ERROR_NOTHING_HELD);
    }
    {
        auto place = ring.producer.reserve(2, 0);
        std::memcpy(place.data(), "go", 2);
        CHECK(place.commit_part(2));
    }
    auto none = ring.producer.reserve(1 << 20, 0);
    CHECK(!none && none.result() == MAPRING_ERROR_RECORD_TOO_LARGE);
    CHECK(none.commit() == MAPRING_ERROR_RECORD_TOO_LARGE);
    CHECK(ring.next().text() == "kept");
    CHECK(ring.next().continued);
    CHECK(ring.is_empty());
}

void a_loop_releases_what_it_has_seen()
{
    pair ring;
    for (auto text : {"one", "two", "three"})
        CHECK(ring.producer.send(text));
    for (auto &record : ring.consumer.records(0))
        if (record.text() == "two")
            break;
    std::string seen;
    auto rest = ring.consumer.records(0);
    for (auto &record : rest)
        seen += record.text();
    CHECK(seen == "three");
    CHECK(rest.result() == MAPRING_NOTHING);
    for (unsigned i = 0; i < 10000; i++) { /* more than the ring holds */
        CHECK(ring.producer.send(i, 0));
        for (auto &record : ring.consumer.records(0))
            CHECK(*record.as<unsigned>() == i);
    }
    ring.producer.close();
    auto end = ring.consumer.records();
    for (auto &record : end)
        CHECK(record.text() == "no record");
    CHECK(end.result() == MAPRING_PRODUCER_CLOSED);
}

void a_loop_ends_where_records_are_lost()
{
    pair ring(MAPRING_DROP);
    mapring::result sent = MAPRING_OK;
    while (sent)
        sent = ring.producer.send(line{}, 0);
    CHECK(sent == MAPRING_DROPPED && !sent.failed());
    for (auto &record : ring.consumer.records(0))
        CHECK(record.view().size() == 64);
    CHECK(ring.producer.send("after"));
    auto records = ring.consumer.records(0);
    for (auto &record : records)
        CHECK(record.text() == "no record");
    CHECK(records.result() == MAPRING_LOST && records.lost().lost_records == 1);
    CHECK(ring.next().text() == "after");
}

void handles_move_and_close()
{
    mapring::producer producer;
    CHECK(!producer);
    CHECK(producer.send("nowhere") == MAPRING_ERROR_ARGUMENT);
    CHECK(producer.open(ring_name));
    mapring::producer other = std::move(producer);
    CHECK(!producer && other && other.send("here"));
    CHECK(producer.open(ring_name) == MAPRING_ERROR_PRODUCER_TAKEN);
    CHECK(!producer && !mapring::last_error().empty());
    CHECK(other.open(ring_name)); /* closes the old one first */
    mapring::ring ring;
    struct mapring_stat stat;
    CHECK(ring.open(ring_name));
    CHECK(ring.stat(stat) && stat.producer_state == MAPRING_PRODUCER_IS_OPEN);
    other.close();
    CHECK(ring.stat(stat) && stat.producer_state == MAPRING_PRODUCER_HAS_CLOSED);
    ring.close();
    mapring_remove(ring_name, MAPRING_LOCAL, true);
}

void observers_and_merges_read_too()
{
    pair ring;
    CHECK(ring.producer.send("seen"));
    char buffer[64];
    mapring::record record;
    mapring::observer observer;
    CHECK(observer.open(ring_name));
    CHECK(observer.receive(buffer, sizeof buffer, record, 0));
    CHECK(record.text() == "seen");
    mapring_merge_options options = {};
    options.from = MAPRING_OLDEST;
    mapring::merge merge;
    mapring_origin origin;
    CHECK(merge.open(options));
    CHECK(merge.add(ring_name));
    CHECK(merge.next(record, origin, 30000000000));
    CHECK(record.text() == "seen" && std::string_view(origin.ring) == ring_name);
    CHECK(merge.is_valid() && merge.release());
}

} // namespace

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    ring_name = argv[1];
    everything_is_sent_as_what_it_is();
    an_object_of_another_size_or_alignment_is_none();
    a_reservation_that_is_not_committed_has_never_been();
    a_loop_releases_what_it_has_seen();
    a_loop_ends_where_records_are_lost();
    handles_move_and_close();
    observers_and_merges_read_too();
    std::puts("ok");
}
