// SPDX-License-Identifier: MIT
// The options and results are those of the headers.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { source } = require('./support.js');

const read = (...words) => fs.readFileSync(path.join(source, ...words), 'utf8');
const headers = ['mapring.h', 'merge.h', 'log_reader.h']
  .map((name) => read('include/mapring', name)).join('')
  .replace(/\/\*[^]*?\*\//g, '');
const inCamelCase = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

function fieldsOf(structure) {
  const body = new RegExp(`^struct ${structure} \\{\\n([^]*?)^\\};`, 'm').exec(headers)[1];
  return [...body.matchAll(/(\w+)(?:\[\w+\])?[;,]/g)].map(([, name]) => name)
    .filter((name) => !name.startsWith('reserved'));
}

test('each option of the headers can be given, by its name in camel case', () => {
  const known = read('bindings/node/src/options.c'), types = read('bindings/node/index.d.ts');
  for (const [structure, macro] of [['mapring_options', 'RING'],
    ['mapring_consumer_options', 'CONSUMER'], ['mapring_observer_options', 'OBSERVER'],
    ['mapring_merge_options', 'MERGE'], ['mapring_log_reader_options', 'LOG_READER']]) {
    const fields = fieldsOf(structure);
    assert.ok(fields.length > 4);
    assert.deepEqual([...known.matchAll(new RegExp(`^    ${macro}\\((\\w+), "(\\w+)"`, 'gm'))]
      .map(([, field, name]) => [field, name]), fields.map((field) => [field, inCamelCase(field)]));
    for (const field of fields)
      assert.match(types, new RegExp(`\\b${inCamelCase(field)}\\?:`), field);
  }
});

test('each result of the headers has its code', () => {
  const results = [...headers.matchAll(/(MAPRING_\w+) = (-?\d+)/g)].filter(([, name]) =>
    new RegExp(`\\b${name}\\b`).test(/enum mapring_result \{[^]*?\};/.exec(headers)[0]));
  const codes = read('bindings/node/src/value.c');
  assert.ok(results.length > 30);
  for (const [, name, number] of results.slice(1))
    assert.ok(codes.includes(`[${Number(number) < 0 ? '-' : ''}${name}] = "` +
      `${name.replace(/^MAPRING_(ERROR_)?/, '')}"`), name);
});
