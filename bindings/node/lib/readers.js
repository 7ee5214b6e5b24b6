// SPDX-License-Identifier: MIT
// Consumers, observers and merges.
'use strict';
const { setTimeout } = require('node:timers/promises');
const { native, Kind, Result, coded } = require('./native.js');
const { Handle } = require('./handle.js');
const { inNumbers, numberOf } = require('./options.js');
const { recordsOf, lossOf, runOf } = require('./record.js');
const { Turns, LOOK_MS } = require('./turns.js');

const OUTCOMES = {
  [Result.PRODUCER_CLOSED]: ['MAPRING_PRODUCER_CLOSED', 'the producer has closed', 'closed'],
  [Result.PRODUCER_DIED]: ['MAPRING_PRODUCER_DIED', 'the producer has died', 'died'],
  [Result.REMOVED]: ['MAPRING_REMOVED', 'the ring has been removed', 'removed'],
};

// `told`: with a loss, what was lost; otherwise which run has ended.
function errorOf(result, told, ring) {
  if (result !== Result.LOST) {
    const [code, text, ended] = OUTCOMES[result];
    return coded(code, text, { result, ring, ended, ...told });
  }
  return coded('MAPRING_LOST', `${told.lostRecords} records are missing from number ` +
    `${told.sequence} on`, { result, ring, ...told });
}

// What all readers have in common. What was returned is released when more is asked for.
class Reader extends Handle {
  #holds = false;

  constructor(name, thing, { follow = false, onLost } = {}) {
    super(name, thing);
    this.follow = follow;
    this.onLost = onLost;
    this.ended = undefined;
  }

  tryNextBatch(limit = 64) {
    if (this.#holds)
      this.release();
    const [result, payloads, descriptions, names] = native.fetch(this.thing, limit);
    if (result === Result.OK) {
      this.#holds = true;
      return recordsOf(payloads, descriptions, names);
    }
    if (result === Result.NOTHING)
      return [];
    const told = result === Result.LOST ? lossOf(descriptions) : { run: runOf(descriptions) };
    throw errorOf(result, told, names?.[0] ?? this.name);
  }

  tryNext() {
    return this.tryNextBatch(1)[0];
  }

  async nextBatch(limit = 64) {
    for (;;) {
      const batch = this.tryNextBatch(limit);
      if (batch.length > 0)
        return batch;
      await this.waitForMore();
    }
  }

  async next() {
    return (await this.nextBatch(1))[0];
  }

  waitForMore() {
    return this.ready(() => native.armReader(this.thing) !== Result.NOTHING);
  }

  release() {
    this.#holds = false;
    native.release(this.thing);
  }

  async *batches(limit = 64) {
    const turns = new Turns();
    for (;;) {
      let batch;
      try {
        batch = this.tryNextBatch(limit);
      } catch (error) {
        if (this.#goesOnAfter(error))
          continue;
        return;
      }
      if (batch.length === 0) {
        await this.waitForMore();
        continue;
      }
      yield batch;
      if (turns.isOver(batch.length))
        await turns.next();
    }
  }

  async *[Symbol.asyncIterator]() {
    for await (const [record] of this.batches(1))
      yield record;
  }

  #goesOnAfter(error) {
    if (error.code === 'MAPRING_LOST' && this.onLost) {
      this.onLost(error);
      return true;
    }
    if (!error.ended)
      throw error;
    this.ended = error.ended;
    return this.followsAfter(error);
  }

  followsAfter(error) {
    return this.follow && error.ended !== 'removed';
  }
}

const opened = (kind, name, options) =>
  native.open(Kind[kind], name, inNumbers(options, 'follow', 'onLost'));

class Consumer extends Reader {
  static async open(name, options = {}) {
    return new Consumer(name, await opened('consumer', name, options), options);
  }

  seek(from, sequence = 0n) {
    this.release();
    native.seek(this.thing, numberOf('from', from), sequence);
  }
}

class Observer extends Reader {
  static async open(name, options = {}) {
    return new Observer(name, await opened('observer', name, options), options);
  }

  // Nobody wakes an observer.
  async waitForMore() {
    await setTimeout(LOOK_MS);
  }
}

class Merge extends Reader {
  static async open(names, options = {}) {
    const merge = new Merge(names.join(' '), await opened('merge', '', options), options);
    try {
      for (const name of names)
        await merge.add(name);
    } catch (error) {
      await merge.close();
      throw error;
    }
    return merge;
  }

  async add(name) {
    return await native.add(this.thing, name) === Result.OK;
  }

  followsAfter() {
    const [rings, ended, awaited] = native.stat(this.thing);
    return this.follow || awaited > 0 || ended < rings;
  }
}

module.exports = { Reader, Consumer, Observer, Merge, errorOf, opened };
