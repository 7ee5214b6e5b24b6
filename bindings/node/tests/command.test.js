// SPDX-License-Identifier: MIT
// With the command, with streams, and with processes that are killed.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const { test } = require('node:test');
const { mapring, killed, place, source, startNode, textsOf, tool, toolWithInput, written } =
  require('./support.js');

const { Consumer, Observer, Producer } = mapring;
const LINES = Buffer.from(Array.from({ length: 5000 }, (_, i) => `line ${i} \0\n`).join(''));

test('the command receives what node sends', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  const lines = LINES.toString().split('\n').slice(0, -1);
  for (const line of lines.slice(0, 100))
    await producer.send(line);
  for (let at = 100; at < lines.length; at += 100)
    await producer.sendBatch(lines.slice(at, at + 100));
  await producer.close();
  for (let run = 0; run < 2; run++)
    assert.ok(tool('recv', ring, '--from', 'oldest').equals(LINES));
});

test('node receives what the command sends', async (t) => {
  const { ring, opened } = place(t);
  for (let run = 0; run < 2; run++) {
    toolWithInput(LINES, 'send', ring);
    const consumer = await opened(Consumer.open(ring));
    assert.equal((await textsOf(consumer)).map((line) => `${line}\n`).join(''), LINES.toString());
    await consumer.close();
  }
});

test('streams carry files through a small ring', async (t) => {
  const { folder, ring } = place(t);
  const input = path.join(folder, 'input'), output = path.join(folder, 'output');
  const bytes = Buffer.alloc(3000000, 'not a multiple of anything. ');
  fs.writeFileSync(input, bytes);
  const writer = mapring.createWriteStream(ring, { capacityBytes: 65536, highWaterMark: 100000 });
  const writing = pipeline(fs.createReadStream(input), writer);
  await new Promise((resolve) => writer.once('open', resolve));
  await pipeline(mapring.createReadStream(ring), fs.createWriteStream(output));
  await writing;
  assert.ok(fs.readFileSync(output).equals(bytes));
  assert.equal(tool('recv', ring).length, 0);
});

test('a stream has a delimiter, or whole records', async (t) => {
  const { ring } = place(t);
  for (const objectMode of [false, true]) {
    const writer = mapring.createWriteStream(ring);
    writer.write('one');
    writer.end('two');
    await new Promise((resolve) => writer.once('close', resolve));
    const chunks = await mapring.createReadStream(ring, { objectMode, delimiter: '\n' }).toArray();
    assert.equal(objectMode ? chunks.map((record) => record.payload).join()
      : Buffer.concat(chunks).toString(), objectMode ? 'one,two' : 'one\ntwo\n');
  }
});

test('a stream of a missing ring reports that', async (t) => {
  const { ring } = place(t);
  await assert.rejects(mapring.createReadStream(ring).toArray(), { code: 'MAPRING_ERROR_NOT_THERE' });
});

// What a reader tells, as the command writes it.
async function told(reader, count) {
  const tellings = [];
  reader.onLost = (lost) => tellings.push({
    lost: { first: Number(lost.sequence), records: Number(lost.lostRecords), bytes: Number(lost.lostBytes) },
  });
  for await (const record of reader) {
    tellings.push(plain({
      sequence: Number(record.sequence), bytes: record.payload.length, continues: record.continues,
      continued: record.continued, payload: record.payload.toString('latin1'),
    }));
    if (tellings.length === count)
      break;
  }
  return tellings;
}

// Without the times, which the command writes in another way, and zeros, which it encodes; it writes
// null for bytes that are not known.
function plain({ lost, sequence, bytes, continues = false, continued = false, payload }) {
  if (lost)
    return { lost: { first: lost.first, records: lost.records, bytes: lost.bytes ?? 0 } };
  return { sequence, bytes, continues, continued, payload: bytes <= 100 ? payload : 'zeros' };
}

function makeGoldenRings(folder) {
  const golden = path.join(source, 'tests/golden');
  const files = fs.readdirSync(golden).filter((name) => name.endsWith('.hex'));
  execFileSync(path.join(source, 'bindings/tests/golden.py'),
    [...files.map((name) => path.join(golden, name)), folder]);
  return folder;
}

test('golden rings are read as the command reads them', async (t) => {
  const folder = process.env.MAPRING_GOLDEN_RINGS || makeGoldenRings(place(t).folder);
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.ring'));
  assert.ok(files.length > 10);
  for (const name of files.map((file) => file.replace('.ring', ''))) {
    const ring = path.join(folder, `${name}.ring`);
    const expected = tool('dump', ring, '--json').toString().split('\n').filter(Boolean)
      .map((line) => plain(JSON.parse(line)));
    if (expected.length === 0)
      continue;
    for (const kind of name === 'overwrite' ? [Observer] : [Observer, Consumer]) {
      const reader = await kind.open(ring, { from: 'oldest' });
      assert.deepEqual(await told(reader, expected.length), expected, `${kind.name} of ${name}`);
      await reader.close();
    }
  }
});

test('readers learn that a producer was killed, and the next one goes on', async (t) => {
  const { ring, opened } = place(t);
  for (let run = 0; run < 2; run++) {
    const sender = startNode(t, `mapring.Producer.open(process.argv[1]).then((producer) => {
      producer.trySend('before');
      console.log('sent');
      process.stdin.resume();
      globalThis.kept = producer;
    });`, ring);
    await written(sender);
    const consumer = await opened(Consumer.open(ring));
    assert.equal((await consumer.next()).payload.toString(), 'before');
    const rest = textsOf(consumer);
    await killed(sender);
    assert.deepEqual(await rest, []);
    assert.equal(consumer.ended, 'died');
    await consumer.close();
  }
  const producer = await opened(Producer.open(ring));
  producer.trySend('after');
  assert.equal((await (await opened(Consumer.open(ring))).next()).sequence, 2n);
});

test('a consumer that is killed does not stop the producer', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring, { capacityBytes: 65536 }));
  producer.trySend('one');
  const reader = startNode(t, `mapring.Consumer.open(process.argv[1]).then(async (consumer) => {
    console.log((await consumer.next()).payload.toString());
    process.stdin.resume();
    globalThis.kept = consumer;
  });`, ring);
  assert.match(await written(reader), /one/);
  await killed(reader);
  for (let i = 0; i < 200; i++)
    await producer.send(Buffer.alloc(1000));
  await assert.rejects(producer.drain(), { code: 'MAPRING_CONSUMER_GONE' });
});

test('a durable consumer gets again what it had not released', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  producer.trySendBatch(['one', 'two', 'three']);
  const reader = startNode(t, `mapring.Consumer.open(process.argv[1], { name: 'keeper', durable: true })
    .then(async (consumer) => {
      console.log((await consumer.next()).payload + ' ' + (await consumer.next()).payload);
      process.stdin.resume();
      globalThis.kept = consumer;
    });`, ring);
  assert.match(await written(reader), /one two/);
  await killed(reader);
  const consumer = await opened(Consumer.open(ring, { name: 'keeper', durable: true }));
  assert.deepEqual(consumer.tryNextBatch().map((record) => record.payload.toString()),
    ['two', 'three']);
});
