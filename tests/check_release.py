#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_release.py [--whole]

Lets packaging/release.sh check a repository that has the files of this one and nothing else, ready for a release
and spoilt in each way. With --whole, it also makes the release, without running the tests. Exits with 77 if there is
no git."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
SKIPPED = 77
NOBODY = {'GIT_CONFIG_GLOBAL': '/dev/null', 'GIT_CONFIG_SYSTEM': '/dev/null'}
SOMEBODY = {**NOBODY, **{f'GIT_{role}_{what}': 'test@mapring.invalid' for role in ('AUTHOR', 'COMMITTER')
                         for what in ('NAME', 'EMAIL')}}


class Repository:
    def __init__(self, folder):
        self.folder = folder
        self.out = folder.parent / 'out'
        folder.mkdir()
        for file in source_files():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, folder / file)
        self.git('init', '-q')
        self.make_ready()

    def git(self, *arguments):
        return subprocess.run(['git', *arguments], cwd=self.folder, env={**without_names(), **SOMEBODY}, check=True,
                              stdout=subprocess.PIPE, text=True).stdout

    def commit(self):
        self.git('add', '--all')
        self.git('commit', '-q', '--allow-empty', '-m', 'Change something')

    def edit(self, file, pattern, text):
        before = (self.folder / file).read_text()
        after = re.sub(pattern, text, before, count=1, flags=re.M)
        assert after != before, f'{file} has nothing like {pattern}'
        (self.folder / file).write_text(after)

    def make_ready(self):
        news = (self.folder / 'NEWS.md').read_text()
        (self.folder / 'NEWS.md').write_text(re.sub(r'^(## mapring [\d.]+), .*$', r'\1, 2026-01-01', news, count=1,
                                                    flags=re.M))
        self.commit()

    def restore(self):
        """As it was when it was ready."""
        self.git('reset', '-q', '--hard', self.git('rev-list', '--max-parents=0', 'HEAD').strip())
        self.git('clean', '-q', '-f', '-d')
        for tag in self.git('tag').split():
            self.git('tag', '-d', tag)
        shutil.rmtree(self.out, ignore_errors=True)

    def release(self, *arguments, out=None, environment=None):
        done = subprocess.run(['packaging/release.sh', *arguments, out or self.out], cwd=self.folder, check=False,
                              env={**without_names(), **(environment or SOMEBODY), 'SKIP_TESTS': '1'}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout


def without_names():
    return {name: value for name, value in os.environ.items() if not re.match('GIT_|EMAIL$', name)}


def source_files():
    listed = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            check=False)
    if listed.returncode == 0:
        return [name for name in listed.stdout.decode().split('\0') if (ROOT / name).is_file()]
    return [path.relative_to(ROOT) for path in ROOT.rglob('*')
            if path.is_file() and not re.match(r'build|\.git/|subprojects/cmocka/', str(path.relative_to(ROOT)))]


def leave_a_change(repository):
    (repository.folder / 'forgotten.c').write_text('')


def be_of_another_version(repository):
    repository.edit('meson.build', r"^  version: '.*'", "  version: '9.8.7'")
    repository.commit()


def be_unreleased(repository):
    repository.edit('NEWS.md', r'^(## mapring [\d.]+), .*$', r'\1, unreleased')
    repository.commit()


def be_tagged(repository):
    version = re.search(r"^  version: '(.*)'", (repository.folder / 'meson.build').read_text(), re.M).group(1)
    repository.git('tag', f'v{version}')


def have_made_one_before(repository):
    repository.out.mkdir()
    (repository.out / 'SHA256SUMS').write_text('')


SPOILT = [
    (leave_a_change, ['not committed']),
    (be_of_another_version, ['NEWS.md says', 'packaging/vcpkg/vcpkg.json says', 'packaging/debian/changelog says',
                             "no heading '## mapring 9.8.7, YYYY-MM-DD'"]),
    (be_unreleased, ['YYYY-MM-DD']),
    (be_tagged, ['there is a tag v']),
    (have_made_one_before, ['is not empty']),
]


def check(condition, problem):
    if not condition:
        sys.exit(f'FAILED: {problem}')


def check_that_it_refuses(repository):
    for spoil, sentences in SPOILT:
        spoil(repository)
        for arguments in (['--dry-run'], []):
            status, said = repository.release(*arguments)
            check(status == 1 and all(sentence in said for sentence in sentences),
                  f'{spoil.__name__} {arguments}: status {status}\n{said}')
            check(len(said.splitlines()) == 1 + len(sentences), f'{spoil.__name__}: it also says\n{said}')
        repository.restore()
    status, said = repository.release('--dry-run', out=repository.folder / 'packages')
    check(status == 1 and 'within the source' in said, f'a folder within the source: status {status}\n{said}')
    status, said = repository.release('--dry-run', environment=NOBODY)
    check(status == 1 and 'who tags' in said, f'nobody who tags: status {status}\n{said}')
    for wrong in (['--wet-run'], ['--dry-run', '1.0']):
        status, said = repository.release(*wrong)
        check(status == 2 and said.startswith('Usage: '), f'{wrong}: status {status}\n{said}')


def check_that_it_would_release(repository):
    for _ in range(2):
        status, said = repository.release('--dry-run')
        check(status == 0 and 'can be released' in said, f'a dry run: status {status}\n{said}')
    check(not repository.out.exists() and not repository.git('tag') and not repository.git('status', '--porcelain'),
          'a dry run leaves something behind')


def check_that_it_releases(repository):
    status, said = repository.release()
    check(status == 0, f'a release: status {status}\n{said}')
    sums = (repository.out / 'SHA256SUMS').read_text().splitlines()
    listed = {name: digest for digest, name in (line.split() for line in sums)}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in repository.out.iterdir()
             if path.name != 'SHA256SUMS'}
    check(listed == there, f'the checksums differ: {set(listed.items()) ^ set(there.items())}')
    for end in ('.tar.xz', '_amd64.deb', '.dsc', '-windows-x86_64.zip', '.nupkg'):
        check(any(name.endswith(end) for name in there), f'there is no {end} in {sorted(there)}')
    check(repository.git('rev-parse', 'HEAD') == repository.git('rev-list', '-n1', repository.git('tag').strip()),
          'the tag is not on what was released')
    check(not repository.git('status', '--porcelain'), 'a release leaves something in the source')
    status, said = repository.release()
    check(status == 1 and 'there is a tag' in said and 'is not empty' in said, f'a second one: {status}\n{said}')


def missing():
    programs = ['git', 'dpkg-buildpackage', 'x86_64-w64-mingw32-gcc', 'xz', 'zip']
    return [program for program in programs if not shutil.which(program)]


def main():
    if missing():
        print(f'skipped: there is no {missing()[0]}')
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository(pathlib.Path(folder) / 'mapring')
        check_that_it_would_release(repository)
        check_that_it_refuses(repository)
        if sys.argv[1:] == ['--whole']:
            check_that_it_releases(repository)
    return 0


sys.exit(main())
