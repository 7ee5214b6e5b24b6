#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_recipes.py COMMAND PAGE [RECIPE...]

Runs the recipes of docs/recipes.md: the blocks "sh" of each section, in order, by one shell in an empty folder;
together they have to write what the blocks "output" show. Leaves out the recipes whose programs are missing, and
says so; exits with 77 if that is all of them."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from leftovers import end_group, end_on_request

SKIPPED = 77
LIMIT_S = 40
# Those that a recipe needs, if its commands name them.
PROGRAMS = ['curl', 'journalctl', 'jq', 'lnav', 'logger', 'nginx', 'pgrep', 'rsyslogd', 'sqlite3', 'zstd']
JOURNAL_REMOTE = '/lib/systemd/systemd-journal-remote'
ENTRIES = ''.join(f'__REALTIME_TIMESTAMP={1795821189000000 + i}\n__MONOTONIC_TIMESTAMP={i + 1}\n'
                  f'_BOOT_ID=0123456789abcdef0123456789abcdef\nMESSAGE=entry {i}\nPRIORITY=6\n\n' for i in range(5))
PATH = f'{os.environ["PATH"]}:/usr/sbin:/sbin'


class Recipe:
    def __init__(self, title, text):
        blocks = re.findall(r'^```(sh|output)\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
        self.title = title
        self.commands = ''.join(block for kind, block in blocks if kind == 'sh')
        self.output = ''.join(block for kind, block in blocks if kind == 'output')

    def missing(self):
        for program in PROGRAMS:
            if re.search(rf'\b{program} -|\b{program} ', self.commands) and not shutil.which(program, path=PATH):
                return f'there is no {program}'
        if 'journalctl' in self.commands and not pathlib.Path(JOURNAL_REMOTE).exists():
            return 'there is no systemd-journal-remote to make a journal with'
        return None


def recipes_of(page):
    sections = re.split(r'^## (.*)$', page, flags=re.MULTILINE)[1:]
    recipes = [Recipe(title, text) for title, text in zip(sections[::2], sections[1::2])]
    return [recipe for recipe in recipes if recipe.commands]


def make_journal(tools, folder):
    """A journal of its own, which the recipe's journalctl reads."""
    journal = folder / 'test.journal'
    subprocess.run([JOURNAL_REMOTE, '-o', journal, '-'], input=ENTRIES.encode(), check=True, capture_output=True)
    wrapper = tools / 'journalctl'
    wrapper.write_text(f'#!/bin/sh\nexec {shutil.which("journalctl", path=PATH)} --file {journal} "$@"\n')
    wrapper.chmod(0o755)


def place(command, recipe, folder):
    """Returns the environment in which mapring is the command under test, with rings of its own."""
    folder.chmod(0o755)  # nginx's workers are another user if it is started by root
    tools, rings, home = folder / 'tools', folder / 'rings', folder / 'home'
    for made in (tools, rings, home, folder / 'work'):
        made.mkdir()
    (tools / 'mapring').symlink_to(pathlib.Path(command).resolve())
    if 'journalctl' in recipe.commands:
        make_journal(tools, folder)
    return {**os.environ, 'PATH': f'{tools}:{PATH}', 'MAPRING_DIR': str(rings), 'HOME': str(home), 'LC_ALL': 'C.UTF-8',
            'TERM': 'dumb'}


def play(command, recipe, folder):
    """Returns what is wrong. The streams are files: what a recipe leaves running does not keep them open."""
    environment = place(command, recipe, folder)
    with (folder / 'output').open('w+') as output, (folder / 'errors').open('w+') as errors:
        shell = subprocess.Popen(['bash', '-euc', recipe.commands], stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=errors, env=environment, cwd=folder / 'work', start_new_session=True)
        try:
            status = shell.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            status = f'none within {LIMIT_S} s'
        finally:
            end_group(shell)
    said, complained = (folder / 'output').read_text(), (folder / 'errors').read_text()
    if status == 0 and said == recipe.output:
        return None
    return f'status {status}\n--- it writes\n{said}--- instead of\n{recipe.output}--- and says\n{complained}'


def main():
    end_on_request()
    recipes = recipes_of(pathlib.Path(sys.argv[2]).read_text())
    wanted = [recipe for recipe in recipes if not sys.argv[3:] or recipe.title in sys.argv[3:]]
    played = failed = 0
    for recipe in wanted:
        missing = recipe.missing()
        if missing:
            print(f'{recipe.title}: left out: {missing}', flush=True)
            continue
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            problem = play(sys.argv[1], recipe, pathlib.Path(folder))
        played, failed = played + 1, failed + bool(problem)
        print(f'{recipe.title}: {problem or "as shown"}', flush=True)
    if not wanted or any(not recipe.output for recipe in wanted):
        print('a recipe shows no output')
        return 1
    return 1 if failed else 0 if played else SKIPPED


sys.exit(main())
