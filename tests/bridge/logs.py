# SPDX-License-Identifier: MIT
"""A log that threads write here, and what bridges make of it in another folder."""

import json
import signal

from jetstream import Refused, Unanswered, stream_info
from load import Player
from processes import Fault, await_true

LOG = 'app'


class Log:
    """writer -> rings of the log -> `bridge out` -> server -> a `bridge in` for each -> the same rings there"""

    def __init__(self, place, here, there, *, kibibytes=1024, when_full=()):
        self.place, self.here, self.there = place, here, there
        self.size, self.when_full = str(kibibytes), when_full
        self.writer = self.out = None
        self.into = []

    def start_writer(self, threads):
        self.writer = Player(self.place.tools.load, self.here.folder, 'log', LOG, self.here.environment, str(threads),
                             self.size, *self.when_full, name=f'writer{len(self.here.processes)}')
        self.here.processes.append(self.writer.process)

    def start_out(self, *names):
        self.out = self.here.out(*names, '--create')

    def start_in(self):
        for ring in self.rings():
            stream = ring.replace('.', '_')
            await_true(f'there is a stream {stream}', lambda stream=stream: self.has_stream(stream))
            self.into.append(self.there.begin('in', 'bridge', 'in', ring, '--stream', stream, '--capacity', '8M', '--url',
                                              self.there.server.url()))

    def has_stream(self, stream):
        try:
            return stream_info(self.here.server.client, stream)
        except (Refused, Unanswered):
            return None

    def check_bridges(self):
        """None ends by itself."""
        for bridge in self.out, *self.into:
            if (status := bridge.ended()) not in (None, -signal.SIGKILL):
                raise Fault(f'{bridge.name} ended with {status}: {bridge.said()[-1500:]}')

    def rings(self):
        return [path.name.removesuffix('.ring') for path in sorted(self.here.folder.glob('*.ring'))]

    def await_rings(self, count):
        await_true(f'the log has {count} rings', lambda: len(self.rings()) == count)

    def await_written(self, lines):
        await_true(f'{lines} lines are written', lambda: self.writer.at() >= lines)

    def await_all(self):
        """All that the log has comes to the other side."""
        for ring in self.rings():
            path = self.there.folder / f'{ring}.ring'
            end = self.here.stat(ring)['sequence']
            await_true(f'{ring} is made on the other side', lambda path=path: self.check_bridges() or path.exists())
            await_true(f'all of {ring} comes to the other side', lambda ring=ring, end=end:
                       self.check_bridges() or self.there.stat(ring)['sequence'] == end)

    def received(self):
        """What the other side has of each ring, as `mapring dump --json` shows it."""
        lines = {ring: [] for ring in self.rings()}
        for line in map(json.loads, self.there.dump(LOG)):
            lines[line['ring']].append(line)
        return lines

    def check_same(self):
        """Both sides show the same lines, each with all that is known of it."""
        sent, received = self.here.dump(LOG), self.there.dump(LOG)
        if not sent or sent != received:
            raise Fault(f'the log has {len(received)} lines on the other side, and not the {len(sent)} of this one')

    def check_complete(self):
        """Each ring has all its lines on the other side, once and in order."""
        for ring, lines in self.received().items():
            if [line['sequence'] for line in lines] != list(range(self.here.stat(ring)['records'])):
                raise Fault(f'{ring} is not complete on the other side: {len(lines)} lines')
            self.place.counts['lines'] += len(lines)
