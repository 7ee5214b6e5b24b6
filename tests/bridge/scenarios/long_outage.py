# SPDX-License-Identifier: MIT
"""The server is away for longer than it remembers what it was sent: its duplicate window must not matter."""

import time

from jetstream import make_stream

OUTAGES = 3
WINDOW_NS = 100_000_000


def play(place):
    for _ in place.rounds(2):
        with place.server() as server:
            make_stream(server.client, 'S', duplicate_window=WINDOW_NS)
            with place.any_lane(server.url(), create=()) as lane:
                for _ in range(OUTAGES):
                    lane.await_moment()
                    place.kill(server)
                    time.sleep(5 * WINDOW_NS / 1e9)  # nothing is waited for: that is the outage
                    server.start()
