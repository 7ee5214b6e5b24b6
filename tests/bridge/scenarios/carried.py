# SPDX-License-Identifier: MIT
"""Nothing fails: rings that block and that drop, messages of all sizes, compressed or not."""


def play(place):
    for _ in place.rounds(1):
        for when_full in 'block', 'drop':
            for options in (), ('--compress',), ('--batch-bytes', '2K'):
                with place.server() as server:
                    with place.lane(server.url(), when_full=when_full, out_options=options) as lane:
                        lane.await_moment()
