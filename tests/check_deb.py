#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_deb.py

Builds the Debian packages, installs them into a Debian that has nothing else, runs their tests there, and
removes them again. Needs root, and what 'tools/install-deps.sh packages' installs. Prints a line for each
step, and "N passed, N failed".
"""

import pathlib
import platform
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'tools'))
from builds import ROOT, Steps, must

TESTS = ROOT / 'packaging/debian/tests'
# What the tests need besides the packages, as their control file says.
NEEDED = 'cmake,gcc,libc6-dev,make,pkgconf'


class Debian:
    """A folder with a Debian in it."""

    def __init__(self, folder):
        self.folder = folder
        release = platform.freedesktop_os_release()['VERSION_CODENAME']
        must(['mmdebstrap', '--variant=apt', '--skip=cleanup/apt', f'--include={NEEDED}', release, folder])

    def run(self, *command):
        """With the folders of the system that programs need, of which /dev/shm holds the rings."""
        mounts = ' && '.join(f'mount --rbind /{name} {self.folder}/{name}' for name in ('dev', 'proc'))
        return must(['unshare', '--mount', 'sh', '-c', f'{mounts} && exec chroot "$0" "$@"', self.folder, *command])


def packages_build_and_lintian_finds_no_fault(packages):
    must(['packaging/build-deb.sh', packages])
    must(['lintian', '--allow-root', '--fail-on', 'error,warning', *packages.glob('*.changes')])


def packages_install(debian, packages):
    place = debian.folder / 'packages'
    place.mkdir()
    names = []
    for package in packages.glob('*.deb'):
        if 'dbgsym' not in package.name:
            shutil.copy(package, place)
            names.append(f'/packages/{package.name}')
    debian.run('apt-get', 'install', '-y', '--no-install-recommends', *names)


def installed_packages_pass_their_tests(debian):
    source = debian.folder / 'packages/source'
    shutil.copytree(ROOT / 'tests/install', source / 'tests/install')
    tests = [test for test in TESTS.iterdir() if test.name != 'control']
    assert tests, f'there are no tests in {TESTS}'
    for test in tests:
        shutil.copy(test, source)
        debian.run('sh', '-c', f'cd /packages/source && ./{test.name}')


def removed_packages_leave_nothing_behind(debian):
    debian.run('apt-get', 'purge', '-y', 'mapring', 'libmapring-dev', 'libmapring0')
    left = [str(path) for path in debian.folder.rglob('*mapring*')
            if not str(path.relative_to(debian.folder)).startswith(('packages', 'dev', 'proc', 'var/log'))]
    assert not left, f'these are left: {left}'


def main():
    steps = Steps()
    with tempfile.TemporaryDirectory() as folder:
        packages = pathlib.Path(folder) / 'packages'
        if steps.take(packages_build_and_lintian_finds_no_fault, packages):
            debian = Debian(pathlib.Path(folder) / 'root')
            if steps.take(packages_install, debian, packages):
                steps.take(installed_packages_pass_their_tests, debian)
                steps.take(removed_packages_leave_nothing_behind, debian)
    return steps.end()


sys.exit(main())
