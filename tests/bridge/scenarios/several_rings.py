# SPDX-License-Identifier: MIT
"""One bridge carries several rings, each into a stream of its own: also those that appear later, and by paths."""

from processes import await_true


def play(place):
    for _ in place.rounds(1):
        with place.server() as server, place.rings(server) as rings:
            carry_pattern(rings)
            carry_names(rings)
            refuse_second_of_a_name(rings)


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
