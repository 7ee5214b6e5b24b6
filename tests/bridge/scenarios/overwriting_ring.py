# SPDX-License-Identifier: MIT
"""A ring that overwrites is carried by way of a copy, which goes on where it was, tells what was overwritten before, and
goes when the ring does."""

import json

from processes import await_true

WORDS = 'ring', '--stream', 'S', '--create'
COPY = 'ring.ring+bridge-S.*.copy'


def play(place):
    for _ in place.rounds(1):
        for work in carry, tell_loss, lose_copy, cut_short, end_with_ring, remove, forget_earlier_ring:
            with place.server() as server, place.rings(server) as rings:
                create(rings)
                work(place, rings)


def create(rings, ring='ring'):
    rings.mapring('create', ring, '--capacity', '64K', '--when-full', 'overwrite', '--times', '--content', 'text/plain')


def carry(_place, rings):
    """All of it, with the ends of runs; again with nothing to do; and what comes later. The copy is carried on, too."""
    for i in range(3):
        rings.send('ring', f'{i} one', f'{i} two')
        for _ in range(2):
            rings.check_end(rings.out(*WORDS, '--until-end'), 0)
    rings.check_copy('S', rings.dump('ring'))
    rings.copy('S', 'further', '--when-full', 'overwrite')
    rings.check_end(rings.out('further', '--stream', 'T', '--create', '--until-end'), 0)
    rings.check_copy('T', rings.dump('ring'))
    assert rings.mapring('ls').split() == ['copy-S', 'copy-T', 'further', 'ring'], rings.mapring('ls')


def tell_loss(_place, rings):
    """What was overwritten before the bridge came is a loss at the beginning, which the bridge counts."""
    rings.send('ring', *map(str, range(5000)))
    rings.out(*WORDS)
    rings.await_bridge('ring', 'running')
    await_true('all of it is carried', lambda: status(rings)['next_sequence'] == 5000)
    kept = [line for line in rings.dump('ring') if line.startswith('{')]
    lost = 5000 - len(kept)
    assert (status(rings)['records'], status(rings)['lost_records']) == (len(kept), lost), status(rings)
    copied = [line for line in rings.copy('S', 'there') if line.startswith('{')]
    told = json.loads(copied[0])['lost']
    assert (told['first'], told['records']) == (0, lost), told
    assert copied[1:] == kept, f'{len(copied)} lines'


def status(rings):
    return rings.stat('ring')['bridges'][0]


def lose_copy(_place, rings):
    """Without the copy, the bridge goes on with what the ring still has."""
    for line in 'one', 'two':
        rings.send('ring', line)
        rings.check_end(rings.out(*WORDS, '--until-end'), 0)
        for copy in rings.folder.glob(COPY):
            copy.unlink()
    rings.check_copy('S', rings.dump('ring'))


def cut_short(place, rings):
    """While no bridge is there, something is cut short, and others follow: the next record does not continue it."""
    rings.send('ring', 'carried')
    rings.check_end(rings.out(*WORDS, '--until-end'), 0)
    sender = rings.sender('ring')
    sender.process.popen.stdin.write(b'x' * 40000)
    sender.process.popen.stdin.flush()
    await_true('a part is sent', lambda: rings.stat('ring')['records'] > 1)
    place.kill(sender)
    rings.send('ring', 'next')
    rings.send('ring', 'last')
    rings.check_end(rings.out(*WORDS, '--until-end'), 0)
    rings.check_copy('S', rings.dump('ring'))


def end_with_ring(_place, rings):
    """When the ring is removed, all that it had is stored first, and no copy stays."""
    out = rings.out(*WORDS)
    rings.send('ring', 'one')
    await_true('it is carried', lambda: rings.stat('ring')['bridges'] and status(rings)['next_sequence'] == 1)
    out.stop()
    rings.send('ring', 'two')
    rings.check_removal('ring', 'S', out)


def remove(place, rings):
    """With the ring, the copy of a bridge that was killed is removed."""
    rings.send('ring', 'one')
    out = rings.out(*WORDS)
    await_true('it is carried', lambda: rings.stat('ring')['bridges'] and status(rings)['next_sequence'] == 1)
    place.kill(out)
    assert list(rings.folder.glob(COPY))
    rings.mapring('prune', '--yes', 'ring')
    rings.check_gone('ring')


def forget_earlier_ring(_place, rings):
    """The copy of a ring whose file alone was removed is not taken for that of the next ring of its name."""
    rings.send('ring', 'old')
    rings.check_end(rings.out(*WORDS, '--until-end'), 0)
    (rings.folder / 'ring.ring').unlink()
    create(rings)
    rings.send('ring', 'new')
    rings.refuse('has the records of another ring', *WORDS)
    rings.server.client.ask('STREAM.DELETE.S')
    rings.check_end(rings.out(*WORDS, '--until-end'), 0)
    rings.check_copy('S', rings.dump('ring'))
