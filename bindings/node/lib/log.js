// SPDX-License-Identifier: MIT
// Lines of logs: line_of() in src/log.c says how they come.
'use strict';
const { setTimeout } = require('node:timers/promises');
const { native, Result } = require('./native.js');
const { numberOf, wordOf } = require('./options.js');
const { Reader, errorOf, opened } = require('./readers.js');
const { LOOK_MS } = require('./turns.js');

class LogLine {
  constructor([level, timeNs, timeUncertaintyNs, text, values, names, cut, format, file, line, func,
    process, thread, threadName, program, ring, sequence]) {
    Object.assign(this, {
      level: wordOf('level', level), timeNs, timeUncertaintyNs, text, values, fields: {}, cut,
      format, file, line, function: func, process, thread, threadName, program, ring, sequence,
    });
    names.forEach((name, at) => {
      if (name !== null)
        Object.defineProperty(this.fields, name,
          { value: values[at], enumerable: true, configurable: true, writable: true });
    });
  }

  get time() { return new Date(Number(this.timeNs / 1000000n)); }
  toString() { return this.text; }
}

const lossOf = ([sequence, lostRecords, timeNs, lostUntilNs]) =>
  ({ sequence, lostRecords, lostBytes: 0n, timeNs, lostUntilNs });

class LogReader extends Reader {
  static async open(name, options = {}) {
    return new LogReader(name, await opened('logReader', name, options), options);
  }

  tryNextBatch(limit = 64) {
    const [result, lines, loss, ring] = native.fetchLines(this.thing, limit);
    if (result === Result.OK)
      return lines.map((line) => new LogLine(line));
    if (result === Result.NOTHING)
      return [];
    throw errorOf(result, result === Result.LOST ? lossOf(loss) : {}, ring || this.name);
  }

  // A line is released when more is asked for.
  release() {}

  // There is nothing to wake a reader of logs.
  async waitForMore() {
    await setTimeout(LOOK_MS);
  }

  // Threads and programs come and go.
  followsAfter() {
    return true;
  }
}

const getLevel = (name, scope = 'local') =>
  wordOf('level', native.getLevel(name, numberOf('scope', scope)));
const setLevel = (name, level, scope = 'local') => {
  native.setLevel(name, numberOf('scope', scope), numberOf('level', level));
};

module.exports = { LogReader, getLevel, setLevel };
