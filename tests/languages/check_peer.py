#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_peer.py MAPRING C-PEER GOLDEN-FOLDER [--layout] PEER...

Holds a program that uses mapring from another language against the one in C (peer.c, which says what such
a program does) and against the command: the golden rings, both directions, killed peers, and wrong input.
With --layout, the language declares the structures anew, and they must be those of the C compiler."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from leftovers import end_on_request, end_with_this

PATIENCE_S = 120
USAGE = 64


def fail(what):
    sys.exit(f'FAILED: {what}')


def same(what, expected, found):
    if expected != found:
        fail(f'{what}:\nexpected {expected!r:.3000}\nfound    {found!r:.3000}')


class Program:
    def __init__(self, *command):
        self.command = list(command)

    def start(self, *arguments, output=subprocess.PIPE):
        return end_with_this(subprocess.Popen([*self.command, *map(str, arguments)], stdin=subprocess.PIPE,
                                              stdout=output, stderr=subprocess.PIPE, text=True))

    def run(self, *arguments, lines=()):
        """Returns exit status, output and complaint."""
        process = self.start(*arguments)
        output, complaint = process.communicate(''.join(line + '\n' for line in lines), timeout=PATIENCE_S)
        return process.returncode, output, complaint

    def must(self, *arguments, lines=()):
        status, output, complaint = self.run(*arguments, lines=lines)
        if status != 0:
            fail(f'{self.command} {arguments} ended with {status}: {output:.300} {complaint:.2000}')
        return output


def finish(process, expected):
    output, complaint = process.communicate(timeout=PATIENCE_S)
    if process.returncode != expected:
        fail(f'{process.args} ended with {process.returncode} and not {expected}: {output:.300} {complaint:.2000}')
    return output


def hear(process, line):
    same(f'what {process.args} says', line + '\n', process.stdout.readline())


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE_S)


def groups_of(hexadecimal):
    """The offset and the value in bytes of each group of a golden file, see tests/support/golden.h."""
    for line in hexadecimal.splitlines():
        place, colon, groups = line.partition('#')[0].partition(':')
        if not colon:
            continue
        offset = int(place, 16)
        yield offset, b''
        for group in groups.split():
            width = len(group) // 2
            value = 0 if 'x' in group else int(group, 16)
            yield offset, value.to_bytes(width, sys.byteorder)
            offset += width


def make_golden(hexadecimal, path):
    groups = list(groups_of(hexadecimal.read_text()))
    ring = bytearray(groups[-1][0])
    for offset, value in groups:
        ring[offset:offset + len(value)] = value
    path.write_bytes(ring)


