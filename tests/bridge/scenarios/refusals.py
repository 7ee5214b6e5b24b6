# SPDX-License-Identifier: MIT
"""What a sending bridge refuses, with which sentence and exit status, and that it then leaves all as it was."""

from jetstream import make_stream, stream_info


def play(place):
    for _ in place.rounds(1):
        with place.server() as server, place.rings(server) as rings:
            rings.create('ring')
            rings.send('ring', 'kept')
            refuse_usage(rings)
            refuse_rings(rings)
            refuse_streams(rings)
            refuse_other_writers(rings, server.client)


def refuse_usage(rings):
    rings.refuse('each ring needs a stream of its own', 'a', 'b', '--stream', 'S', status=2)
    rings.refuse('each ring needs a stream of its own', 'a*', '--stream', 'S', status=2)
    rings.refuse('each stream needs a subject of its own', 'a', 'b', '--subject', 'x', status=2)
    for name in '', 'x.y', '../x':
        rings.refuse('invalid --stream', 'ring', '--stream', name, '--create', status=2)
    rings.refuse('choose one by --consumer', 'ring', '--stream', 'x' * 57, '--create', status=2)
    for option in ('--replicas', '1'), ('--max-bytes', '1M'), ('--max-age', '1h'):
        rings.refuse('they need --create', 'ring', *option, status=2)


def refuse_rings(rings):
    rings.refuse('there is no ring', 'missing', '--stream', 'S', '--create')
    rings.check_gone('missing')


def refuse_streams(rings):
    rings.refuse('--create makes it', 'ring', '--stream', 'S')
    assert rings.stat('ring')['consumers'] == []
    make_stream(rings.server.client, 'foreign')
    rings.server.client.publish('mapring.foreign', 'not of a bridge')
    rings.refuse('was not written by mapring bridge out', 'ring', '--stream', 'foreign')
    assert stream_info(rings.server.client, 'foreign')['state']['messages'] == 1


def refuse_other_writers(rings, client):
    out = rings.out('ring', '--stream', 'S', '--create')
    rings.await_stored('ring')
    rings.refuse('another bridge', 'ring', '--stream', 'S')
    client.publish('mapring.S', 'not of a bridge')
    sender = rings.sender('ring', 'after that')
    rings.check_end(out, 1, 'was not written by mapring bridge out')
    sender.close()
    rings.refuse('was not written by mapring bridge out', 'ring', '--stream', 'S')
    pending = [consumer['pending_records'] for consumer in rings.stat('ring')['consumers']]
    assert pending == [1], pending
