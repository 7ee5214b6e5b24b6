#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_examples.py MAPRING C-PEER glib|spdlog PROGRAM

Checks the examples that work with libraries of others: a source for GLib's main loop, and a sink for spdlog."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from leftovers import end_on_request, end_with_this

PATIENCE_S = 120


def fail(what):
    sys.exit(f'FAILED: {what}')


def same(what, expected, found):
    if expected != found:
        fail(f'{what}:\nexpected {expected!r:.2000}\nfound    {found!r:.2000}')


def start(*command):
    return end_with_this(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                          stderr=subprocess.PIPE, text=True))


def finish(process, code, text=''):
    output, complaint = process.communicate(text, timeout=PATIENCE_S)
    if process.returncode != code:
        fail(f'{process.args} ended with {process.returncode} and not {code}: {output:.300} {complaint:.1000}')
    return output if code == 0 or output else complaint


def run(*command, code=0, text=''):
    return finish(start(*command), code, text)


def say(process, text):
    process.stdin.write(text)
    process.stdin.flush()


def hear(process, line):
    same(f'what {process.args} says', line + '\n', process.stdout.readline())


def check_glib(mapring, peer, program):
    for turn in range(2):
        ring = f'loop-{turn}'
        run(mapring, 'create', ring)
        reader = start(program, ring)
        say(reader, 'hello\n')
        hear(reader, 'input: 6 bytes')
        sender = start(peer, 'send', ring)
        hear(sender, 'open')
        for i in range(200):
            say(sender, f'{turn} {i}\n')
            hear(reader, f'ring: {turn} {i}')
        say(reader, 'and again\n')
        hear(reader, 'input: 10 bytes')
        if turn == 0:
            finish(sender, 0)
            same('the end', 'ring: producer closed\n', finish(reader, 0))
        else:
            sender.send_signal(signal.SIGKILL)
            sender.communicate()
            same('the end', 'ring: producer died\n', finish(reader, 0))
    lines = [f'line {i}' for i in range(5000)]
    run(mapring, 'send', 'loop', text='\n'.join(lines) + '\n')
    read = run(program, 'loop').splitlines()
    same('what was there before', [f'ring: {line}' for line in lines], read[:-1])
    if 'missing' not in run(program, 'missing', code=1):
        fail('no word about a ring that is not there')


def check_spdlog(mapring, _, program):
    for _ in range(2):
        lines = [f'text {i}' for i in range(1000)] + ['long ' * 150000]
        same('what the logger says', 'logged 1001\n', run(program, 'log', text='\n'.join(lines) + '\n'))
        logged = run(mapring, 'recv', 'log').splitlines()
        times = [re.match(r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} input info (.*)', line) for line in logged]
        same('what was logged', [f'{i + 1} {line}' for i, line in enumerate(lines)],
             [time.group(1).rstrip('\r') if time else None for time in times])
    logger = start(program, 'log')
    reader = start(mapring, 'recv', 'log', '--wait')
    say(logger, 'last words\n')
    line = reader.stdout.readline()
    logger.send_signal(signal.SIGKILL)
    logger.communicate()
    if not line.endswith(' input info 1 last words\n'):
        fail(f'the last words are {line!r}')
    finish(reader, 3)
    holder = start(program, 'log')
    say(holder, 'here\n')
    run(mapring, 'recv', 'log', '--count', '1', '--wait')
    if 'producer' not in run(program, 'log', code=1):
        fail('no word about a ring that is taken')
    finish(holder, 0)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    end_on_request()
    with tempfile.TemporaryDirectory() as folder:
        os.environ['MAPRING_DIR'] = folder
        {'glib': check_glib, 'spdlog': check_spdlog}[sys.argv[3]](sys.argv[1], sys.argv[2], sys.argv[4])
    print('ok')


main()
