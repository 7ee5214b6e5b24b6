# SPDX-License-Identifier: MIT
"""What the tests share: rings in a folder of their own, the command, and other processes."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

import mapring

SOURCE = pathlib.Path(__file__).resolve().parents[3]
TOOL = os.environ.get("MAPRING_TOOL", "mapring")
LOG_WRITER = os.environ.get("MAPRING_LOG_WRITER")
LIMIT_S = 60


class TestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.ring = str(self.folder / "test.ring")

    def opened(self, thing):
        """Closes it at the end of the test."""
        self.addCleanup(thing.close)
        return thing

    def producer(self, **options):
        return self.opened(mapring.Producer(self.ring, mapring.RingOptions(**options)))

    def consumer(self, **options):
        return self.opened(mapring.Consumer(self.ring, mapring.ConsumerOptions(**options)))

    def tool(self, *arguments, text=b""):
        """Runs the command, and returns what it writes."""
        done = subprocess.run([TOOL, *map(str, arguments)], input=text, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=LIMIT_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def start(self, *command, **streams):
        process = subprocess.Popen(list(map(str, command)), **streams)
        self.addCleanup(end, process)
        return process

    def start_python(self, code, *arguments):
        """A process that runs code, and is known to have reached a point when it prints a line."""
        return self.start(sys.executable, "-c", "import mapring, sys\n" + code, self.ring,
                          *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def end(process):
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()


def kill(process):
    process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.wait(LIMIT_S)


def payloads(reader, timeout=0):
    return [bytes(record) for record in reader.records(timeout)]
