# SPDX-License-Identifier: MIT
"""Of three servers, the one that leads is stopped until another one leads, and then goes on."""

STOPS = 2


def play(place):
    for _ in place.rounds(1):
        with place.cluster() as cluster, place.replicated_lane(cluster) as lane:
            for _ in range(STOPS):
                lane.await_moment()
                leader, _ = cluster.await_roles(lane.stream)
                leader.stop()
                place.counts['stops'] += 1
                lane.await_moment()
                leader.go_on()
