# SPDX-License-Identifier: MIT
"""With the command, and with processes that are killed."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

import mapring
from mapring import Result
from support import LIMIT_S, SOURCE, TOOL, TestCase, kill, payloads

LINES = b"".join(b"line %d \xff\x00\n" % i for i in range(5000))


class BothDirections(TestCase):
    def test_the_command_receives_what_python_sends(self):
        with self.producer() as producer:
            lines = LINES.splitlines()
            for line in lines[:100]:
                producer.send(line)
            for at in range(100, len(lines), 100):
                producer.send_batch(lines[at:at + 100])
        for _ in range(2):
            self.assertEqual(self.tool("recv", self.ring, "--from", "oldest"), LINES)

    def test_python_receives_what_the_command_sends(self):
        for _ in range(2):
            self.tool("send", self.ring, text=LINES)
            with self.consumer() as consumer:
                self.assertEqual(b"".join(bytes(record) + b"\n" for record in consumer), LINES)

    def test_they_wait_for_each_other_through_a_small_ring(self):
        producer = self.producer(capacity_bytes=65536)
        output = self.folder / "received"
        with output.open("wb") as stream:
            receiver = self.start(TOOL, "recv", self.ring, stdout=stream)
        producer.wait_consumers(1, LIMIT_S)
        for line in LINES.splitlines() * 10:
            producer.send(line, LIMIT_S)
        producer.close()
        self.assertEqual(receiver.wait(LIMIT_S), 0)
        self.assertEqual(output.read_bytes(), LINES * 10)

    def test_golden_rings_are_read_as_the_command_reads_them(self):
        golden = sorted((SOURCE / "tests/golden").glob("*.hex"))
        subprocess.run([sys.executable, SOURCE / "bindings/tests/golden.py", *golden, self.folder],
                       check=True)
        self.assertGreater(len(golden), 10)
        for path in sorted(self.folder.glob("*.ring")):
            expected = list(map(json.loads, self.tool("dump", path, "--json").splitlines()))
            readers = [mapring.Image(str(path)), mapring.Observer(str(path))]
            if path.stem != "overwrite":
                readers.append(mapring.Consumer(
                    str(path), mapring.ConsumerOptions(from_=mapring.From.OLDEST)))
            for reader in readers:
                with self.subTest(ring=path.stem, reader=type(reader).__name__), reader:
                    self.assertEqual(list(told(reader)), [plain(one) for one in expected])


def told(reader):
    """What a reader tells, as the command writes it."""
    lost = []
    reader.on_lost = lost.append
    for record in reader.records(timeout=0):
        yield from map(loss, lost)
        lost.clear()
        yield plain({"sequence": record.sequence, "bytes": len(record),
                     "continues": record.continues, "continued": record.continued,
                     "time_ns": record.time_ns,
                     "payload": bytes(record.payload).decode("latin-1")})


def loss(one):
    return {"lost": {"first": one.sequence, "records": one.lost_records, "bytes": one.lost_bytes}}


def plain(told_by_command):
    """Without the times, which the command writes in another way, and zeros, which it encodes; it
    writes null for bytes that are not known."""
    if "lost" in told_by_command:
        lost = told_by_command["lost"]
        return {"lost": {name: lost[name] or 0 for name in ("first", "records", "bytes")}}
    length = told_by_command["bytes"]
    return {"sequence": told_by_command["sequence"], "bytes": length,
            "continues": bool(told_by_command.get("continues")),
            "continued": bool(told_by_command.get("continued")),
            "payload": told_by_command.get("payload") if length <= 100 else "zeros"}


class Killed(TestCase):
    SENDER = """
with mapring.Producer(sys.argv[1]) as producer:
    producer.send(b"before")
    place = producer.reserve(5)
    place.view[:] = b"never"
    print("sent", flush=True)
    sys.stdin.read()
"""

    def test_a_producer(self):
        for run in range(2):
            sender = self.start_python(self.SENDER)
            self.assertEqual(sender.stdout.readline().split(), [b"sent"])
            consumer = self.consumer()
            first = consumer.next(LIMIT_S)
            self.assertEqual((bytes(first), first.sequence), (b"before", run))
            kill(sender)
            self.assertIsNone(next(iter(consumer), None))
            self.assertEqual(consumer.ended, Result.PRODUCER_DIED)
            consumer.close()
        with self.producer() as producer:
            producer.send(b"after")
        with self.consumer() as consumer:
            self.assertEqual([(record.sequence, bytes(record)) for record in consumer],
                             [(2, b"after")])

    def test_a_consumer_does_not_stop_the_producer(self):
        producer = self.producer(capacity_bytes=65536)
        reader = self.start_python("consumer = mapring.Consumer(sys.argv[1])\n"
                                   "print(bytes(consumer.next()), flush=True)\n"
                                   "sys.stdin.read()")
        producer.send(b"one")
        self.assertIn(b"one", reader.stdout.readline())
        kill(reader)
        for _ in range(200):
            producer.send(bytes(1000), LIMIT_S)
        with self.assertRaises(mapring.ConsumerGone):
            producer.drain(LIMIT_S)

    def test_a_durable_consumer_gets_again_what_it_had_not_released(self):
        producer = self.producer()
        producer.send_batch([b"one", b"two", b"three"])
        reader = self.start_python(
            "options = mapring.ConsumerOptions(name='keeper', durable=True)\n"
            "consumer = mapring.Consumer(sys.argv[1], options)\n"
            "print(bytes(consumer.next()), bytes(consumer.next()), flush=True)\n"
            "sys.stdin.read()")
        self.assertIn(b"two", reader.stdout.readline())
        kill(reader)
        self.assertEqual(payloads(self.consumer(name="keeper", durable=True)), [b"two", b"three"])

    @unittest.skipUnless(hasattr(os, "fork"), "no fork()")
    def test_a_forked_child_has_no_records_and_no_handles(self):
        producer, consumer = self.producer(), self.consumer()
        producer.send(b"parent's")
        record = consumer.next()
        view = record.payload
        child = os.fork()
        if child == 0:
            os._exit(child_is_refused(producer, record, view))
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(bytes(view), b"parent's")


def child_is_refused(producer, record, view):
    refused = 0
    for call in (lambda: view[0], lambda: bytes(record), lambda: record.payload):
        try:
            call()
        except ValueError:
            refused += 1
    try:
        producer.send(b"")
    except mapring.Forked:
        refused += 1
    return 0 if refused == 4 else 1


class Finding(TestCase):
    def library(self, **environment):
        code = "import mapring._library; print(mapring._library.PATH)"
        rest = {name: value for name, value in os.environ.items() if name != "MAPRING_LIBRARY"}
        return subprocess.run([sys.executable, "-c", code], env={**rest, **environment},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_the_library_that_is_named_is_taken(self):
        named = mapring._library.PATH
        self.assertEqual(self.library(MAPRING_LIBRARY=named).stdout.strip(), named)

    def test_a_missing_library_is_explained(self):
        done = self.library(MAPRING_LIBRARY="/none/libmapring.so.0")
        self.assertIn("/none/libmapring.so.0", done.stderr)
        self.assertIn("set MAPRING_LIBRARY to its path", done.stderr)

    @unittest.skipUnless(list(SOURCE.glob("build*/src/" + mapring._library.INSTALLED)),
                         "no build beside the sources")
    def test_the_build_beside_the_sources_is_found(self):
        found = pathlib.Path(self.library().stdout.strip())
        self.assertEqual(found.parent.parent.parent, SOURCE)


if __name__ == "__main__":
    unittest.main()
