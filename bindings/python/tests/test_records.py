# SPDX-License-Identifier: MIT
"""Producers, consumers, observers and merges in one process."""

import pickle
import signal
import threading
import time
import unittest

import mapring
from mapring import From, Result, WhenFull
from support import TestCase, payloads


class Records(TestCase):
    def test_what_is_sent_is_read_in_order(self):
        with self.producer() as producer:
            for payload in (b"hello", b"", bytearray(b"array"), memoryview(b"a view")[2:]):
                self.assertTrue(producer.send(payload))
        with self.consumer() as consumer:
            read = [(record.sequence, bytes(record), len(record)) for record in consumer]
        self.assertEqual(read, [(0, b"hello", 5), (1, b"", 0), (2, b"array", 5), (3, b"view", 4)])
        self.assertEqual(consumer.ended, Result.PRODUCER_CLOSED)

    def test_a_batch_becomes_records(self):
        producer, consumer = self.producer(), self.consumer()
        producer.send_batch(b"%d" % i for i in range(10))
        self.assertTrue(producer.send_batch([]))
        batches = [[bytes(record.payload) for record in consumer.next_batch(4, 0)] for _ in range(4)]
        self.assertEqual(batches, [[b"0", b"1", b"2", b"3"], [b"4", b"5", b"6", b"7"], [b"8", b"9"],
                                   []])

    def test_batches_can_be_iterated_over_the_end_of_the_slots(self):
        producer, consumer = self.producer(capacity_bytes=65536), self.consumer()
        sent = [b"%d" % i * 100 for i in range(1000)]

        def send():
            for at in range(0, len(sent), 10):
                producer.send_batch(sent[at:at + 10])
            producer.close()

        thread = threading.Thread(target=send)
        thread.start()
        read = [bytes(record.payload) for batch in consumer.batches() for record in batch]
        thread.join()
        self.assertEqual(read, sent)

    def test_a_record_is_written_in_place(self):
        producer, consumer = self.producer(), self.consumer()
        with producer.reserve(100) as place:
            self.assertEqual(len(place.view), 100)
            place.view[:5] = b"place"
            place.length = 5
        with self.assertRaises(ValueError):
            place.view
        with self.assertRaises(KeyError):
            with producer.reserve(100):
                raise KeyError
        with producer.reserve(0):
            pass
        with self.assertRaises(mapring.ArgumentError):
            with producer.reserve(10) as place:
                place.length = 11
        self.assertEqual(payloads(consumer), [b"place", b""])

    def test_parts_say_that_they_go_on(self):
        producer, consumer = self.producer(), self.consumer()
        producer.send(b"one ", part=True)
        with producer.reserve(4) as place:
            place.view[:] = b"two "
            place.part = True
        producer.send(b"three")
        read = [(bytes(record), record.continues, record.continued)
                for record in consumer.records(timeout=0)]
        self.assertEqual(read, [(b"one ", False, True), (b"two ", True, True),
                                (b"three", True, False)])

    def test_nothing_and_time_limits(self):
        producer, consumer = self.producer(capacity_bytes=65536), self.consumer()
        self.assertIsNone(consumer.next(0))
        self.assertIsNone(consumer.next(0.01))
        self.assertEqual(consumer.next_batch(8, 0.01), [])
        with self.assertRaises(mapring.NoRoom):
            while True:
                producer.send(bytes(1000), timeout=0)
        with self.assertRaises(TimeoutError):
            producer.send(bytes(1000), timeout=0.01)
        with self.assertRaises(TimeoutError):
            producer.drain(0.01)
        with self.assertRaises(TimeoutError):
            producer.wait_consumers(2, 0.01)

    def test_a_wait_ends_when_the_record_comes(self):
        producer, consumer = self.producer(), self.consumer()
        thread = threading.Timer(0.3, lambda: producer.send(b"late"))
        thread.start()
        self.assertEqual(bytes(consumer.next()), b"late")
        thread.join()

    def test_a_signal_interrupts_a_wait(self):
        self.producer()
        consumer = self.consumer()
        timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            consumer.next()
            # The signal may arrive in the other thread, and is handled in this one.
            time.sleep(60)
        timer.join()
        self.assertIsNone(consumer.next(0))

    def test_an_iteration_goes_on_with_the_next_producer(self):
        for payload in (b"first", b"second"):
            with self.producer() as producer:
                producer.send(payload)
            with self.consumer() as consumer:
                self.assertEqual([bytes(record) for record in consumer], [payload])
        with self.producer() as producer:
            producer.send(b"third")
        consumer = self.opened(mapring.Consumer(self.ring, follow=True))
        records = iter(consumer)
        self.assertEqual(bytes(next(records)), b"third")
        with self.producer() as producer:
            producer.send(b"fourth")
        self.assertEqual((bytes(next(records)), consumer.ended),
                         (b"fourth", Result.PRODUCER_CLOSED))

    def test_what_a_block_read_counts_as_read_unless_it_failed(self):
        with self.producer() as producer:
            producer.send_batch([b"1", b"2", b"3"])
        with self.consumer() as consumer:
            for record in consumer:
                break
        with self.assertRaises(KeyError):
            with self.consumer() as consumer:
                for record in consumer:
                    raise KeyError(record.sequence)
        with self.consumer() as consumer:
            self.assertEqual([bytes(record) for record in consumer], [b"2", b"3"])

    def test_the_end_of_every_run_is_told_with_its_number(self):
        for payload in (b"one", b"two"):
            with self.producer() as producer:
                producer.send(payload)
        consumer = self.consumer(from_=From.OLDEST, every_run=True)
        for run, payload in ((1, b"one"), (2, b"two")):
            self.assertEqual(bytes(consumer.next(0)), payload)
            with self.assertRaises(mapring.ProducerClosed) as caught:
                consumer.next(0)
            self.assertEqual(caught.exception.run, run)
        self.assertIsNone(consumer.next(0))

    def test_a_ring_tells_which_one_it_repeats(self):
        ring = self.opened(mapring.Ring(self.ring, mapring.RingOptions(
            origin="elsewhere", first_sequence=500, capacity_bytes=65536,
            when_full=WhenFull.BLOCK)))
        self.assertEqual(ring.repetition(), {"origin": "elsewhere", "first_sequence": 500,
                                             "sequence": 500, "run": 0})
        with self.assertRaises(mapring.PolicyError):
            self.producer()

    def test_losses_are_told(self):
        producer = self.producer(capacity_bytes=65536, when_full=WhenFull.DROP, times=True)
        consumer = self.consumer()
        while producer.send(bytes(1000)):
            pass
        producer.send(bytes(1000))
        count = len(payloads(consumer))
        producer.send(b"again")
        with self.assertRaises(mapring.Lost) as caught:
            consumer.next(0)
        lost = caught.exception
        self.assertEqual((lost.sequence, lost.lost_records, lost.lost_bytes), (count, 2, 2000))
        self.assertTrue(0 < lost.time_ns <= lost.lost_until_ns)
        self.assertIn("2 records are missing", str(lost))
        self.assertEqual(payloads(consumer), [b"again"])

    def test_losses_can_be_taken_by_a_function(self):
        producer = self.producer(capacity_bytes=65536, when_full=WhenFull.OVERWRITE)
        lost = []
        observer = self.opened(mapring.Observer(self.ring, on_lost=lost.append))
        for i in range(100):
            producer.send(b"%d" % i * 1000)
        producer.close()
        read = [bytes(record) for record in observer]
        self.assertEqual(sum(one.lost_records for one in lost) + len(read), 100)
        self.assertEqual(read[-1], b"99" * 1000)
        self.assertGreater(len(lost), 0)

    def test_observers_read_large_records_and_wait(self):
        producer = self.producer()
        observer = self.opened(mapring.Observer(self.ring))
        for size in (100, 100000, 300000):
            thread = threading.Timer(0.1, producer.send, [b"x" * size])
            thread.start()
            self.assertEqual(bytes(observer.next().payload), b"x" * size)
            thread.join()
        self.assertIsNone(observer.next(0))

    def test_a_merge_orders_by_time(self):
        names = [str(self.folder / name) for name in ("a.ring", "b.ring")]
        rings = [self.opened(mapring.Producer(name, mapring.RingOptions(times=True)))
                 for name in names]
        for i in range(6):
            rings[i % 2].send(b"%d" % i)
        for ring in rings:
            ring.close()
        with mapring.Merge(*names) as merge:
            read = [(bytes(record.payload), record.ring, record.late) for record in merge]
            self.assertEqual(merge.stat()["rings"], 2)
        self.assertEqual(read, [(b"%d" % i, names[i % 2], False) for i in range(6)])

    def test_a_merge_says_which_ring_cannot_be_read(self):
        (self.folder / "no.ring").write_bytes(b"not a ring" * 1000)
        with self.assertRaises(mapring.WrongKind):
            mapring.Merge(str(self.folder / "no.ring"))

    def test_a_dictionary_and_an_image(self):
        with self.producer(dictionary_bytes=65536) as producer:
            offset = producer.define(7, b"format")
            self.assertEqual(producer.define(7, b"format"), offset)
            producer.send(b"1")
        with mapring.Dictionary(self.ring) as dictionary:
            self.assertEqual(list(dictionary), [(7, b"format", offset)])
            self.assertEqual(dictionary.at(offset), (7, b"format", offset))
        with mapring.Image(self.ring) as image:
            self.assertEqual([bytes(record.payload) for record in image], [b"1"])
            self.assertGreater(image.offset, 0)

    def test_what_a_ring_holds(self):
        producer, consumer = self.producer(content="text/plain"), self.consumer(name="reader")
        producer.send(b"hello")
        with mapring.Ring(self.ring) as ring:
            stat = ring.stat()
            self.assertEqual((stat["records"], stat["content"], stat["producer_state"].name,
                              stat["consumer"][0]["name"], stat["consumer"][0]["pending_records"]),
                             (1, "text/plain", "PRODUCER_IS_OPEN", "reader", 1))
        mapring.evict(self.ring, 0)
        with self.assertRaises(mapring.Evicted):
            while consumer.next(0):  # what looks like a record, until it is released
                self.assertFalse(consumer.is_valid)

    def test_named_rings_are_listed_and_removed(self):
        name = f"test-python-{self.folder.name}"
        producer = self.opened(mapring.Producer(name))
        consumer = self.opened(mapring.Consumer(name))
        self.assertIn(name, mapring.list_rings())
        with self.assertRaises(mapring.InUse):
            mapring.remove(name)
        mapring.remove(name, force=True)
        self.assertNotIn(name, mapring.list_rings())
        self.assertEqual(list(consumer), [])
        self.assertEqual(consumer.ended, Result.REMOVED)
        with self.assertRaises(mapring.Removed):
            producer.wake()

    def test_readers_begin_where_they_are_told(self):
        producer = self.producer()
        producer.send_batch([b"0", b"1", b"2"])
        consumer = self.consumer(from_=From.AT_SEQUENCE, sequence=2)
        self.assertEqual(payloads(consumer), [b"2"])
        consumer.seek(From.OLDEST)
        self.assertEqual(len(payloads(consumer)), 3)
        self.assertTrue(consumer.wait_producer(0))


