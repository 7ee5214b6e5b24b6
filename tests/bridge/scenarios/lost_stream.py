# SPDX-License-Identifier: MIT
"""A stream that was purged, or deleted and made anew, is not begun again without --anew; with it, it is. A bridge that
runs goes on after a purge: the server still knows the number of the last message."""

from jetstream import make_stream

WORDS = 'ring', '--stream', 'S', '--create'


def purge(client):
    client.ask('STREAM.PURGE.S')


def delete(client):
    client.ask('STREAM.DELETE.S')


def make_anew(client):
    delete(client)
    make_stream(client, 'S')


def play(place):
    for _ in place.rounds(1):
        for lose in purge, delete, make_anew:
            for work in begin_again, end_or_go_on:
                with place.server() as server, place.rings(server) as rings:
                    rings.create('ring')
                    rings.send('ring', 'stored')
                    out = rings.out(*WORDS)
                    rings.await_stored('ring')
                    work(rings, out, lose)
                    rings.check_copy('S', [line for line in rings.dump('ring') if 'later' in line])


def begin_again(rings, out, lose):
    out.interrupt()
    lose(rings.server.client)
    rings.send('ring', 'later')
    rings.refuse('--anew begins it', *WORDS)
    rings.check_end(rings.out(*WORDS, '--anew', '--until-end'), 0)


def end_or_go_on(rings, out, lose):
    lose(rings.server.client)
    rings.send('ring', 'later')
    if lose == purge:
        rings.await_stored('ring')
        return
    rings.check_end(out, 1, "the stream 'S' was deleted", 'it no longer holds what was sent into it before')
    rings.check_end(rings.out(*WORDS, '--anew', '--until-end'), 0)
