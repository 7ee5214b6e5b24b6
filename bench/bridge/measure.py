#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares "mapring bridge out" with plain publishing of the same records to the same servers, in turns, and measures
how long a record takes from ring to ring. Prints a table in Markdown. Needs nats-server, and the machine for itself."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'tests/bridge'))
from jetstream import empty_stream, make_stream, stream_info  # noqa: E402
from processes import Process, await_true  # noqa: E402
from server import Cluster, Server, version  # noqa: E402

SIZES = (128, 1024, 65536)
FIRST_BYTES = 8 << 20  # of a slice before the rate is known
MOST_BYTES = 4 << 30  # of a slice, however fast it goes
CAPACITY = '16M'
PENDING = 4096  # messages of plain publishing in flight; more of them, or fewer, are slower
TICKS = os.sysconf('SC_CLK_TCK')
PACE_S = 0.001
LATENCY_RECORDS = 5000


class Place:
    """A folder with rings, servers and what else a measurement needs."""

    def __init__(self, folder, options):
        self.folder, self.tool, self.plain = folder, options.tool.resolve(), options.plain.resolve()
        (folder / 'rings').mkdir()
        self.environment = {**os.environ, 'MAPRING_DIR': str(folder / 'rings')}
        self.source = folder / 'source'
        self.source.touch()

    def mapring(self, *words, **settings):
        return subprocess.run([self.tool, *map(str, words)], env=self.environment, check=True, stdout=subprocess.PIPE,
                              **settings).stdout

    def start(self, name, *words):
        return Process(name, [self.tool, *words], self.folder, self.environment)

    def consumers(self, ring):
        return json.loads(self.mapring('stat', ring, '--json'))['consumers']


def processor_s(process_id):
    """The processor time of a process."""
    fields = pathlib.Path(f'/proc/{process_id}/stat').read_text(encoding='ascii').rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mib(process_id):
    for line in pathlib.Path(f'/proc/{process_id}/status').read_text(encoding='ascii').splitlines():
        if line.startswith('VmHWM:'):
            return int(line.split()[1]) / 1024
    raise ValueError('no VmHWM')


class Bridge:
    """The contender: a ring whose records a bridge publishes. A slice ends when all are acknowledged."""

    title = 'bridge'

    def __init__(self, place, servers, size):
        self.place, self.servers, self.size = place, servers, size
        self.ring = self.stream = f'bridge{size}'
        place.mapring('create', self.ring, '--capacity', CAPACITY)
        self.process = place.start(self.ring, 'bridge', 'out', self.ring, '--url', servers.url(), '--stream', self.stream,
                                   '--create', '--replicas', str(len(servers.servers())))
        await_true('the bridge reads', lambda: self.place.consumers(self.ring))

    def slice(self, count):
        """Seconds, and the bridge's own processor time."""
        process_id = self.process.popen.pid
        os.truncate(self.place.source, count * self.size)  # zeros that take no place
        used, began = processor_s(process_id), time.monotonic()
        self.place.mapring('send', self.ring, self.place.source, '--framing', 'block', '--block-bytes', self.size,
                           '--linger', '120')
        taken = time.monotonic() - began
        return taken, processor_s(process_id) - used

    def clean(self):
        empty_stream(self.servers.servers()[0].client, self.stream)

    def end(self):
        self.peak_mib = peak_mib(self.process.popen.pid)
        self.process.interrupt()
        self.servers.servers()[0].client.ask(f'STREAM.DELETE.{self.stream}')
        self.place.mapring('rm', self.ring, '--force')


class Plain:
    """The baseline: each record is a message."""

    title = 'plain'
    peak_mib = 0

    def __init__(self, place, servers, size):
        self.place, self.servers, self.size = place, servers, size
        self.stream = f'plain{size}'
        self.client = servers.servers()[0].client
        make_stream(self.client, self.stream, num_replicas=len(servers.servers()))

    def slice(self, count):
        done = subprocess.run(
            [self.place.plain, self.servers.url(), f'mapring.{self.stream}', str(self.size), str(count), str(PENDING)],
            check=True, capture_output=True, text=True)
        taken, used = map(float, done.stdout.split())
        return taken, used

    def clean(self):
        empty_stream(self.client, self.stream)

    def end(self):
        self.client.ask(f'STREAM.DELETE.{self.stream}')


