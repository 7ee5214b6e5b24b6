# SPDX-License-Identifier: MIT
"""The processes of a test: each is started here, can be killed or stopped at any moment, and is gone at the end."""

import os
import signal
import subprocess
import time

LIMIT_S = 120  # nothing takes that long, on a slow machine
GLANCE_S = 0.002


class Fault(Exception):
    """What went wrong, as a sentence."""


def await_true(what, condition, limit_s=LIMIT_S):
    """Asks again and again; what the condition returned."""
    end = time.monotonic() + limit_s
    while not (answer := condition()):
        if time.monotonic() > end:
            raise Fault(f'never came true: {what}')
        time.sleep(GLANCE_S)
    return answer


class Process:
    """A running program. It also ends with this one, however that ends; what it says is in a file."""

    def __init__(self, name, command, folder, environment=None):
        self.name, self.path = name, folder / f'{name}.log'
        self.log = open(self.path, 'ab')
        self.begins = self.log.tell()
        self.popen = subprocess.Popen(
            ['setpriv', '--pdeathsig', 'KILL', *map(str, command)], stdin=subprocess.PIPE, stdout=self.log,
            stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})

    def ended(self):
        """The exit status, or None."""
        return self.popen.poll()

    def said(self):
        """What it has said since it was started."""
        with open(self.path, encoding='utf-8', errors='replace') as log:
            log.seek(self.begins)
            return log.read().strip()

    def send(self, number):
        if self.ended() is None:
            self.popen.send_signal(number)

    def kill(self):
        self.send(signal.SIGKILL)
        return self.wait()

    def interrupt(self):
        """Asks it to end."""
        self.send(signal.SIGTERM)
        return self.wait()

    def wait(self, limit_s=LIMIT_S):
        try:
            status = self.popen.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise Fault(f'{self.name} does not end') from None
        self.popen.stdin.close()
        self.log.close()
        return status

    def stop(self):
        self.send(signal.SIGSTOP)

    def go_on(self):
        self.send(signal.SIGCONT)
