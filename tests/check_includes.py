#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that includes only go down, according to the rooms of docs/architecture.md.

usage: tests/check_includes.py [--self-test]

A source and the header of the same name count as one file. No two files may include each other,
directly or through others, and no file may include one of a room above its own."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The library, and what uses it through its public headers. For each: the folders that includes are
# relative to, and its rooms from the lowest to the highest. Rooms on one line must not include each
# other.
BUILDINGS = [
    (["src"], [
        ["src"],
        ["src/platform/linux", "src/platform/windows"],
        ["src/ring"],
        ["src/event"],
        ["src/producer", "src/reader"],
        ["src/consumer"],
        ["src/merge"],
        ["src/log"],
    ]),
    (["tools", "bench"], [
        ["tools/shared"],
        ["tools/shared/linux", "tools/shared/windows"],
        ["bench/core"],
        ["bench/core/linux", "bench/core/windows"],
        ["tools/stress", "tools/bridge"],
        ["tools/bridge/linux", "tools/bridge/windows", "tools/bridge/nats", "tools/bridge/no_nats",
         "tools/bridge/zstd", "tools/bridge/no_zstd"],
        ["bench", "bench/bridge", "bench/log", "bench/peers", "tools/command"],
        ["tools/command/linux", "tools/command/windows", "tools/command/zlib", "tools/command/no_zlib"],
        ["tools/command/top"],
    ]),
]
# In the lowest folder, but above all rooms: the functions that are inlined into callers.
ABOVE = ["src/hot"]
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def room_of(name):
    return str(pathlib.PurePath(name).parent)


def resolve(include, room, folders, files):
    """The included file: beside its includer or relative to one of the folders; None if outside."""
    target = pathlib.PurePath(include).with_suffix("")
    places = [str(pathlib.PurePath(folder) / target) for folder in [room] + folders]
    return next((place for place in places if place in files), None)


def read_files(root, folders):
    """The files of the folders, without suffixes, and which of the others each one includes."""
    sources = [path for folder in folders for path in (root / folder).rglob("*.*")
               if path.suffix in (".c", ".cc", ".h")]
    files = {str(path.relative_to(root).with_suffix("")): set() for path in sources}
    for path in sources:
        name = str(path.relative_to(root).with_suffix(""))
        for include in INCLUDE.findall(path.read_text()):
            target = resolve(include, room_of(name), folders, files)
            if target and target != name:
                files[name].add(target)
    return files


def check_rooms(floors, above, files):
    rank = {room: floor for floor, rooms in enumerate(floors) for room in rooms}
    for name, includes in files.items():
        if room_of(name) not in rank:
            yield f"{name} is in no room of tests/check_includes.py"
            continue
        for target in includes:
            if name in above or room_of(target) == room_of(name):
                continue
            if target in above or rank.get(room_of(target), 99) >= rank[room_of(name)]:
                yield f"{name} must not include {target}: arrows go down only"


def find_circle(files):
    """A list of files each of which includes the next, and the last the first; or None."""
    state = {}

    def visit(name, way):
        if state.get(name) == "done":
            return None
        if name in way:
            return way[way.index(name):]
        for target in sorted(files[name]):
            circle = visit(target, way + [name])
            if circle:
                return circle
        state[name] = "done"
        return None

    for name in sorted(files):
        circle = visit(name, [])
        if circle:
            return circle
    return None


def check(floors, above, files):
    wrong = list(check_rooms(floors, above, files))
    circle = find_circle(files)
    if circle:
        wrong.append("these files include each other: " + ", ".join(circle))
    return wrong


def self_test():
    """Checks that violations are found."""
    floors = [["."], ["low"], ["high"]]
    good = {"base": set(), "low/a": {"base"}, "high/b": {"low/a", "base"}}
    assert check(floors, [], good) == []
    assert check(floors, [], {**good, "low/a": {"high/b"}, "high/b": set()})
    assert check(floors, [], {**good, "low/c": {"low/d"}, "low/d": {"low/c"}})
    assert check(floors, [], {**good, "attic/e": set()})
    assert check(floors, ["top"], {**good, "top": {"high/b"}}) == []
    assert resolve("a.h", "low", ["."], good) == "low/a"
    assert resolve("low/a.h", "high", ["."], good) == "low/a"
    assert resolve("a.h", "high", ["."], good) is None


def main():
    if "--self-test" in sys.argv:
        self_test()
    wrong = [line for folders, floors in BUILDINGS
             for line in check(floors, ABOVE, read_files(ROOT, folders))]
    print("\n".join(wrong) or "includes only go down")
    return 1 if wrong else 0


sys.exit(main())
