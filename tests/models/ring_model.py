#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/models/ring_model.py BUILD-FOLDER [--long], once the target models is built there

Runs the ring's own source in every scenario of ring_model.c under our own explorer (explorer.h),
then again with each ordered access weakened in turn: each weakening must be found in at least one
scenario, or be listed in ring_spare_orders. The explorer itself has to pass litmus.c. If $GENMC
names that model checker, it has to give the same results. The last line is "N passed, N failed".
"""

import collections
import os
import pathlib
import random
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = ROOT / 'tests/models'
sys.path.insert(0, str(ROOT / 'tools'))
from builds import Score, run

FUNCTION = re.compile(r'[a-zA-Z][^(]*?(\w+)\(.*[^;]$')
ACCESS = re.compile(r'(?:^|[^a-z0-9_])(?:load_acquire|load_ordered|store_release|exchange32|exchange64|'
                    r'fetch_(?:or|and|add)32|fence_(?:release|acquire)|'
                    r'mapring_(?:acquire_load|acquire_fence|ordered_load|release_store))\(')
# GenMC supports neither membarrier() nor strings, and takes what stat.c fills for some thousand
# accesses. In LEVEL, threads stand for processes that have memory of their own.
NOT_FOR_GENMC = re.compile('MEMBARRIER|SLEEP|GATHER|TAKEOVER|RUNS|COMES|STAT|DROP|DURABLE|LEVEL')

# An ordered access: its number in the model, where it is, and "FILE FUNCTION CODE".
Site = collections.namedtuple('Site', 'number where access')


def sites_in(path, number):
    function = None
    for line, text in enumerate(path.read_text().splitlines(), 1):
        if found := FUNCTION.match(text):
            function = found.group(1)
        if ACCESS.search(text):
            yield Site(number * 10000 + line, f'{path.name}:{line}', f'{path.name} {function} {text.strip(" ")}')


def all_sites():
    """Of the files that ring_source.h includes, as it numbers them."""
    number = 0
    for line in (MODELS / 'ring_source.h').read_text().splitlines():
        if line.startswith('#define MODEL_FILE'):
            number = int(line.split()[2])
        elif number and (included := re.match(r'#include "(?:\.\./)+(.*)"', line)):
            yield from sites_in(ROOT / included.group(1), number)


class Check:
    def __init__(self, programs):
        self.programs = programs
        # The scenarios that meson.build lists.
        self.scenarios = re.findall(r"^  '([A-Z-]*)',$", (MODELS / 'meson.build').read_text(), re.M)
        self.score = Score()
        self.weakened = []  # (scenario, number) of what was found

    def choose_sites(self):
        """Splits the accesses into those that must be needed, and those that are listed as spare."""
        found = list(all_sites())
        listed = [line for line in (MODELS / 'ring_spare_orders').read_text().splitlines() if line[:1] != '#']
        times = collections.Counter(site.access for site in found)
        for access in listed:
            self.score.check(f'listed in ring_spare_orders, but the code does not contain exactly one such access: '
                             f'{access}', times[access] == 1)
        return ([site for site in found if site.access not in listed],
                [site for site in found if site.access in listed])

    def explore(self, *flags):
        status, output = run([self.programs / 'explorer_litmus'])
        self.score.check(output, status == 0)
        for scenario in self.scenarios:
            status, output = run([self.programs / scenario, *flags])
            print(f'{scenario}: {output}', end='')
            self.score.check(f'{scenario}: see above', status == 0)

    def hunt(self, left, *flags):
        """Weakens the sites in one scenario after the other; returns those that none finds."""
        for scenario in self.scenarios:
            if not left:
                break
            numbers = ','.join(str(site.number) for site in left)
            _, output = run([self.programs / scenario, *flags, '--weaken', numbers])
            found = {int(number) for number in re.findall(r'^(\d+) found', output, re.M)}
            self.weakened += [(scenario, number) for number in sorted(found)]
            left = [site for site in left if site.number not in found]
        return left

    def weaken(self, sites):
        """Tries the sites that are not found yet with more and more executions."""
        left = sites
        for executions in (500, 5000, 50000):
            left = self.hunt(left, '--deviations', 1, '--executions', executions)
        for site in sites:
            self.score.check(f'no scenario finds {site.where} weakened: {site.access}', site not in left)

    def look_for_needed(self, spare):
        left = self.hunt(spare, '--deviations', 1, '--executions', 20000, '--seed', random.randrange(32768))
        for site in spare:
            self.score.check(f'listed in ring_spare_orders, but needed: {site.where} {site.access}', site in left)

    def genmc(self, scenario, *flags):
        words = ['-D' + word for word in scenario.split('-')]
        return run(['timeout', os.environ.get('GENMC_SECONDS', '60'), os.environ['GENMC'], '--disable-estimation', '--',
                    '-w', '-DGENMC', *words, *flags, '-Isrc', '-Iinclude', MODELS / 'ring_model.c'])

    def with_genmc(self, weakened):
        """GenMC has to find each weakening that our explorer has found, in the same scenario."""
        for scenario in self.scenarios:
            if not NOT_FOR_GENMC.search(scenario):
                status, output = self.genmc(scenario)
                self.score.check(f'GenMC, {scenario}: {output[-300:]}', status == 0)
        for scenario, number in weakened:
            if not NOT_FOR_GENMC.search(scenario):
                status, _ = self.genmc(scenario, f'-DWEAKEN={number}')
                self.score.check(f'GenMC, {scenario}, does not find {number} weakened (status {status})',
                                 status not in (0, 124))


def main():
    check = Check(pathlib.Path(sys.argv[1]).resolve() / 'tests/models')
    long = '--long' in sys.argv
    needed, spare = check.choose_sites()
    check.explore(*(['--deviations', 3, '--executions', 300000, '--seed', random.randrange(32768)] if long else []))
    check.weaken(needed)
    weakened = list(check.weakened)
    if long:
        check.look_for_needed(spare)
    if os.environ.get('GENMC'):
        check.with_genmc(weakened)
    print(check.score)
    return 0 if check.score.is_good() else 1


if __name__ == '__main__':
    sys.exit(main())
