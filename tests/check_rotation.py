#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that 'mapring send --tail' sends every line of nginx's access log exactly once, while
logrotate rotates it by renaming ("create") and by truncating ("copytruncate"), and that a service
that is killed under 'mapring run' leaves its last lines.

usage: tests/check_rotation.py MAPRING

With "copytruncate", what is written between copying and truncating is lost, with any reader; so
nothing is requested then."""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from leftovers import end_on_request

SKIPPED = 77
LIMIT_S = 60
ROTATIONS = 3

NGINX = """
daemon off; master_process on; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
{user}
events {{ worker_connections 64; }}
http {{
    log_format line '$request_uri';
    access_log {folder}/access.log line;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen unix:{folder}/socket; location / {{ return 200 "ok"; }} }}
}}
"""

LOGROTATE = """
{folder}/access.log {{
    su {owner} {group}
    rotate 100
    {how}
    missingok
    {postrotate}
}}
"""


class OverSocket(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def await_true(what, condition):
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"never came true: {what}")
        time.sleep(0.01)


class Place:
    """A folder with nginx, a ring, and who reads it."""

    def __init__(self, mapring, folder):
        self.mapring, self.folder = mapring, pathlib.Path(folder)
        self.ring = str(self.folder / "log.ring")
        self.requests = 0
        self.processes = []

    def start(self, *command, **streams):
        process = subprocess.Popen(command, **streams)
        self.processes.append(process)
        return process

    def start_nginx(self):
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder, user=user))
        self.start(shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(self.folder), "-c",
                   str(self.folder / "nginx.conf"))
        await_true("nginx listens", self.request)

    def request(self):
        connection = OverSocket(str(self.folder / "socket"))
        try:
            connection.request("GET", f"/{self.requests}")
            connection.getresponse().read()
        except OSError:
            return False
        finally:
            connection.close()
        self.requests += 1
        return True

    def copied(self):
        return (self.folder / "copy").read_text().split()

    def all_copied(self):
        return len(self.copied()) >= self.requests

    def check_copy(self):
        await_true("all lines arrive", self.all_copied)
        expected = [f"/{i}" for i in range(self.requests)]
        got = self.copied()
        missing = sorted(set(expected) - set(got))[:5]
        if sorted(got) != sorted(expected):
            sys.exit(f"{len(expected)} requests, {len(got)} lines; missing: {missing}")

    def rotate(self, how):
        postrotate = "" if how == "copytruncate" else (
            f"postrotate\n kill -USR1 $(cat {self.folder}/nginx.pid)\n endscript")
        configuration = self.folder / "rotate.conf"
        configuration.write_text(LOGROTATE.format(
            folder=self.folder, owner=self.folder.owner(), group=self.folder.group(), how=how,
            postrotate=postrotate))
        configuration.chmod(0o600)
        subprocess.run([shutil.which("logrotate") or "/usr/sbin/logrotate", "--force", "--state",
                        str(self.folder / "state"), str(configuration)], check=True)

    def end(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(LIMIT_S)


def follow(place):
    place.start(place.mapring, "recv", place.ring, "--wait", "--follow",
                stdout=open(place.folder / "copy", "wb"))
    place.start(place.mapring, "send", place.ring, "--tail", str(place.folder / "access.log"),
                "--tail-from", "begin", "--wait-consumers", "1")
    place.start_nginx()


def check_create(place):
    follow(place)
    stop = threading.Event()

    def go_on_requesting():
        while not stop.is_set():
            place.request()

    requester = threading.Thread(target=go_on_requesting)
    requester.start()
    try:
        for _ in range(ROTATIONS):
            before = place.requests
            await_true("requests go on", lambda: place.requests > before + 200)
            place.rotate("create")
            fresh = place.folder / "access.log"
            await_true("nginx goes on in the new file", lambda: fresh.stat().st_size > 0)
    finally:
        stop.set()
        requester.join()
    place.check_copy()


def check_copytruncate(place):
    follow(place)
    for _ in range(ROTATIONS):
        for _ in range(200):
            place.request()
        await_true("all lines arrive", place.all_copied)
        place.rotate("copytruncate")
    for _ in range(100):
        place.request()
    place.check_copy()


def check_killed_service(place):
    """The last words of a service that was killed are in the ring."""
    code = "import os, sys\nfor i in range(1000): print('line', i)\n" \
           "print('last words', end='', flush=True)\nos.kill(os.getpid(), 9)"
    ran = subprocess.run([place.mapring, "run", place.ring, "--", sys.executable, "-c", code])
    if ran.returncode != 128 + signal.SIGKILL:
        sys.exit(f"run ended with {ran.returncode}")
    text = subprocess.run([place.mapring, "recv", place.ring], capture_output=True, text=True).stdout
    if text != "".join(f"line {i}\n" for i in range(1000)) + "last words\n":
        sys.exit(f"the ring holds {text[-200:]!r}")


def main():
    for program in ["nginx", "logrotate"]:
        if not shutil.which(program) and not pathlib.Path("/usr/sbin", program).exists():
            print(f"skipped: there is no {program}; tools/install-deps.sh test-quick installs it")
            sys.exit(SKIPPED)
    end_on_request()
    for check in [check_create, check_copytruncate, check_killed_service]:
        with tempfile.TemporaryDirectory() as folder:
            place = Place(sys.argv[1], folder)
            try:
                check(place)
            finally:
                place.end()
        print(check.__name__, "passed")


main()
