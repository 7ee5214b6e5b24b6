#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: docs/pictures.py FOLDER

Draws the pictures of docs/concepts.md as SVG into FOLDER; docs/pictures has what it makes. They follow the reader's
preference for light or dark."""

import html
import pathlib
import sys

STYLE = '''
  .paper { fill: #ffffff } .line { stroke: #5c6773; fill: none; stroke-width: 1.5 }
  .free { fill: #eef1f4; stroke: #9aa5b1 } .read { fill: #cfd8e3; stroke: #9aa5b1 } .kept { fill: #7fb4e8; stroke: #3d76ad }
  .new { fill: #8fd19e; stroke: #3f8f52 } .gap { fill: #f3b27a; stroke: #b8702d } .head { fill: #f6d365; stroke: #a98614 }
  text { font: 14px system-ui, "Segoe UI", sans-serif; fill: #1c2733 } .small { font-size: 12px; fill: #4a5663 }
  .on { fill: #10202e } .middle { text-anchor: middle } .tip { fill: #5c6773 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #1d222b } .line { stroke: #a9b4c0 } .tip { fill: #a9b4c0 } text { fill: #e6ebf0 } .small { fill: #b5c0cb }
    .free { fill: #2b323d; stroke: #566270 } .read { fill: #4a5564; stroke: #76828f } .on { fill: #10202e }
  }
'''


class Picture:
    def __init__(self, width, height, title):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
                      f'height="{height}" role="img">', f'<title>{html.escape(title)}</title>',
                      f'<style>{STYLE}</style>',
                      '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
                      'orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker>',
                      f'<rect width="{width}" height="{height}" rx="8" class="paper"/>']

    def box(self, x, y, width, height, kind, text='', below=''):
        self.parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3" class="{kind}"/>')
        dark = 'free' not in kind and 'read' not in kind
        if text:
            self.text(x + width / 2, y + height / 2 + (-3 if below else 5), text, 'middle' + ' on' * dark)
        if below:
            self.text(x + width / 2, y + height / 2 + 14, below, 'middle small' + ' on' * dark)

    def text(self, x, y, text, kind=''):
        self.parts.append(f'<text x="{x:g}" y="{y:g}" class="{kind}">{html.escape(text)}</text>')

    def arrow(self, *points):
        path = 'M' + 'L'.join(f'{x:g} {y:g}' for x, y in points)
        self.parts.append(f'<path d="{path}" class="line" marker-end="url(#tip)"/>')

    def row(self, x, y, kinds, width=36, height=36, first=None):
        """One box for each record; with `first`, numbered from there."""
        for i, kind in enumerate(kinds):
            self.box(x + i * width, y, width, height, kind, '' if first is None or kind == 'free' else str(first + i))

    def write(self, path):
        path.write_text('\n'.join([*self.parts, '</svg>', '']))


def ring():
    """Who takes part, and where each of them is."""
    p = Picture(720, 306, 'A producer, a ring, two consumers and an observer')
    p.box(20, 40, 120, 44, 'new', 'producer', 'one process')
    p.row(60, 130, ['read'] * 3 + ['kept'] * 9 + ['new'] + ['free'] * 3, first=40)
    p.arrow((80, 84), (80, 104), (546, 104), (546, 127))
    p.text(210, 97, 'writes the next record at the tail', 'small')
    p.box(100, 220, 140, 44, 'kept', 'consumer "disk"', 'at 43')
    p.box(290, 220, 150, 44, 'kept', 'consumer "alerts"', 'at 50')
    p.box(490, 220, 150, 44, 'read', 'observer', 'nobody waits for it')
    p.arrow((186, 220), (186, 169))
    p.arrow((365, 220), (365, 200), (438, 200), (438, 169))
    p.arrow((565, 220), (565, 184), (366, 184), (366, 169))
    for x, kind, meaning in ((60, 'read', 'read by all: free to be reused'), (300, 'kept', 'a consumer still needs it'),
                             (500, 'new', 'just committed')):
        p.box(x, 280, 12, 12, kind)
        p.text(x + 18, 291, meaning, 'small')
    return p


def record():
    """What a record looks like in its slots."""
    p = Picture(720, 230, 'A record: a commit word, a payload, whole slots')
    for i in range(8):
        p.box(40 + i * 80, 30, 80, 26, 'free')
    p.text(40, 22, 'slots of 16 bytes', 'small')
    p.box(40, 66, 40, 44, 'head', '')
    p.box(80, 66, 150, 44, 'kept', 'payload', '30 bytes')
    p.box(230, 66, 50, 44, 'free', '')
    p.box(280, 66, 40, 44, 'head', '')
    p.box(320, 66, 40, 44, 'kept', '8')
    p.box(360, 66, 40, 44, 'free', '0')
    p.text(255, 128, 'unused', 'middle small')
    p.arrow((60, 150), (60, 113))
    p.text(40, 168, 'commit word: kind, length, low half of the sequence number.', 'small')
    p.text(40, 186, 'It is written last, in one store: from then on the record is there, for everybody, as a whole.',
           'small')
    p.arrow((380, 150), (380, 113))
    p.text(400, 150, '0: nothing here yet. A reader stops here.', 'small')
    p.text(40, 212, 'The slots are mapped twice in a row, so a record that begins near the end continues after it.',
           'small')
    return p


def full():
    """What becomes of the next record when the ring is full."""
    p = Picture(720, 290, 'A full ring blocks, drops or overwrites')
    for i, (name, kinds, first, note) in enumerate((
            ('block', ['kept'] * 8, 0, 'record 8 waits until the slowest consumer has released record 0'),
            ('drop', ['kept'] * 7 + ['gap'], 0, 'records 7 to 9 were dropped: a gap record takes their place, and says so'),
            ('overwrite', ['new'] * 2 + ['kept'] * 6, None, 'records 8 and 9 have replaced 0 and 1, and nobody waits'))):
        y = 30 + i * 88
        p.text(30, y + 23, name)
        p.row(130, y, kinds, first=first)
        if first is None:
            for j in range(8):
                p.text(148 + j * 36, y + 23, str(j + 8 if j < 2 else j), 'middle on')
        if kinds[-1] == 'gap':
            p.parts.pop()
            p.text(400, y + 23, '7-9', 'middle on')
        p.text(130, y + 54, note, 'small')
    p.arrow((500, 48), (424, 48))
    p.box(500, 30, 60, 36, 'new', '8')
    p.text(570, 53, 'waits', 'small')
    return p


def runs():
    """How a ring outlives its producers, and a durable consumer its processes."""
    p = Picture(720, 270, 'Runs of three producers, and a durable consumer that is away in between')
    p.text(20, 53, 'producers')
    for x, width, name in ((120, 150, 'run 1'), (300, 140, 'run 2'), (470, 210, 'run 3')):
        p.box(x, 30, width, 36, 'new', name)
    p.text(272, 84, 'closed', 'small middle')
    p.text(442, 84, 'killed', 'small middle')
    p.text(20, 133, 'records')
    p.row(120, 110, ['kept'] * 15, width=37, first=0)
    p.text(20, 203, 'consumer')
    p.box(120, 180, 200, 36, 'read', 'attached')
    p.box(320, 180, 160, 36, 'free', 'away')
    p.box(480, 180, 200, 36, 'read', 'attached again')
    p.arrow((480, 180), (480, 165), (324, 165), (324, 149))
    p.text(120, 245, 'A durable consumer continues where it was. Numbers go on from run to run. Each reader is told', 'small')
    p.text(120, 261, 'once, after the last record of a run, whether its producer closed or died.', 'small')
    return p


PICTURES = {'ring': ring, 'record': record, 'full': full, 'runs': runs}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, draw in PICTURES.items():
        draw().write(pathlib.Path(sys.argv[1]) / f'{name}.svg')


if __name__ == '__main__':
    main()
