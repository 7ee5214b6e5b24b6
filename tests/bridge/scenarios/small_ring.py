# SPDX-License-Identifier: MIT
"""A ring of 64 KiB is full while it is carried, and the bridge is killed; among the records is the largest it takes."""

import json

KILLS = 5
LINES = 200
LARGEST = 32752


def play(place):
    for _ in place.rounds(1):
        with place.server('max_payload: 16KB') as server, place.rings(server) as rings:
            rings.create('ring', capacity='64K')
            sent = carry_killed(place, rings)
            rings.copy('S', 'copy', '--capacity', '8M')
            received = [json.loads(line)['payload'] for line in rings.dump('copy')]
            assert received == sent, f'{len(received)} records instead of {len(sent)}, or others'


def carry_killed(place, rings):
    """The lines that were sent."""
    words = 'ring', '--stream', 'S', '--create'
    sent = []
    out, sender = rings.out(*words), rings.sender('ring')
    for kill in range(KILLS):
        lines = [f'{kill}.{i} '.ljust(place.random.randrange(10, 2000), 'x') for i in range(LINES)]
        lines.append('largest '.ljust(LARGEST, 'y'))
        sender.send(*lines)
        sent += lines
        place.kill(out)
        out = rings.out(*words)
    sender.close()
    rings.await_stored('ring')
    return sent
