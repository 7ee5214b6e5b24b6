#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds mapring in every configuration and runs all tests: see tools/test.sh."""

import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import shutil
import sys

from builds import ROOT, Failure, Report, Score, build, must, run, run_tests, score_of, set_up, wine

WINDOWS = '--cross-file=tools/mingw-w64.ini'
SANITIZED = '-Db_lundef=false'


class Native:
    """A configuration of this machine: the time limits of its tests are multiplied. `leaves_out` tells the suites that
    say nothing here that another configuration has not said; --thorough runs them, too, and in the same way those
    that otherwise run `apart`, with another environment."""

    def __init__(self, cc, *arguments, leaves_out=lambda name: False, multiplier=3, environment=None, wrapper=(),
                 builds_all=True, apart=None):
        self.cc, self.arguments, self.leaves_out, self.builds_all = cc, arguments, leaves_out, builds_all
        self.multiplier, self.environment, self.wrapper, self.apart = multiplier, environment or {}, wrapper, apart

    def run(self, name, thorough):
        folder = ROOT / f'build-{name}'
        set_up(folder, list(self.arguments), self.cc)
        if self.builds_all:
            build(folder)
        done = [run_tests(folder, self.multiplier, suites, self.wrapper, {**in_parallel(), **environment})
                for suites, environment in self.parts(folder, thorough)]
        return sum((score for score, _ in done), Score()), '\n'.join(output for _, output in done)

    def parts(self, folder, thorough):
        """The suites that run together, with their environment; an empty list stands for all suites."""
        if thorough:
            return [((), self.environment)]
        suites = suites_but(folder, self.leaves_out)
        if not self.apart:
            return [(suites, self.environment)]
        is_apart, more = self.apart
        return [([suite for suite in suites if not is_apart(suite)], self.environment),
                ([suite for suite in suites if is_apart(suite)], {**self.environment, **more})]


def in_parallel():
    """One more than there are processors, since many tests wait for something at some time."""
    return {'MESON_TESTTHREADS': str((os.cpu_count() or 1) + 1)}


def suites_but(folder, is_left_out):
    tests = json.loads(must(['meson', 'introspect', '--tests', folder], stderr=None))
    return [test['name'] for test in tests if not is_left_out(test['name'])]


# The suites that look at files, or at the command from outside, so that the compiler does not matter.
ONCE = re.compile('bench$|complete_|headers$|includes$|manual$|operations$|ports$|read_ring$|'
                  'release$|versions$')
# The suites with programs of others, and those of the command.
WITH_OTHERS = re.compile('cpp|ctf$|docs$|dotnet$|engine|example_|exporter$|go$|install$|languages$|node$|python$|'
                         'recipes$|rotation$|rust$|top$')
OF_THE_COMMAND = re.compile('batch$|bridge_|cli_|options$|view$')
# Those that start the command again and again.
STARTING_IT = re.compile('cli_|ctf$|exporter$|recipes$|rotation$|top$|view$')
# Those with processes of several threads, of the library or of the command.
THREADED = re.compile('cli_(files|log|record|stream)$|durable$|event_loop$|fork$|log(?!_decode|_faults|_format)|'
                      'recorder$|records$|resources$|threads$')


def runs_once(name):
    return ONCE.match(name)


def is_with_others(name):
    return runs_once(name) or WITH_OTHERS.match(name)


def is_of_the_command(name):
    return is_with_others(name) or OF_THE_COMMAND.match(name)


def starts_the_command(name):
    return STARTING_IT.match(name)


def has_one_thread(name):
    return not THREADED.match(name)


def without_randomisation():
    """Older thread sanitizers fail under strong address randomisation."""
    wrapper = ('setarch', '-R')
    return wrapper if shutil.which('setarch') and run([*wrapper, 'true'])[0] == 0 else ()


