#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plays the scenarios of the bridge, with real servers: see tests/bridge/run.py --help."""

import argparse
import importlib
import pathlib
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'tools'))
from builds import Score
from check_checker import check_checker
from place import Place, Tools
from server import version

FOLDER = pathlib.Path(__file__).resolve().parent / 'scenarios'
SCENARIOS = ['checker', *sorted(path.stem for path in FOLDER.glob('*.py'))]
LONG = 20


def parse():
    parser = argparse.ArgumentParser(
        prog='tests/bridge/run.py', formatter_class=argparse.RawDescriptionHelpFormatter,
        description=f'''Carries a checked load over real servers while processes are killed, and checks that every record
arrives once and in order. The SCENARIOs, all of them by default; "checker" shows what is found by that:
  {chr(10).join('  ' + name for name in SCENARIOS).strip()}
The last line is "N passed, N failed".''')
    parser.add_argument('--long', action='store_true', help=f'{LONG} times as many rounds')
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 32), help='repeats the choices of a run')
    parser.add_argument('--keep', action='store_true', help='keep the folders of scenarios that fail')
    parser.add_argument('mapring', type=pathlib.Path, metavar='MAPRING')
    parser.add_argument('load', type=pathlib.Path, metavar='BRIDGE_LOAD')
    parser.add_argument('scenarios', metavar='SCENARIO', nargs='*')
    options = parser.parse_args()
    for name in options.scenarios:
        if name not in SCENARIOS:
            parser.error(f"there is no scenario '{name}', only {' '.join(SCENARIOS)}")
    return options


def what_is_missing(tools):
    """Why nothing can be tested here, or None."""
    if not version():
        return 'there is no nats-server; tools/install-deps.sh test installs it'
    said = subprocess.run([tools.mapring, 'bridge', 'in', 'a.b'], capture_output=True, text=True, check=False).stderr
    return said.strip() if 'was built without' in said else None


def print_versions(tools):
    said = [subprocess.run([program, argument], capture_output=True, text=True, check=True).stdout.splitlines()[0]
            for program, argument in ((tools.mapring, '--version'), ('openssl', 'version'))]
    print(f'{said[0]}, {version()}, {said[1]}, Python {sys.version.split()[0]}', flush=True)


def work_of(name):
    if name == 'checker':
        return check_checker
    return importlib.import_module(f'scenarios.{name}').play


def perform(name, work, place, score, keep):
    """Plays one scenario, and says what came of it."""
    start = time.monotonic()
    outcome = 'passed'
    try:
        work(place)
    except Exception as fault:  # whatever it is, the next scenario is played
        outcome = f'FAILED: {fault}'
    if outcome == 'passed' or not keep:
        place.remove()
    else:
        outcome += f'\n    {place.folder}'
    score.passed, score.failed = score.passed + (outcome == 'passed'), score.failed + (outcome != 'passed')
    counts = ', '.join(f'{number:,} {what}' for what, number in place.counts.items() if number)
    print(f'{name:16} {counts} ({time.monotonic() - start:.0f} s): {outcome}', flush=True)


def main():
    options = parse()
    tools = Tools(options.mapring.resolve(strict=True), options.load.resolve(strict=True))
    if missing := what_is_missing(tools):
        print(f'skipped: {missing}\n0 passed, 0 failed')
        return 0
    print_versions(tools)
    print(f'--seed {options.seed}', flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    score = Score()
    for name in options.scenarios or SCENARIOS:
        place = Place(tools, LONG if options.long else 1, f'{options.seed} {name}')
        try:
            perform(name, work_of(name), place, score, options.keep)
        finally:  # also after an interrupt
            if not options.keep:
                place.remove()
    print(score)
    return 0 if score.is_good() else 1


sys.exit(main())
