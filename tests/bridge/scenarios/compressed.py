# SPDX-License-Identifier: MIT
"""Compressed messages have the same content, in fewer bytes."""

from jetstream import stream_info

LINES = 2000


def play(place):
    for _ in place.rounds(1):
        with place.server() as server, place.rings(server) as rings:
            rings.create('ring')
            rings.send('ring', *(f'request {i} of user {i % 7} was answered' for i in range(LINES)))
            sizes = []
            for stream, options in ('plain', ()), ('small', ('--compress',)):
                out = rings.out('ring', '--stream', stream, '--create', '--until-end', *options)
                rings.check_end(out, 0)
                rings.check_copy(stream, rings.dump('ring'))
                sizes.append(stream_info(server.client, stream)['state']['bytes'])
            assert sizes[1] < sizes[0] / 3, sizes
