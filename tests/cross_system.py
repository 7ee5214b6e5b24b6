#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/cross_system.py NAME=MAPRING NAME=MAPRING

Shares rings between two builds of the command, for different systems or word sizes, which have the rings
open at the same time. A MAPRING that ends in .exe runs under Wine in the present environment, and the Wine
server should already be running. The rings are in files; if both builds are for Windows, named rings follow.
Prints a line for each test, and "N passed, N failed".
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'tools'))
from builds import WINE, Score
from leftovers import end_on_request

TIME_LIMIT = 30
ENVIRONMENT = {**os.environ, **WINE, 'LC_ALL': 'C.UTF-8'}


def log_text():
    text = '环形缓冲区 naïve text of some length'
    lines = [f'2026-01-01 host app[{i % 977}]: record {i}, {text[:i % 40]}\n' for i in range(60000)]
    return ''.join(lines).encode() + b'\r\n\n\0\1\377\n'


class System:
    """A build of the command."""

    def __init__(self, argument, work):
        self.name, tool = argument.split('=', 1)
        self.is_windows, self.work = tool.endswith('.exe'), work
        self.command = (['wine'] if self.is_windows else []) + [str(pathlib.Path(tool).resolve(strict=True))]

    def line(self, arguments):
        """Wine gets the paths of the test as Windows spells them."""
        words = [str(word) for word in arguments]
        if self.is_windows:
            words = ['Z:' + word if word.startswith(str(self.work)) else word for word in words]
        return [*self.command, *words]

    def run(self, *arguments, data=b''):
        """Returns the exit status, the output and the errors. The command says why it fails; once in some
        thousand times, Wine ends a program before it begins, with 1 and without a word."""
        done = self.run_once(arguments, data)
        if self.is_windows and done == (1, b'', b''):
            print('Wine has not started a program: once more', arguments, flush=True)
            done = self.run_once(arguments, data)
        return done

    def run_once(self, arguments, data):
        """The streams go through files, since processes of Wine can keep a pipe open."""
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            source.write(data)
            source.seek(0)
            done = subprocess.run(self.line(arguments), stdin=source, stdout=out, stderr=err, env=ENVIRONMENT,
                                  timeout=TIME_LIMIT, check=False)
            out.seek(0)
            err.seek(0)
            return done.returncode, out.read(), err.read()

    def must(self, *arguments, data=b''):
        status, output, errors = self.run(*arguments, data=data)
        assert status == 0, f'{self.name}: {arguments[0]} ended with {status}: {errors.decode(errors="replace")}'
        return output


class Case:
    """A test, with a ring, a folder, and the processes that it starts."""

    def __init__(self, folder, log, ring=None):
        self.folder, self.log = folder, log
        self.ring = ring or folder / '环.ring'
        self.started = []

    def start(self, system, verb, *arguments, **streams):
        """Starts the command on the ring, with standard input from a pipe that stays open."""
        process = subprocess.Popen(system.line([verb, self.ring, *arguments]), stdin=subprocess.PIPE,
                                   env=ENVIRONMENT, **streams)
        self.started.append(process)
        return process

    def receive(self, system, file, *arguments, **streams):
        with open(self.folder / file, 'wb') as output:
            return self.start(system, 'recv', *arguments, stdout=output, **streams)

    def must(self, system, verb, *arguments, data=b''):
        return system.must(verb, self.ring, *arguments, data=data)

    def say(self, process, text):
        process.stdin.write(text)
        process.stdin.flush()

    def stat(self, system):
        """What stat says, or nothing if there is no ring yet."""
        status, output, _ = system.run('stat', self.ring, '--json')
        return json.loads(output) if status == 0 else {}

    def shows(self, system, condition):
        """Waits until stat shows what is wanted."""
        end = time.monotonic() + TIME_LIMIT
        while not (stat := self.stat(system)) or not condition(stat):
            assert time.monotonic() < end, f'stat never shows it: {stat}'
            time.sleep(0.02)

    def content(self, file):
        return (self.folder / file).read_bytes()

    def end(self):
        for process in self.started:
            process.kill()
            process.wait()


