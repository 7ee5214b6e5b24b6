# SPDX-License-Identifier: MIT
"""The server is killed at random moments, and started again."""

KILLS = 4


def play(place):
    for _ in place.rounds(2):
        with place.server() as server, place.any_lane(server.url()) as lane:
            for _ in range(KILLS):
                lane.await_moment()
                place.kill(server)
                server.start()
