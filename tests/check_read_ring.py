#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_read_ring.py MAPRING SOURCE-FOLDER

Checks that docs/layout.md is enough to write a reader: examples/read_ring.py, which was written from it alone, reads
the same as `mapring dump --json` from the golden rings, from rings with times and from rings that dropped or
overwrote records, and refuses what is no ring."""

import base64
import json
import pathlib
import subprocess
import sys
import tempfile


def output_of(*words, data=b''):
    done = subprocess.run([str(word) for word in words], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def dumped(tool, ring):
    """What the command reads, in the words of the reader."""
    for line in output_of(tool, 'dump', ring, '--json')[1].splitlines():
        record = json.loads(line)
        if 'lost' in record:
            lost = record['lost']
            yield {'first': lost['first'], 'records': lost['records'], 'lost_bytes': lost['bytes'] or 0,
                   'time_ns': lost.get('time_ns'), 'until_ns': lost.get('until_ns')}
        else:
            data = record['payload'].encode() if 'payload' in record else base64.b64decode(record['base64'])
            yield {'sequence': record['sequence'], 'time_ns': record.get('time_ns'), 'bytes': record['bytes'],
                   'continues': record.get('continues', False), 'continued': record.get('continued', False),
                   'base64': base64.b64encode(data).decode()}


def check_ring(tool, reader, ring):
    status, text, error = output_of(sys.executable, reader, ring)
    read, expected = [json.loads(line) for line in text.splitlines()], list(dumped(tool, ring))
    if status or read != expected:
        differing = [pair for pair in zip(read, expected) if pair[0] != pair[1]][:1]
        yield f'{ring.name}: read {len(read)} records, and not {len(expected)} {str(differing)[:500]} {error}'


def sent_rings(tool, folder):
    """Rings with times, which each machine makes anew; None are in the golden files."""
    lines = b''.join(b'%d %s\n' % (i, b'x' * (i % 200)) for i in range(5000))
    for name, options in (('live', ('--capacity', '1M')), ('dropped', ('--when-full', 'drop')),
                          ('overwritten', ('--when-full', 'overwrite'))):
        ring = folder / f'{name}.ring'
        output_of(tool, 'send', ring, '--times', '--capacity', '64K', *options, data=lines)
        output_of(tool, 'recv', ring, '--count', '100')
        output_of(tool, 'send', ring, data=b'later\n')
        yield ring


def check_refusals(reader, folder, ring):
    whole = ring.read_bytes()
    for name, data, problem in (('short', whole[:1000], 'too short'), ('zeros', bytes(200000), 'no ring'),
                                ('version', whole[:8] + b'\2' + whole[9:], 'another layout'),
                                ('cut', whole[:-1], 'truncated'),
                                ('record', whole[:131072] + b'\xff' * 65536, 'invalid record')):
        (folder / name).write_bytes(data)
        status, _, error = output_of(sys.executable, reader, folder / name)
        if status != 1 or problem not in error or 'Traceback' in error:
            yield f'a file that is no good ring ({name}) is not refused: {error}'


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tool, source = map(pathlib.Path, sys.argv[1:])
    reader = source / 'examples/read_ring.py'
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, source / 'bindings/tests/golden.py',
                        *sorted((source / 'tests/golden').glob('*.hex')), folder], check=True)
        golden = sorted(folder.glob('*.ring'))
        for ring in [*golden, *sent_rings(tool, folder)]:
            problems += check_ring(tool, reader, ring)
        problems += check_refusals(reader, folder, folder / 'batch.ring')
    if len(golden) < 10:
        problems.append('there are no golden rings')
    print('\n'.join(problems) or 'docs/layout.md is enough')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
