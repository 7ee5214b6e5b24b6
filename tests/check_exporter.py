#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks "mapring exporter" with the programs that it is for: an HTTP client, promtool, and what
packaging/ has for Prometheus and Grafana.

usage: tests/check_exporter.py MAPRING PACKAGING [WRAPPER...]"""

import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

from leftovers import end_on_request, end_with_this

TIME_LIMIT = 60
PATIENCE = 5  # with Wine's server, which forgets some requests
TRIES = 5
SKIPPED = 77
LISTENS = re.compile(r"listening on http://(\S+):(\d+)/metrics")
SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? ([0-9.]+)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def check(condition, text):
    if not condition:
        raise AssertionError(text)


class Mapring:
    """The command under test; `wrapper` runs a program of another system."""

    def __init__(self, program, wrapper, folder):
        self.words = [*wrapper, program]
        self.foreign = bool(wrapper)
        self.folder = folder
        self.count = 0

    def path(self, suffix):
        self.count += 1
        return self.folder / f"{self.count}{suffix}"

    def name_of(self, path):
        return "Z:" + str(path) if self.foreign else str(path)

    def start(self, *arguments, **options):
        """Streams are files: a server of the wrapper's might keep a pipe open."""
        output = self.path(".out")
        process = subprocess.Popen([*self.words, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                   stdout=output.open("wb"), stderr=subprocess.STDOUT, **options)
        process.output = output
        return end_with_this(process)

    def run(self, *arguments, code=0, **options):
        process = self.start(*arguments, **options)
        ended = process.wait(TIME_LIMIT)
        text = process.output.read_text()
        check(ended == code, f"{arguments} ended with {ended}, not {code}: {text}")
        return text

    def new_ring(self, *options):
        name = self.name_of(self.path(".ring"))
        self.run("create", name, *options)
        return name

    def send(self, name, text, *options):
        path = self.path(".input")
        path.write_text(text)
        self.run("send", name, self.name_of(path), *options)


class Exporter:
    """A running exporter, on a port that it, or on systems that cannot, this program has chosen."""

    def __init__(self, mapring, *arguments, host="127.0.0.1"):
        where = f"[{host}]" if ":" in host else host
        port = free_port(host) if mapring.foreign else 0
        self.process = mapring.start("exporter", "--listen", f"{where}:{port}", *arguments)
        self.host = host
        self.is_forgetful = mapring.foreign
        self.port = int(self.await_line().group(2))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(TIME_LIMIT)

    def await_line(self):
        while True:
            text = self.process.output.read_text()
            found = LISTENS.search(text)
            if found:
                return found
            check(self.process.poll() is None, f"the exporter ended: {text}")

    def ask(self, path="/metrics", method="GET"):
        for _ in range(TRIES if self.is_forgetful else 0):
            try:
                return self.ask_once(path, method, PATIENCE)
            except TimeoutError:
                pass
        return self.ask_once(path, method, TIME_LIMIT)

    def ask_once(self, path, method, time_limit):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=time_limit)
        connection.request(method, path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def scrape(self):
        answer, text = self.ask()
        check(answer.status == 200, f"{answer.status}: {text}")
        check(answer.getheader("Content-Type").startswith("text/plain; version=0.0.4"), "wrong type")
        return samples_of(text)


def free_port(host):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as unused:
        unused.bind((host, 0))
        return unused.getsockname()[1]


def samples_of(text):
    """Checks the format, and that families come once and in one piece. Returns the samples."""
    families, samples = [], {}
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("# HELP "):
            families.append(line.split()[2])
            continue
        if line.startswith("# TYPE "):
            check(line.split()[2] == families[-1], f"TYPE of another family: {line}")
            continue
        found = SAMPLE.match(line)
        check(found, f"no sample: {line}")
        name = re.sub("_(bucket|sum|count)$", "", found[1])
        check(name == families[-1] or found[1] == families[-1], f"not in its family: {line}")
        key = (found[1], tuple(sorted(LABEL.findall(found[2] or ""))))
        check(key not in samples, f"twice: {line}")
        samples[key] = float(found[3])
    check(len(families) == len(set(families)), "a family comes twice")
    return samples


def ask_promtool(what, text=None, *files):
    promtool = shutil.which("promtool")
    if promtool is None:
        return
    ran = subprocess.run([promtool, "check", what, *files], input=text, capture_output=True,
                         text=True, check=False)
    check(ran.returncode == 0 and not ran.stderr, f"promtool: {ran.stdout}{ran.stderr}\n{text}")


# ---- Tests ----

def paths_and_methods_are_answered_as_http_says(mapring, _):
    with Exporter(mapring) as exporter:
        page = exporter.ask("/")
        check(page[0].status == 200 and "/metrics" in page[1], "no page")
        check(exporter.ask("/metrics?a=b")[0].status == 200, "a query changes the page")
        for path in ("/x", "/metrics/", "//", "/" + "a" * 3000):
            check(exporter.ask(path)[0].status in (400, 404), f"{path} is found")
        check(exporter.ask("/metrics", "POST")[0].status == 405, "POST is allowed")
        head, body = exporter.ask("/metrics", "HEAD")
        check(head.status == 200 and body == "" and int(head.getheader("Content-Length")) > 0, "HEAD")


def promtool_accepts_what_users_may_call_things(mapring, _):
    rings = [mapring.new_ring("--times", "--content", 'a"b\\c {}é', "--dictionary", "64K"),
             mapring.new_ring("--when-full", "overwrite"), mapring.new_ring("--when-full", "drop")]
    mapring.send(rings[0], "one\ntwo\n", "--times")
    labels = ('q"uote', "back\\slash\\", "new\nline", "\x1b[31m", "é\u2028", "")
    readers = [mapring.start("recv", rings[0], "--label", label, "--follow") for label in labels]
    try:
        text = ""
        while text.count("\nmapring_consumer_up{") < len(labels):
            text = mapring.run("stat", "--prometheus", *rings)
    finally:
        for reader in readers:
            reader.kill()
            reader.wait(TIME_LIMIT)
    samples_of(text)
    ask_promtool("metrics", text)


def scrapes_may_overlap(mapring, _):
    if mapring.foreign:
        return  # Wine's server forgets some of them
    ring = mapring.new_ring()
    with Exporter(mapring, "--name", ring) as exporter:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            pages = list(pool.map(lambda _: exporter.scrape(), range(100)))
    check(all(page == pages[0] for page in pages), "they differ")
    check(any(name == "mapring_sent_records_total" for name, _ in pages[0]), "no metrics")


def rings_may_come_and_go_during_a_scrape(mapring, _):
    damaged = mapring.path(".ring")
    damaged.write_bytes(b"no ring" * 1000)
    names = [f"check-exporter-{os.getpid()}-{i}" for i in range(1 if mapring.foreign else 4)]
    done = threading.Event()

    def come_and_go(name):
        while not done.is_set():
            creator = mapring.start("create", name, "--times")
            if mapring.foreign:
                creator.kill()
            creator.wait(TIME_LIMIT)
            if not mapring.foreign:
                mapring.run("rm", name)

    with Exporter(mapring, "--name", f"check-exporter-{os.getpid()}-*", "--name",
                  mapring.name_of(damaged)) as exporter, \
            concurrent.futures.ThreadPoolExecutor(4) as pool:
        rounds = [pool.submit(come_and_go, name) for name in names]
        try:
            for _ in range(20 if mapring.foreign else 300):
                errors = [dict(labels)["ring"] for name, labels in exporter.scrape()
                          if name == "mapring_ring_error"]
                check(mapring.name_of(damaged).replace("\\", "\\\\") in errors, "no error")
                check("not_there" not in errors, "a ring that went is an error")
            ask_promtool("metrics", exporter.ask()[1])
        finally:
            done.set()
        for each in rounds:
            each.result()


def a_slow_client_does_not_keep_others_waiting(mapring, _):
    with Exporter(mapring) as exporter:
        slow = [socket.create_connection((exporter.host, exporter.port)) for _ in range(3 if mapring.foreign else 20)]
        for connection in slow:
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1")
        exporter.scrape()
        for connection in slow:
            connection.close()
        exporter.scrape()


def a_port_that_is_taken_is_told(mapring, _):
    with Exporter(mapring) as exporter:
        text = mapring.run("exporter", "--listen", f"127.0.0.1:{exporter.port}", code=1)
        check("another program uses this port" in text, text)
        if not mapring.foreign:  # Wine's server ends with the first of its programs
            exporter.scrape()


def ipv6_is_served(mapring, _):
    try:
        free_port("::1")
    except OSError:
        return
    if mapring.foreign:
        return  # Wine's server has no IPv6
    with Exporter(mapring, host="::1") as exporter:
        exporter.scrape()


def a_signal_ends_the_exporter(mapring, _):
    if mapring.foreign:
        return  # test_cli_exporter.c does that
    for number in (signal.SIGTERM, signal.SIGINT):
        with Exporter(mapring) as exporter:
            exporter.scrape()
            exporter.process.send_signal(number)
            check(exporter.process.wait(TIME_LIMIT) == -number, "another exit status")
            text = exporter.process.output.read_text()
            check(len(text.splitlines()) == 1, text)
            check(Exporter(mapring).__exit__() is None, "the port is not free")


def a_full_disk_leaves_the_old_textfile(mapring, _):
    if mapring.foreign:
        return  # there are no limits
    import resource  # pylint: disable=import-outside-toplevel
    ring, page = mapring.new_ring(), mapring.path(".prom")
    mapring.run("exporter", "--textfile", page, "--once", "--name", ring)
    old = page.read_text()
    check(len(old) > 1000, old)
    mapring.send(ring, "one\n")
    text = mapring.run("exporter", "--textfile", page, "--once", "--name", ring, code=1,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    check("cannot write" in text, text)
    check(page.read_text() == old, "the file has changed")
    check(not pathlib.Path(f"{page}.tmp").exists(), "half a file is left")


def a_textfile_is_never_half_written(mapring, _):
    rings, page = [mapring.new_ring() for _ in range(5)], mapring.path(".prom")
    names = [word for ring in rings for word in ("--name", ring)]
    mapring.run("exporter", "--textfile", mapring.name_of(page), "--once", *names)
    for _ in range(3):
        process = mapring.start("exporter", "--textfile", mapring.name_of(page), "--interval",
                                "0.001", *names)
        inodes = set()
        while len(inodes) < 2:
            samples = samples_of(page.read_text())
            check(sum(name == "mapring_ring_info" for name, _ in samples) == 5, "half a page")
            inodes.add((page.stat().st_ino, page.stat().st_mtime_ns))
            check(process.poll() is None, process.output.read_text())
        process.kill()
        process.wait(TIME_LIMIT)
        samples_of(page.read_text())


def what_packaging_names_is_exported(mapring, packaging):
    ring = mapring.new_ring("--times", "--dictionary", "64K")
    consumer = mapring.start("recv", ring, "--consumer", "durable", "--max-lag", "1M", "--wait")
    mapring.send(ring, "one\n", "--times", "--wait-consumers", "1")
    consumer.wait(TIME_LIMIT)
    bridge = mapring.start("bridge", "in", ring, "--stream", "S")
    check(bridge.wait(TIME_LIMIT) == 1, "a bridge writes into a ring with a producer of its own")
    damaged = mapring.path(".ring")
    damaged.write_bytes(b"no ring")
    text = mapring.run("stat", "--prometheus", ring, mapring.name_of(damaged), code=1)
    exported = set(re.findall(r"^(mapring_[a-z_]+)", text, re.MULTILINE))
    # Without its library, which there is for Linux only, a bridge tells nothing.
    left_out = () if "mapring_bridge_up{" in text else "mapring_bridge_"
    rules = (packaging / "prometheus/mapring.rules.yml").read_text()
    dashboard = json.loads((packaging / "grafana/mapring.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    check(len(expressions) > 10, "panels are missing")
    for source in (json.dumps(dashboard), rules):
        names = set(re.findall(r"\bmapring_[a-z_]+", source))
        missing = {name for name in names - exported if not name.startswith(left_out)}
        check(names and not missing, f"not exported: {missing}")
    page = packaging.parent / "docs/man/mapring-exporter.1.scd"
    documented = set(re.findall(r"\*(mapring_[a-z_]+)\*", page.read_text().replace("\\_", "_")))
    families = set(re.findall(r"^# HELP (\S+)", text, re.MULTILINE))
    differing = {name for name in documented ^ families if not name.startswith(left_out)}
    check(not differing, f"in the manual or exported, not both: {differing}")
    ask_promtool("rules", None, packaging / "prometheus/mapring.rules.yml")


TESTS = (
    paths_and_methods_are_answered_as_http_says,
    promtool_accepts_what_users_may_call_things,
    scrapes_may_overlap,
    rings_may_come_and_go_during_a_scrape,
    a_slow_client_does_not_keep_others_waiting,
    a_port_that_is_taken_is_told,
    ipv6_is_served,
    a_signal_ends_the_exporter,
    a_full_disk_leaves_the_old_textfile,
    a_textfile_is_never_half_written,
    what_packaging_names_is_exported,
)


def can_serve(mapring):
    """Whether this build has a server; says why not."""
    process = mapring.start("exporter", "--listen", f"127.0.0.1:{free_port('127.0.0.1')}")
    while process.poll() is None and not LISTENS.search(process.output.read_text()):
        pass
    text = process.output.read_text()
    process.kill()
    process.wait(TIME_LIMIT)
    if not LISTENS.search(text):
        print(f"left out: {text.strip()}")
    return bool(LISTENS.search(text))


def main(program, packaging, *wrapper):
    end_on_request()
    failed = 0
    if shutil.which("promtool") is None:
        print("promtool is missing (Debian: prometheus): nothing is checked with it")
    with tempfile.TemporaryDirectory() as name:
        mapring = Mapring(program, wrapper, pathlib.Path(name))
        if not can_serve(mapring):
            return SKIPPED
        for test in TESTS:
            try:
                test(mapring, pathlib.Path(packaging))
                print(f"passed: {test.__name__}", flush=True)
            except (AssertionError, OSError, subprocess.TimeoutExpired) as problem:
                print(f"FAILED: {test.__name__}: {problem}", flush=True)
                failed += 1
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