class Measured:
    """The rates of one contender."""

    def __init__(self, contender):
        self.contender, self.rates, self.used = contender, [], []
        self.count = max(1, FIRST_BYTES // contender.size)

    def run(self, seconds, counts):
        taken, used = self.contender.slice(self.count)
        self.contender.clean()
        if counts:
            self.rates.append(self.count / taken)
            self.used.append(used / taken)
        self.count = max(1, min(int(self.count / taken * seconds), MOST_BYTES // self.contender.size))

    def rate(self):
        return statistics.median(self.rates)


def compare(place, servers, size, options):
    """In turns, so that what disturbs one disturbs the other."""
    both = [Measured(Bridge(place, servers, size)), Measured(Plain(place, servers, size))]
    for i in range(options.slices + 2):
        for measured in both:
            measured.run(options.seconds, i >= 2)
    for measured in both:
        measured.contender.end()
    return both


def ring_to_ring(place, servers):
    """Records at a steady pace. The rings have times, so the reader behind the second one knows how old each is."""
    place.mapring('create', 'from', '--times', '--capacity', CAPACITY)
    processes = [place.start('out', 'bridge', 'out', 'from', '--url', servers.url(), '--stream', 'delay', '--create',
                             '--replicas', str(len(servers.servers())))]
    await_true('the bridge reads', lambda: place.consumers('from'))
    processes.append(place.start('in', 'bridge', 'in', 'to', '--url', servers.url(), '--stream', 'delay'))
    with subprocess.Popen([place.tool, 'send', 'from'], env=place.environment, stdin=subprocess.PIPE) as sender:
        sender.stdin.write(b'first\n')
        sender.stdin.flush()
        await_true('the second ring is there', lambda: (place.folder / 'rings/to.ring').exists())
        processes.append(place.start('reader', 'recv', 'to', '--wait', '--follow'))
        await_true('the reader reads', lambda: place.consumers('to'))
        next_s = time.monotonic()
        for i in range(LATENCY_RECORDS):
            sender.stdin.write(b'%0127d\n' % i)
            sender.stdin.flush()
            next_s += PACE_S
            time.sleep(max(0, next_s - time.monotonic()))
        await_true('all have arrived', lambda: place.consumers('to')[0]['read_records'] >= LATENCY_RECORDS)
        consumer = place.consumers('to')[0]
        sender.stdin.close()
    for process in reversed(processes):
        process.interrupt()
    servers.servers()[0].client.ask('STREAM.DELETE.delay')
    for ring in ('from', 'to'):
        place.mapring('rm', ring, '--force')
    return consumer['latency_p50_ns'] / 1e6, consumer['latency_p99_ns'] / 1e6


def print_rates(title, size, bridge, plain):
    ratio = bridge.rate() / plain.rate()
    spread = [one / other for one, other in zip(bridge.rates, plain.rates)]
    print(f'| {title} | {size} | {bridge.rate():,.0f} | {bridge.rate() * size / 1e6:.1f} | {plain.rate():,.0f} '
          f'| {plain.rate() * size / 1e6:.1f} | **{ratio:.2f}** ({min(spread):.2f} to {max(spread):.2f}) '
          f'| {100 * statistics.median(bridge.used):.0f} % / {100 * statistics.median(plain.used):.0f} % '
          f'| {bridge.contender.peak_mib:.0f} |', flush=True)


def measure(title, servers, place, options):
    servers.start()
    try:
        for size in options.sizes:
            print_rates(title, size, *compare(place, servers, size, options))
        return ring_to_ring(place, servers)
    finally:
        servers.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('tool', type=pathlib.Path, help='the mapring command')
    parser.add_argument('plain', type=pathlib.Path, help='jetstream_plain')
    parser.add_argument('--slices', type=int, default=9, help='of each contender (default 9)')
    parser.add_argument('--seconds', type=float, default=1.0, help='length of a slice (default 1)')
    parser.add_argument('--sizes', type=lambda text: tuple(map(int, text.split(','))), default=SIZES)
    parser.add_argument('--servers', choices=('one', 'three', 'both'), default='both')
    options = parser.parse_args()
    delays = []
    with tempfile.TemporaryDirectory(prefix='mapring-bench-') as name:
        place = Place(pathlib.Path(name), options)
        print(f'{version()}, {os.cpu_count()} CPUs, slices of {options.seconds:g} s, medians of {options.slices}\n')
        print('| servers | bytes | bridge: records/s | MB/s | plain: records/s | MB/s | ratio | CPU: bridge / plain '
              '| MiB |\n|---|---|---|---|---|---|---|---|---|')
        if options.servers != 'three':
            delays.append(('one', measure('one', Server(place.folder), place, options)))
        if options.servers != 'one':
            delays.append(('three', measure('three', Cluster(place.folder), place, options)))
        print('\n| servers | ring to ring, ms: p50 | p99 |\n|---|---|---|')
        for title, (middle, most) in delays:
            print(f'| {title} | {middle:.2f} | {most:.2f} |')


if __name__ == '__main__':
    main()
