#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_dotnet.py BUILD-FOLDER LIBRARY-FOLDER CHECK-PEER ARGUMENT...

Tests bindings/dotnet with Mono: its own tests, the sample in its README, and the program that check_peer.py holds
against C. Builds into BUILD-FOLDER."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent / 'bindings/dotnet'
SKIPPED = 77

SAMPLE = '''using System;
using Mapring;

static class Sample
{{
    static void Main()
    {{
{body}
        Ring.Remove("test-dotnet-readme", force: true);
    }}
}}
'''


def must(*command):
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout[-5000:])
    if done.returncode != 0:
        sys.exit(f'FAILED: {" ".join(map(str, command))}')
    return done.stdout


def compiled(program, *sources):
    must('mcs', '-unsafe', '-warnaserror', '-optimize', f'-out:{program}', *sources)
    return program


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    for program in ('mono', 'mcs'):
        if not shutil.which(program):
            print(f'skipped: there is no {program}')
            return SKIPPED
    folder, library = map(pathlib.Path, map(os.path.abspath, sys.argv[1:3]))
    folder.mkdir(exist_ok=True)
    os.environ['LD_LIBRARY_PATH'] = str(library)
    interface = sorted(ROOT.glob('*.cs'))
    must('mono', '--debug', compiled(folder / 'tests.exe', *interface, *(ROOT / 'tests').glob('*.cs')))
    body = re.search(r'\n```cs\n(.*?)\n```\n', (ROOT / 'README.md').read_text(), re.S).group(1)
    (folder / 'Sample.cs').write_text(SAMPLE.format(body=body))
    output = must('mono', compiled(folder / 'sample.exe', *interface, folder / 'Sample.cs'))
    if output != '0 hello\n':
        sys.exit(f'FAILED: the sample in the README says {output!r}')
    peer = compiled(folder / 'peer.exe', *interface, *(ROOT / 'peer').glob('*.cs'))
    must(sys.executable, *sys.argv[3:], '--layout', 'mono', peer)
    return 0


sys.exit(main())
