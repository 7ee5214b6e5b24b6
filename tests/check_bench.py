#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what people see of "mapring bench": that its page fits on a phone, that it holds nobody to
targets, and that bench/check.py judges its JSON.

usage: tests/check_bench.py MAPRING CHECK"""

import html.parser
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

PHONE_PX = 390
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Prints what lies outside the width of the frame or of its cell, if anything.
PROBE = """<script>addEventListener('load', () => {
    const wide = [...frames[0].document.querySelectorAll('*')]
        .filter(e => e.getBoundingClientRect().right > %d + 0.5 ||
                     e.tagName == 'TD' && e.scrollWidth > e.clientWidth)
        .map(e => e.outerHTML.slice(0, 80));
    document.body.textContent = 'looked: ' + (wide.join('; ') || 'all within');
})</script>"""


class Tables(html.parser.HTMLParser):
    """The numbers of cells of all rows, and of figures that the style sheet is told, per table."""

    def __init__(self, page):
        super().__init__()
        self.tables = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append((int(dict(attrs)["style"].split(":")[1]), []))
        elif tag == "tr":
            self.tables[-1][1].append(0)
        elif tag in ("td", "th"):
            self.tables[-1][1][-1] += 1


def check(condition, text):
    if not condition:
        sys.exit(text)


def check_structure(page):
    check("@media(max-width:48rem)" in page and "overflow-x" not in page,
          "the page has no layout for narrow screens, or scrolls")
    for figures, rows in Tables(page).tables:
        check(set(rows) == {figures + 1}, f"a table of {figures} figures has rows of {set(rows)}")


def check_in_browser(page, folder):
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return
    frame = folder / "frame.html"
    quoted = page.replace("&", "&amp;").replace('"', "&quot;")
    frame.write_text(f'<iframe style="border:0;width:{PHONE_PX}px" srcdoc="{quoted}"></iframe>'
                     + PROBE % PHONE_PX)
    ran = subprocess.run([browser, *QUIET, f"--user-data-dir={folder}/profile", "--dump-dom",
                          frame.as_uri()], capture_output=True, text=True, check=False)
    if "looked: " in ran.stdout:
        check("looked: all within" in ran.stdout, ran.stdout)


def check_no_verdicts(*texts):
    for text in texts:
        for word in ("missed", "target", "at least", "at most"):
            check(word not in text, f"'{word}' is in what mapring bench writes")


def judge(check_program, run, expected):
    return subprocess.run([check_program, expected], input=run, capture_output=True, text=True,
                          check=False).returncode


def check_judge(check_program, run, folder):
    """Nothing falls below itself, and everything below what nothing can reach."""
    expected = folder / "expected.txt"
    expected.write_text("")
    subprocess.run([check_program, "--update", expected], input=run, text=True, check=True)
    check(judge(check_program, run, expected) == 0, "a run is judged worse than itself")
    lines = [line.split() for line in expected.read_text().splitlines()[1:]]
    rates = [(placement, name) for placement, name, _ in lines if name.startswith("throughput")]
    expected.write_text("".join(f"{placement} {name} 1e9\n" for placement, name in rates))
    check(judge(check_program, run, expected) == (1 if rates else 0), "a ratio falls unnoticed")


def main(mapring, check_program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        brief = [mapring, "bench", "--duration", "0.001", "--size", "8,64"]
        run = subprocess.run([*brief, "--json", "--html", folder / "page.html"],
                             capture_output=True, text=True, check=True).stdout
        table = subprocess.run(brief, capture_output=True, text=True, check=True).stdout
        page = (folder / "page.html").read_text()
        check("ratios" not in json.loads(run), "ratios are in the JSON")
        check_no_verdicts(run, table, page)
        check_structure(page)
        check_in_browser(page, folder)
        check_judge(check_program, run, folder)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
