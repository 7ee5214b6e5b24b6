// SPDX-License-Identifier: MIT
// Options with words, as users give them, become those with numbers, as C has them.
'use strict';

const READERS_BEGIN = ['unread', 'oldest', 'newest', 'sequence', 'run'];
const WORDS = {
  how: ['create-or-attach', 'create', 'attach'],
  scope: ['local', 'global'],
  whenFull: ['unspecified', 'block', 'drop', 'overwrite'],
  sync: ['none', 'close', 'interval'],
  from: READERS_BEGIN,
  afterLap: READERS_BEGIN,
  level: ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal', 'off'],
};

function numberOf(option, word) {
  const number = WORDS[option].indexOf(word);
  if (number < 0)
    throw Object.assign(new RangeError(`the option '${option}' must be one of ` +
      `${WORDS[option].join(', ')}, not '${word}'`), { code: 'ERR_INVALID_ARG_VALUE' });
  return number;
}

// Without those that are named, which are not for C.
exports.inNumbers = (options, ...leftOut) => {
  const numbers = {};
  for (const [option, value] of Object.entries(options))
    if (value !== undefined && !leftOut.includes(option))
      numbers[option] = option in WORDS ? numberOf(option, value) : value;
  return numbers;
};

exports.numberOf = numberOf;
exports.wordOf = (option, number) => WORDS[option][number] ?? WORDS[option][0];
