# SPDX-License-Identifier: MIT
"""`mapring stat` shows a bridge while it runs and after it was killed, and nothing of it is left when the ring is."""


def play(place):
    for _ in place.rounds(1):
        for removal in ('rm',), ('prune', '--yes', '--durable'):
            with place.server() as server, place.rings(server) as rings:
                play_one(place, rings, removal)


def play_one(place, rings, removal):
    rings.create('ring')
    rings.send('ring', 'one')
    out = rings.out('ring', '--stream', 'S', '--create')
    rings.await_stored('ring')
    rings.await_bridge('ring', 'running')
    place.kill(out)
    rings.await_bridge('ring', 'died')
    rings.mapring(*removal, 'ring')
    rings.check_gone('ring')
