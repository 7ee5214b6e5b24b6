# SPDX-License-Identifier: MIT
"""The sending bridge is asked to end while messages are on their way: nothing is lost, and nothing comes twice."""

import signal

from processes import Fault

TIMES = 8


def play(place):
    for _ in place.rounds(1):
        with place.server() as server, place.any_lane(server) as lane:
            for _ in range(TIMES):
                lane.await_moment()
                if (status := lane.out.interrupt()) not in (128 + signal.SIGTERM, -signal.SIGTERM):
                    raise Fault(f'the bridge ended with {status}: {lane.out.said()}')
                place.counts['signals'] += 1
                lane.start_out()
