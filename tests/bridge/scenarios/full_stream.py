# SPDX-License-Identifier: MIT
"""The stream takes no more until somebody empties it: the ring then blocks or drops, and nothing else is lost."""

from jetstream import empty_stream, make_stream
from processes import await_true

MAX_BYTES = 400_000
TIMES_FULL = 3


def play(place):
    for _ in place.rounds(2):
        with place.server() as server:
            make_stream(server.client, 'S', max_bytes=MAX_BYTES)
            with place.any_lane(server, create=(), out_options=()) as lane:
                for _ in range(TIMES_FULL):
                    fill_stream(lane)
                    empty(place, lane)
                lane.sender.finish()
                while lane.checker.at() < lane.sender.at():
                    empty(place, lane)


def fill_stream(lane):
    before = lane.out.said().count('is full')

    def is_full():
        lane.check_roles()
        lane.grant_if_idle()
        return lane.out.said().count('is full') > before
    await_true('the stream is full', is_full)


def empty(place, lane):
    empty_stream(lane.client, lane.stream, lane.await_all_read())
    place.counts['emptied'] += 1
