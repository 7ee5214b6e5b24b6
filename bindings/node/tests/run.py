#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds node's addon and runs its tests, for Meson: MAPRING_LIBRARY and MAPRING_TOOL name what is tested, and CC the
compiler. The package is made by npm and installed, as a user would do, if there is npm."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent
SOURCE = HERE.parent.parent
SKIPPED = 77
LIBRARY = pathlib.Path(os.environ['MAPRING_LIBRARY'])
WARNINGS = '-Werror -Wshadow -Wconversion -Wno-sign-conversion'

# What the types of this package need of those of node, which Debian does not have.
TYPES_OF_NODE = """
declare class Buffer extends Uint8Array {}
declare module 'stream' {
    class Readable { [Symbol.asyncIterator](): AsyncIterableIterator<any>; }
    class Writable { write(chunk: any): boolean; }
    interface ReadableOptions { highWaterMark?: number; }
}
"""
USE_OF_TYPES = """
import { Producer, Consumer, LogReader, Lost, createWriteStream, setLevel } from 'mapring';
async function use() {
    const producer = await Producer.open('telemetry', { whenFull: 'drop', capacityBytes: 65536n });
    const sent: boolean = await producer.send('hello');
    const consumer = await Consumer.open('telemetry', { onLost: (lost: Lost) => lost.lostRecords + 1n });
    for await (const record of consumer)
        if (record.sequence > 5n) record.payload.fill(0);
    createWriteStream('telemetry').write('x');
    for await (const line of await LogReader.open('app', { level: 'warn' }))
        if (line.level === 'error' && line.time.getTime() > 5) console.log(line.text, line.fields.order);
    // @ts-expect-error
    setLevel('app', 'loud');
    // @ts-expect-error
    await producer.send(5);
    // @ts-expect-error
    await Producer.open('telemetry', { whenFull: 'explode' });
    return sent;
}
"""


def why_not():
    """What is missing, or None."""
    node = shutil.which('node')
    if not node:
        return 'there is no node'
    if int(subprocess.check_output([node, '-p', 'process.versions.node.split(".")[0]'])) < 18:
        return 'node is older than 18'
    folders = [os.environ.get('NODE_INCLUDE', ''), str(pathlib.Path(node).resolve().parents[1] / 'include/node'),
               '/usr/include/node']
    if not any(pathlib.Path(folder, 'node_api.h').exists() for folder in folders):
        return 'there is no node_api.h'
    return None


def run(*command, **options):
    print('+', *command, flush=True)
    subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, check=True, **options)


def check_types(folder, environment):
    if not shutil.which('tsc'):
        print('left out: there is no tsc')
        return
    (folder / 'node.d.ts').write_text(TYPES_OF_NODE)
    types = (HERE / 'index.d.ts').read_text().replace('/// <reference types="node" />', '')
    (folder / 'index.d.ts').write_text(types)
    (folder / 'use.ts').write_text(USE_OF_TYPES)
    (folder / 'tsconfig.json').write_text(
        '{"compilerOptions": {"strict": true, "noEmit": true, "target": "es2020", "module": "commonjs",'
        ' "types": [], "baseUrl": ".", "paths": {"mapring": ["./index"]}}, "files": ["node.d.ts", "use.ts"]}')
    run('tsc', '-p', folder, env=environment)


def check_package(folder, environment):
    """Installs what npm packs, or without npm what has been built, for a program that uses it."""
    user = folder / 'user'
    user.mkdir()
    if not shutil.which('npm'):
        print('left out: there is no npm')
        (user / 'node_modules').mkdir()
        (user / 'node_modules/mapring').symlink_to(folder / 'mapring')
        return user
    packed = folder / 'packed'
    packed.mkdir()
    (user / 'package.json').write_text('{"name": "user", "version": "1.0.0"}')
    run('npm', 'pack', '--silent', HERE, cwd=packed, env=environment)
    archive, = packed.iterdir()
    run('npm', 'install', '--offline', '--no-audit', '--no-fund', '--silent', archive, cwd=user, env=environment)
    return user


def check_readme(user, environment):
    text = (HERE / 'README.md').read_text()
    examples = re.findall(r'^```js\n(.*?)^```', text, re.DOTALL | re.MULTILINE)
    if len(examples) < 3:
        sys.exit('README.md has too few examples')
    output = ''
    for number, example in enumerate(examples):
        program = user / f'example{number}.mjs'
        program.write_text(example)
        done = subprocess.run(['node', program], cwd=user, env=environment, stdout=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(f'this example of README.md fails:\n{example}')
        output += done.stdout
    for line in re.findall(r'// prints: (.*)', text):
        if line not in output:
            sys.exit(f"an example of README.md does not print '{line}', but:\n{output}")


def main():
    reason = why_not()
    if reason:
        print(f'skipped: {reason}')
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copy = folder / 'mapring'
        shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns('build', 'node_modules', 'tests'))
        environment = {**os.environ, 'HOME': name, 'LD_LIBRARY_PATH': str(LIBRARY.parent),
                       'CFLAGS': WARNINGS, 'MAPRING_FLAGS': f'-I{SOURCE}/include -L{LIBRARY.parent} -lmapring'}
        run('node', copy / 'build.js', env=environment)
        environment['MAPRING_ADDON'] = str(copy / 'build/mapring.node')
        run('node', '--test', HERE / 'tests', env=environment)
        check_types(folder, environment)
        user = check_package(folder, environment)
        rings = folder / 'rings'
        rings.mkdir()
        del environment['MAPRING_ADDON']
        check_readme(user, {**environment, 'MAPRING_DIR': str(rings)})
    return 0


if __name__ == '__main__':
    sys.exit(main())
