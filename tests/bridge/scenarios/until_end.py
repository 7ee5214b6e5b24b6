# SPDX-License-Identifier: MIT
"""With --until-end, the bridge ends when a producer has closed or died and all is stored, and not before; of several
rings, when that holds for all. The reading bridge ends when it has all of them."""

from logs import Log


def play(place):
    for _ in place.rounds(1):
        for end in 'close', 'kill':
            with place.server() as server, place.rings(server) as rings:
                play_one(rings, end)
                play_pattern(rings, end)
        with place.server() as server, place.rings(server) as here, place.rings(server) as there:
            play_log(Log(place, here, there))


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


def play_log(log):
    """The stream that a further ring of the log would have is that of another ring, and is left alone."""
    log.here.create('app_3')
    log.here.send('app_3', 'of no log')
    log.here.check_end(log.here.out('app_3', '--create', '--until-end'), 0)
    log.start_writer(3)
    log.await_rings(3 + 1)
    log.start_out('--until-end')
    log.write_some(500)
    log.await_written()
    assert log.out.ended() is None, 'ended before the writer'
    log.writer.finish()
    log.here.check_end(log.out, 0)
    for _ in range(2):  # the second one has nothing to do
        log.start_in('--until-end')
        log.there.check_end(log.into, 0)
        log.check_same()
        log.there.check_gone('app.3')