def ends(process, status=0):
    ended = process.wait(TIME_LIMIT)
    assert ended == status, f'a command ended with {ended}, not {status}'


def kill(process):
    process.kill()
    process.wait()


def check_same(expected, actual):
    assert expected == actual, f'{len(actual)} bytes arrived, which are not the {len(expected)} that were sent'


def all_read(stat):
    return bool(stat['consumers']) and all(row['pending_records'] == 0 for row in stat['consumers'])


def log_passes(case, sender, receiver):
    copy = case.receive(receiver, 'copy', '--wait')
    case.must(sender, 'send', case.log, '--wait-consumers', 1, '--linger', 30)
    ends(copy)
    check_same(case.log.read_bytes(), case.content('copy'))


def log_passes_to_both_from(case, sender, other):
    case.must(sender, 'create', '--capacity', '64K')
    copies = [case.receive(system, system.name) for system in (sender, other)]
    case.must(sender, 'send', case.log, '--wait-consumers', 2)
    for system, copy in zip((sender, other), copies):
        ends(copy)
        check_same(case.log.read_bytes(), case.content(system.name))


def single_records_pass(case, sender, receiver):
    """Each record must arrive before the next one is sent, so that both sides sleep in between."""
    source = case.start(sender, 'send', '--capacity', '64K')
    copy = case.start(receiver, 'recv', '--wait', '--count', 20, stdout=subprocess.PIPE)
    for i in range(20):
        case.say(source, b'record %d\n' % i)
        assert copy.stdout.readline() == b'record %d\n' % i, f'record {i} does not arrive'
    ends(copy)


def stat_is_the_same_while_open(case, sender, receiver):
    source = case.start(sender, 'send', '--capacity', '128K', '--slot-bytes', 32)
    case.receive(receiver, 'copy', '--wait')
    case.say(source, b'one\ntwo\n')
    case.shows(sender, lambda stat: stat['records'] == 2 and stat['producer']['state'] == 'open' and
               stat['producer']['alive'] and all_read(stat) and stat['consumers'][0]['alive'])
    texts = [case.must(system, 'stat', '--json').replace(b'"name": "Z:/', b'"name": "/')
             for system in (sender, receiver)]
    assert json.loads(texts[0])['capacity_bytes'] == 131072
    assert texts[0] == texts[1], f'{texts[0]} is not {texts[1]}'


def death_of_the_sender_is_noticed(case, sender, receiver):
    source = case.start(sender, 'send')
    with open(case.folder / 'errors', 'wb') as errors:
        copy = case.receive(receiver, 'copy', '--wait', stderr=errors)
    case.say(source, b'one\ntwo\n')
    case.shows(sender, lambda stat: stat['records'] == 2 and all_read(stat))
    kill(source)
    ends(copy, 3)
    check_same(b'one\ntwo\n', case.content('copy'))
    assert b'the producer died' in case.content('errors')


def death_of_a_receiver_makes_room(case, sender, receiver):
    case.must(sender, 'create', '--capacity', '64K')
    stuck = case.start(receiver, 'recv', stdout=subprocess.PIPE)
    source = case.start(sender, 'send', case.log, '--wait-consumers', 1)
    case.shows(sender, lambda stat: stat['producer']['state'] == 'open' and stat['consumers'] and
               stat['consumers'][0]['pending_records'] > 0)
    kill(stuck)
    ends(source)


def sender_takes_over(case, first, second):
    source = case.start(first, 'send')
    case.say(source, b'one\ntwo\n')
    case.shows(first, lambda stat: stat['records'] == 2)
    assert second.run('send', case.ring, case.log)[0] != 0, 'there are two senders at once'
    kill(source)
    case.shows(first, lambda stat: stat['producer']['state'] == 'died')
    case.must(second, 'send', data=b'three\n')
    check_same(b'one\ntwo\nthree\n', case.must(first, 'recv'))


