#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: bench.py one|copy|batch ROUNDS

What a record costs in Python, for measure.py. "copy" makes bytes of each record, where the others look into the
ring."""

import itertools
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
import mapring  # noqa: E402

RECORDS, BATCH, BYTES = 128000, 64, 64
RING = "test-peer-bench-python"
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


WAYS = {"one": (send_each, read_views), "copy": (send_each, read_copies), "batch": (send_batches, read_batches)}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in WAYS:
        sys.exit(__doc__)
    for _ in range(int(sys.argv[2])):
        print("%.1f %.1f" % measure(*WAYS[sys.argv[1]]), flush=True)


main()
