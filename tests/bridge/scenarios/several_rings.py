# SPDX-License-Identifier: MIT
"""One bridge carries several rings, each into a stream of its own: also those that appear later, and by paths."""

import signal

from processes import await_true

INTERRUPTED = -signal.SIGTERM


def play(place):
    for _ in place.rounds(1):
        with place.server() as server, place.rings(server) as rings:
            carry_pattern(rings)
            carry_names(rings)
            refuse_second_of_a_name(rings)
            go_on_beside_failures(rings)
            find_replaced_ring(rings)


def carry_pattern(rings):
    rings.create('app.one')
    rings.send('app.one', 'first')
    out = rings.out('app.*', '--stream', 'all-%', '--create')
    rings.await_stored('app.one')
    rings.create('app.two')
    rings.send('app.two', 'second')
    rings.await_stored('app.two')
    rings.create('other')
    for ring in 'app.one', 'app.two':
        rings.check_copy(f'all-{ring.replace(".", "_")}', rings.dump(ring))
    assert rings.stat('other')['consumers'] == []
    out.interrupt()


def carry_names(rings):
    path = f'{rings.folder}/deep.er.ring'
    for ring in 'plain', path:
        rings.create(ring)
        rings.send(ring, f'of {ring}')
    out = rings.out('plain', path, '--create')
    for ring, stream in ('plain', 'plain'), (path, 'deep_er'):
        rings.await_stored(ring)
        rings.check_copy(stream, rings.dump(ring))
    out.interrupt()


def refuse_second_of_a_name(rings):
    """Only one of two rings gets the stream that both would be given."""
    for ring in 'x.y', 'x_y':
        rings.create(ring)
        rings.send(ring, f'of {ring}')
    out = rings.out('x.y', 'x_y', '--create')
    await_true('one of them is refused', lambda: 'has the records of another ring' in out.said())
    out.interrupt()
    pending = [rings.stat(ring)['consumers'][0]['pending_records'] for ring in ('x.y', 'x_y')
               if rings.stat(ring)['consumers']]
    assert 0 in pending, pending


def go_on_beside_failures(rings):
    """A ring that is not there is told, also at the end, and a ring that was removed is no failure."""
    rings.create('gone')
    for missing, status in (('missing',), 1), ((), INTERRUPTED):
        out = rings.out('plain', 'gone', *missing, '--create')
        rings.await_bridge('gone', 'running')
        rings.mapring('rm', 'gone', '--force')
        await_true('the removal is told', lambda: "the ring 'gone' was removed" in out.said())
        rings.send('plain', 'more')
        rings.await_stored('plain')
        out.interrupt()
        rings.check_end(out, status)
        rings.create('gone')
        rings.server.client.ask('STREAM.DELETE.gone')


def find_replaced_ring(rings):
    """A pattern also finds a ring that takes the place of one that was removed."""
    rings.create('new.one')
    out = rings.out('new.*', '--create')
    rings.await_bridge('new.one', 'running')
    rings.mapring('rm', 'new.one', '--force')
    await_true('the removal is told', lambda: 'was removed' in out.said())
    rings.create('new.one')
    rings.send('new.one', 'of another ring')
    rings.await_stored('new.one')
    rings.check_copy('new_one', rings.dump('new.one'))
    out.interrupt()
