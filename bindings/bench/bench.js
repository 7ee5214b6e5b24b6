// SPDX-License-Identifier: MIT
// usage: bench.js one|await|batch ROUNDS
// What a record costs in Node.js, for measure.py. "await" waits for each by itself; "one" and "batch" do not.
'use strict';
const mapring = require('../node');

const RECORDS = 128000, BATCH = 64, BYTES = 64;
const RING = 'test-peer-bench-node';
const payload = Buffer.alloc(BYTES);
const batch = Array(BATCH).fill(payload);

async function sendEach(producer) {
  for (let i = 0; i < RECORDS; i++)
    await producer.send(payload);
}

async function trySendEach(producer) {
  for (let i = 0; i < RECORDS; i++)
    producer.trySend(payload);
}

async function sendBatches(producer) {
  for (let i = 0; i < RECORDS; i += BATCH)
    await producer.sendBatch(batch);
}

async function readEach(consumer) {
  let sum = 0, count = 0;
  for await (const record of consumer) {
    sum += record.payload[0];
    if (++count === RECORDS)
      return sum;
  }
}

async function tryReadEach(consumer) {
  let sum = 0;
  for (let i = 0; i < RECORDS; i++)
    sum += consumer.tryNext().payload[0];
  return sum;
}

async function readBatches(consumer) {
  let sum = 0, count = 0;
  for await (const records of consumer.batches(BATCH)) {
    for (const record of records)
      sum += record.payload[0];
    count += records.length;
    if (count === RECORDS)
      return sum;
  }
}

async function measure(send, read) {
  const producer = await mapring.Producer.open(RING, { capacityBytes: 2 ** 26, prefault: true });
  const consumer = await mapring.Consumer.open(RING, { prefault: true });
  const start = performance.now();
  await send(producer);
  const sent = performance.now();
  await read(consumer);
  const end = performance.now();
  await producer.close();
  await consumer.close();
  await mapring.remove(RING);
  return [(sent - start) * 1e6 / RECORDS, (end - sent) * 1e6 / RECORDS];
}

const WAYS = {
  one: [trySendEach, tryReadEach],
  await: [sendEach, readEach],
  batch: [sendBatches, readBatches],
};

(async () => {
  const [how, rounds] = process.argv.slice(2);
  for (let i = 0; i < rounds; i++)
    console.log((await measure(...WAYS[how])).map((ns) => ns.toFixed(1)).join(' '));
})();
