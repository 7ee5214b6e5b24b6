# SPDX-License-Identifier: MIT
"""The server takes only messages that are smaller than many records, and the bridges are killed."""

KILLS = 4


def play(place):
    for _ in place.rounds(2):
        with place.server('max_payload: 16KB') as server, place.any_lane(server.url()) as lane:
            for _ in range(KILLS):
                lane.await_moment()
                place.kill(lane.out, lane.into)
                lane.start_out()
                lane.start_in()
