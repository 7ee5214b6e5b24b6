#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: packaging/nuget/pack.py TREE VERSION FOLDER

Makes FOLDER/mapring.VERSION.nupkg of what mapring.nuspec names in TREE, the unpacked zip file for Windows. Such a
package is a zip file in which a manifest, the types of the files and a relation that leads to the manifest stand
beside the files. Times are those of the files in TREE."""

import pathlib
import re
import sys
import time
import xml.etree.ElementTree as xml
import zipfile

NUSPEC = pathlib.Path(__file__).with_name('mapring.nuspec')
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
OPC = 'http://schemas.openxmlformats.org/package/2006'
RELATIONS = f'''{HEAD}<Relationships xmlns="{OPC}/relationships">
  <Relationship Id="manifest" Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/mapring.nuspec" />
</Relationships>
'''
TYPES = {'rels': 'application/vnd.openxmlformats-package.relationships+xml'}


def namespace_of(root):
    return re.match(r'\{(.*)\}', root.tag).group(1)


def named_files(tree, root):
    """Yields each file with its name in the package."""
    for entry in root.iter(f'{{{namespace_of(root)}}}file'):
        found = sorted(tree.glob(entry.get('src').replace('\\', '/')))
        if not found:
            sys.exit(f'pack.py: {tree} has no {entry.get("src")}, which mapring.nuspec names')
        for path in found:
            yield path, str(pathlib.PurePosixPath(entry.get('target').replace('\\', '/')) / path.name)


def manifest(root, version):
    """The same without the list of files."""
    space = namespace_of(root)
    xml.register_namespace('', space)
    root.remove(root.find(f'{{{space}}}files'))
    root.find(f'{{{space}}}metadata/{{{space}}}version').text = version
    return HEAD + xml.tostring(root, encoding='unicode')


def types_of(names):
    known = {**{name.rpartition('.')[2]: 'application/octet' for name in names}, **TYPES}
    lines = ''.join(f'  <Default Extension="{end}" ContentType="{kind}" />\n' for end, kind in sorted(known.items()))
    return f'{HEAD}<Types xmlns="{OPC}/content-types">\n{lines}</Types>\n'


def main():
    tree, version, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    root = xml.parse(NUSPEC).getroot()
    content = {name: path.read_bytes() for path, name in named_files(tree, root)}
    content = {'_rels/.rels': RELATIONS, 'mapring.nuspec': manifest(root, version), **content}
    content['[Content_Types].xml'] = types_of(content)
    when = time.gmtime(tree.stat().st_mtime)[:6]
    with zipfile.ZipFile(folder / f'mapring.{version}.nupkg', 'w', zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(zipfile.ZipInfo(name, when), data, zipfile.ZIP_DEFLATED)


main()
