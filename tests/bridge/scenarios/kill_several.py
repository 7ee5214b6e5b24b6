# SPDX-License-Identifier: MIT
"""The server and the bridges are killed together, in all combinations."""

KILLS = 4


def play(place):
    for _ in place.rounds(2):
        with place.server() as server, place.any_lane(server.url()) as lane:
            for _ in range(KILLS):
                lane.await_moment()
                victims = place.some(server, lane.out, lane.into)
                place.kill(*victims)
                if server in victims:
                    server.start()
                if lane.out in victims:
                    lane.start_out()
                if lane.into in victims:
                    lane.start_in()
