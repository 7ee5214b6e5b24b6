# SPDX-License-Identifier: MIT
"""Of three servers, one that follows is killed and started again."""

KILLS = 3


def play(place):
    for _ in place.rounds(1):
        with place.cluster() as cluster, place.replicated_lane(cluster) as lane:
            for _ in range(KILLS):
                lane.await_moment()
                victim = place.chance(*cluster.await_roles(lane.stream)[1])
                place.kill(victim)
                lane.await_moment()
                victim.start()
