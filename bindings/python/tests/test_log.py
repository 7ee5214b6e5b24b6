# SPDX-License-Identifier: MIT
"""Lines of logs: those of a program in C (log_writer.c), and those of the handler for logging."""

import asyncio
import datetime
import io
import logging
import os
import subprocess
import threading
import unittest
from contextlib import redirect_stderr

import mapring
from mapring import Level, LogType
from mapring.logging import LogHandler
from support import LIMIT_S, LOG_WRITER, TestCase, kill

SHORT_S = 0.2  # in which lines that are there already are read


@unittest.skipUnless(LOG_WRITER, "MAPRING_LOG_WRITER does not name the program that writes logs")
class FromC(TestCase):
    def write(self, what):
        subprocess.run([LOG_WRITER, self.ring, what], check=True, timeout=LIMIT_S)

    def reader(self, on_lost=None, **options):
        return self.opened(mapring.LogReader(self.ring, mapring.LogReaderOptions(**options),
                                             on_lost=on_lost))

    def test_a_line_has_all_that_the_program_gave(self):
        self.write("values")
        lines = list(self.reader().records(SHORT_S))
        self.assertEqual([(line.level, str(line)) for line in lines], [
            (Level.INFO, "order=-5 of alice at 2.50, total=18446744073709551615"),
            (Level.WARN, lines[1].text),
            (Level.ERROR, "not UTF-8: \\xff"),
            (Level.FATAL, lines[3].text)])
        first = lines[0]
        self.assertEqual(first.values, (-5, "alice", 2.5, 2**64 - 1))
        self.assertEqual(first.fields, {"order": -5, "total": 2**64 - 1})
        self.assertEqual(first.format, "order=%d of %s at %.2f, total=%llu")
        self.assertTrue(first.file.endswith("log_writer.c"), first.file)
        self.assertGreater(first.line, 1)
        self.assertEqual((first.function, first.thread_name, first.program, first.sequence),
                         ("write_values", "writer", "log_writer", 0))
        self.assertEqual(first.ring, self.ring)
        self.assertGreater(first.process, 0)
        self.assertGreater(first.thread, 0)
        self.assertFalse(first.cut)
        self.assertEqual(lines[1].values, (None, 4096, -9007199254740993))
        self.assertTrue(lines[3].cut)
        self.assertEqual(lines[3].values, ("a string that is longer than what is kept"[:20],))
        age = datetime.datetime.now(datetime.timezone.utc) - first.time
        self.assertLess(abs(age), datetime.timedelta(minutes=10))
        self.assertEqual(first.time.microsecond, first.time_ns // 1000 % 1000000)

    def test_only_lines_of_a_level_are_read(self):
        self.write("values")
        lines = self.reader(level=Level.ERROR).records(SHORT_S)
        self.assertEqual([line.level for line in lines], [Level.ERROR, Level.FATAL])

    def test_the_lines_of_a_program_that_is_killed_are_all_there(self):
        writer = self.start(LOG_WRITER, self.ring, "hold", stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)
        self.assertEqual(writer.stdout.readline().split(), [b"written"])
        reader = self.reader()
        self.assertEqual(str(reader.next(LIMIT_S)), "first")
        kill(writer)
        self.assertEqual(str(reader.next(LIMIT_S)), "last")
        with self.assertRaises(mapring.ProducerDied) as caught:
            reader.next(LIMIT_S)
        self.assertEqual(caught.exception.name, self.ring)
        self.write("values")
        self.assertEqual(reader.next(LIMIT_S).level, Level.INFO)

    def test_lines_that_were_overwritten_are_told(self):
        self.write("many")
        lost = []
        lines = list(self.reader(lost.append, from_=mapring.From.OLDEST).records(SHORT_S))
        self.assertEqual(lines[-1].fields, {"line": 9999})
        self.assertEqual([line.fields["line"] for line in lines],
                         list(range(lines[0].fields["line"], 10000)))
        reader = self.reader(lost.append)
        writer = self.start(LOG_WRITER, self.ring, "many")
        self.assertEqual(writer.wait(LIMIT_S), 0)
        read = len(list(reader.records(SHORT_S)))
        self.assertGreater(lost[-1].lost_records, 0)
        self.assertEqual(lost[-1].ring, self.ring)
        self.assertGreater(read, 0)

    def test_the_records_of_a_file_become_lines(self):
        self.write("values")
        with mapring.LogDecoder(self.ring) as decoder, mapring.Image(self.ring) as image:
            lines = [decoder.decode(record) for record in image]
            sites = list(decoder.sites())
        self.assertEqual(lines, list(self.reader().records(SHORT_S)))
        self.assertEqual([site.level for site in sites],
                         [Level.INFO, Level.WARN, Level.ERROR, Level.FATAL])
        self.assertEqual(sites[0].types,
                         (LogType.INTEGER, LogType.TEXT, LogType.REAL, LogType.NATURAL))
        self.assertEqual((sites[0].format, sites[0].line), (lines[0].format, lines[0].line))

    def test_lines_are_made_of_entries_without_a_ring(self):
        self.write("values")
        with mapring.Dictionary(self.ring) as dictionary, mapring.Image(self.ring) as image:
            entries, records = list(dictionary), list(image)
        lines = list(self.reader().records(SHORT_S))
        with mapring.LogDecoder.of_entries(self.ring, entries) as decoder:
            self.assertEqual([decoder.decode(record) for record in records], lines)
            with self.assertRaises(mapring.Damaged):
                decoder.define(mapring.Entry(1, b"", 3))

    def test_a_record_that_is_no_line_says_so(self):
        self.write("values")
        producer = self.opened(mapring.Producer(
            self.ring, mapring.RingOptions(how=mapring.How.ATTACH)))
        producer.send(b"nonsense")
        line = list(self.reader().records(SHORT_S))[-1]
        self.assertEqual(line.level, Level.UNSET)
        self.assertNotEqual(line.text, "")

    def test_an_event_loop_goes_on_while_it_waits_for_lines(self):
        self.write("values")
        reader = self.reader(from_=mapring.From.NEWEST)

        async def first():
            async for line in reader:
                return line

        async def both():
            reading = asyncio.ensure_future(first())
            await asyncio.sleep(0.01)
            self.assertFalse(reading.done())
            await asyncio.get_running_loop().run_in_executor(None, self.write, "values")
            return await asyncio.wait_for(reading, LIMIT_S)

        self.assertEqual(asyncio.run(both()).values[0], -5)

    def test_the_level_of_a_log_is_changed_from_outside(self):
        self.write("values")
        self.assertEqual(mapring.get_level(self.ring), Level.DEBUG)
        mapring.set_level(self.ring, Level.ERROR)
        self.assertEqual(mapring.get_level(self.ring), Level.ERROR)
        reader = self.reader()
        list(reader.records(SHORT_S))
        self.write("values")
        self.assertEqual([line.level for line in reader.records(SHORT_S)],
                         [Level.ERROR, Level.FATAL])

    def test_what_is_no_log_is_refused(self):
        with self.assertRaises(mapring.NotThere):
            mapring.LogReader(self.ring)
        self.producer()
        for refused in (mapring.LogReader, mapring.LogDecoder, mapring.get_level):
            with self.assertRaises(mapring.WrongKind):
                refused(self.ring)


class Handler(TestCase):
    def logger(self, options=None):
        handler = LogHandler(self.ring, options)
        self.addCleanup(handler.close)
        logger = logging.Logger("test")
        logger.addHandler(handler)
        return logger, handler

    def lines(self):
        with mapring.LogReader(self.ring) as reader:
            return list(reader.records(SHORT_S))

    def test_lines_say_where_they_are_from(self):
        logger, _ = self.logger()
        logger.info("order %d", 5)
        line, = self.lines()
        self.assertEqual((line.level, line.text, line.file, line.function, line.process),
                         (Level.INFO, "order 5", __file__,
                          "test_lines_say_where_they_are_from", os.getpid()))
        self.assertEqual(line.thread_name, threading.current_thread().name)

    def test_each_level_has_its_own(self):
        logger, _ = self.logger(mapring.LogOptions(level=Level.TRACE))
        for number in (5, 10, 20, 25, 30, 40, 50, 60):
            logger.log(number, "line")
        self.assertEqual([line.level for line in self.lines()],
                         [Level.TRACE, Level.DEBUG, Level.INFO, Level.INFO, Level.WARN,
                          Level.ERROR, Level.FATAL, Level.FATAL])

    def test_the_level_of_the_log_holds(self):
        logger, _ = self.logger()
        logger.debug("not written")
        mapring.set_level(self.ring, Level.DEBUG)
        logger.debug("written")
        self.assertEqual(list(map(str, self.lines())), ["written"])

    def test_threads_have_rings_and_names(self):
        logger, handler = self.logger()
        logger.info("main")
        thread = threading.Thread(target=logger.info, args=("other",), name="worker")
        thread.start()
        thread.join()
        lines = self.lines()
        self.assertEqual([(line.text, line.thread_name) for line in lines],
                         [("main", threading.current_thread().name), ("other", "worker")])
        self.assertEqual(len({line.ring for line in lines}), 2)
        self.assertEqual(handler.stat()["unwritten_lines"], 0)

    def test_text_is_written_whatever_it_contains(self):
        logger, _ = self.logger()
        logger.info("100%% \N{SNOWMAN} %s \0 \udc80")
        logger.info("x" * 100000)
        first, second = self.lines()
        self.assertEqual(first.text, "100%% \N{SNOWMAN} %s \\x00 \\udc80")
        self.assertTrue(second.cut)
        self.assertTrue(second.text.startswith("x" * 16384))

    def test_a_log_with_small_rings_is_written_to_as_well(self):
        small = mapring.LogOptions(ring=mapring.RingOptions(capacity_bytes=65536))
        self.logger(small)[1].close()
        self.logger()[0].info("x" * 2000)
        line, = self.lines()
        self.assertTrue(line.cut)
        self.assertTrue(line.text.startswith("x" * 1024))

    def test_a_handler_that_cannot_be_opened_is_forgotten(self):
        before = len(logging._handlerList)
        with self.assertRaises(mapring.InvalidName):
            LogHandler("")
        self.assertEqual(len(logging._handlerList), before)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork()")
    def test_a_forked_child_goes_on_in_a_ring_of_its_own(self):
        logger, _ = self.logger()
        logger.info("parent")
        child = os.fork()
        if child == 0:
            logger.info("child")
            os._exit(0)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        lines = self.lines()
        self.assertEqual([(line.text, line.process) for line in lines],
                         [("parent", os.getpid()), ("child", child)])

    def test_a_handler_that_is_closed_says_so(self):
        logger, handler = self.logger()
        logger.info("before")
        handler.close()
        handler.close()
        with redirect_stderr(io.StringIO()) as output:
            logger.info("after")
        self.assertIn("is closed", output.getvalue())
        self.assertEqual(list(map(str, self.lines())), ["before"])


if __name__ == "__main__":
    unittest.main()
