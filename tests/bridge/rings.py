# SPDX-License-Identifier: MIT
"""Rings in a folder, and bridges that carry them, without a load: what is sent is a few lines."""

import json
import subprocess

from processes import Fault, Process, await_true


class Rings:
    def __init__(self, tools, folder, server):
        self.tools, self.folder, self.server = tools, folder, server
        self.environment = {'MAPRING_DIR': str(folder), 'XDG_RUNTIME_DIR': str(folder), 'HOME': str(folder)}
        self.processes = []

    def start(self):
        return self

    def end(self):
        for process in self.processes:
            process.kill()

    def begin(self, name, *words):
        process = Process(f'{name}{len(self.processes)}', [self.tools.mapring, *words], self.folder, self.environment)
        self.processes.append(process)
        return process

    def mapring(self, *words):
        """Runs a subcommand to its end; what it writes."""
        process = self.begin('mapring', *words)
        if process.wait() != 0:
            raise Fault(f'mapring {" ".join(words)}: {process.said()}')
        return process.said()

    def create(self, ring, *options, capacity='1M'):
        self.mapring('create', ring, '--capacity', capacity, '--when-full', 'block', '--times', *options)

    def send(self, ring, *lines):
        """One run: a producer that sends the lines and closes."""
        self.sender(ring, *lines).close()

    def sender(self, ring, *lines):
        """A producer that has sent the lines, and is still there."""
        sender = Sender(self, ring)
        sender.send(*lines)
        return sender

    def out(self, *words):
        return self.begin('out', 'bridge', 'out', *words, '--url', self.server.url())

    def copy(self, stream, ring, *options):
        """What a reading bridge makes of a stream that ends with the end of a run."""
        into = self.begin('in', 'bridge', 'in', ring, '--stream', stream, '--until-end', *options, '--url',
                          self.server.url())
        self.check_end(into, 0)
        return self.dump(ring)

    def dump(self, ring):
        return self.mapring('dump', ring, '--json').splitlines()

    def stat(self, ring):
        return json.loads(self.mapring('stat', ring, '--json'))

    def check_copy(self, stream, expected):
        """The stream has exactly what a dump of its ring showed."""
        copied = self.copy(stream, f'copy-{stream}')
        if not expected or copied != expected:
            raise Fault(f'the stream {stream} has {len(copied)} records, and not the {len(expected)} of its ring')

    def check_gone(self, ring):
        """Nothing is left of it, nor of its bridges."""
        if left := [path.name for path in self.folder.iterdir() if path.name.startswith(f'{ring}.ring')]:
            raise Fault(f'left of the ring {ring}: {", ".join(left)}')

    def check_removal(self, ring, stream, out):
        """The ring is removed while its bridge is stopped: all that it had is stored first, and nothing of it stays."""
        expected = self.dump(ring)
        self.mapring('rm', ring, '--force')
        out.go_on()
        self.check_end(out, 3, 'was removed; all that it had is in the stream')
        self.check_copy(stream, expected)
        self.check_gone(ring)

    def check_end(self, process, status, *sentences):
        """It ends so, and says that."""
        got = process.wait()
        missing = [sentence for sentence in sentences if sentence not in process.said()]
        if got != status or missing:
            raise Fault(f'ended with {got}, not {status}, and said "{process.said()}"'
                        f'{f", without {missing}" if missing else ""}')

    def refuse(self, sentence, *words, status=1):
        self.check_end(self.out(*words), status, sentence)

    def await_stored(self, ring):
        """All of the ring is in its stream, whose bridge runs."""
        def is_stored():
            consumers = self.stat(ring)['consumers']
            return consumers and all(consumer['pending_records'] == 0 for consumer in consumers)
        await_true(f'all of {ring} is stored', is_stored)

    def await_bridge(self, ring, state):
        """It has one bridge, which is said to be in that state."""
        await_true(f'the bridge of {ring} is {state}',
                   lambda: [bridge['state'] for bridge in self.stat(ring)['bridges']] == [state])


class Sender:
    """`mapring send`, which gets its lines one after the other."""

    def __init__(self, rings, ring):
        self.rings, self.ring = rings, ring
        self.process = rings.begin('send', 'send', ring)

    def send(self, *lines):
        """Returns when they are in the ring."""
        wanted = self.rings.stat(self.ring)['records'] + len(lines)
        for line in lines:
            self.process.popen.stdin.write(f'{line}\n'.encode())
        self.process.popen.stdin.flush()
        await_true(f'{len(lines)} lines are sent', lambda: self.rings.stat(self.ring)['records'] >= wanted)

    def close(self):
        self.process.popen.stdin.close()
        if self.process.wait() != 0:
            raise Fault(f'mapring send: {self.process.said()}')

    def kill(self):
        self.process.kill()
