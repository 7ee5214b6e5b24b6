// SPDX-License-Identifier: MIT
// Rings as streams, with the back-pressure of both.
'use strict';
const { Readable, Writable } = require('node:stream');
const { Consumer } = require('./readers.js');
const { Producer } = require('./producer.js');

const BATCH = 64;
const BATCH_SPACE = 256; // of a record in a batch, besides its payload

class RingReadable extends Readable {
  #name;
  #options;
  #delimiter;
  #batches;

  constructor(name, { objectMode = false, highWaterMark, delimiter = '', ...options } = {}) {
    super({ objectMode, highWaterMark });
    this.#name = name;
    this.#options = options;
    this.#delimiter = Buffer.from(delimiter);
  }

  _construct(done) {
    Consumer.open(this.#name, this.#options).then((consumer) => {
      this.consumer = consumer;
      this.#batches = consumer.batches(BATCH);
      done();
      this.emit('open');
    }, done);
  }

  async _read() {
    try {
      const { value: batch, done } = await this.#batches.next();
      if (this.destroyed)
        return;
      if (done)
        this.push(null);
      else
        this.#pushAll(batch);
    } catch (error) {
      this.destroy(error);
    }
  }

  #pushAll(batch) {
    if (this.readableObjectMode) {
      for (const record of batch)
        this.push(record);
      return;
    }
    const payloads = this.#delimiter.length === 0 ? batch.map((record) => record.payload)
      : batch.flatMap((record) => [record.payload, this.#delimiter]);
    const bytes = Buffer.concat(payloads);
    if (bytes.length > 0)
      this.push(bytes);
    else
      process.nextTick(() => this._read());
  }

  // What was read to the end counts as read.
  _destroy(error, done) {
    if (!this.consumer)
      return done(error);
    if (!error && this.readableEnded)
      this.consumer.release();
    this.consumer.close().then(() => done(error), done);
  }
}

class RingWritable extends Writable {
  #name;
  #options;

  constructor(name, { highWaterMark, ...options } = {}) {
    super({ highWaterMark });
    this.#name = name;
    this.#options = options;
  }

  _construct(done) {
    Producer.open(this.#name, this.#options).then((producer) => {
      this.producer = producer;
      done();
      this.emit('open');
    }, done);
  }

  _write(chunk, _encoding, done) {
    this.#send(chunk).then(() => done(), done);
  }

  _writev(chunks, done) {
    this.#sendAll(chunks.map(({ chunk }) => chunk)).then(() => done(), done);
  }

  // In parts, if it is longer than a record may be.
  async #send(chunk) {
    const limit = this.producer.recordLimit;
    let start = 0;
    for (; chunk.length - start > limit; start += limit)
      await this.producer.send(chunk.subarray(start, start + limit), { part: true });
    await this.producer.send(chunk.subarray(start));
  }

  async #sendAll(chunks) {
    const limit = this.producer.recordLimit;
    let batch = [], space = 0;
    for (const chunk of chunks) {
      const needed = chunk.length + BATCH_SPACE;
      if (space + needed > limit) {
        await this.producer.sendBatch(batch);
        batch = [];
        space = 0;
      }
      if (needed > limit) {
        await this.#send(chunk);
        continue;
      }
      batch.push(chunk);
      space += needed;
    }
    await this.producer.sendBatch(batch);
  }

  _destroy(error, done) {
    if (!this.producer)
      return done(error);
    this.producer.close().then(() => done(error), done);
  }
}

exports.createReadStream = (name, options) => new RingReadable(name, options);
exports.createWriteStream = (name, options) => new RingWritable(name, options);
