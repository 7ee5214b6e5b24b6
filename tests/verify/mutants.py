#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/verify/mutants.py [--long] [NAME...]

Plants the bugs of tests/mutants, or those NAMEd, one after the other in copies of the sources and of the
builds that tools/verify.sh has made, and checks that what must find each bug does. A patch says what that
is: "Caught-by: step OPERATION", "Caught-by: mapring stress OPTION...", "Caught-by: log_chaos", "Caught-by: calls", "Caught-by: fuzz
TARGET", "Caught-by: scribble" or "Caught-by: SUITE TEST". If finding it is a matter of chance and
takes more time, it also says "Only-with: --long". The last line is "N passed, N failed".
"""

import concurrent.futures
import pathlib
import queue
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools'))
from builds import Failure, Score, build, must, run

HANG_S = 600  # what runs for longer hangs, even on a busy machine
WORKERS = 2
BUILDS = ('build-verify', 'build-fuzz')
SOURCES = ('bench', 'bindings', 'docs', 'examples', 'include', 'packaging', 'src', 'tests', 'tools')


def copy_tree(copy):
    """Ninja rebuilds nothing in the copy, since its paths are relative."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    files = ('meson.build', 'meson_options.txt')
    must(['cp', '-a', *files, *SOURCES, *BUILDS, copy])
    shutil.rmtree(copy / 'build-fuzz/tests/fuzz/found', ignore_errors=True)  # the corpus must find a bug, not chance


def hunter(copy, tool, *words):
    """The build that finds the bug, what must be built there, and the command."""
    verify, fuzz = copy / 'build-verify', copy / 'build-fuzz'
    tests = verify / 'tests'
    return {
        'step': (verify, 'tests/verify/step', [tests / 'verify/step', '--first', *words]),
        'mapring': (verify, 'tools/mapring', [verify / 'tools/mapring', *words]),
        'log_chaos': (verify, 'tests/verify/log_chaos', [tests / 'verify/log_chaos', '10', '1']),
        'calls': (verify, 'tests/calls', [tests / 'calls', '--runs', '2000']),
        'fuzz': (fuzz, 'fuzzers', [ROOT / 'tests/fuzz/fuzz.py', fuzz, *words]),
        'scribble': (fuzz, 'fuzzers', [fuzz / 'tests/fuzz/scribble', '40', '1']),
    }.get(tool, (verify, f'tests/test_{tool}', [tests / f'test_{tool}', *words]))


def problem_of(patch, copy):
    """Why the bug is not found, or nothing. A bug that does not compile counts as not found."""
    caught = re.search('^Caught-by: (.*)', patch.read_text(), re.M).group(1)
    plant = ['patch', '-s', '-d', copy, '-p1', '-i', patch]
    try:
        must(plant)
    except Failure as failure:
        return f'cannot be planted: {failure}'
    try:
        folder, target, command = hunter(copy, *caught.split())
        build(folder, target)
        status, output = run(['timeout', HANG_S, *command])
        return '' if status == 1 else f'not found by {caught} (status {status}): {output[-200:]}'
    except Failure as failure:
        return f'does not compile: {failure}'
    finally:
        must([*plant, '-R'])


def main():
    names = [word for word in sys.argv[1:] if word != '--long']
    patches = sorted((ROOT / 'tests/mutants').glob('*.patch'))
    if names:
        patches = [patch for patch in patches if patch.stem in names]
    elif '--long' not in sys.argv:
        patches = [patch for patch in patches if '\nOnly-with: --long' not in patch.read_text()]
    build(ROOT / 'build-verify')  # once, for all copies
    copies = queue.SimpleQueue()
    for worker in range(WORKERS):
        copies.put(ROOT / f'build-mutant{worker}')
        copy_tree(ROOT / f'build-mutant{worker}')

    def hunt(patch):
        copy = copies.get()
        try:
            return problem_of(patch, copy)
        finally:
            copies.put(copy)

    score = Score()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for patch, problem in zip(patches, pool.map(hunt, patches)):
            score.check(f'{patch.stem}: {problem}', not problem)
    print(score)
    return 0 if score.is_good() else 1


sys.exit(main())
