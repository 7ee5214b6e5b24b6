# SPDX-License-Identifier: MIT
"""With --until-end, the bridge ends when a producer has closed or died and all is stored, and not before; of several
rings, when that holds for all."""


def play(place):
    for _ in place.rounds(1):
        for end in 'close', 'kill':
            with place.server() as server, place.rings(server) as rings:
                play_one(rings, end)
                play_pattern(rings, end)


def play_one(rings, end):
    words = 'ring', '--stream', 'S', '--create', '--until-end'
    rings.create('ring')
    out = rings.out(*words)
    sender = rings.sender('ring', 'first')
    rings.await_stored('ring')
    assert out.ended() is None, 'ended before its producer'
    getattr(sender, end)()
    rings.check_end(out, 0)
    rings.check_end(rings.out(*words), 0)  # again, with nothing to do

    later = rings.sender('ring', 'second')
    out = rings.out(*words)
    rings.await_stored('ring')
    assert out.ended() is None, 'ended with the end of an earlier producer'
    getattr(later, end)()
    rings.check_end(out, 0)
    rings.check_copy('S', rings.dump('ring'))


def play_pattern(rings, end):
    """It waits for the first ring, and takes along one that appears while it runs."""
    out = rings.out('app.*', '--stream', 'all-%', '--create', '--until-end')
    rings.create('app.one')
    one = rings.sender('app.one', 'first')
    rings.await_stored('app.one')
    rings.create('app.two')
    two = rings.sender('app.two', 'second')
    rings.await_stored('app.two')
    getattr(one, end)()
    assert out.ended() is None, 'ended before a producer'
    getattr(two, end)()
    rings.check_end(out, 0)
    for name in 'one', 'two':
        rings.check_copy(f'all-app_{name}', rings.dump(f'app.{name}'))
    rings.check_end(rings.out('app.*', '--stream', 'all-%', '--until-end'), 0)
