# SPDX-License-Identifier: MIT
"""What a bridge has sent reaches the server after its successor has begun: a relay has held it back. The bridge dies
meanwhile, or has given up that connection itself."""

from processes import await_true

ROUNDS_OF_A_LANE = 3
HELD_BYTES = 8_000


def play(place):
    for _ in place.rounds(2):
        with place.server() as server, place.relay(server) as relay, place.any_lane(server) as lane:
            lane.lead_out_over(relay)
            for _ in range(ROUNDS_OF_A_LANE):
                hold_back(place, lane, relay)


def hold_back(place, lane, relay):
    lane.await_moment()
    enough = relay.tell('hold') + place.random.randrange(HELD_BYTES)
    await_true('the relay holds something back, or the bridge has given up its connection',
               lambda: lane.grant_if_idle() or relay.tell('held') > enough or not relay.tell('holds'))
    lane.grant(2000)
    if place.chance(True, True, False):
        place.kill(lane.out)
        lane.start_out()
    lane.await_arrival(lane.checker.at() + place.random.randrange(1, 2000))
    relay.tell('release')
    place.counts['released'] += 1