CAREFUL = 'detect_stack_use_after_return=1:strict_string_checks=1'
NATIVE = {
    'gcc': Native('gcc'),
    'clang': Native('clang', leaves_out=is_of_the_command, builds_all=False),
    # To look for leaks takes longer than most of what the command does before it ends.
    'asan': Native('clang', '-Db_sanitize=address,undefined', '-Doptimization=1', SANITIZED,
                   '-Dc_args=-fno-sanitize-recover=all', leaves_out=runs_once, multiplier=5,
                   environment={'ASAN_OPTIONS': CAREFUL, 'UBSAN_OPTIONS': 'print_stacktrace=1'},
                   apart=(starts_the_command, {'ASAN_OPTIONS': f'{CAREFUL}:detect_leaks=0'})),
    'tsan': Native('clang', '-Db_sanitize=thread', SANITIZED, leaves_out=has_one_thread, multiplier=8,
                   wrapper=without_randomisation(), builds_all=False,
                   environment={
                       'TSAN_OPTIONS': 'die_after_fork=0',
                       # It may put off a signal that arrives just before a read until the read returns.
                       'MAPRING_LEAVE_OUT': 'what_is_held_ends_with_an_interrupt'}),
}
UNDER_WINE = ('windows', 'cross', 'coverage-windows', 'packages')
QUICK = ('gcc', 'clang')
ALL = (*NATIVE, 'bridge', *UNDER_WINE, 'verify', 'coverage')
# What --thorough adds: "asan" compiles everything with clang, too, and "tsan" optimises what it runs.
THOROUGH = {'clang'}

# The longest suites are left out of the coverage: the others run the same code.
LONG_SUITES = {'cli_bench', 'dotnet', 'go', 'install', 'node', 'ports', 'python', 'release', 'rust', 'stress', 'torture'}
# The suites that together cover src/platform/windows.
SUITES_OF_WINDOWS = ('platform', 'geometry', 'pages', 'attach', 'names', 'stat', 'removal', 'windows',
                     'files_windows', 'words', 'faults_windows', 'faults', 'cli_find', 'cli_prune', 'log', 'log_faults',
                     'log_threads')


# Those of them that take long, and are left to "coverage-windows"; and one that starts the command for each word of
# its help, which says the same on both systems.
NOT_UNDER_WINE = {'faults', 'faults_windows', 'log_faults', 'cli_help'}


def run_windows(name, thorough):
    must(['tools/cmocka-source.sh'])
    return Native('gcc', WINDOWS, leaves_out=lambda suite: suite in NOT_UNDER_WINE, multiplier=5).run(name, thorough)


def run_cross(*_):
    """Rings that both systems use at once."""
    return counted('tests/cross_system.py', 'linux=build-gcc/tools/mapring', 'windows=build-windows/tools/mapring.exe')


