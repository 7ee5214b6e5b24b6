# SPDX-License-Identifier: MIT
"""A ring that was removed and created again is another one, and does not go on in the stream of the first."""

from jetstream import stream_info


def play(place):
    for _ in place.rounds(1):
        with place.server() as server, place.rings(server) as rings:
            rings.create('ring')
            rings.send('ring', 'old')
            rings.check_end(rings.out('ring', '--stream', 'S', '--create', '--until-end'), 0)
            old = rings.dump('ring')
            rings.mapring('rm', 'ring')
            rings.create('ring')
            rings.send('ring', 'new')
            messages = stream_info(server.client, 'S')['state']['messages']
            rings.refuse('has the records of another ring', 'ring', '--stream', 'S', '--create')
            assert stream_info(server.client, 'S')['state']['messages'] == messages
            rings.check_copy('S', old)
            rings.check_end(rings.out('ring', '--stream', 'T', '--create', '--until-end'), 0)
            rings.check_copy('T', rings.dump('ring'))
