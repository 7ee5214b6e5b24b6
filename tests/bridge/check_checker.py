# SPDX-License-Identifier: MIT
"""Shows that the checker finds what it is there for: it reads rings in which something is wrong."""

from load import Player, compare
from processes import Fault, Process, await_true

RECORDS, RUN_RECORDS = 6000, 1000


def read_ring(tools, folder, when_full, fault=''):
    """Sends into a ring that is being checked; what was sent and seen besides records."""
    environment = {'MAPRING_DIR': str(folder)}
    Process('create', [tools.mapring, 'create', 'ring', '--capacity', '256K', '--when-full', when_full, '--times',
                       '--dictionary', '64K'], folder, environment).wait()
    checker = Player(tools.load, folder, 'check', 'ring', environment, name='checker')
    sender = Player(tools.load, folder, 'send', 'ring', environment, str(RUN_RECORDS), *([fault] if fault else []),
                    name='sender')
    try:
        sender.grant(RECORDS)
        sender.finish()
        await_true('all is read', lambda: checker.process.ended() or is_complete(sender, checker))
        checker.finish()
        return sender.noted(), checker.noted()
    finally:
        sender.process.kill()
        checker.process.kill()


def is_complete(sender, checker):
    return checker.at() >= sender.at() and checker.run() >= sender.run()


def must_find(what, words, work, *arguments):
    try:
        work(*arguments)
    except Fault as fault:
        if words in str(fault):
            return
        raise Fault(f'{what} is found as "{fault}"') from None
    raise Fault(f'not found: {what}')


def changed_gap(noted):
    """One record more is said to be in the last gap."""
    last = max(i for i, words in enumerate(noted) if words[0] == 'gap')
    words = list(noted[last])
    words[2] = str(int(words[2]) + 1)
    return [*noted[:last], words, *noted[last + 1:]]


def without(noted, kind):
    first = next(i for i, words in enumerate(noted) if words[0] == kind)
    return noted[:first] + noted[first + 1:]


def doubled(noted, kind):
    first = next(i for i, words in enumerate(noted) if words[0] == kind)
    return noted[:first + 1] + noted[first:]


def check_checker(place):
    def read(when_full, fault=''):
        place.counts['rings'] += 1
        return read_ring(place.tools, place.new_folder(), when_full, fault)

    sent, seen = read('block')
    compare(sent, seen)
    for fault, words in ('missing', '503: it was sent as record 504'), ('doubled', '503: it was sent as record 502'), \
            ('reordered', '503: it was sent as record 504'), ('changed', '503: it was changed'):
        must_find(f'a {fault} record', words, read, 'block', fault)
    must_find('a missing end of a run', 'ends of runs', compare, sent, without(seen, 'end'))
    must_find('a doubled end of a run', 'ends of runs', compare, sent, doubled(seen, 'end'))
    sent, seen = read('drop')
    compare(sent, seen)
    must_find('a wrong gap', 'gaps', compare, sent, changed_gap(seen))
    must_find('a missing gap', 'gaps', compare, sent, without(seen, 'gap'))
