#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the verification methods, and plants bugs that these methods must find: see tools/verify.sh."""

import argparse
import os
import pathlib
import platform
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time

from builds import ROOT, Failure, Report, Score, build, run, score_of, set_up

VERIFY, FUZZ = ROOT / 'build-verify', ROOT / 'build-fuzz'
METHODS = {
    'labels': 'both ends of each ordering edge of src/layout.h carry its label',
    'wakeup': 'the wake-up protocol in Spin, with explicit store buffers',
    'source': "the ring's own source in a model of C11, with each order weakened in turn; when $GENMC is set, "
              'under that model checker too',
    'litmus': "the wake-up's barrier on this machine",
    'step': 'a process stopped and killed at the instructions of each operation',
    'chaos': 'processes that send and read, or log, killed at random',
    'model': 'random calls, whose answers a model of the interface must allow',
    'fuzz': 'libFuzzer on attach, consumer, dictionary, observer, producer, dump, recordings and logs',
    'scribble': 'a process that writes nonsense into the rings that others use',
    'ports': 'some suites on 32-bit Linux and, under qemu-user, on a big-endian machine',
    'mutants': 'the bugs of tests/mutants/, which step, chaos, model, fuzz, scribble or a test must find',
}
# The methods that run beside the others, and in two rows beside each other, since each uses one processor only.
BESIDE = (('labels', 'wakeup', 'source'), ('step',))
ON_X86_64_ONLY = ('step', 'mutants')
TOLD = re.compile(r'.*(?:\(rounds|kills|skipped|not run|has no membarrier).*')
HANG_S = 600  # a program that runs for longer than it should by this time hangs, even on a busy machine


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog='tools/verify.sh', formatter_class=argparse.RawDescriptionHelpFormatter,
        description='Installs what is missing, builds in build-verify and build-fuzz, and runs the METHODs, or all:',
        epilog='\n'.join(f'  {name:8} {text}' for name, text in METHODS.items()) +
        '\nOne line for each, and "N passed, N failed" at the end. On Linux only; stepping needs x86-64.')
    parser.add_argument('--long', nargs='?', type=int, const=120, metavar='MINUTES',
                        help='try more of everything, and let chaos, model, fuzz and scribble go on for MINUTES '
                        'together, by default 120; the rest takes an hour more')
    parser.add_argument('methods', nargs='*', metavar='METHOD')
    # A METHOD behind --long is not its MINUTES.
    if '--long' in arguments[:1] and not re.match('[0-9]', ''.join(arguments[1:2])):
        arguments = ['--long=120', *arguments[1:]]
    options = parser.parse_args(arguments)
    for method in options.methods:
        if method not in METHODS:
            parser.error(f"there is no method '{method}', only {' '.join(METHODS)}")
    if options.long is not None and not 1 <= options.long <= 99999:
        parser.error(f"MINUTES is a number from 1 to 99999, not '{options.long}'")
    return options


class Commands:
    """The command lines of each method. Of the minutes of --long, some methods get a share in percent."""

    def __init__(self, minutes):
        self.minutes = minutes
        self.more = ['--long'] if minutes else []

    def seconds(self, percent, short):
        return self.minutes * 60 * percent // 100 if self.minutes else short

    def labels(self):
        script = ROOT / 'tests/verify/check_labels.py'
        return [[script], [script, '--self-test']]

    def wakeup(self):
        return [[ROOT / 'tests/models/wakeup.py', VERIFY / 'wakeup', *self.more]]

    def source(self):
        return [[ROOT / 'tests/models/ring_model.py', VERIFY, *self.more]]

    def step(self):
        return [[VERIFY / 'tests/verify/step', *self.more]]

    def chaos(self):
        seconds = self.seconds(10, 8)
        kinds = ['sleep memory', 'spin file'] + (['sleep file', 'spin memory'] if self.minutes else [])
        return [['timeout', seconds + HANG_S, VERIFY / 'tools/mapring', 'stress', '--duration', seconds, '--seed',
                 random.randrange(32768), '--waiting', waiting, '--place', place]
                for waiting, place in map(str.split, kinds)] + [
                    ['timeout', seconds + HANG_S, VERIFY / 'tests/verify/log_chaos', seconds, random.randrange(32768)]]

    def model(self):
        return [[VERIFY / 'tests/calls', '--seed', random.randrange(2**30), '--calls', 200,
                 '--seconds', self.seconds(10, 8)]]

    def fuzz(self):
        seconds = ['--seconds', self.seconds(40, 0)] if self.minutes else []
        return [[ROOT / 'tests/fuzz/fuzz.py', FUZZ, *seconds]]

    def scribble(self):
        seconds = self.seconds(20, 10)
        return [['timeout', seconds + HANG_S, FUZZ / 'tests/fuzz/scribble', seconds, random.randrange(32768)]]

    def ports(self):
        return [[ROOT / 'tests/verify/ports.py', *self.more]]

    def mutants(self):
        return [[ROOT / 'tests/verify/mutants.py', *self.more]]


