// SPDX-License-Identifier: MIT
// mapring: a lock-free ring of records in shared memory, between processes. index.d.ts says what
// each function does.
'use strict';
const { native } = require('./lib/native.js');
const { LogReader, getLevel, setLevel } = require('./lib/log.js');
const { numberOf } = require('./lib/options.js');
const { Consumer, Merge, Observer } = require('./lib/readers.js');
const { Producer } = require('./lib/producer.js');
const { createReadStream, createWriteStream } = require('./lib/streams.js');

const list = (scope = 'local') => native.list(numberOf('scope', scope));
const remove = async (name, { scope = 'local', force = false } = {}) => {
  await native.remove(name, numberOf('scope', scope), force);
};

module.exports = {
  Consumer, LogReader, Merge, Observer, Producer, createReadStream, createWriteStream, getLevel,
  list, remove, setLevel,
  libraryVersion: native.version(),
};
