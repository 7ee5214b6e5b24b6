// SPDX-License-Identifier: MIT
// Lines of logs, as a program in C (bindings/tests/log_writer.c) has written them.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const { test } = require('node:test');
const { mapring, killed, place, written } = require('./support.js');

const { LogReader, Producer, getLevel, setLevel } = mapring;
const writer = process.env.MAPRING_LOG_WRITER;
const options = { skip: writer ? false : 'MAPRING_LOG_WRITER does not name the program that writes logs' };
const write = (ring, what) => execFileSync(writer, [ring, what]);

// So many lines, and no matter what ends meanwhile.
async function linesOf(reader, count) {
  const lines = [];
  for await (const line of reader) {
    lines.push(line);
    if (lines.length === count)
      return lines;
  }
}

test('a line has all that the program gave', options, async (t) => {
  const { ring, opened } = place(t);
  write(ring, 'values');
  const lines = await linesOf(await opened(LogReader.open(ring)), 4);
  assert.deepEqual(lines.map((line) => line.level), ['info', 'warn', 'error', 'fatal']);
  const [first, second, , last] = lines;
  assert.equal(String(first), 'order=-5 of alice at 2.50, total=18446744073709551615');
  assert.deepEqual(first.values, [-5, 'alice', 2.5, 18446744073709551615n]);
  assert.deepEqual(first.fields, { order: -5, total: 18446744073709551615n });
  assert.equal(first.format, 'order=%d of %s at %.2f, total=%llu');
  assert.match(first.file, /log_writer\.c$/);
  assert.ok(first.line > 1 && first.process > 0 && first.thread > 0);
  assert.deepEqual([first.function, first.threadName, first.program, first.ring, first.sequence],
    ['write_values', 'writer', 'log_writer', ring, 0n]);
  assert.ok(Math.abs(Date.now() - first.time) < 600000);
  assert.deepEqual(second.values, [null, 4096, -9007199254740993n]);
  assert.deepEqual([first.cut, last.cut], [false, true]);
});

test('only lines of a level are read', options, async (t) => {
  const { ring, opened } = place(t);
  write(ring, 'values');
  const reader = await opened(LogReader.open(ring, { level: 'error' }));
  assert.deepEqual((await linesOf(reader, 2)).map((line) => line.level), ['error', 'fatal']);
});

test('the lines of a program that is killed are all there', options, async (t) => {
  const { ring, opened } = place(t);
  const child = spawn(writer, [ring, 'hold'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await written(child);
  await killed(child);
  const reader = await opened(LogReader.open(ring));
  assert.equal((await reader.next()).text, 'first');
  assert.equal((await reader.next()).text, 'last');
  await assert.rejects(reader.next(), { code: 'MAPRING_PRODUCER_DIED', ring });
  write(ring, 'values');
  assert.equal((await reader.next()).level, 'info');
});

test('lines that were overwritten are told', options, async (t) => {
  const { ring, opened } = place(t);
  write(ring, 'values');
  const lost = [];
  const reader = await opened(LogReader.open(ring, { onLost: (one) => lost.push(one) }));
  await linesOf(reader, 1);
  write(ring, 'many');
  let last;
  for await (last of reader)
    if (last.fields.line === 9999)
      break;
  assert.ok(lost[0].lostRecords > 0n);
  assert.equal(lost[0].ring, ring);
});

test('a reader waits for lines, and for a record that is none', options, async (t) => {
  const { ring, opened } = place(t);
  write(ring, 'values');
  const reader = await opened(LogReader.open(ring, { from: 'newest' }));
  const reading = linesOf(reader, 1);
  const producer = await opened(Producer.open(ring, { how: 'attach' }));
  await producer.send('nonsense');
  const [line] = await reading;
  assert.equal(line.level, 'unset');
  assert.notEqual(line.text, '');
});

test('the level of a log is changed from outside', options, async (t) => {
  const { ring, opened } = place(t);
  write(ring, 'values');
  assert.equal(getLevel(ring), 'debug');
  setLevel(ring, 'error');
  assert.equal(getLevel(ring), 'error');
  write(ring, 'values');
  const lines = await linesOf(await opened(LogReader.open(ring)), 6);
  assert.deepEqual(lines.slice(4).map((line) => line.level), ['error', 'fatal']);
});

test('what is no log is refused', async (t) => {
  const { ring, opened } = place(t);
  await assert.rejects(LogReader.open(ring), { code: 'MAPRING_ERROR_NOT_THERE' });
  await opened(Producer.open(ring));
  await assert.rejects(LogReader.open(ring), { code: 'MAPRING_ERROR_WRONG_KIND' });
  assert.throws(() => getLevel(ring), { code: 'MAPRING_ERROR_WRONG_KIND' });
  assert.throws(() => setLevel(ring, 'loud'), { code: 'ERR_INVALID_ARG_VALUE' });
});
