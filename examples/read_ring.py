#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: examples/read_ring.py FILE

Writes the records of a ring in a file, or of a copy of one, as JSON. It is written from docs/layout.md alone, without
the library, to show how much that takes. Nobody may write to the ring meanwhile; `mapring dump --json` has no such
limit."""

import base64
import json
import pathlib
import struct
import sys

MAGIC, SLOTS, POINTS = 0x31474e495250414d, 131072, 128
SIZES = (1, 12416, 45312, 384, 32, 64)  # layout_version to mark_count
TIMES, REPEATS = 1, 2  # features_required
DATA, NOTE, CONTINUED = 1, 2, 3


class Damaged(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Damaged(what)


class Ring:
    def __init__(self, data):
        self.data = data
        check(len(data) >= SLOTS, 'this is no ring: it is too short')
        self.order = next((order for order in '<>' if self.word(0, order) == MAGIC), None)
        check(self.order, 'this is no ring')
        check(self.words(8, 'IIIIII') == SIZES, 'this ring has another layout')
        self.features, self.slot_bytes, self.capacity = self.words(40, 'IIQ')
        check(not self.features & ~(TIMES | REPEATS), 'this ring has features that are not known here')
        check(self.slot_bytes in (8, 16, 32, 64, 128, 256), 'invalid slot_bytes')
        check(65536 <= self.capacity <= 1 << 46 and not self.capacity & self.capacity - 1, 'invalid capacity')
        check(len(data) >= SLOTS + self.capacity, 'the ring is truncated')
        self.header_bytes = 16 if self.features & TIMES else 8

    def words(self, offset, kinds):
        return struct.unpack_from((self.order + kinds), self.data, offset)

    def word(self, offset, order=None):
        return struct.unpack_from((order or self.order) + 'Q', self.data, offset)[0]

    def bytes_at(self, position, count):
        """What is mapped there: behind the last slot comes the first one."""
        begin = position % self.capacity
        end = min(begin + count, self.capacity)
        return self.data[SLOTS + begin:SLOTS + end] + self.data[SLOTS:SLOTS + count - (end - begin)]

    def oldest(self):
        made = self.word(696)
        place = self.words(704 + made % 2 * 16 if made else 768, 'QQ')
        check(not place[0] % self.slot_bytes and self.word(640) - place[0] <= self.capacity, 'invalid oldest record')
        return place

    def time_of(self, sequence, counter):
        """In nanoseconds since 1970; None if it is not known."""
        made = self.word(4992)
        if not counter or not made:
            return None
        points = [self.words(5120 + n % POINTS * 48, 'QQQQQI') for n in range(max(0, made - POINTS + 1), made)]
        point = next((point for point in reversed(points) if point[0] <= sequence), None)
        first, base, ns, rate, _, _ = point or points[0]
        time = ns + (counter - base) * rate // (1 << 32)
        return time if point else min(time, ns)

    def records(self):
        position, sequence = self.oldest()
        continues = False
        while word := struct.unpack(self.order + 'Q', self.bytes_at(position, 8))[0]:
            low, length, kind = word & 0xffffffff, word >> 32 & 0x3fffffff, word >> 62
            check(low == sequence & 0xffffffff and length <= self.capacity // 2 - self.header_bytes,
                  f'invalid record at offset {SLOTS + position % self.capacity}')
            payload = self.bytes_at(position + self.header_bytes, length)
            counter = struct.unpack(self.order + 'Q', self.bytes_at(position + 8, 8))[0] if self.features & TIMES else 0
            if kind != NOTE:
                yield {'sequence': sequence, 'time_ns': self.time_of(sequence, counter), 'bytes': length,
                       'continues': continues, 'continued': kind == CONTINUED, 'data': payload}
                sequence += 1
            elif length > 8:
                count, lost_bytes, *counters = struct.unpack(f'{self.order}{length // 8}Q', payload)
                since, until = (self.time_of(sequence, counter) for counter in counters or (0, 0))
                yield {'first': sequence, 'records': count, 'lost_bytes': lost_bytes, 'time_ns': since, 'until_ns': until}
                sequence += count
            continues = kind == CONTINUED
            position += -(-(self.header_bytes + length) // self.slot_bytes) * self.slot_bytes


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        for record in Ring(pathlib.Path(sys.argv[1]).read_bytes()).records():
            if 'data' in record:
                record['base64'] = base64.b64encode(record.pop('data')).decode()
            print(json.dumps(record))
    except (Damaged, OSError) as problem:
        sys.exit(f'{sys.argv[1]}: {problem}')


if __name__ == '__main__':
    main()
