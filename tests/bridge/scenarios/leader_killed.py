# SPDX-License-Identifier: MIT
"""Of three servers, the one that leads is killed. The replicas of some versions then differ: it is good, too, if the
reading bridge notices that and stops with a sentence. The sending one goes on in any case."""

from lane import Stopped

KILLS = 2


def play(place):
    for _ in place.rounds(1):
        with place.cluster() as cluster, place.replicated_lane(cluster, may_stop=True) as lane:
            try:
                kill_leaders(place, cluster, lane)
                lane.finish()
            except Stopped as stopped:
                place.counts['reader stopped'] += 1
                print(f'    {stopped}')
                lane.finish_without_reader()


def kill_leaders(place, cluster, lane):
    for _ in range(KILLS):
        lane.await_moment()
        leader, _ = cluster.await_roles(lane.stream)
        place.kill(leader)
        lane.await_moment()
        leader.start()
