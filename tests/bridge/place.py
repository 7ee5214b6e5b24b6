# SPDX-License-Identifier: MIT
"""Where a scenario is played: it gives folders, servers, relays and lanes, which are gone afterwards, and counts."""

import collections
import contextlib
import pathlib
import random
import shutil
import tempfile

from lane import Lane
from load import gaps_of, run_ends_of
from relay import Relay
from rings import Rings
from server import REPLICAS, Cluster, Server, free_port

REPLICATED_STALL_S = 180  # a cluster was seen to stall for 114 s

Tools = collections.namedtuple('Tools', 'mapring load')


class Place:
    def __init__(self, tools, rounds_factor, seed):
        self.tools, self.factor, self.random = tools, rounds_factor, random.Random(seed)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='mapring-bridge-'))
        self.counts = collections.Counter()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def rounds(self, number):
        """Counts them."""
        for i in range(number * self.factor):
            self.counts['rounds'] += 1
            yield i

    def new_folder(self):
        return pathlib.Path(tempfile.mkdtemp(dir=self.folder))

    @contextlib.contextmanager
    def ended(self, what):
        """Ends it in any case."""
        try:
            yield what.start()
        finally:
            what.end()

    def server(self, settings='', **client):
        return self.ended(Server(self.new_folder(), settings=settings, **client))

    def cluster(self):
        return self.ended(Cluster(self.new_folder()))

    def relay(self, server):
        return self.ended(Relay(self.new_folder(), free_port(), server.port))

    def rings(self, server):
        return self.ended(Rings(self.tools, self.new_folder(), server))

    @contextlib.contextmanager
    def lane(self, server, **settings):
        with self.ended(Lane(self.tools, self.new_folder(), self.random, server, **settings)) as lane:
            yield lane
            if not lane.is_finished:
                lane.finish()
            self.count(lane)

    def any_lane(self, server, **settings):
        """One of those that there are."""
        chosen = {'when_full': self.chance('block', 'drop'),
                  'out_options': self.chance((), ('--compress',), ('--batch-bytes', '4K'))}
        return self.lane(server, **{**chosen, **settings})

    def replicated_lane(self, cluster, **settings):
        return self.any_lane(cluster, create=('--create', '--replicas', str(REPLICAS)),
                             stall_s=REPLICATED_STALL_S, **settings)

    def count(self, lane):
        noted = lane.checker.noted()
        self.counts['records'] += lane.checker.at()
        self.counts['lost'] += sum(records for records, _ in gaps_of(noted).values())
        self.counts['gaps'] += len(gaps_of(noted))
        self.counts['runs'] += len(run_ends_of(noted))

    def kill(self, *processes):
        for process in processes:
            process.kill()
            self.counts['kills'] += 1

    def chance(self, *choices):
        return self.random.choice(choices)

    def some(self, *choices):
        """At least two of them."""
        return self.random.sample(choices, self.random.randrange(2, len(choices) + 1))
