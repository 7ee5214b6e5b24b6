# SPDX-License-Identifier: MIT
"""Nothing fails."""


def play(place):
    for when_full in 'block', 'drop':
        with place.server() as server, place.lane(server.url(), when_full=when_full) as lane:
            for _ in place.rounds(3):
                lane.await_moment()
