#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a record costs in Python: bindings/bench/README.md says what is measured."""

import contextlib
import itertools
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
import mapring  # noqa: E402

RECORDS, ROUNDS, BATCH, BYTES = 128000, 7, 64, 64
RING = "bindings-bench"
OPTIONS = mapring.RingOptions(capacity_bytes=1 << 26, prefault=True)
PAYLOAD = bytes(BYTES)


def send_each(producer):
    for _ in range(RECORDS):
        producer.send(PAYLOAD)


def send_batches(producer):
    for _ in range(RECORDS // BATCH):
        producer.send_batch([PAYLOAD] * BATCH)


def read_views(consumer):
    return sum(record.payload[0] for record in itertools.islice(consumer, RECORDS))


def read_copies(consumer):
    return sum(bytes(record)[0] for record in itertools.islice(consumer, RECORDS))


def read_batches(consumer):
    batches = itertools.islice(consumer.batches(BATCH), RECORDS // BATCH)
    return sum(record.payload[0] for batch in batches for record in batch)


def measure(send, read):
    with mapring.Producer(RING, OPTIONS) as producer, \
            mapring.Consumer(RING, mapring.ConsumerOptions(prefault=True)) as consumer:
        start = time.perf_counter_ns()
        send(producer)
        sent = time.perf_counter_ns()
        read(consumer)
        end = time.perf_counter_ns()
    mapring.remove(RING)
    return (sent - start) / RECORDS, (end - sent) / RECORDS


def report(what, send, read):
    sends, reads = zip(*(measure(send, read) for _ in range(ROUNDS)))
    print(f"Python {what}: send {statistics.median(sends):.0f} ns, read {statistics.median(reads):.0f} ns")


def main():
    with contextlib.suppress(mapring.NotThere):
        mapring.remove(RING, force=True)
    report("single, in place", send_each, read_views)
    report("single, copied", send_each, read_copies)
    report("batches", send_batches, read_batches)


main()
