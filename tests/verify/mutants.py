#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/verify/mutants.py [--long] [NAME...]

Plants the bugs of tests/mutants, or those NAMEd, each in a copy of the sources and of the builds that
tools/verify.sh has made, and checks that what must find each bug does. A patch says what that is:
"Caught-by: step OPERATION", "Caught-by: mapring stress OPTION...", "Caught-by: log_chaos", "Caught-by: calls",
"Caught-by: model SCENARIO", "Caught-by: fuzz TARGET", "Caught-by: scribble" or "Caught-by: SUITE TEST". If finding it
is a matter of chance and takes more time, it also says "Only-with: --long". The last line is "N passed, N failed".
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools'))
from builds import Failure, Score, build, must, run

HANG_S = 600  # what runs for longer hangs, even on a busy machine
VERIFY, FUZZ = 'build-verify', 'build-fuzz'
SOURCES = ('bench', 'bindings', 'docs', 'examples', 'include', 'meson.build', 'meson_options.txt', 'packaging', 'src',
           'tests', 'tools')


def copy_tree(copy):
    """Ninja rebuilds nothing in the copy, since its paths are relative. What was built is shared with the original
    until it is built anew, which removes it first; only Ninja's own notes are changed in place."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    must(['cp', '-a', *SOURCES, copy])
    must(['cp', '-al', VERIFY, FUZZ, copy])
    for folder in (VERIFY, FUZZ):
        for notes in ('.ninja_deps', '.ninja_log'):
            (copy / folder / notes).unlink()
            shutil.copy2(ROOT / folder / notes, copy / folder / notes)
    shutil.rmtree(copy / FUZZ / 'tests/fuzz/found', ignore_errors=True)  # the corpus must find a bug, not chance


def hunter(tree, tool, *words):
    """The build that finds the bug, what must be built there, and the command."""
    verify, fuzz = tree / VERIFY, tree / FUZZ
    tests = verify / 'tests'
    return {
        'step': (verify, 'tests/verify/step', [tests / 'verify/step', '--first', *words]),
        'mapring': (verify, 'tools/mapring', [verify / 'tools/mapring', *words]),
        'log_chaos': (verify, 'tests/verify/log_chaos', [tests / 'verify/log_chaos', '10', '1']),
        'model': (verify, f'tests/models/{" ".join(words)}', [tests / 'models' / ' '.join(words)]),
        'calls': (verify, 'tests/calls', [tests / 'calls', '--runs', '2000']),
        'fuzz': (fuzz, f'tests/fuzz/{" ".join(words)}', [ROOT / 'tests/fuzz/fuzz.py', fuzz, *words]),
        'scribble': (fuzz, 'tests/fuzz/scribble', [fuzz / 'tests/fuzz/scribble', '40', '1']),
    }.get(tool, (verify, f'tests/test_{tool}', [tests / f'test_{tool}', *words]))


def words_of(patch):
    return re.search('^Caught-by: (.*)', patch.read_text(), re.M).group(1).split()


def build_originals(patches):
    """Once, for all copies."""
    targets = {}
    for patch in patches:
        folder, target, _ = hunter(ROOT, *words_of(patch))
        targets.setdefault(folder, set()).add(target)
    for folder, wanted in targets.items():
        build(folder, *sorted(wanted))


def problem_of(patch, copy):
    """Why the bug is not found, or nothing. A bug that does not compile counts as not found."""
    try:
        must(['patch', '-s', '-d', copy, '-p1', '-i', patch])
    except Failure as failure:
        return f'cannot be planted: {failure}'
    try:
        folder, target, command = hunter(copy, *words_of(patch))
        build(folder, target)
    except Failure as failure:
        return f'does not compile: {failure}'
    status, output = run(['timeout', HANG_S, *command])
    return '' if status == 1 else f'not found by {" ".join(words_of(patch))} (status {status}): {output[-200:]}'


def hunt(patch):
    copy = ROOT / 'build-mutants' / patch.stem
    try:
        copy_tree(copy)
        return problem_of(patch, copy)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def main():
    names = [word for word in sys.argv[1:] if word != '--long']
    patches = sorted((ROOT / 'tests/mutants').glob('*.patch'))
    if names:
        patches = [patch for patch in patches if patch.stem in names]
    elif '--long' not in sys.argv:
        patches = [patch for patch in patches if '\nOnly-with: --long' not in patch.read_text()]
    build_originals(patches)
    score = Score()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for patch, problem in zip(patches, pool.map(hunt, patches)):
            score.check(f'{patch.stem}: {problem}', not problem)
    print(score)
    return 0 if score.is_good() else 1


sys.exit(main())
