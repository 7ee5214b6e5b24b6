# SPDX-License-Identifier: MIT
"""A ring, its way over a server, and the ring that it becomes there, with all processes around it."""

import json
import signal

from jetstream import Refused, Unanswered, last_message, stream_info
from load import Player, compare, compare_readers
from processes import Fault, Process, await_true

STALL_S = 60  # so long may nothing arrive


class Stopped(Exception):
    """The reading bridge has ended with a sentence, where it may."""


class Lane:
    """sender -> source ring -> `bridge out` -> server -> `bridge in` -> target ring -> checker

    A witness reads the source ring, too, and notes what the checker must. The sender sends what it is granted."""

    RUN_RECORDS = 3000  # of each producer of the source ring

    def __init__(self, tools, folder, randomness, server, *, url=None, stream='S', when_full='block', capacity='256K',
                 options=(), out_options=(), create=('--create',),
                 stall_s=STALL_S, may_stop=False):
        self.tools, self.folder, self.random, self.stream = tools, folder, randomness, stream
        self.client = server.servers()[0].client
        self.out_url = self.in_url = url or server.url()
        self.options, self.out_options, self.may_stop = options, [*create, *out_options], may_stop
        self.environment = {'MAPRING_DIR': str(folder), 'XDG_RUNTIME_DIR': str(folder), 'HOME': str(folder)}
        self.mapring('create', 'source', '--capacity', capacity, '--when-full', when_full, '--times',
                     '--dictionary', '64K', '--content', 'application/x-load')
        self.out = self.into = None
        self.sender = self.witness = self.checker = None
        self.stall_s, self.is_finished = stall_s, False

    def mapring(self, *words):
        """Runs a subcommand to its end; what it writes."""
        process = Process('mapring', [self.tools.mapring, *words], self.folder, self.environment)
        if process.wait() != 0:
            raise Fault(f'mapring {" ".join(words)}: {process.said()}')
        return process.said()

    def start(self):
        self.start_out()
        await_true('the stream is there', lambda: self.check_roles() or self.has_stream())
        self.start_in()
        self.witness = self.play('check', 'source', name='witness')
        self.checker = self.play('check', 'target', name='checker')
        await_true('the source ring is read', lambda: self.check_roles() or len(self.consumers()) == 2)
        self.sender = self.play('send', 'source', str(self.RUN_RECORDS), name='sender')
        return self

    def has_stream(self):
        try:
            return stream_info(self.client, self.stream)
        except (Refused, Unanswered):
            return None

    def consumers(self):
        """Those of the source ring: the sending bridge and the witness."""
        return json.loads(self.mapring('stat', 'source', '--json'))['consumers']

    def play(self, role, ring, *arguments, name):
        return Player(self.tools.load, self.folder, role, ring, self.environment, *arguments, name=name)

    def lead_out_over(self, relay):
        """The sending bridge's next process connects there."""
        self.out.kill()
        self.out_url = relay.url()
        self.start_out()

    def start_out(self):
        self.out = Process('out', [self.tools.mapring, 'bridge', 'out', 'source', '--url', self.out_url, '--stream',
                                   self.stream, *self.options, *self.out_options], self.folder, self.environment)

    def start_in(self):
        self.into = Process('in', [self.tools.mapring, 'bridge', 'in', 'target', '--url', self.in_url, '--stream',
                                   self.stream, *self.options], self.folder, self.environment)

    def roles(self):
        return [self.out, self.into, *(player.process for player in self.players())]

    def players(self):
        return [player for player in (self.sender, self.witness, self.checker) if player]

    def check_roles(self):
        """Nobody ends by himself before the end."""
        if self.may_stop and self.into and self.into.ended() == 1:
            raise Stopped(self.into.said().splitlines()[-1])
        for process in self.roles():
            if process and process.ended() not in (None, 0 if process.name == 'sender' else None, -signal.SIGKILL):
                raise Fault(f'{process.name} ended with {process.ended()}: {process.said()[-1500:]}')

    def await_arrival(self, number):
        """Waits until the checker has got so far, as long as anything arrives at all."""
        while (at := self.checker.at()) < number:
            def has_moved():
                self.check_roles()
                self.show_gap()
                return self.checker.at() != at
            await_true(f'anything arrives after record {at}', has_moved, self.stall_s)

    def grant(self, records):
        self.sender.grant(records)

    def show_gap(self):
        """Readers learn of a gap with the next record."""
        if self.sender.ends_with_drops():
            self.grant(1)

    def grant_if_idle(self):
        if self.sender.at() >= self.sender.granted():
            self.grant(500)

    def await_moment(self, records=4000):
        """Has more sent, and waits for a random moment in that."""
        already = self.sender.granted()
        self.grant(records)
        self.await_arrival(already + self.random.randrange(records * 3 // 4))

    def await_all_read(self):
        """Waits until everything that the stream holds has arrived; the number of its last message."""
        def is_read():
            self.check_roles()
            number, headers = last_message(self.client, self.stream) or (0, {})
            return number and int(headers['Mapring-Next']) == self.checker.at() and number
        return await_true('all messages are read', is_read)

    def finish(self):
        """Waits until everything has arrived, ends all processes, and compares."""
        self.sender.finish()
        self.await_arrival(self.sender.at())
        await_true('the last run ends', lambda: self.check_roles() or self.is_complete())
        self.end_processes(self.out, self.into)
        compare(self.sender.noted(), self.checker.noted())
        compare_readers(self.sender.noted(), self.witness.noted(), self.checker.noted())
        self.compare_rings()
        self.is_finished = True

    def finish_without_reader(self):
        """The sending bridge gets rid of everything, and what has arrived is right."""
        self.sender.finish()
        await_true('everything is sent', lambda: self.out.ended() is not None or self.is_sent())
        self.end_processes(self.out)
        compare_readers(self.sender.noted(), self.witness.noted()[:len(self.checker.noted())], self.checker.noted())
        self.is_finished = True

    def is_sent(self):
        return all(consumer['pending_records'] == 0 for consumer in self.consumers())

    def end_processes(self, *bridges):
        for process in bridges:
            status = process.interrupt()
            if status not in (0, 128 + signal.SIGTERM, -signal.SIGTERM):
                raise Fault(f'{process.name} ended with {status}: {process.said()[-1500:]}')
        self.witness.finish()
        self.checker.finish()

    def is_complete(self):
        return self.checker.run() >= self.sender.run()

    def compare_rings(self):
        """What cannot be seen in the records: the dictionary as a whole, and what both rings still hold."""
        dictionaries = [self.mapring('dictionary', ring, '--json') for ring in ('source', 'target')]
        if dictionaries[0] != dictionaries[1]:
            raise Fault('the dictionaries differ')
        dumps = [self.mapring('dump', ring, '--json').splitlines() for ring in ('source', 'target')]
        common = min(map(len, dumps))
        # Whether the first one continues something is not known where that is no longer held.
        tails = [dump[-common:][1:] for dump in dumps]
        if tails[0] != tails[1]:
            raise Fault('what the rings hold differs')

    def end(self):
        for process in self.roles():
            if process:
                process.kill()
