# SPDX-License-Identifier: MIT
"""A ring, its way over a server, and the ring that it becomes there, with all processes around it."""

from load import Player, compare, compare_readers
from processes import Fault, Process, await_true

STALL_S = 180  # so long may nothing arrive; a cluster was seen to stall for 114 s


class Lane:
    """sender -> source ring -> `bridge out` -> server -> `bridge in` -> target ring -> checker

    A witness reads the source ring, too, and notes what the checker must. The sender sends what it is granted."""

    RUN_RECORDS = 3000  # of each producer of the source ring

    def __init__(self, tools, folder, randomness, url, *, stream='S', when_full='block', capacity='256K',
                 options=(), out_options=(), in_options=(), create=('--create',)):
        self.tools, self.folder, self.random, self.stream = tools, folder, randomness, stream
        self.out_url = self.in_url = url
        self.options, self.out_options, self.in_options = options, [*create, *out_options], in_options
        self.environment = {'MAPRING_DIR': str(folder), 'XDG_RUNTIME_DIR': str(folder), 'HOME': str(folder)}
        self.drops = when_full == 'drop'
        self.mapring('create', 'source', '--capacity', capacity, '--when-full', when_full, '--times',
                     '--dictionary', '64K', '--content', 'application/x-load')
        self.out = self.into = None
        self.sender = self.witness = self.checker = None

    def mapring(self, *words):
        """Runs a subcommand to its end; what it writes."""
        process = Process('mapring', [self.tools.mapring, *words], self.folder, self.environment)
        if process.wait() != 0:
            raise Fault(f'mapring {" ".join(words)}: {process.said()}')
        return process.said()

    def start(self):
        self.start_out()
        self.start_in()
        self.witness = self.play('check', 'source', name='witness')
        self.checker = self.play('check', 'target', name='checker')
        self.sender = self.play('send', 'source', str(self.RUN_RECORDS), name='sender')
        return self

    def play(self, role, ring, *arguments, name):
        return Player(self.tools.load, self.folder, role, ring, self.environment, *arguments, name=name)

    def start_out(self):
        self.out = Process('out', [self.tools.mapring, 'bridge', 'out', 'source', '--url', self.out_url, '--stream',
                                   self.stream, *self.options, *self.out_options], self.folder, self.environment)

    def start_in(self):
        self.into = Process('in', [self.tools.mapring, 'bridge', 'in', 'target', '--url', self.in_url, '--stream',
                                   self.stream, *self.options, *self.in_options], self.folder, self.environment)

    def roles(self):
        return [self.out, self.into, *(player.process for player in self.players())]

    def players(self):
        return [player for player in (self.sender, self.witness, self.checker) if player]

    def check_roles(self):
        """Nobody ends by himself before the end."""
        for process in self.roles():
            if process and process.ended() not in (None, -9):
                raise Fault(f'{process.name} ended with {process.ended()}: {process.said()[-1500:]}')

    def await_arrival(self, number):
        """Waits until the checker has got so far, as long as anything arrives at all."""
        while (at := self.checker.at()) < number:
            def has_moved():
                self.check_roles()
                return self.checker.at() != at
            await_true(f'anything arrives after record {at}', has_moved, STALL_S)

    def grant(self, records):
        self.sender.grant(records)

    def await_moment(self, records=4000):
        """Has more sent, and waits for a random moment in that."""
        already = self.sender.granted()
        self.grant(records)
        self.await_arrival(already + self.random.randrange(records * 3 // 4))

    def finish(self):
        """Waits until everything has arrived, ends all processes, and compares."""
        self.sender.finish()
        self.await_arrival(self.sender.at())
        await_true('the last run ends', lambda: self.check_roles() or self.is_complete())
        self.end_bridges()
        self.witness.finish()
        self.checker.finish()
        compare(self.sender.noted(), self.checker.noted())
        compare_readers(self.witness.noted(), self.checker.noted())
        self.compare_rings()

    def is_complete(self):
        return self.checker.run() >= self.sender.run()

    def end_bridges(self):
        for process in self.out, self.into:
            status = process.interrupt()
            if status not in (0, 128 + 15, -15):
                raise Fault(f'{process.name} ended with {status}: {process.said()[-1500:]}')

    def compare_rings(self):
        """What cannot be seen in the records: the dictionary as a whole, and what both rings still hold."""
        dictionaries = [self.mapring('dictionary', ring, '--json') for ring in ('source', 'target')]
        if dictionaries[0] != dictionaries[1]:
            raise Fault('the dictionaries differ')
        dumps = [self.mapring('dump', ring, '--json').splitlines() for ring in ('source', 'target')]
        common = min(map(len, dumps))
        if dumps[0][-common:] != dumps[1][-common:]:
            raise Fault('what the rings hold differs')

    def end(self):
        for process in self.roles():
            if process:
                process.kill()
