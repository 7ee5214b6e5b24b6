# SPDX-License-Identifier: MIT
"""In an event loop: nothing stops it."""

import asyncio
import unittest

import mapring
from mapring import Result
from support import LIMIT_S, TestCase


def run(coroutine):
    async def limited():
        return await asyncio.wait_for(coroutine, LIMIT_S)
    return asyncio.run(limited())


class Asyncio(TestCase):
    def test_both_ends_in_one_loop_wait_for_each_other(self):
        producer = self.producer(capacity_bytes=65536)
        consumer = self.consumer()

        async def send():
            for i in range(500):
                await producer.asend(b"%d" % i * 300)
            for i in range(500, 700, 4):
                await producer.asend_batch(b"%d" % j * 300 for j in range(i, i + 4))
            producer.close()

        async def both():
            sending = asyncio.create_task(send())
            read = [bytes(record) async for record in consumer]
            await sending
            return read

        self.assertEqual(run(both()), [b"%d" % i * 300 for i in range(700)])
        self.assertEqual(consumer.ended, Result.PRODUCER_CLOSED)

    def test_a_busy_ring_leaves_the_others_their_turn(self):
        producer, consumer = self.producer(), self.consumer()
        producer.send_batch([b"x"] * 1000)
        turns = []

        async def other():
            while True:
                turns.append(1)
                await asyncio.sleep(0)

        async def both():
            task = asyncio.create_task(other())
            producer.close()
            count = len([record.sequence async for record in consumer])
            task.cancel()
            return count

        self.assertEqual(run(both()), 1000)
        self.assertGreater(len(turns), 3)

    def test_a_wait_that_is_cancelled_loses_nothing(self):
        producer, consumer = self.producer(), self.consumer()

        async def cancelled():
            for i in range(3):
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(consumer.anext(), 0.01)
                producer.send(b"%d" % i)
                self.assertEqual(bytes(await consumer.anext()), b"%d" % i)

        run(cancelled())

    def test_a_second_task_and_a_close_end_with_exceptions(self):
        self.producer()
        consumer = self.consumer()

        async def waits():
            first = asyncio.create_task(consumer.anext())
            await asyncio.sleep(0)
            with self.assertRaisesRegex(RuntimeError, "another task"):
                await consumer.anext()
            consumer.close()
            with self.assertRaisesRegex(ValueError, "was closed"):
                await first

        run(waits())

    def test_observers_and_merges(self):
        producer = self.producer(times=True)
        observer = self.opened(mapring.Observer(self.ring))
        merge = self.opened(mapring.Merge(self.ring))

        async def both():
            async def read(reader):
                return [bytes(record) async for record in reader]

            reading = [asyncio.create_task(read(reader)) for reader in (observer, merge)]
            await asyncio.sleep(0.05)
            producer.send(b"seen")
            producer.close()
            return await asyncio.gather(*reading)

        self.assertEqual(run(both()), [[b"seen"], [b"seen"]])


if __name__ == "__main__":
    unittest.main()
