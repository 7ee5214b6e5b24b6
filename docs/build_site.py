#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: docs/build_site.py FOLDER

Makes a static site of the pages in Markdown and of the manual, to be opened in a browser as it is or put on any server.
Works in a checkout, and needs git, mkdocs, mkdocs-material, mandoc and scdoc: 'tools/install-deps.sh site' installs
them. A link that leads nowhere is an error."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[1]
INTERFACE = [SOURCE / 'include/mapring' / name
             for name in ('mapring.h', 'mapring.hpp', 'merge.h', 'log.h', 'log_reader.h')]
LINK = re.compile(r'(\]\()([^()\s#:]+)(#[^()\s]*)?\)')


def output_of(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def copy_sources(stage):
    """What git knows of the folders that the pages refer to; pages keep their places, so that their links hold."""
    for name in output_of('git', '-C', SOURCE, 'ls-files', '*.md', 'docs', 'examples', 'packaging', 'include', 'bench',
                          'LICENSE', 'bindings', 'tools/*.sh').splitlines():
        if (SOURCE / name).is_file():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SOURCE / name, stage / name)


def manual_page(source, roff):
    """The page as HTML between two lines of Markdown."""
    html = output_of('mandoc', '-T', 'html', '-O', 'fragment', input=roff)
    links = re.sub(r'<b>(mapring[\w-]*)</b>\((\d)\)', r'<a href="\1.\2.html">\1(\2)</a>', html)
    return f'# {source}\n\n<div class="manual">\n{links.strip()}\n</div>\n'


def write_manual(stage):
    folder = stage / 'docs/man'
    sections = {'1': [], '3': [], '7': []}

    def add(name, roff):
        title, _, section = name.rpartition('.')
        (folder / f'{name}.md').write_text(manual_page(f'{title}({section})', roff))
        sections[section].append(f'- [{title}({section})]({name}.md)')

    for path in sorted(folder.glob('*.scd')):
        add(path.stem, output_of('scdoc', input=path.read_text()))
        path.unlink()
    with tempfile.TemporaryDirectory() as pages:
        version = re.search(r"^  version: '(.*)'", (SOURCE / 'meson.build').read_text(), re.MULTILINE)[1]
        subprocess.run([SOURCE / 'docs/man3.py', version, pages, *INTERFACE], check=True)
        for path in sorted(pathlib.Path(pages).glob('*.3')):
            text = path.read_text()
            shared = re.fullmatch(r'\.so man3/(.*)\n', text)
            add(path.name, (path.parent / shared[1]).read_text() if shared else text)
    titles = {'1': 'Commands', '3': 'Functions in C, and the interface in C++', '7': 'Concepts'}
    (folder / 'index.md').write_text('# Manual\n\n' + '\n\n'.join(
        f'## {titles[section]}\n\n' + '\n'.join(pages) for section, pages in sections.items()) + '\n')


def list_folder(folder):
    """A page for a folder that others refer to."""
    index = folder / 'index.md'
    if not index.exists() and not (folder / 'README.md').exists():
        names = sorted(path.relative_to(folder) for path in folder.rglob('*') if path.is_file())
        index.write_text(f'# {folder.name}\n\n' + '\n'.join(f'- [{name}]({name})' for name in names) + '\n')
    return 'index.md' if index.exists() else 'README.md'


def lead_links(stage):
    """Links to folders, and to sources of the manual, lead to their pages."""
    def led(match, page):
        target = page.parent / match[2]
        name = re.sub(r'\.scd$', '.md', match[2])
        if target.is_dir():
            name = f'{name.rstrip("/")}/{list_folder(target)}'
        return f'{match[1]}{name}{match[3] or ""})'
    for page in list(stage.rglob('*.md')):
        page.write_text(LINK.sub(lambda match, page=page: led(match, page), page.read_text()))


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith('-'):
        sys.exit(__doc__)
    missing = [name for name in ('git', 'mkdocs', 'mandoc', 'scdoc') if not shutil.which(name)]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}; 'tools/install-deps.sh site' installs what is needed")
    out = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        stage = pathlib.Path(folder) / 'pages'
        stage.mkdir()
        copy_sources(stage)
        write_manual(stage)
        for name in ('examples', 'packaging'):
            list_folder(stage / name)
        lead_links(stage)
        settings = pathlib.Path(folder) / 'mkdocs.yml'
        settings.write_text((SOURCE / 'docs/mkdocs.yml').read_text() + f'docs_dir: {stage}\n')
        subprocess.run(['mkdocs', 'build', '--quiet', '--config-file', settings, '--site-dir', out], check=True)


if __name__ == '__main__':
    main()
