#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_install.py SOURCE-FOLDER BUILD-FOLDER MAN-PAGES(true|false)

Checks that `meson install` installs all that a user needs: the command, the manual, and the library for
programs that know nothing but pkg-config or CMake, and that a project can bring mapring's source along.
tests/install has these projects.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PAGES = ('mapring.1', 'mapring-create.1', 'mapring-ls.1', 'mapring-recv.1', 'mapring-rm.1', 'mapring-send.1',
         'mapring-stat.1', 'mapring-view.1', 'mapring-consumer.1', 'mapring.3', 'mapring.hpp.3',
         'mapring_consumer_next.3', 'mapring_merge_next.3', 'mapring.7')
COMPLETION = ('bash-completion/completions/mapring', 'zsh/site-functions/_mapring',
              'fish/vendor_completions.d/mapring.fish')


def output_of(*command, **options):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f'FAILED: {" ".join(map(str, command))} ended with {done.returncode}\n{done.stdout}')
    return done.stdout


def check(condition, problem):
    if not condition:
        sys.exit(f'FAILED: {problem}')


class Installed:
    def __init__(self, root):
        self.root = root
        self.tool = self.find('bin/mapring')
        self.header = self.find('include/mapring/mapring.h')
        self.library = self.find('libmapring.so')
        self.archive = self.find('libmapring.a')
        self.package = self.find('pkgconfig/mapring.pc')
        self.environment = {**os.environ, 'PKG_CONFIG_LIBDIR': str(self.package.parent),
                            'PKG_CONFIG_SYSROOT_DIR': str(root), 'LD_LIBRARY_PATH': str(self.library.parent)}

    def find(self, end):
        """The only path in the installed tree that ends like this."""
        found = [path for path in self.root.rglob('*') if str(path).endswith('/' + end)]
        check(len(found) == 1, f"'{end}' is not installed exactly once: {found}")
        return found[0]


def names_in(*command):
    """The symbols that nm prints as defined."""
    return [line.split()[2] for line in output_of('nm', '--defined-only', *command).splitlines()
            if len(line.split()) == 3]


def check_pages(installed):
    for page in PAGES:
        text = installed.find(f'man/man{page[-1]}/{page}').read_text()
        check('\n.SH SEE ALSO' in text, f'{page} is not complete')
    for name in names_in('-D', installed.library):
        if name.startswith('mapring_'):
            installed.find(f'man/man3/{name}.3')


def check_completion(installed):
    for script in COMPLETION:
        check('complete --' in installed.find(script).read_text(), f'{script} does not ask the command')


def check_library(installed):
    version = output_of('pkg-config', '--modversion', 'mapring', env=installed.environment)
    said = output_of(installed.tool, '--version')
    check(said == f'mapring {version}', f'the versions of command and library differ: {said}')
    check(set(re.findall(r'libmapring\.so\.\d*', output_of('readelf', '-d', installed.library))) == {'libmapring.so.0'},
          'the library is not called libmapring.so.0')
    exported = names_in('-D', installed.library)
    foreign = [name for name in exported if not re.match('mapring1?_', name)]
    check(exported and not foreign, f'the library exports private symbols: {foreign}')
    foreign = [name for name in names_in('-g', installed.archive) if not name.startswith('mapring')]
    check(not foreign, f'the archive has names that do not begin with mapring: {foreign}')
    declared = ''.join(header.read_text() for header in installed.header.parent.glob('*.h'))
    undeclared = [name for name in exported if not re.search(rf'\b{name}\b', declared)]
    check(not undeclared, f'no header declares these exported functions: {undeclared}')


def check_programs(installed, source, work, ring):
    example = re.search(r'\n```c\n(.*?)\n```\n', (source / 'README.md').read_text(), re.S).group(1)
    check('"telemetry"' in example, 'the README has no example')
    (work / 'example.c').write_text(example.replace('"telemetry"', f'"{ring}"') + '\n')
    output_of('meson', 'setup', work / 'build', source / 'tests/install', f'-Dexample={work}/example.c',
              f'-Dring={ring}', env=installed.environment)
    output_of('meson', 'compile', '-C', work / 'build', env=installed.environment)
    output_of('meson', 'test', '-C', work / 'build', '--print-errorlogs', env=installed.environment)
    output_of(work / 'build/example', env=installed.environment)
    received = output_of(installed.tool, 'recv', ring, '--timeout', 30)
    check(received == 'hello\n', f"the README's example does not send 'hello': {received}")


def check_program(program, ring, environment=None):
    for _ in range(2):
        output_of(program, ring, env=environment)


def check_cmake(installed, source, work, ring):
    """Against what is installed, and with the library's source as a part of the project."""
    prefix = f'-DCMAKE_PREFIX_PATH={installed.root}/usr/local;{installed.root}/usr'
    for build, option in ((work / 'cmake', prefix), (work / 'embedded', f'-DMAPRING_SOURCE={source}')):
        output_of('cmake', '-G', 'Ninja', '-S', source / 'tests/install', '-B', build, option,
                  '-DCMAKE_FIND_ROOT_PATH=', '-DCMAKE_BUILD_TYPE=Release')
        output_of('cmake', '--build', build)
        programs = sorted(build.glob('program_*'))
        check(programs, f'CMake has built nothing in {build}')
        for program in programs:
            check_program(program, ring, installed.environment)


def check_subproject(source, work, ring):
    user = work / 'user'
    shutil.copytree(source / 'tests/install/subproject', user)
    shutil.copy(source / 'tests/install/program.c', user)
    (user / 'subprojects').mkdir()
    shutil.copy(source / 'packaging/mapring.wrap', user / 'subprojects')
    shutil.copytree(source, user / 'subprojects/mapring', ignore=shutil.ignore_patterns('build*', '.git'))
    output_of('meson', 'setup', user / 'build', user)
    output_of('meson', 'compile', '-C', user / 'build', 'program')
    check_program(user / 'build/program', ring)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, build = map(pathlib.Path, sys.argv[1:3])
    for program in ('meson', 'pkg-config'):
        if not shutil.which(program):
            print(f'skipped: there is no {program}')
            return 77
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        root = work / 'root'
        output_of('meson', 'install', '-C', build, '--no-rebuild', env={**os.environ, 'DESTDIR': str(root)})
        installed = Installed(root)
        if sys.argv[3] == 'true':
            check_pages(installed)
        check_completion(installed)
        check_library(installed)
        ring = f'test-install-{os.getpid()}'
        try:
            check_programs(installed, source, work, ring)
            check_subproject(source, work, ring)
            if shutil.which('cmake'):
                check_cmake(installed, source, work, ring)
            else:
                print('without CMake: there is none')
        finally:
            subprocess.run([installed.tool, 'rm', ring, '--force'], capture_output=True, check=False)
    print('ok')
    return 0


sys.exit(main())
