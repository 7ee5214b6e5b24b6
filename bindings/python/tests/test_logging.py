# SPDX-License-Identifier: MIT
"""The handler for logging."""

import io
import logging
import unittest
from contextlib import redirect_stderr

import mapring
from mapring import RingOptions, WhenFull
from mapring.logging import RingHandler
from support import TestCase, payloads


class Logging(TestCase):
    def logger(self, options=None, **arguments):
        handler = RingHandler(self.ring, options, **arguments)
        self.addCleanup(handler.close)
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        logger = logging.Logger("test")
        logger.addHandler(handler)
        return logger, handler

    def test_messages_become_records(self):
        logger, handler = self.logger()
        logger.info("started %d \N{SNOWMAN}", 5)
        logger.error("failed")
        handler.close()
        with self.consumer() as consumer:
            self.assertEqual([bytes(record).decode() for record in consumer],
                             ["INFO started 5 \N{SNOWMAN}", "ERROR failed"])
        with mapring.Ring(self.ring) as ring:
            self.assertEqual(ring.stat()["content"], "text/plain")

    def test_a_new_ring_drops_and_tells_its_readers(self):
        logger, handler = self.logger(RingOptions(capacity_bytes=65536))
        for _ in range(100):
            logger.info("x" * 1000)
        self.assertGreater(handler.dropped, 0)
        consumer = self.consumer()
        read = len(payloads(consumer))
        logger.info("again")
        with self.assertRaises(mapring.Lost) as caught:
            consumer.next(0)
        self.assertEqual(caught.exception.lost_records, handler.dropped)
        self.assertEqual(read + handler.dropped, 100)

    def test_a_ring_that_blocks_does_not_stop_the_program(self):
        mapring.Ring(self.ring, RingOptions(capacity_bytes=65536, when_full=WhenFull.BLOCK)).close()
        logger, handler = self.logger()
        for _ in range(100):
            logger.info("x" * 1000)
        consumer = self.consumer()
        read = payloads(consumer)
        self.assertEqual(len(read) + handler.dropped, 100)
        logger.info("again")
        self.assertEqual(payloads(consumer), [
            b"%d log messages were dropped: the ring was full" % handler.dropped, b"INFO again"])

    def test_what_was_dropped_at_the_end_is_told(self):
        mapring.Ring(self.ring, RingOptions(capacity_bytes=65536, when_full=WhenFull.BLOCK)).close()
        logger, handler = self.logger()
        while not handler.dropped:
            logger.info("x" * 1000)
        consumer = self.consumer()
        payloads(consumer)
        handler.close()
        handler.close()
        self.assertEqual([bytes(record) for record in consumer],
                         [b"1 log message was dropped: the ring was full"])

    def test_a_message_that_is_too_long_is_cut(self):
        logger, _ = self.logger(RingOptions(capacity_bytes=65536))
        logger.info("\N{SNOWMAN}" * 100000)
        read = payloads(self.consumer())[0]
        self.assertTrue(read.decode().endswith("... (300005 bytes, cut)"))
        self.assertTrue(read.startswith("INFO \N{SNOWMAN}".encode()))

    def test_a_failure_is_reported_once(self):
        logger, _ = self.logger()
        mapring.remove(self.ring, force=True)
        with redirect_stderr(io.StringIO()) as output:
            for _ in range(5):
                logger.info("nobody can find it")
        self.assertEqual(output.getvalue().count("mapring.errors.Removed"), 1)


if __name__ == "__main__":
    unittest.main()
