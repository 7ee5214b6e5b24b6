#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_docs.py COMMAND SOURCE-FOLDER BUILD-FOLDER COMPILER...

Checks what the pages in Markdown show:

- each link leads to a file that exists and, with a #, to one of its headings;
- each sample in C compiles without warnings: a program as it is, anything else as a part of a function;
- the blocks "sh" of a page run, one after the other in one folder, and what a block "text" shows behind one is what
  it wrote; a sample that follows "`NAME.c`:" is there under that name;
- each command line of mapring, whether it is run or not, is valid, also in the text;
- the pictures are what docs/pictures.py draws;
- each function has a manual page that groff has nothing to say about."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from check_manual import Command, commands_in

PAGES = ('*.md', 'docs/*.md', 'examples/*.md', 'packaging/**/*.md', 'bindings/*/README.md')
BLOCK = re.compile(r'^```(\w*)[^\n]*\n(.*?)^```$', re.MULTILINE | re.DOTALL)
LINK = re.compile(r'\]\(([^()\s]+)\)')
WARNINGS = ['-std=c17', '-Wall', '-Wextra', '-Wno-unused-variable', '-Wno-unused-but-set-variable', '-Werror']
# What a sample that is no program may use without declaring it.
SETTING = '''#include <mapring/mapring.h>
#include <mapring/merge.h>
#include <stdio.h>
#include <string.h>
void sample(mapring_producer *producer, mapring_consumer *consumer, mapring_observer *observer, mapring_merge *merge,
            struct mapring_record record, int result);
void sample(mapring_producer *producer, mapring_consumer *consumer, mapring_observer *observer, mapring_merge *merge,
            struct mapring_record record, int result)
{
    (void)producer, (void)consumer, (void)observer, (void)merge, (void)record, (void)result;
    {
%s
    }
}
'''


class Page:
    def __init__(self, source, path):
        self.path = path
        self.name = str(path.relative_to(source))
        self.text = path.read_text()
        self.prose = re.sub(r'`[^`\n]*`', '', BLOCK.sub('', self.text))
        self.blocks = [(kind, code, self.text[:begin].rstrip().rsplit('\n', 1)[-1])
                       for kind, code, begin in ((*match.groups(), match.start()) for match in BLOCK.finditer(self.text))]

    def samples(self, *kinds):
        return [code for kind, code, _ in self.blocks if kind in kinds]

    def anchors(self):
        """The names by which the headings are found: as GitHub makes them."""
        for title in re.findall(r'^#+ (.*)$', BLOCK.sub('', self.text), re.MULTILINE):
            words = re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', title).lower()
            yield re.sub(r'[^\w\- ]', '', words).replace(' ', '-')