class Check:
    def __init__(self, mapring, truth, peer, golden, folder):
        self.mapring, self.truth, self.peer, self.golden, self.folder = mapring, truth, peer, golden, folder

    def lines(self, first, count):
        return [f'line {i} ' + '.' * (i % 150) for i in range(first, first + count)]

    def golden_rings_read_as_in_c(self):
        rings = sorted(self.golden.glob('*.hex'))
        records = 0
        for hexadecimal in rings:
            patience = 0 if hexadecimal.stem == 'empty' else 30000
            for how in ('consumer', 'batch', 'observer'):
                read = []
                for program in (self.truth, self.peer):
                    path = self.folder / f'{hexadecimal.stem}.golden'
                    make_golden(hexadecimal, path)
                    read.append(program.run('read', how, path, patience))
                same(f'golden ring {hexadecimal.stem}, read by {how}', read[0], read[1])
                records += read[0][1].count('record ')
        if len(rings) < 10 or records < 50:
            fail(f'only {len(rings)} golden rings with {records} records')

    def attached_reader(self, ring):
        reader = self.mapring.start('recv', ring, '--wait')
        end = time.monotonic() + PATIENCE_S
        while not json.loads(self.mapring.must('stat', ring, '--json'))['consumers']:
            if time.monotonic() > end:
                fail('the reader does not attach')
        return reader

    def what_it_sends_arrives(self, how):
        """Reader first and sender first, twice in the same ring."""
        ring = f'sends-{how}'
        self.mapring.must('create', ring)
        for turn in range(2):
            lines = self.lines(1000 * turn, 300)
            reader = self.attached_reader(ring) if turn == 0 else None
            self.peer.must(how, ring, lines=lines)
            reader = reader or self.mapring.start('recv', ring)
            same(f'what came of {how}', '\n'.join(lines) + '\n', finish(reader, 0))

    def what_is_sent_is_read(self, how):
        ring = f'reads-{how}'
        for turn in range(2):
            lines = self.lines(1000 * turn, 300)
            self.mapring.must('send', ring, lines=lines)
            read = [program.must('read', how, ring, -1) for program in (self.truth, self.peer)
                    if how == 'observer' or program is self.peer]
            records = [bytes.fromhex(line.split()[4] if len(line.split()) > 4 else '').decode()
                       for line in read[-1].splitlines() if line.startswith('record ')]
            same(f'records read by {how}', lines, records[-300:])
            same('end', 'end 4', read[-1].splitlines()[-1])
            same('what C reads', read[0], read[-1])

    def a_killed_producer_is_noticed(self):
        for sender, reader in ((self.peer, self.truth), (self.truth, self.peer)):
            ring = f'killed-producer-{sender is self.peer}'
            process = sender.start('send', ring)
            hear(process, 'open')
            process.stdin.write('one\ntwo\n')
            process.stdin.flush()
            reading = reader.start('read', 'consumer', ring, -1)
            hear(reading, 'record 0 0 0 6f6e65')
            hear(reading, 'record 1 0 0 74776f')
            kill(process)
            same('the end', 'end 5\n', finish(reading, 0))
            sender.must('send', ring, lines=['three'])
            same('the next run', 'record 2 0 0 7468726565\nend 4\n', last_lines(reader, ring, 2))

    def a_killed_consumer_holds_up_nobody(self):
        ring = 'killed-consumer'
        self.mapring.must('create', ring, '--capacity', '64K')
        holder = self.peer.start('hold', ring)
        read = self.folder / 'read'
        with read.open('w') as output:
            reader = self.truth.start('read', 'consumer', ring, -1, output=output)
        sender = self.mapring.start('send', ring, '--wait-consumers', '2')
        sender.stdin.write('first\n')
        sender.stdin.flush()
        hear(holder, 'held')
        kill(holder)
        sender.stdin.write('\n'.join(self.lines(0, 3000)) + '\n')
        finish(sender, 0)
        finish(reader, 0)
        same('records beside a killed consumer', 3001, read.read_text().count('record '))

    def wrong_input_is_refused_as_in_c(self):
        (self.folder / 'text.ring').write_text('This is not a ring.\n' * 5000)
        make_golden(self.golden / 'sizes.hex', self.folder / 'cut.ring')
        os.truncate(self.folder / 'cut.ring', 5000)
        self.mapring.must('create', 'small', '--capacity', '64K')
        producer = self.truth.start('send', 'taken')
        hear(producer, 'open')
        for arguments, line in (
                (('read', 'consumer', 'missing', 0), None),
                (('read', 'observer', 'missing', 0), None),
                (('read', 'consumer', 'not a name!', 0), None),
                (('read', 'batch', 'text', 0), None),
                (('read', 'observer', 'cut', 0), None),
                (('send', 'taken'), 'line'),
                (('send', 'not a name!'), 'line'),
                (('send', 'text'), 'line'),
                (('send', 'small'), 'x' * 60000),
                (('hold', 'missing'), None)):
            lines = [line] if line else []
            expected = self.truth.run(*arguments, lines=lines)
            if expected[0] in (0, USAGE) or not expected[2].startswith('peer: '):
                fail(f'C does not refuse {arguments}: {expected}')
            same(f'wrong input {arguments}', expected, self.peer.run(*arguments, lines=lines))
        producer.stdin.close()
        producer.wait(PATIENCE_S)
        same('no arguments', USAGE, self.peer.run()[0])
        same('unknown arguments', USAGE, self.peer.run('read', 'consumer')[0])

    def it_measures(self):
        """As bindings/bench/measure.py has it do."""
        for how in ('one', 'batch'):
            rounds = self.peer.must('bench', how, '2').splitlines()
            if len(rounds) != 2 or not all(float(ns) > 0 for line in rounds for ns in line.split()):
                fail(f'bench {how} writes {rounds}')

    def structures_are_those_of_c(self):
        same('layout', self.truth.must('layout'), self.peer.must('layout'))


def last_lines(reader, ring, count):
    return '\n'.join(reader.must('read', 'consumer', ring, -1).splitlines()[-count:]) + '\n'


def main():
    arguments = [word for word in sys.argv[1:] if word != '--layout']
    if len(arguments) < 4:
        sys.exit(__doc__)
    end_on_request()
    with tempfile.TemporaryDirectory() as folder:
        os.environ['MAPRING_DIR'] = folder
        mapring, truth, golden = arguments[:3]
        check = Check(Program(mapring), Program(truth), Program(*arguments[3:]), pathlib.Path(golden),
                      pathlib.Path(folder))
        if '--layout' in sys.argv:
            check.structures_are_those_of_c()
        check.golden_rings_read_as_in_c()
        for how in ('send', 'batch'):
            check.what_it_sends_arrives(how)
        for how in ('consumer', 'batch', 'observer'):
            check.what_is_sent_is_read(how)
        check.a_killed_producer_is_noticed()
        check.a_killed_consumer_holds_up_nobody()
        check.wrong_input_is_refused_as_in_c()
        check.it_measures()
    print('ok')


main()
