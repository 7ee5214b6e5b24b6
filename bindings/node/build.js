// SPDX-License-Identifier: MIT
// Compiles the addon into build/mapring.node with the C compiler ($CC, or cc), the library that
// pkg-config finds ($MAPRING_FLAGS instead of its answer), and the headers beside node, or those in
// $NODE_INCLUDE; on Windows also with $NODE_LIB, the import library of node.exe.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const words = (text) => text.trim().split(/\s+/).filter(Boolean);
const sourcesIn = (folder) =>
  fs.readdirSync(folder).filter((name) => name.endsWith('.c')).map((name) => path.join(folder, name));

function includeFolder() {
  const prefix = path.dirname(path.dirname(fs.realpathSync(process.execPath)));
  const places = [process.env.NODE_INCLUDE, path.join(prefix, 'include/node'), '/usr/include/node'];
  const found = places.find((place) => place && fs.existsSync(path.join(place, 'node_api.h')));
  if (!found)
    throw new Error(`there is no node_api.h in ${places.filter(Boolean).join(', ')}: install the ` +
      'headers of node (Debian: libnode-dev), or set NODE_INCLUDE');
  return found;
}

function build() {
  const source = path.join(__dirname, 'src'), target = path.join(__dirname, 'build/mapring.node');
  const system = process.platform === 'win32' ? 'windows' : 'linux';
  const library = words(process.env.MAPRING_FLAGS ||
    execFileSync('pkg-config', ['--cflags', '--libs', 'mapring'], { encoding: 'utf8' }));
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const [compiler, ...flags] = words(process.env.CC || 'cc');
  execFileSync(compiler, [...flags, ...words(process.env.CFLAGS || ''),
    '-std=c17', '-O2', '-Wall', '-Wextra', '-fPIC', '-shared', '-D_GNU_SOURCE', '-DNAPI_VERSION=8',
    `-I${source}`, '-isystem', includeFolder(), ...sourcesIn(source),
    ...sourcesIn(path.join(source, system)), '-o', target, ...library, ...words(process.env.NODE_LIB || '')], { stdio: 'inherit' });
}

try {
  build();
} catch (error) {
  console.error(`cannot build mapring's addon: ${error.message}`);
  process.exitCode = 1;
}
