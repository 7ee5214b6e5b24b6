#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks "mapring top" on a terminal: keys, sizes, and that the terminal is as before when it stops or ends.

usage: tests/check_top.py MAPRING

The terminal is a pane of tmux; without it the test is skipped."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from leftovers import end_on_request

LIMIT_S = 30
SKIPPED = 77
PROMPT = 'ready>'


def check(condition, problem, screen=''):
    if not condition:
        sys.exit(f'FAILED: {problem}\n{screen}')


class Terminal:
    """A shell in a pane of a tmux server of its own."""

    def __init__(self, columns=80, lines=24, **environment):
        self.folder = tempfile.TemporaryDirectory(prefix='mapring-top-')
        self.base = ['tmux', '-S', os.path.join(self.folder.name, 'socket'), '-f', '/dev/null', '-u']
        # A leak check cannot end in a program whose terminal has gone; the suite cli_top makes it.
        sanitizer = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
        variables = {'PS1': PROMPT + ' ', 'LC_ALL': 'C.UTF-8', 'ASAN_OPTIONS': sanitizer, **environment}
        shell = ['env', '-u', 'NO_COLOR', '-u', 'COLUMNS', '-u', 'LINES',
                 *(f'{name}={value}' for name, value in variables.items()), 'bash', '--norc', '--noprofile']
        self.tmux('new-session', '-d', '-x', str(columns), '-y', str(lines), *shell)
        self.await_text(PROMPT)

    def tmux(self, *arguments):
        return subprocess.run([*self.base, *arguments], check=True, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, encoding='utf-8').stdout

    def screen(self, *options):
        return self.tmux('capture-pane', '-p', *options)

    def value_of(self, name):
        return self.tmux('display-message', '-p', f'#{{{name}}}').strip()

    def type(self, *keys):
        self.tmux('send-keys', *keys)

    def await_that(self, holds, what):
        """Returns the screen as soon as that holds for it."""
        end = time.monotonic() + LIMIT_S
        while not holds(screen := self.screen()):
            check(time.monotonic() < end, f'never seen: {what}', screen)
            time.sleep(0.02)
        return screen

    def await_text(self, text):
        return self.await_that(lambda screen: text in screen, repr(text))

    def await_match(self, pattern):
        return self.await_that(lambda screen: re.search(pattern, screen), pattern)

    def run(self, line, answer):
        self.type('-l', line)
        self.type('Enter')
        return self.await_text(answer)

    def close(self):
        subprocess.run([*self.base, 'kill-server'], check=False, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self.folder.cleanup()

    def check_restored(self, settings):
        """The prompt is back, on the usual screen, with a cursor, and with the settings from before."""
        self.await_that(lambda screen: screen.rstrip().endswith(PROMPT), 'the prompt')
        check(self.value_of('alternate_on') == '0', 'the other screen is still shown', self.screen())
        check(self.value_of('cursor_flag') == '1', 'the cursor is still hidden', self.screen())
        check(self.settings() == settings, 'the settings of the terminal are not restored')

    def settings(self):
        tty = self.value_of('pane_tty')
        with open(tty, encoding='utf-8') as terminal:
            return subprocess.run(['stty', '-g'], stdin=terminal, check=True, stdout=subprocess.PIPE).stdout


class Rings:
    """Two rings, in the second of which there are records, a producer and a reader that is not read."""

    def __init__(self, mapring):
        self.mapring = mapring
        names = [f't{os.getpid()}{letter}' for letter in 'ab']
        self.alpha, self.beta = names
        self.pattern = f't{os.getpid()}?'
        self.processes = []
        for name in names:
            subprocess.run([mapring, 'create', name, '--capacity', '64K', '--times'], check=True)
        self.start('recv', self.beta, '--wait', '--follow', stdout=subprocess.PIPE)
        self.sender = self.start('send', self.beta, stdin=subprocess.PIPE)
        self.sender.stdin.write(b'a line\n')
        self.sender.stdin.flush()

    def start(self, *arguments, **streams):
        streams = {'stdin': subprocess.DEVNULL, 'stdout': subprocess.DEVNULL, **streams}
        self.processes.append(subprocess.Popen([self.mapring, *arguments], **streams))
        return self.processes[-1]

    def remove(self):
        for process in self.processes:
            process.kill()
            process.wait()
        for name in (self.alpha, self.beta):
            subprocess.run([self.mapring, 'rm', '--force', name], check=False, stderr=subprocess.DEVNULL)


def process_of_top(pattern):
    """The command that this test has started, by the pattern in its arguments."""
    for folder in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{folder}/cmdline', 'rb') as file:
                words = file.read().split(b'\0')
        except OSError:
            continue
        if b'top' in words[1:2] and pattern.encode() in words:
            return int(folder)
    return None


def check_keys(terminal, rings):
    top = f"'{rings.mapring}' top '{rings.pattern}' --interval 0.2"
    titles = r'\n RING▲ +STATE +FULL +TREND +IN/s +B/s +OUT/s +DROPS +BLOCKED BY'
    terminal.run(top, '2 rings, 1 reader')
    terminal.await_match(titles + '\n>' + rings.alpha)
    terminal.await_that(lambda screen: 'q quit' in screen.splitlines()[23], 'the keys in the last line')
    terminal.type('Down')
    terminal.await_match(f'readers of {rings.beta}' + r'\n.*\n +0 mapring recv .* (asleep|reading) ')
    terminal.type('Enter')
    terminal.await_match('(?s)has waited.*attached, read 1 records, 6 bytes')
    terminal.type('Left')
    terminal.await_that(lambda screen: rings.alpha in screen and 'no readers' in screen, 'the other ring')
    terminal.type('Escape')
    terminal.await_text('BLOCKED BY')
    terminal.type('?')
    terminal.await_text('any key: back')
    terminal.type('x')
    terminal.await_text('BLOCKED BY')
    terminal.type('s')
    terminal.await_text('STATE▲')
    terminal.type('r')
    terminal.await_text('STATE▼')
    terminal.type('Left')
    terminal.await_text('RING▲')
    terminal.type('p')
    terminal.await_text('PAUSED')
    terminal.type('p')
    terminal.await_text('every 0.2 s')
    terminal.type('-')
    terminal.await_text('every 0.5 s')
    terminal.type('/')
    terminal.await_text('Filter: ')
    terminal.type('-l', '*?bx')
    terminal.await_text('no ring passes the filter')
    terminal.type('BSpace')
    terminal.await_that(lambda screen: rings.beta in screen and rings.alpha not in screen, 'the filtered ring')
    terminal.type('Enter')
    terminal.await_text('filter: *?b')
    terminal.type('Escape')
    terminal.await_text(rings.alpha)


def check_sizes(terminal, rings):
    terminal.tmux('resize-window', '-x', '200', '-y', '50')
    terminal.await_that(lambda screen: 'WHEN FULL' in screen and 'q quit' in screen.splitlines()[49],
                        'the whole of a large terminal')
    terminal.tmux('resize-window', '-x', '40', '-y', '8')
    terminal.await_that(lambda screen: 'mapring top needs 60 columns and 12 line' in screen.replace('\n', ''),
                        'what is needed')
    terminal.tmux('resize-window', '-x', '80', '-y', '24')
    terminal.await_text('q quit')
    terminal.type('Enter')
    for columns, lines in ((60, 12), (61, 16), (70, 20), (300, 70), (80, 24)):
        terminal.tmux('resize-window', '-x', str(columns), '-y', str(lines))
        terminal.await_that(lambda screen, last=lines - 1: 'Esc back' in screen.splitlines()[last] and
                            'has waited' in screen, f'the detail view in {columns}x{lines}')
    terminal.type('Escape')
    terminal.await_text('q quit')
    # Whoever removes a ring does not have to wait for top.
    subprocess.run([rings.mapring, 'rm', rings.alpha], check=True)
    terminal.await_text('1 ring, 1 reader')


def check_ends(terminal, rings, settings):
    top = f"'{rings.mapring}' top '{rings.pattern}' --interval 0.2"
    terminal.type('C-z')
    terminal.await_text('Stopped')
    terminal.check_restored(settings)
    terminal.run('fg', 'q quit')
    terminal.type('q')
    terminal.check_restored(settings)
    terminal.run('clear', PROMPT)
    terminal.run(top, 'q quit')
    terminal.type('C-c')
    terminal.check_restored(settings)
    terminal.run('echo status $?', 'status 130')
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGSEGV):
        terminal.run('clear', PROMPT)
        terminal.run('ulimit -c 0; ' + top, 'q quit')
        os.kill(process_of_top(rings.pattern), number)
        terminal.check_restored(settings)
        terminal.run('echo status $?', f'status {128 + number}')
    terminal.run('clear', PROMPT)
    terminal.run(f'{top} --count 2; echo status $?', 'status 0')
    terminal.check_restored(settings)


