#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_operations.py COMMAND SOURCE-FOLDER

Checks that every command line of mapring in docs/operations.md and in the units of packaging/systemd is valid, by
asking the command, that the page shows what the units run, and that it names every alert of packaging/prometheus and
no other."""

import pathlib
import re
import shlex
import sys
import tempfile

from check_manual import Command, commands_in

COMMAND_LINE = re.compile(r'(?<![\w/.-])(?:/usr/bin/)?(mapring (?!mapring)[a-z][^`"\n]*)')


def command_lines(text):
    """The arguments of each mapring, in a shell, a unit, a configuration or between backticks."""
    code = re.findall(r'^```\n(.*?)^```|`([^`\n]+)`', text, re.MULTILINE | re.DOTALL)
    for block, span in code:
        for line in COMMAND_LINE.findall(block or span):
            yield from commands_in(line)


def started(unit):
    return re.findall(r'^ExecStart=(.*)$', unit, re.MULTILINE)


def refusals(command, name, lines):
    for words in lines:
        refusal = command.refusal(words)
        if refusal:
            yield f'{name} has the invalid command line "mapring {shlex.join(words)}": {refusal}'


def check_unit(command, page, path):
    lines = started(path.read_text())
    if not lines:
        yield f'{path.name} has no ExecStart='
    for line in lines:
        yield from refusals(command, path.name, command_lines(f'`{line}`'))
        if line not in page:
            yield f'docs/operations.md does not show what {path.name} runs: {line}'


def check_alerts(page, rules):
    named, alerts = set(re.findall(r'\bMapring[A-Z]\w+', page)), set(re.findall(r'- alert: (\w+)', rules))
    for alert in sorted(named ^ alerts):
        yield f'the alert {alert} is only in {"docs/operations.md" if alert in named else "packaging/prometheus"}'
    for metric in sorted(set(re.findall(r'`(mapring_\w+)`', page))):
        if not re.search(rf'\b{metric}(_bucket)?\b', rules):
            yield f'no alert uses the metric {metric} of docs/operations.md'


def check(command, source):
    page = (source / 'docs/operations.md').read_text()
    lines = list(command_lines(page))
    if len(lines) < 20:
        yield f'found only {len(lines)} command lines in docs/operations.md'
    yield from refusals(command, 'docs/operations.md', lines)
    units = sorted((source / 'packaging/systemd').glob('*.service'))
    if not units:
        yield 'packaging/systemd has no units'
    for path in units:
        yield from check_unit(command, page, path)
    yield from check_alerts(page, (source / 'packaging/prometheus/mapring.rules.yml').read_text())


def main():
    with tempfile.TemporaryDirectory() as folder:
        problems = list(check(Command(sys.argv[1], folder), pathlib.Path(sys.argv[2])))
    print('\n'.join(problems) or 'docs/operations.md, its units and the command agree')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
