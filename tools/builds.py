# SPDX-License-Identifier: MIT
"""Sets up builds, runs their tests, and starts Wine: what tools/test.py and tools/verify.py share."""

import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from count_tests import count_log

ROOT = pathlib.Path(__file__).resolve().parent.parent
# With Wine's debugger, some programs that crash would exit with status 0. Wine's desktop, which is
# started for the first program that needs one, would hold that program's output open.
WINE = {'WINEDEBUG': '-all', 'WINEDLLOVERRIDES': 'mscoree,mshtml,winedbg.exe,explorer.exe='}


class Failure(Exception):
    """What failed, with the output that says why."""


class Score:
    """Numbers of what passed, failed and was skipped."""

    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def __add__(self, other):
        return Score(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self):
        return f'{self.passed} passed, {self.failed} failed' + (f', {self.skipped} skipped' if self.skipped else '')

    def check(self, what, good):
        """Counts a pass, or reports `what` as a failure."""
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print('FAILED ', what, flush=True)

    def is_good(self):
        return self.passed > 0 and self.failed == 0


class Steps:
    """The steps of a test, of which each is a function with a name that says what is so."""

    def __init__(self):
        self.score = Score()

    def take(self, work, *arguments):
        """Returns whether the step succeeded."""
        title = work.__name__.replace('_', ' ')
        try:
            work(*arguments)
        except (AssertionError, Failure, OSError) as problem:
            self.score.check(f'{title}\n    {problem}', False)
            return False
        self.score.check(title, True)
        print('ok', title, flush=True)
        return True

    def end(self):
        print(self.score)
        return 0 if self.score.is_good() else 1


def score_of(output, status):
    """What a program counted, which its last line says; a program that does not say it counts as one."""
    said = re.search(r'(?:^|\n)(\d+) passed, (\d+) failed\n*$', output)
    score = Score(*map(int, said.groups())) if said else Score(passed=int(status == 0))
    if status != 0:
        score.failed = max(score.failed, 1)
    return score


def run(command, **options):
    """Runs a command; returns its exit status and all its output. That goes through a file, since processes
    of Wine can keep a pipe open."""
    with tempfile.TemporaryFile('w+', encoding='utf-8', errors='replace') as output:
        options = {'cwd': ROOT, 'stdin': subprocess.DEVNULL, 'stdout': output, 'stderr': subprocess.STDOUT,
                   'encoding': 'utf-8', **options}
        done = subprocess.run([str(word) for word in command], check=False, **options)
        output.seek(0)
        return done.returncode, output.read()


def must(command, **options):
    status, output = run(command, **options)
    if status != 0:
        raise Failure(output + f'{" ".join(map(str, command))} ended with {status}')
    return output


def set_up(folder, arguments, cc=None):
    """Sets up a build with tests, unless that was done in the same way. A list of arguments may have
    cross files in it, whose contents count."""
    files = [ROOT / word.split('=', 1)[1] for word in arguments if word.startswith('--cross-file=')]
    wanted = '\n'.join([str(cc), *arguments, *(file.read_text() for file in files)])
    done = folder / 'setup'
    if (folder / 'build.ninja').exists() and done.exists() and done.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    environment = {**os.environ, 'CC': cc} if cc else None
    must(['meson', 'setup', folder, '-Dtests=enabled', '--werror', *arguments], env=environment)
    done.write_text(wanted)


def build(folder, *targets):
    must(['ninja', '-C', folder, *targets])


def run_tests(folder, multiplier, suites=(), wrapper=(), environment=None):
    """Runs tests of a build, their time limits multiplied, after building what is missing of them; returns the
    score, and what failed."""
    log = folder / 'meson-logs/testlog.json'
    log.unlink(missing_ok=True)
    status, output = run([*wrapper, 'meson', 'test', '-C', folder, '-t', multiplier, *suites],
                         env={**os.environ, **(environment or {})})
    if not log.exists():
        return Score(failed=1), output
    numbers, failures = count_log(log)
    score = Score(*numbers)
    if status != 0 and score.failed == 0:
        return Score(score.passed, 1, score.skipped), output
    return score, failures


@contextlib.contextmanager
def wine(prefix):
    """A running Wine server, the only one in that prefix, which is stopped at the end. Wine's own
    processes must not hold anybody's output open."""
    os.environ.update(WINE, WINEPREFIX=str(prefix))
    prefix.parent.mkdir(parents=True, exist_ok=True)
    quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}
    with open(f'{prefix}.lock', 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            ready = prefix / 'mapring-ready'
            if not ready.exists():  # a prefix that was half made when a run was interrupted
                shutil.rmtree(prefix, ignore_errors=True)
            run(['timeout', '60', 'wineserver', '-p'], **quiet)
            if run(['timeout', '300', 'wine', 'wineboot'], **quiet)[0] != 0:
                raise Failure(f'Wine does not start with the prefix {prefix}')
            # What Wine starts for its first program must not hold a test's output open.
            run(['timeout', '60', 'wine', 'cmd', '/c', 'exit'], **quiet)
            ready.touch()
            yield
        finally:
            run(['wineserver', '-k'], **quiet)
            run(['timeout', '60', 'wineserver', '-w'], **quiet)


class Report:
    """Prints a line for each part of a run, and the sum at the end."""

    def __init__(self):
        self.total = Score()
        self.lock = threading.Lock()
        self.bold, self.red, self.plain = ('\033[1m', '\033[31m', '\033[0m') if sys.stdout.isatty() else ('', '', '')

    def part(self, name, work):
        """Counts what `work` returns: a score, and what to print if something failed."""
        start = time.monotonic()
        try:
            score, output = work()
        except (Failure, OSError) as failure:
            score, output = Score(failed=1), str(failure)
        self.add(name, score, output, time.monotonic() - start)

    def add(self, name, score, output, seconds):
        colour, plain = (self.red, self.plain) if score.failed else ('', '')
        with self.lock:
            self.total += score
            if score.failed:
                print(output)
            print(f'{colour}{name:8} {score} ({seconds:.0f} s){plain}', flush=True)

    def end(self):
        print(f'{self.bold}{self.total}{self.plain}')
        return 0 if self.total.is_good() else 1
