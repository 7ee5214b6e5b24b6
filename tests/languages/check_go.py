#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_go.py BUILD-FOLDER LIBRARY-FOLDER CHECK-PEER ARGUMENT...

Tests bindings/go: its own tests, the sample in its README, and the program that check_peer.py holds against C; if
$MAPRING_THOROUGH is set, also with the race detector, which must find a handle that is shared, and for which Go's
own library is compiled anew. Builds into BUILD-FOLDER and fetches nothing."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
ROOT = TOP / 'bindings/go'
SKIPPED = 77

SAMPLE = '''package main

import (
	"fmt"

	"mapring"
)

func main() {{
{body}
	consumer.Close()
	producer.Close()
	mapring.Remove("test-go-readme", mapring.Local, true)
}}
'''
MODULE = 'module sample\n\ngo 1.19\n\nrequire mapring v0.0.0\n\nreplace mapring => {root}\n'
PACKAGE = 'Name: mapring\nDescription: as built here\nVersion: 0\nCflags: -I{include}\nLibs: -L{library} -lmapring\n'


def run(*command, folder=ROOT):
    done = subprocess.run(list(map(str, command)), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout[-3000:])
    return done.returncode, done.stdout


def must(*command, folder=ROOT):
    status, output = run(*command, folder=folder)
    if status != 0:
        sys.exit(f'FAILED: {" ".join(map(str, command))}')
    return output


def set_up(folder, library):
    folder.mkdir(exist_ok=True)
    (folder / 'mapring.pc').write_text(PACKAGE.format(include=TOP / 'include', library=library))
    os.environ.update(PKG_CONFIG_PATH=str(folder), LD_LIBRARY_PATH=str(library), GOPROXY='off', GOFLAGS='-mod=readonly',
                      GOCACHE=str(folder / 'cache'), GODEBUG='cgocheck=2', CC=os.environ.get('CC', 'gcc'))


def check_sample(folder):
    body = re.search(r'\n```go\n(.*?)\n```\n', (ROOT / 'README.md').read_text(), re.S).group(1)
    sample = folder / 'sample'
    sample.mkdir(exist_ok=True)
    (sample / 'go.mod').write_text(MODULE.format(root=ROOT))
    (sample / 'main.go').write_text(SAMPLE.format(body=body))
    output = must('go', 'run', '.', folder=sample)
    if output != 'hello Go <nil>\n':
        sys.exit(f'FAILED: the sample in the README says {output!r}')


def check_races(folder):
    if run('go', 'test', '-race', '-count=1', '-run', '^$', '.')[0] != 0:
        print('the race detector does not work here, and is left out')
        return
    must('go', 'test', '-race', '-count=1', '.')
    must('go', 'build', '-race', '-o', folder / 'misuse', './misuse')
    for _ in range(10):
        if 'WARNING: DATA RACE' in run(folder / 'misuse', f'test-go-misuse-{os.getpid()}')[1]:
            return
    sys.exit('FAILED: the race detector has not found a producer that two goroutines share')


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    for program in ('go', 'pkg-config', os.environ.get('CC', 'gcc').split()[0]):
        if not shutil.which(program):
            print(f'skipped: there is no {program}')
            return SKIPPED
    folder, library = map(pathlib.Path, map(os.path.abspath, sys.argv[1:3]))
    peer_check = [os.path.abspath(word) for word in sys.argv[3:]]
    set_up(folder, library)
    unformatted = must('gofmt', '-l', '.')
    if unformatted:
        sys.exit(f'FAILED: not formatted: {unformatted}')
    must('go', 'vet', './...')
    must('go', 'test', '-count=1', '.')
    check_sample(folder)
    if 'MAPRING_THOROUGH' in os.environ:
        check_races(folder)
    must('go', 'build', '-o', folder / 'peer', './peer')
    must(sys.executable, *peer_check, folder / 'peer')
    return 0


if __name__ == '__main__':
    sys.exit(main())
