# SPDX-License-Identifier: MIT
"""The connections of both bridges are cut at random moments."""

CUTS = 6


def play(place):
    for _ in place.rounds(2):
        with place.server() as server, place.relay(server) as relay, place.any_lane(relay.url()) as lane:
            for _ in range(CUTS):
                lane.await_moment()
                relay.tell('cut')
                place.counts['cuts'] += 1
