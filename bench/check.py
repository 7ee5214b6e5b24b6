#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges a run of "mapring bench --json", or of bench_peers, by this project's targets.

usage: bench/check.py [--update] EXPECTED <RESULT.json

Prints each ratio beside its target and the value in the file EXPECTED. Exits with 1 if any has
fallen: if it is worse than expected by more than half. --update rewrites EXPECTED instead, but
keeps the values that the run did not measure."""

import json
import sys
from typing import NamedTuple

MARGIN = 1.5


class Ratio(NamedTuple):
    """What is measured, over a reference if there is one. Cases are (group, transport, bytes,
    note)."""
    name: str
    meaning: str
    case: tuple
    reference: tuple | None
    wanted: str
    target: float
    cpus: int = 2


def trip(size, target):
    return Ratio(f"half-round-trip-{size}", f"half round trip, {size} bytes / raw line, 8 bytes",
                 ("half-round-trip", "mapring", size, ""), ("half-round-trip", "raw-line", 8, ""),
                 "at most", target)


def throughput(size, target):
    return Ratio(f"throughput-{size}", f"one at a time, {size} bytes / baseline",
                 ("throughput", "mapring", size, ""), ("throughput", "baseline", size, ""),
                 "at least", target)


def batch(size, target):
    return Ratio(f"batch-{size}", f"batch of 32, {size} bytes / baseline one at a time",
                 ("throughput", "mapring-batch", size, ""), ("throughput", "baseline", size, ""),
                 "at least", target)


def send(size):
    return Ratio(f"send-cost-{size}", f"one send of {size} bytes every 500 ns, ns",
                 ("send-cost", "mapring-copy", size, ""), None, "at most", 10)


def asleep(side):
    return Ratio(f"asleep-{side}", f"CPU of a sleeping {side}, percent",
                 ("asleep", "mapring", 4096, side), None, "at most", 0.2)


ALONE = ("many-readers", "mapring", 64, "1 consumer")
RATIOS = [
    trip(8, 1.15), trip(48, 1.15), trip(64, 1.4), trip(256, 2.2), trip(1024, 3.5),
    throughput(8, 1.1), throughput(64, 1.1), throughput(256, 1.2), throughput(1024, 1.5),
    batch(8, 2.0), batch(64, 1.4), batch(256, 1.2), batch(1024, 1.5),
    Ratio("throughput-16384", "16384 bytes, sent by copy / raw blocks",
          ("throughput", "mapring-send", 16384, ""), ("throughput", "raw-blocks", 16384, ""),
          "at least", 1.1),
    Ratio("paced-64", "slower producer, 64 bytes / baseline",
          ("paced-throughput", "mapring", 64, ""), ("paced-throughput", "baseline", 64, ""),
          "at least", 2),
    send(8), send(64), send(256),
    Ratio("blocking", "blocking consumer, awake / one that only tries",
          ALONE, ("many-readers", "mapring-try", 64, "no blocking calls"), "at least", 0.97),
    Ratio("two-consumers", "two consumers / one",
          ("many-readers", "mapring", 64, "2 consumers"), ALONE, "at least", 0.8, cpus=3),
    Ratio("observer", "with an observer / without",
          ("many-readers", "mapring", 64, "1 consumer, observed"), ALONE, "at least", 0.97, cpus=3),
    asleep("consumer"), asleep("producer"),
]


def measure(run):
    """The values of all ratios that the run has: {(placement, name): value}."""
    cases = {(c["placement"], c["group"], c["transport"], c["bytes"], c["note"]):
             c["middle"] if "middle" in c else c["median"] for c in run["cases"]}
    values = {}
    for placement in (p["name"] for p in run["placements"]):
        for ratio in RATIOS:
            value = cases.get((placement, *ratio.case))
            over = cases.get((placement, *ratio.reference)) if ratio.reference else 1
            if value is not None and over and run["cpus"] >= ratio.cpus:
                values[placement, ratio.name] = value / over
    return values


def read_expected(path):
    with open(path) as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {(placement, name): float(value) for placement, name, value in lines}


def write_expected(path, run, values):
    kept = read_expected(path)
    with open(path, "w") as out:
        print("# placement, ratio, value: see bench/check.sh.",
              f"{run['processor']}, {run['cpus']} CPUs", file=out)
        for (placement, name), value in sorted((kept | values).items()):
            print(f"{placement} {name} {value:.3g}", file=out)


def is_met(ratio, value):
    return value >= ratio.target if ratio.wanted == "at least" else value <= ratio.target


def has_fallen(ratio, value, expected):
    if ratio.wanted == "at least":
        return value * MARGIN < expected
    return value > expected * MARGIN and not is_met(ratio, value)


def judge(values, expected):
    """Prints the verdicts and returns how many ratios have fallen."""
    checked = fallen = 0
    ratios = {ratio.name: ratio for ratio in RATIOS}
    for (placement, name), value in values.items():
        ratio, usual = ratios[name], expected.get((placement, name))
        fell = usual is not None and has_fallen(ratio, value, usual)
        checked += usual is not None
        fallen += fell
        print(f"{placement} {ratio.meaning:<52}{value:8.3g}  {ratio.wanted} {ratio.target:<5g}",
              f"{'met' if is_met(ratio, value) else 'missed':6}",
              "" if usual is None else f" expected {usual:.3g}", " FELL" if fell else "", sep="")
    print(f"{checked} ratios checked, {fallen} fell")
    return fallen


def main(arguments):
    update = arguments[:1] == ["--update"]
    if len(arguments) != 1 + update or arguments[-1].startswith("-"):
        sys.exit(__doc__)
    run = json.load(sys.stdin)
    values = measure(run)
    if update:
        write_expected(arguments[-1], run, values)
        return 0
    return 1 if judge(values, read_expected(arguments[-1])) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
