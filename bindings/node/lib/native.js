// SPDX-License-Identifier: MIT
// The addon, and the results of the library that it returns as numbers.
'use strict';

exports.native = require(process.env.MAPRING_ADDON || '../build/mapring.node');

exports.Kind = { producer: 0, consumer: 1, observer: 2, merge: 3, logReader: 4 };

exports.Result = {
  OK: 0, NOTHING: 1, NO_ROOM: 2, TIMED_OUT: 3, PRODUCER_CLOSED: 4, PRODUCER_DIED: 5,
  CONSUMER_GONE: 6, LOST: 7, DROPPED: 8, REMOVED: 9,
};

exports.coded = (code, message, properties) =>
  Object.assign(new Error(message), { code, ...properties });
