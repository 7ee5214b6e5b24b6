// SPDX-License-Identifier: MIT
// The writing end of a ring.
'use strict';
const { native, Kind, Result, coded } = require('./native.js');
const { Handle } = require('./handle.js');
const { inNumbers } = require('./options.js');
const { until } = require('./turns.js');

const HEADER_BYTES = 256; // more than a record takes besides its payload

const bytesOf = (data) => (typeof data === 'string' ? Buffer.from(data) : data);
const isSent = (result) => result === Result.OK;

function refuseTimeout() {
  throw coded('MAPRING_TIMED_OUT', 'timed out');
}

class Producer extends Handle {
  static async open(name, options = {}) {
    return new Producer(name, await native.open(Kind.producer, name, inNumbers(options)));
  }

  get recordLimit() {
    return native.recordLimit(this.thing);
  }

  trySend(data, { part = false } = {}) {
    return isSent(native.send(this.thing, bytesOf(data), part));
  }

  trySendBatch(records) {
    return records.length === 0 || isSent(native.sendBatch(this.thing, records.map(bytesOf)));
  }

  async send(data, { part = false } = {}) {
    const bytes = bytesOf(data);
    return this.#waitForRoom(bytes.length, () => native.send(this.thing, bytes, part));
  }

  async sendBatch(records) {
    if (records.length === 0)
      return true;
    const batch = records.map(bytesOf);
    const space = batch.reduce((sum, data) => sum + data.length + HEADER_BYTES, 0);
    return this.#waitForRoom(space, () => native.sendBatch(this.thing, batch));
  }

  async #waitForRoom(space, attempt) {
    for (;;) {
      const result = attempt();
      if (result === Result.OK || result === Result.DROPPED)
        return isSent(result);
      if (result !== Result.NO_ROOM)
        throw coded('MAPRING_REMOVED', 'ring removed', { ring: this.name });
      await this.ready(() =>
        native.armProducer(this.thing, Math.min(space, this.recordLimit)) !== Result.NOTHING);
    }
  }

  define(kind, payload) {
    return native.define(this.thing, kind, bytesOf(payload));
  }

  async waitConsumers(count = 1, { timeout } = {}) {
    if (!await until(() => native.waitConsumers(this.thing, count) === Result.OK, timeout))
      refuseTimeout();
  }

  async drain({ timeout } = {}) {
    let result;
    const ended = () => {
      result = native.drain(this.thing);
      return result !== Result.TIMED_OUT;
    };
    if (!await until(ended, timeout))
      refuseTimeout();
    if (result === Result.CONSUMER_GONE)
      throw coded('MAPRING_CONSUMER_GONE', 'a consumer left or died with records unread');
    if (result === Result.REMOVED)
      throw coded('MAPRING_REMOVED', 'ring removed', { ring: this.name });
  }
}

exports.Producer = Producer;
