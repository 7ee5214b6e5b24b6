// SPDX-License-Identifier: MIT
// What the tests share: rings in a folder of their own, the command, and other processes.
'use strict';
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

exports.source = path.resolve(__dirname, '../../..');
const tool = process.env.MAPRING_TOOL || 'mapring';
const main = path.resolve(__dirname, '..');

exports.mapring = require(main);
exports.tool = (...words) =>
  execFileSync(tool, words, { maxBuffer: 1 << 26, stdio: ['pipe', 'pipe', 'ignore'] });
exports.toolWithInput = (input, ...words) => execFileSync(tool, words, { input });

// The folder and everything that was opened go away with the test.
exports.place = (test) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mapring-node-'));
  const things = [];
  test.after(async () => {
    for (const thing of things)
      await thing.close();
    fs.rmSync(folder, { recursive: true });
  });
  return {
    folder,
    ring: path.join(folder, 'test.ring'),
    async opened(promise) {
      const thing = await promise;
      things.push(thing);
      return thing;
    },
  };
};

exports.textsOf = async (reader) => {
  const texts = [];
  for await (const record of reader)
    texts.push(record.payload.toString());
  return texts;
};

// A process that runs code, and has reached a point when it writes something.
exports.startNode = (test, code, ...words) => {
  const child = spawn(process.execPath,
    ['-e', `const mapring = require(${JSON.stringify(main)});\n${code}`, ...words],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  test.after(() => child.kill('SIGKILL'));
  return child;
};
exports.written = (child) => new Promise((resolve, reject) => {
  child.stdout.once('data', (data) => resolve(data.toString()));
  child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
});
exports.killed = (child) => new Promise((resolve) => {
  child.removeAllListeners('exit');
  child.once('exit', resolve);
  child.kill('SIGKILL');
});
