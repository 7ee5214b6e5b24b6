#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_cost.py PLAIN WRAPPED

Checks that loops through mapring.hpp execute no more instructions for each record than the same loops through
mapring.h. What moves by less than one and a half is where the loop happens to begin, and lines fetched ahead."""

import subprocess
import sys

TOLERANCE = 1.5
SKIPPED = 77


def cost_of(program):
    done = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == SKIPPED:
        print('skipped: processes cannot be stepped through here')
        sys.exit(SKIPPED)
    if done.returncode != 0:
        sys.exit(f'FAILED: {program} ended with {done.returncode}')
    return {words[0]: float(words[1]) for words in map(str.split, done.stdout.splitlines())}


plain, wrapped = map(cost_of, sys.argv[1:3])
for what, instructions in plain.items():
    print(f'{what}: {instructions} instructions for each record in C, {wrapped[what]} in C++')
    if not 20 < instructions < 500:
        sys.exit('FAILED: this cannot have been one record')
    if wrapped[what] > instructions + TOLERANCE:
        sys.exit('FAILED: the wrapper costs something')
