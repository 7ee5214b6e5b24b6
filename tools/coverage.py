#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tools/coverage.py [--files] [--windows] BUILD-FOLDER

Prints how much of src/ the tests of a build with -Db_coverage=true have run. A line or
branch that was never run is an error unless a comment after or before the statement
says which failure of the system it takes, or what another process must do at that
moment:

    /* not covered: REASON */

The comment covers everything that is indented below the statement, too.

  --files    also prints a table of the files, worst first
  --windows  for a build by mingw-w64: considers only src/platform/windows, since a
             build for Linux covers the rest"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

EXCUSE = 'not covered:'


def data_files(folder):
    for root, _, names in os.walk(folder):
        for name in names:
            if name.endswith('.gcda') and re.search(r'/(libmapring_internal|libfaulty)\.a\.p$', root):
                yield os.path.abspath(os.path.join(root, name))


def reports(folder, tool):
    """The report of gcov on each object."""
    files = sorted(data_files(folder))
    if not files:
        sys.exit(f'{folder} has no counts: run its tests first')
    command = [tool, '--json-format', '--stdout', '--branch-probabilities', *files]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    for line in answer.splitlines():
        yield json.loads(line)


class Source:
    def __init__(self, path):
        self.path = path
        self.lines = collections.Counter()
        self.branches = collections.Counter()  # by (line, number of branches, index)
        with open(path, encoding='utf-8') as file:
            self.text = file.read().split('\n')

    def add(self, line):
        number = line['line_number']
        self.lines[number] += line['count']
        for which, branch in enumerate(line['branches']):
            self.branches[number, len(line['branches']), which] += branch['count']

    def indent(self, number):
        text = self.text[number - 1]
        return len(text) - len(text.lstrip())

    def excused(self):
        """The numbers of the lines that an excuse covers."""
        numbers = set()
        for number, text in enumerate(self.text, 1):
            if EXCUSE in text:
                numbers.update(self.statement(number))
        return numbers

    def statement(self, number):
        """The lines from a comment, which may take several, to where the indentation ends."""
        first = number
        if self.text[number - 1].lstrip().startswith('/*'):
            while '*/' not in self.text[first - 1]:
                first += 1
            first += 1
        yield from range(number, first + 1)
        line = first + 1
        while line <= len(self.text) and self.indent(line) > self.indent(first):
            yield line
            line += 1

    def missing(self):
        lines = {number for number, count in self.lines.items() if count == 0}
        branches = {key[0] for key, count in self.branches.items() if count == 0}
        return lines, branches


def sources(folder, root, part, tool):
    found = {}
    for report in reports(folder, tool):
        for file in report['files']:
            path = os.path.relpath(os.path.join(report['current_working_directory'], file['file']), root)
            if path.startswith(part + os.sep):
                source = found.setdefault(path, Source(os.path.join(root, path)))
                for line in file['lines']:
                    source.add(line)
    return found


def share(counts):
    return 100 * sum(count > 0 for count in counts) / len(counts) if counts else 100


def table(found):
    rows = sorted((share(s.branches.values()), share(s.lines.values()), path)
                  for path, s in found.items())
    for branches, lines, path in rows:
        print(f'{path:28} {lines:5.1f} % of lines, {branches:5.1f} % of branches')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--files', action='store_true')
    parser.add_argument('--windows', action='store_true')
    parser.add_argument('folder')
    options = parser.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    part, tool = ('src/platform/windows', 'x86_64-w64-mingw32-gcov') if options.windows else ('src', 'gcov')
    found = sources(options.folder, root, part, tool)
    if not found:
        sys.exit(f'{options.folder} has no counts of {part}')
    if options.files:
        table(found)
    unexcused = excuses = 0
    for path, source in sorted(found.items()):
        excused = source.excused()
        excuses += sum(EXCUSE in text for text in source.text)
        lines, branches = source.missing()
        for number in sorted((lines | branches) - excused):
            what = 'line' if number in lines else 'branch'
            print(f'{path}:{number}: {what} not covered: {source.text[number - 1].strip()}')
            unexcused += 1
    all_lines = [count for s in found.values() for count in s.lines.values()]
    all_branches = [count for s in found.values() for count in s.branches.values()]
    print(f'{part}: {share(all_lines):.1f} % of lines, {share(all_branches):.1f} % of branches; '
          f'{excuses} excused' + (f', {unexcused} not' if unexcused else ''))
    sys.exit(1 if unexcused else 0)


main()
