#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_ports.py

Holds the port in packaging/vcpkg against what it builds, without vcpkg: its manifest names the ports whose functions
it calls, and what it tells these functions fits what Meson installs with its options. Exits with 77 if there is no
CMake."""

import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PORT = ROOT / 'packaging/vcpkg'
SKIPPED = 77
# Where the functions come from that are not vcpkg's own.
PROVIDERS = {'vcpkg_configure_meson': 'vcpkg-tool-meson', 'vcpkg_install_meson': 'vcpkg-tool-meson',
             'vcpkg_cmake_config_fixup': 'vcpkg-cmake-config'}
FIELDS = {'name': str, 'version': str, 'description': str, 'license': str, 'supports': str, 'dependencies': list}


def check(condition, problem):
    if not condition:
        sys.exit(f'FAILED: {problem}')


def run(*command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    check(done.returncode == 0, f'{" ".join(map(str, command))} ended with {done.returncode}\n{done.stdout}')
    return done.stdout


def calls_of_the_port(work):
    record = work / 'calls'
    run('cmake', '-D', f'RECORD={record}', '-D', f'PORTFILE={PORT}/portfile.cmake', '-D',
        f'CURRENT_PACKAGES_DIR={work}/packages', '-P', ROOT / 'tests/install/vcpkg.cmake')
    calls = [shlex.split(line) for line in record.read_text().splitlines()]
    return {name: arguments for name, *arguments in calls}


def check_manifest(calls):
    manifest = json.loads((PORT / 'vcpkg.json').read_text())
    for field, value in manifest.items():
        check(isinstance(value, FIELDS.get(field, ())), f'vcpkg.json: {field} is not known, or of another type')
    check(re.fullmatch('[a-z0-9]+(-[a-z0-9]+)*', manifest['name']), f'vcpkg.json: the name is {manifest["name"]}')
    wanted = {PROVIDERS[name] for name in calls if name in PROVIDERS}
    there = {each['name'] for each in manifest['dependencies'] if each.get('host')}
    check(there == wanted, f'vcpkg.json depends on {sorted(there)}, and the port needs {sorted(wanted)}')


def words_after(arguments, keyword):
    """The values of a keyword, up to the next one."""
    words = arguments[arguments.index(keyword) + 1:]
    ends = [i for i, word in enumerate(words) if re.fullmatch('[A-Z_]+', word)]
    return words[:ends[0]] if ends else words


def installed_by(work, calls):
    """Where Meson would put what, below the prefix."""
    configure = calls['vcpkg_configure_meson']
    source, = words_after(configure, 'SOURCE_PATH')
    check(pathlib.Path(source).resolve() == ROOT, f'the port takes its source from {source}')
    options = words_after(configure, 'OPTIONS')
    automatic = set(re.findall(r"option\('(\w+)', type: 'feature', value: 'auto'",
                               (ROOT / 'meson_options.txt').read_text()))
    chosen = {re.match(r'-D(\w+)=', option).group(1) for option in options}
    check(automatic <= chosen, f'what {sorted(automatic - chosen)} finds on a machine would decide what is built')
    run('meson', 'setup', work / 'build', source, '--prefix', '/prefix', '--libdir', 'lib', *options)
    plan = json.loads(run('meson', 'introspect', '--installed', work / 'build'))
    return {str(pathlib.PurePosixPath(path).relative_to('/prefix')) for path in plan.values()}


def check_arguments(calls, installed):
    config, = words_after(calls['vcpkg_cmake_config_fixup'], 'CONFIG_PATH')
    for file in ('mapringConfig.cmake', 'mapringConfigVersion.cmake'):
        check(f'{config}/{file}' in installed, f'{config} will have no {file}')
    for tool in words_after(calls['vcpkg_copy_tools'], 'TOOL_NAMES'):
        check(f'bin/{tool}' in installed, f'there will be no bin/{tool}')
    check(any(path.endswith('.pc') for path in installed), 'there will be nothing for pkg-config')
    for file in words_after(calls['vcpkg_install_copyright'], 'FILE_LIST'):
        check(pathlib.Path(file).is_file(), f'there is no {file}')


def main():
    if not shutil.which('cmake'):
        print('skipped: there is no cmake')
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        calls = calls_of_the_port(work)
        check_manifest(calls)
        check_arguments(calls, installed_by(work, calls))
    return 0


sys.exit(main())
