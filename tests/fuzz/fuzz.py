#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens and uses hostile mappings: first those in tests/fuzz/corpus, then new ones for some time.
The last line is "N passed, N failed"."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools'))
from builds import Failure, Score, build, run

TARGETS = ('attach', 'consumer', 'dictionary', 'dump', 'log_format', 'log_line', 'observer', 'producer',
           'recording')
# A hang of more than 2 s is a failure. The output of the command is discarded.
OPTIONS = ('-timeout=2', '-close_fd_mask=3', '-max_len=100', '-len_control=0')
# A small quarantine lets freed memory be reused, so that it need not be mapped again each time.
ENVIRONMENT = {**os.environ, 'ASAN_OPTIONS': 'quarantine_size_mb=1:malloc_context_size=3'}


class Fuzzer:
    def __init__(self, folder, target):
        self.folder, self.target = folder, target
        self.corpus = ROOT / 'tests/fuzz/corpus' / target
        self.found = folder / 'found' / target

    def run(self, *arguments):
        """Returns whether nothing was found, and how many mappings were tried."""
        prefix = f'-artifact_prefix={self.folder}/{self.target}-'
        status, output = run([self.folder / self.target, *OPTIONS, prefix, *arguments], env=ENVIRONMENT)
        self.log().write_text(output)
        tried = re.search(r'^#(\d+).*DONE', output, re.M)
        return status == 0, tried.group(1) if tried else '?'

    def log(self):
        return self.folder / f'{self.target}.log'

    def hunt(self, seconds, go_on):
        """Yields what was tried, and whether it did no harm."""
        if not go_on:  # reading old findings would take all the time
            shutil.rmtree(self.found, ignore_errors=True)
        self.found.mkdir(parents=True, exist_ok=True)
        good, _ = self.run('-runs=0', self.corpus)
        yield f'{self.target}, the corpus: {self.log()}', good
        if good:
            good, tried = self.run(f'-max_total_time={seconds}', '-use_value_profile=1', self.found, self.corpus)
            yield f'{self.target}, {tried} mappings: {self.log()}', good

    def keep(self):
        self.run('-use_counters=0', '-set_cover_merge=1', self.corpus, self.found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folder', metavar='BUILD-FOLDER', help='a build with -Dfuzz=enabled')
    how = parser.add_mutually_exclusive_group()
    how.add_argument('--seconds', type=int, help='how long, starting from earlier findings as well')
    how.add_argument('--keep', action='store_true', help='add earlier findings that reach new code to the corpus')
    how.add_argument('target', nargs='?', choices=TARGETS, help='only this one, until it finds a bug, at most 20 s')
    options = parser.parse_args()
    folder = pathlib.Path(options.folder).resolve()
    try:
        build(folder, f'tests/fuzz/{options.target}' if options.target else 'fuzzers')
    except Failure as failure:
        print(failure)
        return 2
    fuzzers = [Fuzzer(folder / 'tests/fuzz', target) for target in TARGETS if options.target in (None, target)]
    if options.keep:
        for fuzzer in fuzzers:
            fuzzer.keep()
        return 0
    seconds = options.seconds or (20 if options.target else 6)
    score = Score()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for results in pool.map(lambda fuzzer: list(fuzzer.hunt(seconds, bool(options.seconds))), fuzzers):
            for what, good in results:
                print(what)
                score.check(what, good)
    print(score)
    return 0 if score.is_good() else 1


sys.exit(main())
