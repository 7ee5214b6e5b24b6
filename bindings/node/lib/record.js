// SPDX-License-Identifier: MIT
// Records, as readers return them: struct description in src/reader.c says how they come.
'use strict';

const WORDS = 8; // of 8 bytes
const [SEQUENCE, LOST_RECORDS, LOST_BYTES, TIME, UNCERTAINTY, LOST_UNTIL, RUN] = [1, 2, 3, 4, 5, 6, 7];
const [CONTINUED, CONTINUES, LATE] = [1, 2, 4];

class Record {
  #words;
  #at;
  #flags;

  constructor(payload, words, at, flags, ring) {
    this.payload = payload;
    this.ring = ring;
    this.#words = words;
    this.#at = at;
    this.#flags = flags;
  }

  get sequence() { return this.#words[this.#at + SEQUENCE]; }
  get timeNs() { return this.#words[this.#at + TIME]; }
  get timeUncertaintyNs() { return this.#words[this.#at + UNCERTAINTY]; }
  get continued() { return (this.#flags & CONTINUED) !== 0; }
  get continues() { return (this.#flags & CONTINUES) !== 0; }
  get late() { return (this.#flags & LATE) !== 0; }
}

exports.recordsOf = (payloads, descriptions, names) => {
  const numbers = new Uint32Array(descriptions), words = new BigUint64Array(descriptions);
  const count = words.length / WORDS, records = new Array(count);
  for (let i = 0, start = 0; i < count; i++) {
    const at = i * WORDS, end = start + numbers[2 * at];
    const payload = count === 1 ? payloads : payloads.subarray(start, end);
    records[i] = new Record(payload, words, at, numbers[2 * at + 1], names?.[i]);
    start = end;
  }
  return records;
};

exports.lossOf = (descriptions) => {
  const words = new BigUint64Array(descriptions);
  return {
    sequence: words[SEQUENCE], lostRecords: words[LOST_RECORDS], lostBytes: words[LOST_BYTES],
    timeNs: words[TIME], lostUntilNs: words[LOST_UNTIL],
  };
};

exports.runOf = (descriptions) => descriptions && new BigUint64Array(descriptions)[RUN];
