# SPDX-License-Identifier: MIT
"""A log that threads write here, and what bridges make of it in another folder."""

import json
import signal

from jetstream import Refused, Unanswered, stream_info
from load import Player
from processes import Fault, await_true

LOG = 'app'


class Log:
    """writer -> rings of the log -> `bridge out` -> server -> `bridge in` -> the same rings there"""

    def __init__(self, place, here, there, *, kibibytes=1024, when_full=(), stream=LOG):
        self.place, self.here, self.there = place, here, there
        self.size, self.when_full, self.stream = str(kibibytes), when_full, stream
        self.writer = self.out = self.into = None
        self.threads = 0  # of the writer

    # ---- Writing

    def start_writer(self, threads):
        self.threads = threads
        self.writer = Player(self.place.tools.load, self.here.folder, 'log', LOG, self.here.environment, str(threads),
                             self.size, *self.when_full, name=f'writer{len(self.here.processes)}')
        self.here.processes.append(self.writer.process)

    def write_some(self, lines):
        """Has each thread write so many lines, and waits for a random moment in that."""
        already = self.threads * self.writer.granted()
        self.writer.grant(lines)
        self.await_written(already + self.place.random.randrange(self.threads * lines))

    def await_written(self, lines=None):
        """Waits until so many lines are written, by default all that may be."""
        wanted = self.threads * self.writer.granted() if lines is None else lines
        await_true(f'{wanted} lines are written', lambda: self.writer.at() >= wanted)

    def rings(self):
        return [path.name.removesuffix('.ring') for path in sorted(self.here.folder.glob('*.ring'))]

    def await_rings(self, count):
        await_true(f'the log has {count} rings', lambda: len(self.rings()) == count)

    # ---- Carrying

    def start_out(self, *options):
        self.out = self.here.out(LOG, '--create', *options, *([] if self.stream == LOG else ['--stream', self.stream]))

    def start_in(self, *options):
        """Starts it, for all rings of the log."""
        await_true(f'there is a stream {self.stream}', self.has_stream)
        self.into = self.there.begin('in', 'bridge', 'in', LOG, '--stream', self.stream, '--capacity', '8M', *options,
                                     '--url', self.there.server.url())

    def has_stream(self):
        try:
            return stream_info(self.here.server.client, self.stream)
        except (Refused, Unanswered):
            return None

    def check_bridges(self):
        """None ends by itself."""
        for bridge in self.out, self.into:
            if (status := bridge.ended()) not in (None, -signal.SIGKILL):
                raise Fault(f'{bridge.name} ended with {status}: {bridge.said()[-1500:]}')

    def await_all(self):
        """All that the log has comes to the other side."""
        for ring in self.rings():
            path = self.there.folder / f'{ring}.ring'
            end = self.here.stat(ring)['sequence']
            await_true(f'{ring} is made on the other side', lambda path=path: self.check_bridges() or path.exists())
            await_true(f'all of {ring} comes to the other side', lambda ring=ring, end=end:
                       self.check_bridges() or self.there.stat(ring)['sequence'] == end)

    # ---- Comparing

    def held(self, side):
        """What a side has of each ring, line by line, as `mapring dump --json` shows it."""
        lines = {ring: [] for ring in self.rings()}
        for line in side.dump(LOG):
            if line.startswith('{'):  # others tell of losses for people
                shown = json.loads(line)
                lines[shown['ring']].append(shown)
        return lines

    def check_same(self):
        """Both sides show the same lines, each with all that is known of it."""
        sent, received = self.here.dump(LOG), self.there.dump(LOG)
        if not sent or sent != received:
            raise Fault(f'the log has {len(received)} lines on the other side, and not the {len(sent)} of this one')

    def check_counted(self):
        """The other side has each line of each ring once and in order, or counts it as lost; how many are lost."""
        lost = 0
        for ring, lines in self.held(self.there).items():
            lost += (lost_here := check_lines(ring, lines, self.here.stat(ring)['sequence']))
            self.place.counts['lines'] += len(lines)
            self.place.counts['lost'] += lost_here
        return lost

    def check_complete(self):
        if lost := self.check_counted():
            raise Fault(f'{lost} lines are lost')

    def check_last(self, count):
        """The last lines of each ring are there, and the same."""
        received = self.held(self.there)
        for ring, lines in self.held(self.here).items():
            if len(lines) < count or lines[-count:] != received[ring][-count:]:
                raise Fault(f'the last lines of {ring} are not the same')


def check_lines(ring, lines, end):
    """How many are lost. What a thread writes follows one another, so a number in its lines tells their places."""
    at = lost = 0
    begins = {}
    for line in lines:
        first, records = (line['lost']['first'], line['lost']['records']) if 'lost' in line else (line['sequence'], 1)
        if first != at:
            raise Fault(f'{ring} has {line} on the other side, where {at} must follow')
        at += records
        if 'lost' in line:
            lost += records
            continue
        fields = line['fields']
        begin = first - fields['line']
        if begins.setdefault((fields['in'], fields['of']), begin) != begin:
            raise Fault(f'{ring} has another line on the other side: {line}')
    if at != end:
        raise Fault(f'{ring} ends with {at} on the other side, and not with {end}')
    return lost
