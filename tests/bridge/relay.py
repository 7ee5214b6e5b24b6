#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A relay of TCP connections that can hold back what clients send, even after they have died, and cut connections.

usage: relay.py LISTEN-PORT PORT

Reads commands from standard input, one a line, and answers each with a line:
  hold     the connections that are open pass nothing more on to the server; later ones do
  held     answers how many bytes were held back so far
  holds    answers how many of the connections that are held back still have their client
  release  passes on what was held back
  cut      closes the connections that are open
"""

import pathlib
import queue
import socket
import sys
import threading

from processes import Process, await_true

CHUNK = 65536


class Connection:
    """From a client to the server. What clients send is taken from them at once, and passed on by another thread."""

    def __init__(self, client, port):
        self.client, self.server = client, socket.create_connection(('127.0.0.1', port))
        self.taken, self.may_pass, self.held = queue.SimpleQueue(), threading.Event(), 0
        self.has_client = True
        self.may_pass.set()
        for work in self.take, self.pass_on, self.answer:
            threading.Thread(target=work, daemon=True).start()

    def take(self):
        for data in received(self.client):
            self.taken.put(data)
            self.held += 0 if self.may_pass.is_set() else len(data)
        self.has_client = False
        self.taken.put(None)

    def pass_on(self):
        while (data := self.taken.get()) is not None:
            self.may_pass.wait()
            if not send(self.server, data):
                break
        self.may_pass.wait()
        shut(self.server)

    def answer(self):
        """What the server says to a dead client is lost."""
        for data in received(self.server):
            send(self.client, data)
        shut(self.client)

    def is_held(self):
        return self.has_client and not self.may_pass.is_set()

    def cut(self):
        shut(self.client)
        shut(self.server)
        self.may_pass.set()


def received(source):
    try:
        while data := source.recv(CHUNK):
            yield data
    except OSError:
        pass


def send(target, data):
    try:
        target.sendall(data)
        return True
    except OSError:
        return False


def shut(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def serve(listen_port, port):
    connections = []
    listener = socket.create_server(('127.0.0.1', listen_port))

    def accept():
        while True:
            client, _ = listener.accept()
            try:
                connections.append(Connection(client, port))
            except OSError:  # the server is not there
                client.close()

    def perform(command):
        if command == 'holds':
            return sum(connection.is_held() for connection in list(connections))
        for connection in list(connections):
            {'hold': connection.may_pass.clear, 'release': connection.may_pass.set, 'cut': connection.cut,
             'held': lambda: None}[command]()
        return sum(connection.held for connection in list(connections))

    threading.Thread(target=accept, daemon=True).start()
    print('listening', flush=True)
    for line in sys.stdin:
        print(perform(line.strip()), flush=True)


class Relay:
    """The process."""

    def __init__(self, folder, listen_port, port):
        self.folder, self.port, self.server_port = folder, listen_port, port
        self.process, self.answers = None, 0

    def start(self):
        self.process = Process('relay', [sys.executable, pathlib.Path(__file__), self.port, self.server_port],
                               self.folder)
        self.await_answer()
        return self

    def url(self):
        return f'nats://127.0.0.1:{self.port}'

    def await_answer(self):
        self.answers += 1
        await_true('the relay answers', lambda: len(self.process.said().split()) >= self.answers)
        return self.process.said().split()[-1]

    def tell(self, command):
        """What it answers; to a command that only does something, how many bytes were held back so far."""
        self.process.popen.stdin.write(f'{command}\n'.encode())
        self.process.popen.stdin.flush()
        return int(self.await_answer())

    def end(self):
        if self.process:
            self.process.kill()


if __name__ == '__main__':
    serve(*map(int, sys.argv[1:]))
