#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/models/wakeup.py FOLDER [--long]

Checks wakeup.pml with Spin in FOLDER: the protocol holds in each variant, and each planted bug is found.
The last line is "N passed, N failed".
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'tools'))
from builds import Failure, Score, must

MODEL = pathlib.Path(__file__).with_name('wakeup.pml')
TWO = ('CONSUMERS=2', 'RECORDS=2')
FOUR = ('CAPACITY=2', 'RECORDS=4')
HOLDS = {'MEMBARRIER': [(), FOUR, TWO], 'SETTLE': [(), FOUR, ('CONSUMERS=2', 'RECORDS=1')]}
HOLDS_LONG = {'MEMBARRIER': [('CONSUMERS=2', 'RECORDS=3', 'CAPACITY=2')], 'SETTLE': [TWO]}
MEMORY_MB = 8000
BUGS = [
    ('NO_BARRIER',),
    ('SETTLE', 'BUG_NO_SHORT_SLEEP'),
    ('SETTLE', 'BUG_SETTLED_ONCE_AWAKE', *TWO),
    ('MEMBARRIER', 'BUG_NO_LOOK_FOR_RECORD'),
    ('MEMBARRIER', 'BUG_NO_COMPARISON'),
    ('MEMBARRIER', 'BUG_WAKE_BEFORE_COUNT'),
    ('MEMBARRIER', 'BUG_NO_COUNT_OF_WAKES'),
    ('MEMBARRIER', 'BUG_WAKES_READ_LATE'),
    ('MEMBARRIER', 'BUG_PLAIN_COUNT'),
    ('MEMBARRIER', 'BUG_CLEAR_AFTER_LOOK'),
    ('SETTLE', 'BUG_PLAIN_WANTED'),
    ('MEMBARRIER', 'BUG_PLAIN_PRODUCER_WAITS'),
    ('MEMBARRIER', 'BUG_PLAIN_HEAD'),
    ('MEMBARRIER', 'BUG_NO_LOOK_FOR_ROOM'),
    ('MEMBARRIER', 'BUG_NO_COUNT'),
    ('MEMBARRIER', 'BUG_COUNT_READ_LATE'),
    ('SETTLE', 'BUG_PLAIN_WAIT_SET'),
    ('MEMBARRIER', 'BUG_CLEAR_ALL', *TWO),
]


def lets_sleep_for_ever(folder, definitions):
    """Whether Spin finds a process that sleeps for ever, in a search that went to its end."""
    folder.mkdir(parents=True, exist_ok=True)
    must(['spin', '-a', *('-D' + word for word in definitions), MODEL], cwd=folder)
    must(['cc', '-O1', '-w', '-DSAFETY', '-DCOLLAPSE', f'-DMEMLIM={MEMORY_MB}', '-o', 'pan', 'pan.c'], cwd=folder)
    output = must(['./pan', '-m1000000'], cwd=folder)
    is_found = 'errors: 0' not in output
    if 'State-vector' not in output or 'max search depth' in output or (
            'Search not completed' in output and not is_found):
        raise Failure(output)
    return is_found


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    holds = [(variant, *size) for variant in HOLDS for size in HOLDS[variant]]
    if '--long' in sys.argv:
        holds += [(variant, *size) for variant in HOLDS_LONG for size in HOLDS_LONG[variant]]
    models = [(model, False) for model in holds]
    models += [(bug, True) for bug in BUGS]
    score = Score()
    for definitions, expected in models:
        name = '-'.join(definitions)
        try:
            found = lets_sleep_for_ever(folder / name, definitions)
            score.check(f'wake-up model: {name}: a process {"may" if found else "never"} sleeps for ever',
                        found == expected)
        except Failure as failure:
            score.check(f'wake-up model: {name}: {failure}', False)
    print(score)
    return 0 if score.is_good() else 1


sys.exit(main())
