#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_ctf.py COMMAND

Has babeltrace2 read what mapring dump --ctf wrote, and compares it with dump --json, record by record. Without
babeltrace2, exits with 77."""

import base64
import json
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

SKIPPED = 77
EVENT = re.compile(r'\[(\d+)\.(\d{9})\] (record|bytes|lost): \{ ring = "(.*?)" \}, \{ (.*) \}$')
NUMBER = re.compile(r'\b(sequence|first|records|bytes|continues|continued|until_ns) = (\d+)')
ESCAPES = {'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', 'e': '\x1b'}
LIMIT_BYTES = 1 << 20

TEXTS = ['', ' ', 'plain', 'naïve 环形 😀', 'a "quoted" word', 'back\\slash', 'tab\tand\rreturn', '\a\b\f\v',
         'payload = "x" }', '[0] = 7, { }', 'C:\\new\\table', "it's {json: 'no'}", 'x' * 70000]
OTHERS = [b'\0', b'a\0b', b'\xff\xfe', bytes(range(256)), b'\xc3', b'cut \xe2\x82']


def unescaped(text):
    return re.sub(r'\\(.)', lambda match: ESCAPES.get(match[1], match[1]), text)


def payload_of(kind, fields):
    if kind == 'record':
        return unescaped(re.search(r'payload = "(.*)"$', fields)[1]).encode()
    return bytes(int(value) for value in re.findall(r'\[\d+\] = (\d+)', fields))


def event_of(line):
    match = EVENT.match(line)
    assert match, f'babeltrace2 writes {line[:200]!r}'
    seconds, fraction, kind, ring, fields = match.groups()
    numbers = {key: int(value) for key, value in NUMBER.findall(fields.split('payload')[0])}
    time_ns = int(seconds) * 10**9 + int(fraction)
    if kind == 'lost':
        return ring, (time_ns, numbers['first'], numbers['records'], numbers['bytes'])
    return ring, (time_ns, numbers['sequence'], bool(numbers['continues']), bool(numbers['continued']),
                  payload_of(kind, fields))


def expected_of(line):
    """Without a time, the sequence number counts."""
    item = json.loads(line)
    if 'lost' in item:
        lost = item['lost']
        return item['ring'], (lost.get('time_ns', lost['first']), lost['first'], lost['records'], lost['bytes'] or 0)
    payload = item['payload'].encode() if 'payload' in item else base64.b64decode(item['base64'])
    return item['ring'], (item.get('time_ns', item['sequence']), item['sequence'], item.get('continues', False),
                          item.get('continued', False), payload)


def by_ring(pairs):
    rings = {}
    for ring, event in pairs:
        rings.setdefault(ring, []).append(event)
    return rings


class Rings:
    def __init__(self, mapring, folder):
        self.mapring, self.folder = mapring, pathlib.Path(folder)

    def run(self, *words, data=b'', **more):
        return subprocess.run([self.mapring, *words], input=data, capture_output=True, **more)

    def must(self, *words, data=b''):
        done = self.run(*words, data=data)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def send(self, ring, records, *options):
        framed = b''.join(len(record).to_bytes(4, 'little') + record for record in records)
        path = str(self.folder / ring)
        self.must('send', path, '--framing', 'length', *options, data=framed)
        return path


def read(folder):
    done = subprocess.run(['babeltrace2', '--clock-seconds', '--clock-gmt', '--no-delta', str(folder)],
                          capture_output=True, check=False)
    assert done.returncode == 0 and not done.stderr, f'babeltrace2 says {done.stderr.decode()[-2000:]}'
    return done.stdout.decode().splitlines()


def compare(rings, *paths):
    trace = rings.folder / 'trace'
    rings.must('dump', *paths, '--ctf', str(trace))
    actual = by_ring(map(event_of, read(trace)))
    expected = by_ring(map(expected_of, rings.must('dump', *paths, '--json', '--prefix').splitlines()))
    assert expected, 'dump --json writes nothing'
    assert actual.keys() == expected.keys(), f'{actual.keys()} are not {expected.keys()}'
    for ring, events in expected.items():
        assert len(actual[ring]) == len(events), f'{len(actual[ring])} events, not {len(events)}'
        for got, wanted in zip(actual[ring], events):
            assert got == wanted, f'{str(got)[:300]} is not {str(wanted)[:300]}'
    return sum(map(len, expected.values()))


def payloads():
    return [text.encode() for text in TEXTS] + OTHERS


def every_payload_arrives(rings):
    return compare(rings, rings.send('app.ring', payloads(), '--times'))


def several_rings_are_one_trace(rings):
    paths = [rings.send(f'{name}.ring', [b'%s %d' % (name.encode(), i) for i in range(3000)], '--times')
             for name in ['one', 'two', 'three']]
    return compare(rings, *paths)


def rings_without_times_go_along(rings):
    timed = rings.send('timed.ring', payloads(), '--times')
    return compare(rings, timed, rings.send('plain.ring', payloads()))


def losses_and_parts_arrive(rings):
    dropped = rings.send('drop.ring', [b'%0100d' % i for i in range(2000)], '--capacity', '64K', '--when-full', 'drop',
                         '--times')
    parts = rings.send('parts.ring', [b'x' * 100000, b'whole'], '--capacity', '1M', '--too-long', 'split')
    cut = rings.send('cut.ring', [b'y' * 40000], '--capacity', '64K', '--times')
    return compare(rings, dropped, parts, cut)


def full_disk_leaves_nothing(rings):
    path, trace = rings.send('large.ring', [b'x' * 1000] * 3000, '--capacity', '4M'), rings.folder / 'trace'

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, LIMIT_BYTES))

    for is_there in (False, True):
        if is_there:
            trace.mkdir()
        done = rings.run('dump', path, '--ctf', str(trace), preexec_fn=limit)
        expected = f"mapring dump: cannot write to '{trace}/stream-0': File too large\n"
        assert (done.returncode, done.stderr.decode()) == (1, expected), done
        assert trace.exists() == is_there and not list(trace.glob('*')), 'the trace stays'
    return 0


def main():
    if not shutil.which('babeltrace2'):
        print('skipped: there is no babeltrace2; tools/install-deps.sh test-quick installs it')
        return SKIPPED
    for check in [every_payload_arrives, several_rings_are_one_trace, rings_without_times_go_along,
                  losses_and_parts_arrive, full_disk_leaves_nothing]:
        with tempfile.TemporaryDirectory() as folder:
            print(check.__name__.replace('_', ' '), check(Rings(sys.argv[1], folder)), flush=True)
    return 0


sys.exit(main())
