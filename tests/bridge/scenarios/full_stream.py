# SPDX-License-Identifier: MIT
"""The stream takes no more until somebody empties it: the ring then blocks or drops, and nothing else is lost."""

from jetstream import empty_stream, make_stream, stream_info
from processes import await_true

MAX_BYTES = 400_000
TIMES_FULL = 3


def play(place):
    for _ in place.rounds(2):
        with place.server() as server:
            make_stream(server.client, 'S', max_bytes=MAX_BYTES)
            with place.any_lane(server.url(), create=(), out_options=()) as lane:
                for _ in range(TIMES_FULL):
                    lane.grant(2 * MAX_BYTES // 100)
                    await_true('the stream is full', lambda: lane.check_roles() or 'full' in lane.out.said())
                    lane.await_all_read(server.client)
                    empty_stream(server.client, 'S')
                    place.counts['emptied'] += 1
                while lane.checker.at() < lane.sender.granted():
                    lane.await_all_read(server.client)
                    empty_stream(server.client, 'S')