def litmus(seconds):
    """The machine must lose none with either barrier; that it loses some without one is only told."""
    score, told = Score(), []
    for way in ('registered', 'settled', 'unregistered'):
        status, output = run([VERIFY / 'tests/litmus', way, seconds])
        if status == 77:
            told.append(f'{way}: this machine has no membarrier, or one processor only')
            continue
        told.append(f'{way}: {output.strip()} (rounds, lost, late)')
        if way != 'unregistered':
            score.check(told[-1], status == 0 and output.split()[1:2] == ['0'])
    return score, '\n'.join(told)


def perform(commands):
    score, outputs = Score(), []
    for command in commands:
        status, output = run(command)
        score += score_of(output, status)
        outputs.append(output.rstrip('\n'))
    return score, '\n'.join(outputs)


def prepare(wanted):
    if wanted & {'litmus', 'step', 'chaos', 'model', 'source', 'mutants'}:
        set_up(VERIFY, ['-Dverify=enabled', '-Dman=disabled'], 'gcc')
    if wanted & {'fuzz', 'scribble', 'mutants'}:
        set_up(FUZZ, ['-Dfuzz=enabled', '-Dman=disabled', '-Doptimization=1', '-Db_sanitize=address,undefined',
                      '-Db_lundef=false', '-Dc_args=-fno-sanitize-recover=all'], 'clang')
    if wanted & {'litmus', 'step', 'chaos', 'model', 'mutants'}:
        build(VERIFY, 'verify')
    if 'source' in wanted:
        build(VERIFY, 'models')
    if wanted & {'fuzz', 'scribble', 'mutants'}:
        build(FUZZ, 'fuzzers')


def remove_leftovers():
    """What interrupted runs have left behind, but not the rings of suites that are running."""
    memory = pathlib.Path('/dev/shm')
    for ring in memory.glob('mapring-scribble-*'):
        ring.unlink(missing_ok=True)
    for kind in ('+test-', '+stress-', '-stress-', '-step-'):
        for ring in memory.glob(f'mapring*{kind}*'):
            if not pathlib.Path('/proc', re.split('[-.]', ring.name.split(kind)[1])[0]).exists():
                ring.unlink(missing_ok=True)


def run_methods(wanted, minutes):
    commands, report = Commands(minutes), Report()
    done = {}

    def work(name):
        start = time.monotonic()
        try:
            score, output = litmus(60 if minutes else 3) if name == 'litmus' else perform(getattr(commands, name)())
        except OSError as error:
            score, output = Score(failed=1), str(error)
        VERIFY.mkdir(exist_ok=True)
        (VERIFY / f'{name}.log').write_text(output)
        done[name] = (score, output, time.monotonic() - start)

    def tell(name):
        report.add(name, *done[name])
        if not done[name][0].failed:
            print(*TOLD.findall(done[name][1]), sep='\n', end='\n' * bool(TOLD.findall(done[name][1])))

    def one_by_one(names):
        for name in names:
            if name in wanted:
                work(name)

    if 'litmus' in wanted:  # first, and alone: it needs two processors for itself
        work('litmus')
        tell('litmus')
    beside = [threading.Thread(target=one_by_one, args=(names,), daemon=True) for names in BESIDE]
    for thread in beside:
        thread.start()
    for name in ('chaos', 'model', 'fuzz', 'scribble', 'ports', 'mutants'):
        if name in wanted:
            work(name)
            tell(name)
    for thread, names in zip(beside, BESIDE):
        thread.join()
        for name in names:
            if name in wanted:
                tell(name)
    return report.end()


def main():
    options = parse(sys.argv[1:])
    if platform.system() != 'Linux':
        print('verify.sh runs on Linux only\n0 passed, 0 failed')
        return 0
    wanted = set(options.methods or METHODS)
    if platform.machine() != 'x86_64' and wanted & set(ON_X86_64_ONLY):
        print('step, mutants: on x86-64 only')
        wanted -= set(ON_X86_64_ONLY)
    os.nice(10)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    temporary = tempfile.mkdtemp(prefix='mapring-verify-')
    os.chmod(temporary, 0o755)  # some tests become another user
    os.environ.update(TMPDIR=temporary, LC_ALL='C.UTF-8')
    try:
        prepare(wanted)
        return run_methods(wanted, options.long)
    except Failure as failure:
        print(f'{failure}\n0 passed, 1 failed')
        return 1
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        remove_leftovers()


sys.exit(main())