def check_hang_up(terminal, rings):
    terminal.run(f"'{rings.mapring}' top '{rings.pattern}'", 'q quit')
    check(process_of_top(rings.pattern), 'it runs')
    terminal.close()
    end = time.monotonic() + LIMIT_S
    while process_of_top(rings.pattern):
        check(time.monotonic() < end, 'it goes on without a terminal')
        time.sleep(0.02)


def check_plain(terminal, rings):
    """Without colours, and without UTF-8."""
    terminal.run(f"'{rings.mapring}' top '{rings.pattern}'", 'RING^')
    terminal.await_text('q quit')
    screen = terminal.screen('-e')
    check(not re.search(r'\x1b\[[0-9;]*(3[0-7]|9[0-7])m', screen), 'there are no colours', screen)
    check(screen.isascii(), 'all characters are ASCII', screen)
    terminal.type('q')


def check_refusals(terminal, rings):
    terminal.run(f"TERM=dumb '{rings.mapring}' top", 'this terminal cannot move its cursor')
    terminal.run(f"TERM=none-such '{rings.mapring}' top", 'the type of this terminal is not known')
    terminal.run(f"'{rings.mapring}' top < /dev/null", 'standard input is not a terminal')
    terminal.run('clear', PROMPT)


def run(mapring):
    rings = Rings(mapring)
    try:
        with Terminal() as terminal:
            settings = terminal.settings()
            check_refusals(terminal, rings)
            check_keys(terminal, rings)
            check_sizes(terminal, rings)
            check_ends(terminal, rings, settings)
            check_hang_up(terminal, rings)
        for variables in ({'TERM': 'vt100'}, {'NO_COLOR': '1'}):
            with Terminal(LC_ALL='C', **variables) as plain:
                check_plain(plain, rings)
    finally:
        rings.remove()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not shutil.which('tmux'):
        print('skipped: there is no tmux (Debian: tmux)')
        sys.exit(SKIPPED)
    end_on_request()
    run(sys.argv[1])


if __name__ == '__main__':
    main()