def times_go_on_with_each_sender(case, first, second):
    begin = time.time_ns()
    for i, system in enumerate((first, second, second, first)):
        case.must(system, 'send', '--times', data=b'record %d\n' % i)
    end = time.time_ns()
    texts = [case.must(system, 'dump', '--json') for system in (first, second)]
    check_same(*texts)
    records = [json.loads(line) for line in texts[0].splitlines()]
    times = [record['time_ns'] for record in records]
    assert [record['payload'] for record in records] == [f'record {i}' for i in range(4)], f'these are {records}'
    assert times == sorted(times), f'times go back: {times}'
    slack = 10**8  # for clocks that the systems read differently
    assert begin - slack < times[0] and times[-1] < end + slack, f'{times} are not from {begin} to {end}'


def content_and_dictionary_are_the_same(case, first, second):
    case.must(first, 'create', '--content', 'text/plain', '--dictionary', '64K')
    assert [case.stat(system)['content'] for system in (first, second)] == ['text/plain'] * 2
    check_same(b'', case.must(second, 'dictionary'))


def trace_is_the_same(case, first, second):
    """Both sides write one of the same ring, and babeltrace2 reads them."""
    if not shutil.which('babeltrace2'):
        print('no babeltrace2: traces are not read')
        return
    case.must(first, 'send', '--times', data='one\nnaïve 环\n\0\377\n'.encode() + log_text()[:100000])
    texts = []
    for system in (first, second):
        trace = case.folder / f'trace-{system.name}'
        case.must(system, 'dump', '--ctf', trace)
        texts.append(subprocess.run(['babeltrace2', trace], capture_output=True, check=True).stdout)
    check_same(*(text.replace(b'"Z:', b'"') for text in texts))
    assert texts[0].count(b'\n') > 1000, 'babeltrace2 shows too few events'


IN_FILES = (log_passes, log_passes_to_both_from, single_records_pass, stat_is_the_same_while_open,
            death_of_the_sender_is_noticed, death_of_a_receiver_makes_room, sender_takes_over,
            times_go_on_with_each_sender, content_and_dictionary_are_the_same, trace_is_the_same)
# On Windows, a name lasts only while somebody has it open, so the other tests cannot use one.
BY_NAME = (log_passes, single_records_pass, stat_is_the_same_while_open, death_of_the_sender_is_noticed)


def perform(test, case, systems):
    """Returns the problem, or nothing. What takes too long is killed."""
    watch = threading.Timer(4 * TIME_LIMIT, case.end)
    watch.start()
    try:
        test(case, *systems)
    except (AssertionError, subprocess.TimeoutExpired, OSError, LookupError, ValueError) as problem:
        return f'{type(problem).__name__}: {problem}'
    finally:
        watch.cancel()
        case.end()
    return ''


def main():
    if len(sys.argv) != 3 or not all('=' in argument for argument in sys.argv[1:]):
        print(__doc__, file=sys.stderr)
        return 2
    end_on_request()
    score = Score()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        systems = [System(argument, work) for argument in sys.argv[1:]]
        log = work / 'log'
        log.write_bytes(log_text())
        tests = [(test, '') for test in IN_FILES]
        if all(system.is_windows for system in systems):
            tests += [(test, 'named ') for test in BY_NAME]
        for test, named in tests:
            for pair in (systems, systems[::-1]):
                place = pathlib.Path(tempfile.mkdtemp(dir=work))
                case = Case(place, log, f'cross-{os.getpid()}-{place.name}' if named else None)
                problem = perform(test, case, pair)
                title = f'{named}{test.__name__} {pair[0].name} {pair[1].name}'.replace('_', ' ')
                score.check(f'{title}\n    {problem}', not problem)
                if not problem:
                    print('ok', title, flush=True)
    print(score)
    return 0 if score.is_good() else 1


sys.exit(main())
