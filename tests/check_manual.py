#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_manual.py COMMAND SOURCE-FOLDER

Checks the manual against the command: every subcommand has a page, every option stands in its page with all its
values, no page has an option that the command does not have, and the examples are valid command lines. Which
subcommands and options there are is asked of the command."""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

SECTIONS = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO']
OPTION = re.compile(r'--([a-z][a-z0-9-]*)')


class Command:
    """Where there are no rings, so that it offers only words that are always offered."""

    def __init__(self, tool, folder):
        self.tool = tool
        self.environment = {**os.environ, 'MAPRING_DIR': folder}

    def run(self, *words):
        return subprocess.run([self.tool, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, env=self.environment)

    def offered(self, *words):
        """What completes the last of the words."""
        lines = self.run('complete', '--', *words).stdout.splitlines()
        return [line.split('\t')[0] for line in lines if '\t' in line]

    def subcommands(self, *names):
        """All that do something themselves, as lists of words."""
        for name in self.offered(*names, ''):
            if name == 'help':
                continue
            if '\nCommands:\n' in self.run(*names, name, '--help').stdout:
                yield from self.subcommands(*names, name)
            else:
                yield [*names, name]

    def options(self, names):
        """The values that may be written as they stand, for each option."""
        options = [word[2:] for word in self.offered(*names, '--')]
        return {option: [word.partition('=')[2] for word in self.offered(*names, f'--{option}=')]
                for option in options}

    def refusal(self, words):
        """What is wrong with a command line, or nothing."""
        done = self.run('complete', '--check', *words)
        return done.stderr if done.returncode else ''


class Page:
    def __init__(self, path):
        self.path = path
        parts = re.split(r'^# (.*)$', path.read_text(), flags=re.MULTILINE)
        self.titles = parts[1::2]
        self.sections = dict(zip(parts[1::2], parts[2::2]))

    def has_command(self, words):
        """Whether it is in the synopsis: as *mapring NAME*."""
        return re.search(rf'^\*mapring {" ".join(words)}\*', self.sections.get('SYNOPSIS', ''), re.MULTILINE)

    def options(self):
        """The options that it explains."""
        lines = [line for line in self.sections.get('OPTIONS', '').splitlines() if line.startswith('*--')]
        return {option for line in lines for option in OPTION.findall(line)}

    def examples(self):
        """The command lines of mapring in all its literal blocks, without what is before and after it."""
        for block in re.findall(r'^```\n(.*?)^```', self.path.read_text(), re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                yield from commands_in(line)


def commands_in(line):
    """The arguments of each mapring in a line for a shell."""
    lexer = shlex.shlex(line.removeprefix('$ '), posix=True, punctuation_chars='|&;<>()')
    lexer.whitespace_split = True
    try:
        tokens = list(lexer)
    except ValueError:  # the line is not for a shell
        return
    words = []
    for token in [*tokens, ';']:
        if not set(token) <= set('|&;<>()'):
            words.append(token)
            continue
        if words[:1] == ['mapring']:
            yield words[1:]
        words = [] if set(token) <= set('|&;()') else ['']  # a file follows a redirection


def check_options(page, options):
    explained = page.options()
    text = page.sections.get('OPTIONS', '')
    for option, values in options.items():
        if option not in explained:
            yield f'{page.path.name} does not explain --{option}: add it to its OPTIONS'
        for value in values:
            if option in explained and value not in text:
                yield f"{page.path.name} does not mention '{value}' of --{option}"
    for option in sorted(explained):
        if option not in options:
            yield f'{page.path.name} explains --{option}, which none of its commands has'


def check_page(command, page, commands):
    for title in SECTIONS:
        if title not in page.titles:
            yield f'{page.path.name} has no section {title}'
    options = {}
    for names in commands:
        for option, values in command.options(names).items():
            options.setdefault(option, []).extend(values)
    yield from check_options(page, options)


def check_examples(command, page):
    for words in page.examples():
        refusal = command.refusal(words)
        if refusal:
            yield f'{page.path.name} has the invalid example "mapring {shlex.join(words)}": {refusal}'


def check_lists(source, page, index, installed):
    name = page.path.name.split('.')[0]
    if f'*{name}*(1)' not in index:
        yield f'mapring.1.scd does not refer to {name}(1): add it to COMMANDS and SEE ALSO'
    if f"'{name}'" not in installed:
        yield f"docs/meson.build does not install {name}.1: add '{name}' to man_pages"


def check(command, source):
    manual = source / 'docs/man'
    pages = [Page(path) for path in sorted(manual.glob('mapring-*.1.scd'))]
    index, installed = (manual / 'mapring.1.scd').read_text(), (source / 'docs/meson.build').read_text()
    described = {page.path: [] for page in pages}
    for names in command.subcommands():
        name = ' '.join(names)
        found = [page for page in pages if page.has_command(names)]
        if not found:
            yield (f"'mapring {name}' has no man page: write docs/man/mapring-{names[0]}.1.scd with *mapring {name}* "
                   'at the beginning of a line of its SYNOPSIS')
        if f'\n*{name}*\n' not in index and f'\n*{names[0]}*\n' not in index:
            yield f"mapring.1.scd does not list '{name}' in its COMMANDS"
        for page in found:
            described[page.path].append(names)
    for page in pages:
        if not described[page.path]:
            yield f'{page.path.name} describes no command that exists: its SYNOPSIS begins with *mapring NAME*'
        yield from check_page(command, page, described[page.path])
        yield from check_lists(source, page, index, installed)
    for page in pages + [Page(manual / 'mapring.1.scd'), Page(manual / 'mapring.7.scd')]:
        yield from check_examples(command, page)


def main():
    with tempfile.TemporaryDirectory() as folder:
        problems = list(check(Command(sys.argv[1], folder), pathlib.Path(sys.argv[2])))
    print('\n'.join(problems) or 'the manual and the command agree')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