def run_packages(*_):
    """Beside each other, since making a Debian waits for the disk."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = list(pool.map(counted, ('tests/check_deb.py', 'tests/check_zip.py')))
    return sum((score for score, _ in done), Score()), '\n'.join(output for _, output in done)


def run_bridge(*_):
    """Real servers, as far as they are installed."""
    score, output = counted('tests/bridge/run.py', 'build-gcc/tools/mapring', 'build-gcc/tests/bridge/bridge_load')
    if output.startswith('skipped'):
        print('bridge  ', output.splitlines()[0])
        score.skipped += 1
    return score, output


def counted(*command):
    status, output = run(command)
    return score_of(output, status), output


def run_coverage(name, rounds, part, suites, *arguments):
    """Measures how much of src/, or of a part of it, the suites cover. Some of the code runs only by chance,
    and the counts add up, so they run again if some is missing."""
    folder = ROOT / f'build-{name}'
    set_up(folder, ['-Dbuildtype=debug', '-Db_coverage=true', '-Dman=disabled', *arguments], 'gcc')
    for counts in folder.rglob('*.gcda'):
        counts.unlink()
    while True:
        must(['meson', 'test', '-C', folder, '-t', 3, *suites(folder)])
        status, output = run(['tools/coverage.py', *part, folder])
        rounds -= 1
        if status == 0 or rounds == 0:
            break
    print('coverage', output.strip().splitlines()[-1])
    return Score(passed=int(status == 0), failed=int(status != 0)), output


def suites_for_coverage(thorough):
    """Those with programs of others run no line of src/ that the others do not."""
    return lambda folder: suites_but(folder, lambda name: name in LONG_SUITES or
                                     (not thorough and is_with_others(name)))


SPECIAL = {
    'bridge': run_bridge,
    'windows': run_windows,
    'cross': run_cross,
    'packages': run_packages,
    'coverage-windows': lambda name, _: run_coverage(name, 3, ['--windows'], lambda _: SUITES_OF_WINDOWS, WINDOWS),
    'verify': lambda *_: counted('tools/verify.sh'),
    'coverage': lambda name, thorough: run_coverage(name, 3, [], suites_for_coverage(thorough)),
}


def parse():
    parser = argparse.ArgumentParser(
        prog='tools/test.sh', formatter_class=argparse.RawDescriptionHelpFormatter,
        description='''Installs what is missing, builds, and runs the tests, or only those of the CONFIGURATIONs:
  gcc      natively, warnings are errors
  clang    natively, warnings are errors; of the suites, those of the library;
           only with --quick, with --thorough or by name
  asan     with clang's address and undefined-behaviour sanitizers, but for the
           suites that only look at files, or at the command from outside; of the
           command, without a search for leaks
  tsan     with its thread sanitizer, those suites whose processes have threads
  bridge   the gcc build, which must be there, with real servers that are killed: tests/bridge/run.py
  windows  built with mingw-w64, under Wine (prefix: $MAPRING_WINEPREFIX or
           ~/.cache/mapring-wine), but for failing system calls (coverage-windows)
           and for help
  cross    a ring shared by the gcc and the windows build, which must be there
  packages the Debian packages, installed into a Debian of their own, and the zip
           file for Windows
  verify   tools/verify.sh: models, crash stepping, planted bugs
  coverage what the suites in C run of src/, and coverage-windows under Wine of
           src/platform/windows;
           tools/coverage.py --files build-coverage says it for each file, and
           tools/coverage.py --files --windows build-coverage-windows
in build-gcc, build-clang and so on. The last line is "N passed, N failed".''')
    parser.add_argument('--quick', action='store_true', help='gcc and clang only')
    parser.add_argument('--thorough', action='store_true',
                        help='also run the suites that a configuration leaves out since another one runs them, '
                        'and what is left out since it takes long')
    parser.add_argument('configurations', metavar='CONFIGURATION', nargs='*')
    options = parser.parse_args()
    for name in options.configurations:
        if name not in ALL:
            parser.error(f"there is no configuration '{name}', only {' '.join(ALL)}")
    return options.configurations or (QUICK if options.quick else default(options.thorough)), options.thorough


def default(thorough):
    return [name for name in ALL if thorough or name not in THOROUGH]


def purposes_of(chosen):
    """For which tools/install-deps.sh is called, apart from "test-quick"."""
    yield from ('test',) if set(chosen) - set(QUICK) else ()
    yield from ('verify', 'port-i386', 'port-s390x') if 'verify' in chosen else ()


def install(purposes):
    for purpose in purposes:
        print(must(['tools/install-deps.sh', purpose]), end='', flush=True)


class Run:
    """The chosen configurations. What mostly waits, for servers, the disk or the network, runs beside the others."""

    def __init__(self, chosen, thorough):
        self.chosen, self.thorough = chosen, thorough
        if thorough:
            os.environ['MAPRING_THOROUGH'] = 'yes'  # for the suites
        self.report = Report()

    def perform(self, *names):
        for name in names:
            if name in self.chosen:
                work = NATIVE[name].run if name in NATIVE else SPECIAL[name]
                self.report.part(name, lambda: work(name, self.thorough))

    @contextlib.contextmanager
    def beside(self, name):
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            done = pool.submit(self.perform, name)
            yield
        done.result()

    def under_wine(self):
        prefix = pathlib.Path(os.environ.get('MAPRING_WINEPREFIX', pathlib.Path.home() / '.cache/mapring-wine'))
        try:
            with wine(prefix), self.beside('packages'):
                self.perform('windows', 'cross', 'coverage-windows')
        except Failure as failure:
            self.report.add('windows', Score(failed=1), str(failure), 0)

    def all(self):
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            installed = pool.submit(install, purposes_of(self.chosen))
            self.perform('gcc')
        installed.result()
        with self.beside('bridge'):
            self.perform('clang', 'asan', 'tsan')
            if set(UNDER_WINE) & set(self.chosen):
                self.under_wine()
        self.perform('verify', 'coverage')
        return self.report.end()


def main():
    try:
        return Run(*parse()).all()
    except Failure as failure:
        print(f'{failure}\n0 passed, 1 failed')
        return 1


sys.exit(main())
