// SPDX-License-Identifier: MIT
// Producers, consumers, observers and merges in one process.
'use strict';
const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { setImmediate } = require('node:timers/promises');
const { Worker } = require('node:worker_threads');
const { mapring, place, textsOf } = require('./support.js');

const { Consumer, Merge, Observer, Producer } = mapring;

test('what is sent is read in order', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  for (const data of ['hello', '', Buffer.from('buffer'), new Uint8Array([65, 66])])
    assert.equal(await producer.send(data), true);
  assert.equal(producer.trySendBatch(['one', 'two']), true);
  assert.equal(producer.trySendBatch([]), true);
  await producer.close();
  const consumer = await opened(Consumer.open(ring));
  const read = [];
  for await (const record of consumer)
    read.push([record.sequence, record.payload.toString()]);
  assert.deepEqual(read, [[0n, 'hello'], [1n, ''], [2n, 'buffer'], [3n, 'AB'], [4n, 'one'], [5n, 'two']]);
  assert.equal(consumer.ended, 'closed');
});

test('both ends wait for each other in one event loop', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring, { capacityBytes: 65536 }));
  const consumer = await opened(Consumer.open(ring));
  const sent = Array.from({ length: 2000 }, (_, i) => `${i} `.repeat(100));
  const sending = (async () => {
    for (const text of sent.slice(0, 1000))
      await producer.send(text);
    for (let at = 1000; at < 2000; at += 8)
      await producer.sendBatch(sent.slice(at, at + 8));
    await producer.close();
  })();
  assert.deepEqual(await textsOf(consumer), sent);
  await sending;
});

test('batches', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  const consumer = await opened(Consumer.open(ring));
  producer.trySendBatch(Array.from({ length: 10 }, (_, i) => `${i}`));
  await producer.close();
  const sizes = [];
  for await (const batch of consumer.batches(4))
    sizes.push(batch.map((record) => record.payload.toString()).join());
  assert.deepEqual(sizes, ['0,1,2,3', '4,5,6,7', '8,9']);
});

test('payloads stay after the release', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  const consumer = await opened(Consumer.open(ring));
  producer.trySend('stays');
  const record = await consumer.next();
  consumer.release();
  await consumer.close();
  record.payload[0] = 'S'.charCodeAt(0);
  assert.equal(record.payload.toString(), 'Stays');
});

test('a busy ring leaves timers their turn', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  const consumer = await opened(Consumer.open(ring));
  producer.trySendBatch(Array(4000).fill('x'));
  await producer.close();
  let turns = 0;
  const other = setInterval(() => turns++, 0);
  let count = 0;
  for await (const { sequence } of consumer)
    count = Number(sequence) + 1;
  clearInterval(other);
  assert.equal(count, 4000);
  assert.ok(turns > 0);
});

test('what was not asked for after a record counts as unread', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  producer.trySendBatch(['1', '2', '3']);
  await producer.close();
  for (const expected of ['1', '1']) {
    const consumer = await opened(Consumer.open(ring));
    for await (const record of consumer) {
      assert.equal(record.payload.toString(), expected);
      break;
    }
    await consumer.close();
  }
  const first = await opened(Consumer.open(ring));
  await first.next();
  first.release();
  await first.close();
  assert.deepEqual(await textsOf(await opened(Consumer.open(ring))), ['2', '3']);
});

test('parts say that they go on', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  await producer.send('one ', { part: true });
  await producer.send('two');
  await producer.close();
  const read = [];
  for await (const { continues, continued } of await opened(Consumer.open(ring)))
    read.push([continues, continued]);
  assert.deepEqual(read, [[false, true], [true, false]]);
});

test('losses are told', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring,
    { capacityBytes: 65536, whenFull: 'drop', times: true }));
  const consumer = await opened(Consumer.open(ring));
  while (producer.trySend(Buffer.alloc(1000)));
  const kept = consumer.tryNextBatch(1000).length;
  assert.equal(consumer.tryNext(), undefined);
  assert.equal(await producer.send('again'), true);
  assert.throws(() => consumer.tryNext(), (lost) =>
    lost.code === 'MAPRING_LOST' && lost.sequence === BigInt(kept) && lost.lostRecords === 1n &&
    lost.lostBytes === 1000n && lost.timeNs > 0n && lost.message.includes('1 records are missing'));
  const record = consumer.tryNext();
  assert.equal(record.payload.toString(), 'again');
  assert.ok(record.timeNs > 1700000000000000000n);
});

