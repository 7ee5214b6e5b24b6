// SPDX-License-Identifier: MIT
// Who goes on without ever waiting lets others have their turn.
'use strict';
const { setImmediate } = require('node:timers/promises');
const { setTimeout } = require('node:timers/promises');

const FAIR = 256; // records
const LOOK_MS = 2;

exports.Turns = class Turns {
  #count = 0;

  isOver(records) {
    this.#count += records;
    return this.#count >= FAIR;
  }

  async next() {
    this.#count = 0;
    await setImmediate();
  }
};

// Asks again and again for what has no wait handle; `timeout` is in milliseconds.
exports.until = async (isSo, timeout = Infinity) => {
  const end = performance.now() + timeout;
  while (!isSo()) {
    if (performance.now() >= end)
      return false;
    await setTimeout(LOOK_MS);
  }
  return true;
};

exports.LOOK_MS = LOOK_MS;
