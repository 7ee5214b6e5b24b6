#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_versions.py

Checks that everything that names the version of mapring names that of meson.build.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]


def found(file, pattern):
    text = (ROOT / file).read_text()
    match = re.search(pattern, text, re.M)
    return match.group(1) if match else f'nothing that looks like {pattern}'


def main():
    version = found('meson.build', r"^  version: '([\d.]+)',")
    named = {
        'NEWS.md': found('NEWS.md', r'^## mapring ([\d.]+)'),
        'packaging/debian/changelog': found('packaging/debian/changelog', r'^mapring \(([\d.]+)-\d+\)'),
        'packaging/vcpkg/vcpkg.json': json.loads((ROOT / 'packaging/vcpkg/vcpkg.json').read_text())['version'],
    }
    wrong = {file: said for file, said in named.items() if said != version}
    for file, said in wrong.items():
        print(f'FAILED: {file} says {said}, and meson.build {version}')
    for file in ('mapring.nuspec', 'mapring.targets'):
        xml.etree.ElementTree.parse(ROOT / 'packaging/nuget' / file)
    return 1 if wrong else 0


sys.exit(main())
