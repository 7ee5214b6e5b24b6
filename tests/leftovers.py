# SPDX-License-Identifier: MIT
"""What a test has started ends with it, also when the test fails, or is asked to end by a signal."""

import atexit
import os
import signal
import sys


def end_on_request():
    """Lets SIGTERM unwind the test, which then cleans up as it does at any other end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def end_with_this(process):
    """Returns the process, which is killed at the latest when this one ends."""
    atexit.register(process.kill)
    return process


def end_group(leader):
    """Kills the process, which leads a group, and whatever that has left behind."""
    try:
        os.killpg(leader.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    leader.wait()
