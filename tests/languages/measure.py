#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: measure.py BUILD-FOLDER

Prints what a record costs in each language, in nanoseconds: sent and read by one thread, 64 bytes, one by one and
in batches of 64; the least of three runs. After the suites of the languages, which build the programs."""

import pathlib
import subprocess
import sys

RUNS = 3
RECORDS = 2000000


def programs(build):
    return {
        'C': [build / 'tests/languages/peer'],
        'C++': [build / 'tests/cpp/peer_cpp'],
        'Rust': [build / 'tests/languages/rust/release/examples/peer'],
        'Go': [build / 'tests/languages/go/peer'],
        'C# (Mono)': ['mono', build / 'tests/languages/dotnet/peer.exe'],
    }


def cost(program, how):
    command = [*map(str, program), 'bench', how, str(RECORDS)]
    return min(float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
               for _ in range(RUNS))


if len(sys.argv) != 2:
    sys.exit(__doc__)
print('| language | ns, one by one | ns, in batches of 64 |\n|---|---|---|')
for language, program in programs(pathlib.Path(sys.argv[1])).items():
    print(f'| {language} | {cost(program, "one"):.0f} | {cost(program, "batch"):.1f} |')