test('an observer is told what it lost', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring, { capacityBytes: 65536, whenFull: 'overwrite' }));
  let lost = 0n;
  const observer = await opened(Observer.open(ring, { onLost: (one) => { lost += one.lostRecords; } }));
  for (let i = 0; i < 100; i++)
    producer.trySend(`${i}`.repeat(500));
  await producer.close();
  const texts = await textsOf(observer);
  assert.equal(BigInt(texts.length) + lost, 100n);
  assert.equal(texts.at(-1), '99'.repeat(500));
  assert.ok(lost > 0n);
});

test('an observer waits', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  const observer = await opened(Observer.open(ring));
  const next = observer.next();
  await setImmediate();
  producer.trySend('seen');
  assert.equal((await next).payload.toString(), 'seen');
});

// Times are exact to about a microsecond, and so is the order of records of different rings.
function letTimePass() {
  const begin = process.hrtime.bigint();
  while (process.hrtime.bigint() - begin < 50000n);
}

test('a merge orders by time and waits', async (t) => {
  const { folder, opened } = place(t);
  const names = ['a', 'b'].map((name) => path.join(folder, `${name}.ring`));
  const rings = [];
  for (const name of names)
    rings.push(await opened(Producer.open(name, { times: true })));
  const merge = await opened(Merge.open(names));
  const reading = (async () => {
    const read = [];
    for await (const record of merge)
      read.push([record.payload.toString(), record.ring, record.late]);
    return read;
  })();
  for (let i = 0; i < 6; i++) {
    rings[i % 2].trySend(`${i}`);
    letTimePass();
  }
  await setImmediate();
  for (const ring of rings)
    await ring.close();
  assert.deepEqual(await reading, [0, 1, 2, 3, 4, 5].map((i) => [`${i}`, names[i % 2], false]));
});

test('iterating goes on with the next producer', async (t) => {
  const { ring, opened } = place(t);
  const consumers = [];
  for (const text of ['first', 'second']) {
    const producer = await opened(Producer.open(ring));
    producer.trySend(text);
    consumers[0] ??= (await opened(Consumer.open(ring, { follow: true })))[Symbol.asyncIterator]();
    const { value } = await consumers[0].next();
    assert.equal(value.payload.toString(), text);
    await producer.close();
  }
});

test('closing ends a wait', async (t) => {
  const { ring, opened } = place(t);
  await opened(Producer.open(ring));
  const consumer = await opened(Consumer.open(ring));
  const next = consumer.next();
  const refused = assert.rejects(next, { code: 'MAPRING_CLOSED' });
  await assert.rejects(consumer.next(), { code: 'MAPRING_ERROR_HELD' });
  await consumer.close();
  await refused;
  await consumer.close();
  assert.throws(() => consumer.tryNext(), { code: 'MAPRING_CLOSED' });
  assert.throws(() => consumer.release(), { code: 'MAPRING_CLOSED' });
});

test('draining and waiting for consumers', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  await assert.rejects(producer.waitConsumers(1, { timeout: 5 }), { code: 'MAPRING_TIMED_OUT' });
  producer.trySend('x');
  await assert.rejects(producer.drain({ timeout: 5 }), { code: 'MAPRING_TIMED_OUT' });
  const consumer = await opened(Consumer.open(ring));
  await producer.waitConsumers();
  const draining = producer.drain();
  await consumer.next();
  assert.equal(consumer.tryNext(), undefined);
  await draining;
});

test('rings are listed and removed', async (t) => {
  const { folder, opened } = place(t);
  const name = path.basename(folder);
  await opened(Producer.open(name, { dictionaryBytes: 65536 })).then((producer) => {
    assert.equal(producer.define(1, 'format'), producer.define(1, 'format'));
  });
  const consumer = await opened(Consumer.open(name));
  assert.ok(mapring.list().includes(name));
  await assert.rejects(mapring.remove(name), { code: 'MAPRING_ERROR_IN_USE' });
  await mapring.remove(name, { force: true });
  if (process.platform !== 'win32') // there it keeps its name as long as somebody has it open
    assert.ok(!mapring.list().includes(name));
  assert.deepEqual(await textsOf(consumer), []);
  assert.equal(consumer.ended, 'removed');
});