class Lifetime(TestCase):
    def setUp(self):
        super().setUp()
        self.sender = self.producer()
        self.sender.send_batch([b"first", b"second", b"third"])
        self.reader = self.consumer()

    def test_a_released_payload_cannot_be_read(self):
        record = self.reader.next()
        view = record.payload
        self.assertEqual(bytes(view), b"first")
        self.reader.release()
        for read in (lambda: view[0], lambda: bytes(view), lambda: bytes(record),
                     lambda: record.payload):
            self.assertRaises(ValueError, read)
        self.assertEqual((record.sequence, len(record)), (0, 5))

    def test_the_next_record_releases_the_last_one(self):
        first = self.reader.next()
        second = self.reader.next()
        self.assertRaises(ValueError, bytes, first)
        third = self.reader.next(keep=True)
        self.assertEqual((bytes(second), bytes(third)), (b"second", b"third"))

    def test_a_part_that_is_still_in_use_prevents_the_release(self):
        for part_of in (lambda view: view[1:3], memoryview, pickle.PickleBuffer):
            part = part_of(self.reader.next().payload)
            with self.assertRaises(BufferError):
                self.reader.release()
            with self.assertRaises(BufferError):
                self.reader.next()
            part.release()
            self.reader.release()

    def test_closing_keeps_the_memory_for_who_still_reads(self):
        part = self.reader.next().payload[1:3]
        self.reader.close()
        self.assertEqual(bytes(part), b"ir")
        with mapring.Ring(self.ring) as ring:
            self.assertEqual(ring.stat()["consumers"], 1)
            del part
            self.assertEqual(ring.stat()["consumers"], 0)

    def test_a_payload_cannot_be_written_to(self):
        with self.assertRaises(TypeError):
            self.reader.next().payload[0] = 0
        with self.assertRaises(TypeError):
            self.reader.next_batch()[0].payload[0] = 0

    def test_a_part_of_a_reservation_prevents_the_commit(self):
        with self.assertRaises(BufferError):
            with self.sender.reserve(10) as place:
                part = place.view[1:2]
        self.assertEqual(bytes(part)[:0], b"")
        self.sender.send(b"goes on")

    def test_a_closed_thing_refuses(self):
        self.reader.close()
        self.reader.close()
        self.sender.close()
        self.assertTrue(self.reader.closed)
        for call in (self.reader.next, lambda: self.reader.next(0), self.reader.arm,
                     lambda: self.sender.send(b""), lambda: self.sender.record_limit,
                     self.sender.wait_handle, lambda: self.reader.is_valid,
                     lambda: self.reader.next_batch(), lambda: self.sender.reserve(1)):
            with self.assertRaisesRegex(ValueError, "is closed"):
                call()

    def test_what_was_not_closed_warns(self):
        for kind in (mapring.Ring, mapring.Consumer, mapring.Observer, mapring.Merge):
            with self.assertWarns(ResourceWarning):
                kind(self.ring)
        with mapring.Ring(self.ring) as ring:
            self.assertEqual(ring.stat()["consumers"], 1)  # that of setUp()

    def test_another_thread_is_refused_meanwhile(self):
        self.assertEqual(len(self.reader.next_batch()), 3)
        thread = threading.Thread(target=self.reader.next)
        thread.start()
        while self.reader._pointer is not None:
            pass
        try:
            with self.assertRaisesRegex(ValueError, "another thread"):
                while True:  # it is let in between two slices of the other's wait
                    self.reader.arm()
        except mapring.ArgumentError:
            pass
        self.sender.send(b"end")
        thread.join()