class Workshop:
    """A folder with the command and the compiler, in which samples are compiled and run."""

    def __init__(self, folder, command, source, build, compiler):
        self.folder = folder
        self.include = source / 'include'
        self.compiler = compiler
        tools, rings = folder / 'bin', folder / 'rings'
        tools.mkdir()
        rings.mkdir()
        (tools / 'mapring').symlink_to(command)
        (tools / 'cc').write_text(f'#!/bin/sh\nexec {shlex.join(compiler)} "$@"\n')
        (tools / 'cc').chmod(0o755)
        self.environment = {**os.environ, 'PATH': f'{tools}:{os.environ["PATH"]}', 'MAPRING_DIR': str(rings),
                            'PKG_CONFIG_PATH': str(build / 'meson-uninstalled'),
                            'CPATH': str(self.include), 'LD_LIBRARY_PATH': str(build / 'src'), 'LC_ALL': 'C.UTF-8'}

    def run(self, words, folder):
        done = subprocess.run(words, cwd=folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        return done.stdout, f'ended with {done.returncode}: {done.stderr}' if done.returncode else ''

    def compile(self, code):
        path = self.folder / 'sample.c'
        path.write_text(code if re.search(r'\bint main\(', code) else SETTING % code)
        return self.run([*self.compiler, *WARNINGS, '-fsyntax-only', f'-I{self.include}', str(path)], self.folder)[1]


def check_links(page, pages):
    for target in LINK.findall(page.prose):
        if re.match(r'[a-z]+:', target):
            continue
        name, _, anchor = target.partition('#')
        path = (page.path.parent / name).resolve() if name else page.path
        if not path.exists():
            yield f'{page.name} refers to {target}, which does not exist'
        elif anchor and anchor not in (pages[path].anchors() if path in pages else ()):
            yield f'{page.name} refers to {target}, but there is no such heading'


def command_lines(page):
    """All of mapring that are not run: in other blocks and in indented lines."""
    blocks = '\n'.join(page.samples('console', '')).replace('\\\n', ' ').splitlines()
    for line in [*blocks, *re.findall(r'^    (mapring .*)$', BLOCK.sub('', page.text), re.MULTILINE)]:
        yield from commands_in(re.sub(r'^[$#>] (sudo )?', '', line))


def mentions(page):
    """What the text says in backticks, which may be the beginning of a command line."""
    for line in re.findall(r'`(mapring (?!complete)[^`]*)`', BLOCK.sub('', page.text)):
        yield from commands_in(line.replace('\n', ' '))


def check_commands(page, command):
    refused = [(words, command.refusal(words)) for words in command_lines(page)]
    refused += [(words, refusal) for words in mentions(page)
                if not re.search(r'(is missing|needs an argument)\n', refusal := command.refusal(words))]
    for words, refusal in refused:
        if refusal:
            yield f'{page.name} has the invalid command line "mapring {shlex.join(words)}": {refusal}'


def check_run(page, workshop):
    """The page, as somebody would follow it."""
    with tempfile.TemporaryDirectory(dir=workshop.folder) as folder:
        written = None
        for kind, code, before in page.blocks:
            named = re.fullmatch(r'`([\w.-]+)`:', before)
            if kind != 'sh' and named:
                (pathlib.Path(folder) / named.group(1)).write_text(code)
            if kind == 'text' and written is not None and written != code:
                yield f'{page.name} shows\n{code}but its commands write\n{written}'
            written = None
            if kind == 'sh':
                written, problem = workshop.run(['sh', '-euc', code], folder)
                if problem:
                    yield f'{page.name}: this block {problem}\n{code}'


def check_pictures(source, folder):
    subprocess.run([sys.executable, source / 'docs/pictures.py', folder], check=True)
    for path in sorted(folder.glob('*.svg')):
        if path.read_text() != (source / 'docs/pictures' / path.name).read_text():
            yield f'docs/pictures/{path.name} is out of date: run docs/pictures.py docs/pictures'


def check_functions(source, folder):
    headers = [source / 'include/mapring' / name
               for name in ('mapring.h', 'merge.h', 'log.h', 'log_reader.h')]
    wrapper = source / 'include/mapring/mapring.hpp'
    subprocess.run([sys.executable, source / 'docs/man3.py', '0', folder, *headers, wrapper], check=True)
    declared = {name for header in headers
                for name in re.findall(r'^MAPRING_(?:API|HOT) [^;(]*?(\w+)\(', header.read_text(), re.MULTILINE)}
    pages = {path.stem: path for path in folder.glob('*.3')}
    for name in sorted(declared ^ (set(pages) - {'mapring', 'mapring.hpp'})):
        yield f'{name}() has a manual page or a declaration, but not both'
    shown = pages['mapring.hpp'].read_text()
    for name in re.findall(r'^(?:class|struct) (?:\[\[\w+\]\] )?(\w+)', wrapper.read_text(), re.MULTILINE):
        if not re.search(rf'^\.SS .*\b{name}\b.*\n(?:(?!\.SS).*\n)*?.*\(.*\)', shown, re.MULTILINE):
            yield f'mapring.hpp(3) does not say what {name} has'
    whole = [path for path in pages.values() if not path.read_text().startswith('.so ')]
    if shutil.which('groff'):
        yield from subprocess.run(['groff', '-ww', '-man', '-Tutf8', '-z', *whole], check=False, text=True,
                                  stderr=subprocess.PIPE).stderr.splitlines()
    else:
        print('without groff: the manual pages are only made')


def check(command, source, workshop):
    pages = {path: Page(source, path) for pattern in PAGES for path in sorted(source.glob(pattern))}
    for page in pages.values():
        yield from check_links(page, pages)
        yield from check_commands(page, command)
        for code in page.samples('c'):
            problem = workshop.compile(code)
            if problem:
                yield f'{page.name}: a sample does not compile: the compiler {problem}\n{code}'
    for name in ('getting-started', 'concepts', 'faq', 'logs'):
        page = pages[source / f'docs/{name}.md']
        if not page.samples('sh'):
            yield f'{page.name} has nothing to run'
        yield from check_run(page, workshop)


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    if not shutil.which('pkg-config'):
        print('skipped: there is no pkg-config')
        return 77
    tool, source, build = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for made in ('pictures', 'man3'):
            (folder / made).mkdir()
        workshop = Workshop(folder, tool, source, build, sys.argv[4:])
        problems = [*check(Command(str(tool), name), source, workshop), *check_pictures(source, folder / 'pictures'),
                    *check_functions(source, folder / 'man3')]
    print('\n'.join(problems) or 'links, samples and commands are good')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
