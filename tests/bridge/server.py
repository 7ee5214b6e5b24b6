# SPDX-License-Identifier: MIT
"""Real servers on this machine, one or a cluster of three, with ports and folders of their own."""

import random
import shutil
import socket
import subprocess

from jetstream import Client, Refused, Unanswered, make_stream, stream_info
from processes import Process, await_true

PROGRAM = 'nats-server'
# Below those that the system gives to clients, which could take the port of a server that is being restarted.
PORTS = range(20000, 32000)
REPLICAS = 3


def version():
    """What the server calls itself, or None if it is not installed."""
    if not shutil.which(PROGRAM):
        return None
    return subprocess.run([PROGRAM, '--version'], capture_output=True, text=True, check=True).stdout.strip()


def free_port():
    """A port that nobody listens at."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as trial:
            try:
                trial.bind(('127.0.0.1', port))
                return port
            except OSError:
                continue


class Server:
    """A server with JetStream. `settings` is more of its configuration, `client` takes what that asks of clients."""

    def __init__(self, folder, name='server', settings='', **client):
        self.folder, self.name, self.settings = folder, name, settings
        self.port, self.client_options = free_port(), client
        self.client = Client(self.port, **client)
        self.process = None
        (folder / name).mkdir()

    def url(self):
        return f'nats://127.0.0.1:{self.port}'

    def launch(self):
        configuration = self.folder / f'{self.name}.conf'
        configuration.write_text(f'''
server_name: {self.name}
listen: "127.0.0.1:{self.port}"
jetstream {{ store_dir: "{self.folder / self.name}", max_memory_store: 64MB, max_file_store: 8GB }}
{self.settings}''')
        self.process = Process(self.name, [PROGRAM, '-c', configuration], self.folder)

    def answers(self):
        try:
            return self.client.ask('INFO')
        except (Unanswered, Refused):
            return None

    def start(self):
        self.launch()
        await_true(f'{self.name} answers', self.answers_or_died)
        return self

    def answers_or_died(self):
        if self.process.ended() is not None:
            raise AssertionError(f'{self.name} ended: {self.process.said()}')
        return self.answers()

    def kill(self):
        self.process.kill()

    def stop(self):
        self.process.stop()

    def go_on(self):
        self.process.go_on()

    def end(self):
        if self.process:
            self.process.kill()

    def servers(self):
        return [self]


class Cluster:
    """Three servers that keep a copy of each stream."""

    def __init__(self, folder):
        routes = [free_port() for _ in range(REPLICAS)]
        urls = ', '.join(f'"nats://127.0.0.1:{route}"' for route in routes)
        self.nodes = [Server(folder, f'server{i}', f'''
cluster {{ name: test, listen: "127.0.0.1:{route}", routes: [{urls}] }}''') for i, route in enumerate(routes)]

    def url(self):
        return ','.join(node.url() for node in self.nodes)

    def start(self):
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            await_true(f'{node.name} answers', node.answers_or_died)
        await_true('the cluster makes streams', self.makes_streams)
        return self

    def makes_streams(self):
        """Whether the servers know each other well enough for that."""
        client = self.nodes[0].client
        try:
            make_stream(client, 'trial', num_replicas=REPLICAS)
            return client.ask('STREAM.DELETE.trial')
        except (Unanswered, Refused):
            return None

    def end(self):
        for node in self.nodes:
            node.end()

    def servers(self):
        return self.nodes

    def roles(self, stream):
        """The node that leads the stream, and the others; None while nobody does, or not all copies are there."""
        for node in self.nodes:
            try:
                cluster = stream_info(node.client, stream)['cluster']
            except (Unanswered, Refused):
                continue
            leader = [node for node in self.nodes if node.name == cluster.get('leader')]
            copies = cluster.get('replicas', [])
            if leader and len(copies) == REPLICAS - 1 and all(copy.get('current') for copy in copies):
                return leader[0], [node for node in self.nodes if node is not leader[0]]
        return None

    def await_roles(self, stream):
        return await_true(f'all copies of {stream} are there', lambda: self.roles(stream))
