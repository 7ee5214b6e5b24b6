#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds for other word sizes and byte orders, and runs the tests there. The last line is
"N passed, N failed"; a port without a compiler is named."""

import argparse
import configparser
import glob
import os
import pathlib
import platform
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools'))
from builds import WINE, Failure, Score, build, must, run, run_tests, score_of, set_up, wine

PORTS = {
    'i386': '32-bit Linux, natively on x86-64, or under qemu-user where the kernel runs no 32-bit programs',
    'windows32': '32-bit Windows, run if there is a Wine for it, else built only; with --long one is made in '
                 '$MAPRING_WINDOWS32 or ~/.cache/mapring-windows32, and rings are shared with other builds',
    'aarch64': '64-bit ARM, under qemu-user like those below',
    'armhf': '32-bit ARM, with 64-bit times',
    'riscv64': '64-bit RISC-V',
    's390x': 'IBM Z, which is big-endian',
}
SHORT_PORTS = ('i386', 's390x')
SHORT_SUITES = ('golden', 'records', 'attach', 'geometry', 'dictionary', 'times')
# The tests that qemu-user cannot run, by name.
NOT_EMULATED = (
    # The command starts itself as its workers, and the kernel cannot run such programs.
    'a_run_gives_json_and_a_page_of_its_own',
    # MADV_DONTFORK is ignored, so the child inherits the mapping, and with it the parent's roles.
    'a_parents_death_is_noticed_though_its_child_lives',
    # RLIMIT_AS has no effect.
    'a_lack_of_address_space_is_told',
    # Page faults, huge pages and NUMA nodes are those of the emulator.
    'a_prefaulted_producer_meets_no_faults_in_the_first_lap',
    'a_prefaulted_consumer_meets_no_faults',
    'a_ring_with_huge_pages_has_them_for_everybody',
    'the_node_stays_with_the_ring',
    # The emulator catches each signal itself, and the test checks who catches it.
    'the_second_signal_ends_at_once',
    # The emulator's own thread lives a moment longer than the thread that it runs.
    'wait_handles_leave_nothing',
)


class Port:
    def __init__(self, name, score, long):
        self.name, self.score, self.long = name, score, long
        self.folder = ROOT / f'build-{name}'
        self.is_windows = name == 'windows32'
        self.is_emulated = not self.is_windows

    def compiler(self):
        """The one in the cross file, which gives its name or its triplet."""
        file = configparser.ConfigParser()
        file.read(ROOT / f'tools/ports/{self.name}.ini')
        triplet = file.get('constants', 'triplet', fallback='').strip("'")
        return f'{triplet}-gcc' if triplet else file['binaries']['c'].strip("'")

    def choose_emulation(self):
        if self.name == 'i386' and kernel_runs_i386():
            self.is_emulated = False
        elif self.name == 'i386':
            run(['tools/install-deps.sh', 'port-i386-emulated'])
            print('i386: under qemu-user, this kernel runs no 32-bit programs')

    def build(self):
        files = [f'tools/ports/{self.name}.ini']
        over = f'tools/ports/{self.name}-emulated.ini'
        if self.is_emulated and (ROOT / over).exists():
            files.append(over)
        set_up(self.folder, ['-Dman=disabled', *(f'--cross-file={file}' for file in files)])
        suffix = '.exe' if self.is_windows else ''
        targets = [f'tools/mapring{suffix}', *(f'tests/test_{suite}{suffix}' for suite in SHORT_SUITES)]
        build(self.folder, *([] if self.long else targets))

    def run_suites(self):
        leave_out = {'MAPRING_LEAVE_OUT': ' '.join(NOT_EMULATED)} if self.is_emulated else {}
        score, failures = run_tests(self.folder, 3, () if self.long else SHORT_SUITES, environment=leave_out)
        if failures:
            print(failures)
        self.add('', score)

    def add(self, what, score):
        self.score += score
        print(f'{self.name}{what}: {score}', flush=True)

    def perform(self):
        self.build()
        if self.name == 'i386':
            self.score.check('i386: programs of clang take no lock', clang_takes_no_lock(self.folder))
        self.run_suites()


class Windows32(Port):
    def perform(self):
        folder = pathlib.Path(os.environ.get('MAPRING_WINDOWS32', pathlib.Path.home() / '.cache/mapring-windows32'))
        folder.mkdir(parents=True, exist_ok=True)
        os.environ.update(WINE, WINEPREFIX=str(folder / 'prefix'))  # the setup tries to run a program in any case
        problem = self.find_wine(folder)
        if problem:
            self.build()
            print(f'windows32: built, and not run: {problem}')
            self.score.check('windows32: the build', True)
            return
        with wine(folder / 'prefix'):  # before the setup, which runs a program
            self.build()
            # Without its 32-bit half, Wine exits with status 0 although it has run nothing.
            status, output = run(['wine', self.folder / 'tools/mapring.exe', '--version'])
            if status != 0 or 'mapring ' not in output:
                raise Failure('Wine runs no 32-bit programs')
            self.run_suites()
            if self.long:
                self.share_rings('linux', 'mapring')
                self.share_rings('windows', 'mapring.exe', '--cross-file=tools/mingw-w64.ini')

    def find_wine(self, folder):
        """Returns why 32-bit programs cannot be run, or nothing. Debian's Wine for amd64 contains a few files
        of the 32-bit half, but not this one."""
        if glob.glob('/usr/lib/*/wine/i386-windows/ntdll.dll'):
            return ''
        if self.long:
            status, output = run(['tools/ports/wine32.sh', folder])
            if status != 0:
                return output.strip()
        if not (folder / 'bin/wine').exists():
            return 'there is no Wine for 32 bits; --long makes one'
        os.environ['PATH'] = f'{folder}/bin:{os.environ["PATH"]}'
        return ''

    def share_rings(self, system, tool, *arguments):
        """Programs for 64-bit Windows run in the same Wine."""
        folder = ROOT / f'build-verify/command-{system}'
        set_up(folder, ['-Dtests=disabled', '-Dman=disabled', *arguments])
        build(folder)
        status, output = run(['tests/cross_system.py', f'{system}={folder}/tools/{tool}',
                              f'windows32={self.folder}/tools/mapring.exe'])
        score = score_of(output, status)
        if score.failed:
            print(output)
        self.add(f' and {system}', score)


def kernel_runs_i386():
    """Kernels may lack support for 32-bit programs; starting one then fails with "Exec format error"."""
    program = ROOT / 'build-verify/i386'
    try:
        must(['i686-linux-gnu-gcc', '-static', '-x', 'c', '-o', program, '-'], stdin=None,
             input='int main(void) { return 0; }')
        return run([program])[0] == 0
    except (Failure, OSError):
        return False


def clang_takes_no_lock(folder):
    """Programs compile the inlined atomic accesses themselves, so clang, the other compiler, must not resort
    to libatomic for them, which takes locks."""
    example = folder / 'example.o'
    status, output = run(['clang', '--target=i686-linux-gnu', '-isystem', '/usr/i686-linux-gnu/include',
                          '-D_GNU_SOURCE', '-Iinclude', '-std=c17', '-O2', '-Wall', '-Wextra', '-Werror', '-c',
                          '-o', example, 'examples/poll.c'])
    print(output, end='')
    return status == 0 and '__atomic' not in must(['nm', example])


def perform(port):
    run(['tools/install-deps.sh', f'port-{port.name}'], stdout=None)  # a port without a compiler is skipped here
    if not shutil.which(port.compiler()):
        print(f'{port.name}: skipped, there is no {port.compiler()}')
        return
    if port.name == 'i386' and platform.machine() != 'x86_64':
        print('i386: skipped, it runs on x86-64 only')
        return
    port.choose_emulation()
    must(['tools/cmocka-source.sh'])
    try:
        port.perform()
    except Failure as failure:
        print('\n'.join(str(failure).splitlines()[-40:]))
        port.score.check(f'{port.name}: see above', False)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='\n'.join(f'  {name:9} {text}' for name, text in PORTS.items()) +
        f'\nWithout PORTs: {" and ".join(SHORT_PORTS)}. In these a few suites run, the golden rings among them.')
    parser.add_argument('--long', action='store_true', help='all suites, and without PORTs all ports')
    parser.add_argument('ports', metavar='PORT', nargs='*')
    options = parser.parse_args()
    for name in options.ports:
        if name not in PORTS:
            parser.error(f"there is no port '{name}', only {' '.join(PORTS)}")
    (ROOT / 'build-verify').mkdir(exist_ok=True)
    score = Score()
    tests = ''.join(path.read_text() for path in (ROOT / 'tests').rglob('test_*.c'))
    for name in NOT_EMULATED:  # a name that no test has any more would go unnoticed
        if f'TEST({name})' not in tests:
            score.check(f"a test '{name}' to be left out", False)
    for name in options.ports or (PORTS if options.long else SHORT_PORTS):
        perform((Windows32 if name == 'windows32' else Port)(name, score, options.long))
    print(score)
    return 0 if score.is_good() else 1


sys.exit(main())
