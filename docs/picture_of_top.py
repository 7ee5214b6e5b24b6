#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: docs/picture_of_top.py MAPRING > docs/pictures/top.svg

Draws what `mapring top` shows of some real rings: a slow reader, one that keeps up, a ring that drops and one that
overwrites. The terminal is a pane of tmux. It can be run from any folder, and takes some ten seconds."""

import html
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

COLUMNS, LINES, WIDTH, HEIGHT = 80, 17, 8.4, 18
COLOURS = {'31': '#ff7b72', '32': '#7ee787', '33': '#e3b341', '34': '#79c0ff', '35': '#d2a8ff', '36': '#76e3ea', '90': '#8b949e'}
PLAIN, PAPER = '#e6edf3', '#0d1117'
WORK = '''
trap 'kill 0' EXIT
lines() { while sleep $2; do seq -f "$1 %g" 200; done; }
export MAPRING="$1"
lines request 0.01 | $MAPRING send web --times --wait-consumers 1 &
$MAPRING recv web --wait --consumer access >/dev/null &
$MAPRING recv web --wait --consumer metrics >/dev/null &
lines order 0.02 | $MAPRING send audit --times --capacity 64K &
$MAPRING recv audit --wait --consumer archive | (sleep 1; head -c 500 >/dev/null; sleep 60) &
lines sample 0.01 | $MAPRING send telemetry --when-full drop --capacity 64K &
lines event 0.05 | $MAPRING send flight --when-full overwrite &
wait
'''


def spans(line):
    """The text of a line with the colours and weights that its escape sequences choose."""
    style = set()
    for piece in re.split(r'(\x1b\[[\d;]*m)', line):
        codes = re.fullmatch(r'\x1b\[([\d;]*)m', piece)
        if not codes:
            yield piece, style
            continue
        for code in (codes.group(1) or '0').split(';'):
            if code in ('0', ''):
                style = set()
            elif code == '39':
                style = {old for old in style if old not in COLOURS}
            else:
                style = style | {code}


def drawn(screen):
    width, height = COLUMNS * WIDTH + 24, LINES * HEIGHT + 24
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" width="{width:g}" '
           f'height="{height}" role="img">')
    yield '<title>mapring top: rings and their readers</title>'
    yield ('<style>text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; '
           'white-space: pre }</style>')
    yield f'<rect width="{width:g}" height="{height}" rx="8" fill="{PAPER}"/>'
    for row, line in enumerate(screen.splitlines()[:LINES]):
        column, y = 0, 26 + row * HEIGHT
        for text, style in spans(line):
            x = 12 + column * WIDTH
            column += len(text)
            colour = next((COLOURS[code] for code in style if code in COLOURS), PLAIN)
            if '7' in style and text:
                yield f'<rect x="{x:g}" y="{y - 14}" width="{len(text) * WIDTH:g}" height="{HEIGHT}" fill="{colour}"/>'
                colour = PAPER
            if text.strip():
                weight = ' font-weight="bold"' * ('1' in style)
                yield (f'<text x="{x:g}" y="{y}" fill="{colour}" textLength="{len(text) * WIDTH:g}"{weight} '
                       f'xml:space="preserve">{html.escape(text)}</text>')
    yield '</svg>'


def captured(mapring, folder):
    tmux = ['tmux', '-S', f'{folder}/socket', '-f', '/dev/null', '-u']
    environment = {**os.environ, 'MAPRING_DIR': folder, 'LC_ALL': 'C.UTF-8'}
    environment.pop('NO_COLOR', None)
    # 'kill 0' of the shell must not reach us, so it gets a session of its own.
    with subprocess.Popen(['bash', '-c', WORK, 'work', mapring], env=environment, start_new_session=True,
                          stderr=subprocess.DEVNULL) as work:
        time.sleep(5)
        subprocess.run([*tmux, 'new-session', '-d', '-x', str(COLUMNS), '-y', str(LINES), mapring, 'top'],
                       env=environment, check=True)
        time.sleep(8)
        screen = subprocess.run([*tmux, 'capture-pane', '-p', '-e'], check=True, stdout=subprocess.PIPE,
                                encoding='utf-8').stdout
        subprocess.run([*tmux, 'kill-server'], check=False)
        os.killpg(work.pid, signal.SIGTERM)
    return screen


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix='rings-') as folder:
        print('\n'.join(drawn(captured(str(pathlib.Path(sys.argv[1]).resolve()), folder))))


if __name__ == '__main__':
    main()
