#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_zip.py

Builds the zip file for Windows and the package for NuGet, unpacks them, and uses what is in it under Wine, whose server should be running:
the command, and the library from programs that are linked in each way. Needs what 'tools/install-deps.sh
packages' installs. Prints a line for each step, and "N passed, N failed".
"""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree as xml
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'tools'))
from builds import ROOT, WINE, Steps, must

GCC = 'x86_64-w64-mingw32-gcc'
NUGET = 'nuget'
ENVIRONMENT = {**os.environ, **WINE}


def wine(program, *arguments):
    return must(['wine', program, *arguments], env=ENVIRONMENT)


def zip_builds_and_unpacks(work):
    must(['packaging/build-windows.sh', work])
    for name, folder in (('*.zip', work), ('*.nupkg', work / NUGET)):
        with zipfile.ZipFile(*work.glob(name)) as archive:
            archive.extractall(folder)


def tree_in(work):
    return next(path for path in work.iterdir() if path.is_dir() and path.name != NUGET)


def files_say_their_version(tree):
    version = wine(tree / 'bin/mapring.exe', '--version').split()[1]
    for file in ('mapring.exe', 'mapring.dll'):
        resource = 'FileVersion\0'.encode('utf-16-le')
        content = (tree / 'bin' / file).read_bytes()
        assert resource in content, f'{file} has no version resource'
        said = content[content.index(resource) + len(resource):][:40].decode('utf-16-le', 'replace').strip('\0')
        assert said.startswith(version), f'{file} says {said}, not {version}'


def every_function_of_the_headers_can_be_linked(tree):
    declared = set()
    for header in (tree / 'include/mapring').glob('*.h'):
        declared |= set(re.findall(r'^MAPRING_(?:API|HOT)\b[^;{]*?\b(mapring1?_\w+)\(', header.read_text(), re.M))
    exported = set((tree / 'lib/mapring.def').read_text().split())
    assert len(declared) > 20 and declared <= exported, f'not exported: {declared - exported}'


def programs_link_in_each_way(tree):
    """The library under the name for Microsoft's linker, that for mingw-w64, and the static one."""
    for name, called, libraries in (('lib', ['-DMAPRING_CALLED'], ['mapring.lib']), ('dll', [], ['mapring.dll.a']),
                                    ('static', [], ['libmapring.a', '-ladvapi32', '-lntdll'])):
        program = tree / f'bin/{name}.exe'
        libraries = [word if word.startswith('-') else tree / 'lib' / word for word in libraries]
        must([GCC, *called, '-I', tree / 'include', ROOT / 'tests/install/program.c', *libraries, '-o', program])
        uses = b'mapring.dll\0' in program.read_bytes()
        assert uses == (name != 'static'), f'{program.name} {"needs" if uses else "does not need"} mapring.dll'
        for _ in range(2):
            wine(program, f'Z:{tree}/{name}.ring')


def nuget_package_is_complete(package, tree):
    """What its manifest, its targets and .NET expect is in its place."""
    version = wine(tree / 'bin/mapring.exe', '--version').split()[1]
    space = '{http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd}'
    root = xml.parse(package / 'mapring.nuspec').getroot()
    metadata = {child.tag.replace(space, ''): child.text for child in root.find(f'{space}metadata')}
    assert metadata['id'] == 'mapring' and metadata['version'] == version, f'the manifest says {metadata}'
    assert [child.tag for child in root] == [f'{space}metadata'], 'the manifest names files'
    assert metadata['readme'].endswith('.md') and (package / metadata['readme']).is_file(), 'there is no readme'
    types = {each.get('Extension') for each in xml.parse(package / '[Content_Types].xml').getroot()}
    ends = {path.name.rpartition('.')[2] for path in package.rglob('*') if path.is_file()}
    assert ends - types == {'xml'}, f'these have no type: {ends - types}'
    start = xml.parse(package / '_rels/.rels').getroot()[0].get('Target')
    assert (package / start[1:]).is_file(), f'there is no {start}'
    targets = package / 'build/native/mapring.targets'
    for named in re.findall(r'\$\(MSBuildThisFileDirectory\)([^;"<]*)', targets.read_text()):
        assert (targets.parent / named.replace('\\', '/')).exists(), f'the targets name {named}'


def programs_link_with_the_nuget_package(package):
    native = package / 'build/native'
    program = package / 'program.exe'
    must([GCC, '-DMAPRING_CALLED', '-I', native / 'include', ROOT / 'tests/install/program.c',
          native / 'lib/x64/mapring.lib', '-o', program])
    shutil.copy(package / 'runtimes/win-x64/native/mapring.dll', package)
    wine(program, f'Z:{package}/nuget.ring')


def main():
    steps = Steps()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        if steps.take(zip_builds_and_unpacks, work):
            for step in (files_say_their_version, every_function_of_the_headers_can_be_linked,
                         programs_link_in_each_way):
                steps.take(step, tree_in(work))
            steps.take(nuget_package_is_complete, work / NUGET, tree_in(work))
            steps.take(programs_link_with_the_nuget_package, work / NUGET)
    return steps.end()


sys.exit(main())
