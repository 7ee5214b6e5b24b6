// SPDX-License-Identifier: MIT
// What is open until it is closed, and can be waited for.
'use strict';
const { native, coded } = require('./native.js');

exports.Handle = class Handle {
  #reject = null;

  constructor(name, thing) {
    this.name = name;
    this.closed = false;
    this.thing = thing;
  }

  // Waits until the handle is ready, or not at all if arm() says that nothing has to be waited for.
  async ready(arm) {
    if (this.#reject)
      throw coded('MAPRING_ERROR_HELD', `somebody already waits for '${this.name}'`);
    native.wait(this.thing);
    if (arm())
      return;
    try {
      await new Promise((resolve, reject) => {
        native.wait(this.thing, resolve);
        this.#reject = reject;
      });
    } finally {
      this.#reject = null;
    }
  }

  async close() {
    if (this.closed)
      return;
    this.closed = true;
    this.#reject?.(coded('MAPRING_CLOSED', `'${this.name}' has been closed`));
    await native.close(this.thing);
  }

  async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    await this.close();
  }
};