class WrongInput(TestCase):
    def test_refusals_say_what_was_wrong(self):
        self.producer()
        for expected, code, call in (
                (mapring.NotThere, -5, lambda: mapring.Consumer(str(self.folder / "none.ring"))),
                (FileNotFoundError, -5, lambda: mapring.Observer("no-such-ring-for-python")),
                (mapring.InvalidName, -2, lambda: mapring.Producer("not a name")),
                (mapring.InvalidName, -2, lambda: mapring.Producer("")),
                (mapring.ProducerTaken, -14, lambda: mapring.Producer(self.ring)),
                (mapring.GeometryDiffers, -4, lambda: mapring.Ring(
                    self.ring, mapring.RingOptions(capacity_bytes=65536))),
                (mapring.InvalidGeometry, -3, lambda: mapring.Ring(
                    self.ring + "2", mapring.RingOptions(capacity_bytes=1000)))):
            with self.subTest(expected.__name__), self.assertRaises(expected) as caught:
                call()
            self.assertEqual(caught.exception.code, code)
            self.assertGreater(len(str(caught.exception)), 10)

    def test_values_of_the_wrong_kind_are_refused(self):
        producer = self.producer()
        for call in (lambda: producer.send("text"), lambda: producer.send(5),
                     lambda: producer.send(None), lambda: producer.send_batch([b"", 3]),
                     lambda: mapring.Producer(b"bytes"), lambda: mapring.Producer(None)):
            self.assertRaises(TypeError, call)
        for call in (lambda: producer.reserve(-1), lambda: mapring.Producer("a\0b"),
                     lambda: mapring.Ring("a", mapring.RingOptions(slot_bytes=1 << 40)),
                     lambda: producer.send(bytes(producer.record_limit + 1)),
                     lambda: self.consumer().next_batch(0)):
            self.assertRaises(ValueError, call)

    def test_a_damaged_ring_is_refused(self):
        path = self.folder / "torn.ring"
        self.producer().close()
        path.write_bytes(open(self.ring, "rb").read(5000))
        with self.assertRaises(mapring.Error):
            mapring.Consumer(str(path))


if __name__ == "__main__":
    unittest.main()
