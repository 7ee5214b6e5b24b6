# SPDX-License-Identifier: MIT
"""The ring is removed while the bridge has not sent all of it: all is stored first, and then it ends with status 3."""


def play(place):
    for _ in place.rounds(2):
        with place.server() as server, place.rings(server) as rings:
            rings.create('ring')
            out = rings.out('ring', '--stream', 'S', '--create')
            rings.send('ring', 'stored')
            rings.await_stored('ring')
            out.stop()
            for i in range(3):
                rings.send('ring', *(f'{i}.{line}' for line in range(100)))
            rings.check_removal('ring', 'S', out)
            remove_copy(rings)


def remove_copy(rings):
    """The reading bridge ends, too, when its own ring is removed."""
    into = rings.begin('in', 'bridge', 'in', 'copy-S', '--stream', 'S', '--url', rings.server.url())
    rings.await_bridge('copy-S', 'running')
    rings.mapring('rm', 'copy-S', '--force')
    rings.check_end(into, 3, 'removed')
    rings.check_gone('copy-S')
