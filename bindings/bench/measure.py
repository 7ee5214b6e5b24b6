#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: bindings/bench/measure.py BUILD-FOLDER [RUNS]

Prints a table of what a record costs in each language that is there, beside C: README.md says what is measured. The
suites of the languages (meson test -C BUILD-FOLDER rust go dotnet) must have run: they build the programs."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BINDINGS = HERE.parent
TOP = BINDINGS.parent
ROUNDS = 5
# What belongs to an interface, besides tests, samples and what measures.
SOURCES = {
    'C++': ['include/mapring/mapring.hpp'],
    'Rust': ['bindings/rust/build.rs', 'bindings/rust/src/*.rs'],
    'Go': ['bindings/go/*.go', 'bindings/go/glue.h'],
    'C#': ['bindings/dotnet/*.cs'],
    'Python': ['bindings/python/mapring/*.py'],
    'Node.js': ['bindings/node/*.js', 'bindings/node/*.ts', 'bindings/node/lib/*.js', 'bindings/node/src/**/*.[ch]'],
}
TESTS_OF_GO = '_test.go'


class Way:
    """A way to send and read in one language: the times of its rounds."""

    def __init__(self, language, what, how, *command):
        self.language, self.what, self.how = language, what, how
        self.command = [str(word) for word in command]
        self.sent, self.read = [], []

    def run(self):
        """The first round of a process is left out: a compiler may be at work."""
        output = subprocess.run([*self.command, self.how, str(ROUNDS + 1)], stdout=subprocess.PIPE, text=True,
                                check=True).stdout
        for line in output.splitlines()[1:]:
            sent, read = map(float, line.split())
            self.sent.append(sent)
            self.read.append(read)

    def cost(self):
        return statistics.median(self.sent), statistics.median(self.read)


def missing(command):
    """What a command lacks: its program, or a file that it names."""
    if not shutil.which(command[0]):
        return command[0]
    return next((word for word in command[1:] if '/' in word and not pathlib.Path(word).exists()), None)


def build_addon(build):
    """node's addon with the library of this build; None if it cannot be built."""
    target = BINDINGS / 'node/build/mapring.node'
    environment = {**os.environ, 'MAPRING_FLAGS': f'-I{TOP}/include -L{build}/src -lmapring'}
    if shutil.which('node'):
        subprocess.run(['node', BINDINGS / 'node/build.js'], env=environment, stderr=subprocess.DEVNULL, check=False)
    return target


def ways(build):
    plain = {'C': [build / 'tests/languages/peer'], 'C++': [build / 'tests/cpp/peer_cpp'],
             'Rust': [build / 'tests/languages/rust/release/examples/peer'],
             'Go': [build / 'tests/languages/go/peer'], 'C#': ['mono', build / 'tests/languages/dotnet/peer.exe']}
    for language, program in plain.items():
        yield Way(language, 'one by one', 'one', *program, 'bench')
        yield Way(language, 'batches', 'batch', *program, 'bench')
    for how, what in (('one', 'one by one'), ('copy', 'one by one, copied'), ('batch', 'batches')):
        yield Way('Python', what, how, sys.executable, HERE / 'bench.py')
    build_addon(build)
    for how, what in (('await', 'one by one, awaited'), ('one', 'one by one, tried'), ('batch', 'batches')):
        yield Way('Node.js', what, how, 'node', HERE / 'bench.js')


def lines_of(language):
    files = {path for pattern in SOURCES.get(language, ()) for path in TOP.glob(pattern)
             if not path.name.endswith(TESTS_OF_GO)}
    return str(sum(len(path.read_text().splitlines()) for path in files)) if files else ''


def ratio(cost, of_c):
    return f'{cost / of_c:.1f}' if cost < 10 * of_c else f'{cost / of_c:.0f}'


def print_table(measured):
    of_c = {way.how: way.cost() for way in measured if way.language == 'C'}
    print('| language | lines | records | send, ns | read, ns | beside C: send, read |\n|---|---|---|---|---|---|')
    last = None
    for way in measured:
        named = f'{way.language} | {lines_of(way.language)}' if way.language != last else ' | '
        (sent, read), (c_sent, c_read) = way.cost(), of_c['batch' if way.how == 'batch' else 'one']
        print(f'| {named} | {way.what} | {sent:.0f} | {read:.0f} | {ratio(sent, c_sent)}, {ratio(read, c_read)} |')
        last = way.language


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    build, runs = pathlib.Path(sys.argv[1]).resolve(), int((sys.argv[2:] or ['3'])[0])
    os.environ['LD_LIBRARY_PATH'] = str(build / 'src')
    os.environ['MAPRING_LIBRARY'] = str(build / 'src/libmapring.so')
    measured = []
    for way in ways(build):
        lacks = missing(way.command)
        if lacks:
            print(f'{way.language}, {way.what}: left out: there is no {lacks}', file=sys.stderr)
        else:
            measured.append(way)
    for _ in range(runs):
        for way in measured:
            way.run()
    print_table(measured)


main()
