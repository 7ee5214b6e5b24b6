# SPDX-License-Identifier: MIT
"""The processes of the load, and what they have noted: see load.c."""

import itertools
import mmap
import struct

from processes import Fault, Process


class Control:
    """The words that a process of the load shares: see control.h."""

    GRANTED, FINISH, AT, RUN, DROPPED = range(WORDS := 5)

    def __init__(self, path):
        path.write_bytes(bytes(8 * self.WORDS))
        with open(path, 'r+b') as file:
            self.words = mmap.mmap(file.fileno(), 8 * self.WORDS)

    def get(self, word):
        return struct.unpack_from('=Q', self.words, 8 * word)[0]

    def set(self, word, value):
        struct.pack_into('=Q', self.words, 8 * word, value)


class Player:
    """A process of the load."""

    def __init__(self, program, folder, role, ring, environment, *arguments, name=None):
        name = name or role
        self.control = Control(folder / f'{name}.control')
        self.ledger = folder / f'{name}.ledger'
        self.process = Process(name, [program, role, ring, folder / f'{name}.control', self.ledger, *arguments],
                               folder, environment)

    def at(self):
        return self.control.get(Control.AT)

    def run(self):
        return self.control.get(Control.RUN)

    def granted(self):
        return self.control.get(Control.GRANTED)

    def grant(self, records):
        self.control.set(Control.GRANTED, self.granted() + records)

    def ends_with_drops(self):
        """Whether it has sent what it was granted, and the last of that was dropped."""
        return self.control.get(Control.DROPPED) and self.at() >= self.granted()

    def finish(self):
        """The exit status, after there was nothing more to do."""
        self.control.set(Control.FINISH, 1)
        if self.process.wait() != 0:
            raise Fault(f'{self.process.name}: {self.process.said()}')

    def noted(self):
        """The lines of its ledger, as words."""
        return [line.split() for line in self.ledger.read_text().splitlines()] if self.ledger.exists() else []


def gaps_of(noted):
    """Gaps as {first number: (records, bytes)}, those that meet as one: who reads a ring may see one in pieces, and
    the sender counts those of each run."""
    gaps = {}
    end = None
    for kind, *numbers in noted:
        if kind != 'gap':
            continue
        first, records, size = map(int, numbers[:3])
        if first == end:
            gaps[begin] = gaps[begin][0] + records, gaps[begin][1] + size
        else:
            begin = first
            gaps[begin] = records, size
        end = first + records
    return gaps


def run_ends_of(noted):
    """How runs ended: run, and "closed" or "died", or for the sender "empty" if all that the run sent was dropped."""
    return [(int(words[1]), words[3]) for words in noted if words[0] == 'end']


def compare(sent, seen):
    """Checks what a reader has noted against what the sender has; raises a Fault that says the first difference."""
    if gaps_of(sent) != gaps_of(seen):
        raise Fault(f'gaps: {differences(gaps_of(sent).items(), gaps_of(seen).items())}')
    check_run_ends(run_ends_of(sent), run_ends_of(seen))


def check_run_ends(sent, seen):
    """Each is seen once and as it was; those of runs that have written nothing may be reported with the one before."""
    told = {run for run, _ in seen}
    is_doubled = [run for run, _ in seen] != sorted(told)
    if is_doubled or any(sent[run - 1] not in [(run, how), (run, 'empty')] for run, how in seen):
        raise Fault(f'ends of runs: {differences(sent, seen)}')
    for run, how in sent:
        following = itertools.takewhile(lambda end: end[1] == 'empty', sent[run:])
        if how != 'empty' and not told & {run, *(number for number, _ in following)}:
            raise Fault(f'ends of runs: {differences(sent, seen)}')


def compare_readers(sent, at_source, at_target):
    """Checks that both readers have noted the same: also where gaps and ends of runs lie, and all times."""
    empty = {run for run, how in run_ends_of(sent) if how == 'empty'}
    vague = empty | {run - 1 for run in empty}  # see check_run_ends()
    at_source, at_target = ([words for words in noted if words[0] != 'end' or int(words[1]) not in vague]
                            for noted in (at_source, at_target))
    if at_source != at_target:
        raise Fault(f'not as at the source: {differences(at_source, at_target)}')


def differences(expected, got):
    """Where two sequences begin to differ, in words."""
    expected, got = list(expected), list(got)
    i = next((i for i, pair in enumerate(zip(expected, got)) if pair[0] != pair[1]), min(len(expected), len(got)))
    return f'{expected[i:i + 2] or "nothing"} expected, {got[i:i + 2] or "nothing"} seen, after {i} that agree'