test('wrong input is refused', async (t) => {
  const { folder, ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  const code = (wanted) => ({ code: wanted });
  await assert.rejects(Consumer.open(path.join(folder, 'none.ring')), (error) =>
    error.code === 'MAPRING_ERROR_NOT_THERE' && error.result === -5 &&
    error.ring.endsWith('none.ring') && error.message.includes('there is no ring'));
  await assert.rejects(Producer.open(ring), code('MAPRING_ERROR_PRODUCER_TAKEN'));
  await assert.rejects(Producer.open('not a name'), code('MAPRING_ERROR_NAME'));
  await assert.rejects(Producer.open(ring, { capacityBytes: 65536 }),
    code('MAPRING_ERROR_GEOMETRY_DIFFERS'));
  await assert.rejects(Producer.open(`${ring}2`, { capacityBytes: 1000 }),
    code('MAPRING_ERROR_GEOMETRY'));
  await assert.rejects(Merge.open([__filename]), code('MAPRING_ERROR_WRONG_KIND'));
  for (const name of [5, undefined, null, Buffer.from('x')])
    await assert.rejects(Producer.open(name), code('ERR_INVALID_ARG_TYPE'));
  await assert.rejects(Producer.open('a\0b'), code('ERR_INVALID_ARG_TYPE'));
  for (const options of [{ wrong: 1 }, { slotBytes: -1 }, { slotBytes: 2 ** 40 }, { times: 'yes' },
    { whenFull: 'explode' }])
    await assert.rejects(Producer.open('x', options), code('ERR_INVALID_ARG_VALUE'));
  await assert.rejects(Producer.open('x', { slotBytes: 1.5 }), code('ERR_OUT_OF_RANGE'));
  for (const data of [5, null, undefined, {}, [1]])
    assert.throws(() => producer.trySend(data), code('ERR_INVALID_ARG_TYPE'));
  assert.throws(() => producer.trySendBatch(['x', 5]), code('ERR_INVALID_ARG_TYPE'));
  assert.throws(() => producer.trySend(Buffer.alloc(producer.recordLimit + 1)),
    code('MAPRING_ERROR_RECORD_TOO_LARGE'));
  const consumer = await opened(Consumer.open(ring));
  assert.throws(() => consumer.tryNextBatch(0), code('MAPRING_ERROR_ARGUMENT'));
  assert.throws(() => consumer.tryNextBatch(5000), code('MAPRING_ERROR_ARGUMENT'));
});

test('a worker that is terminated while it waits leaves the ring in order', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring));
  const worker = new Worker(`
    const { parentPort, workerData } = require('node:worker_threads');
    const { Consumer } = require(workerData.main);
    Consumer.open(workerData.ring).then((consumer) => {
      consumer.next();
      parentPort.postMessage('waits');
    });`, { eval: true, workerData: { main: path.resolve(__dirname, '..'), ring } });
  await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  producer.trySend('x');
  assert.equal((await (await opened(Consumer.open(ring))).next()).payload.toString(), 'x');
});

test('the end of every run is told with its number', async (t) => {
  const { ring, opened } = place(t);
  for (const payload of ['one', 'two']) {
    const producer = await Producer.open(ring);
    producer.trySend(payload);
    await producer.close();
  }
  const consumer = await opened(Consumer.open(ring, { from: 'oldest', everyRun: true }));
  for (const [run, payload] of [[1n, 'one'], [2n, 'two']]) {
    assert.equal(consumer.tryNext().payload.toString(), payload);
    assert.throws(() => consumer.tryNext(), { code: 'MAPRING_PRODUCER_CLOSED', run });
  }
  assert.equal(consumer.tryNext(), undefined);
});

test('a ring that repeats another one is not sent to in other ways', async (t) => {
  const { ring, opened } = place(t);
  const producer = await opened(Producer.open(ring,
    { origin: 'elsewhere', firstSequence: 500, capacityBytes: 65536, whenFull: 'block' }));
  assert.throws(() => producer.trySend('mine'), { code: 'MAPRING_ERROR_POLICY' });
  await producer.close();
  await assert.rejects(Producer.open(ring), { code: 'MAPRING_ERROR_POLICY' });
});
