# SPDX-License-Identifier: MIT
"""The bridge out of the source ring is killed at random moments."""

KILLS = 8


def play(place):
    for _ in place.rounds(2):
        with place.server() as server, place.any_lane(server.url()) as lane:
            for _ in range(KILLS):
                lane.await_moment()
                place.kill(lane.out)
                lane.start_out()
