# SPDX-License-Identifier: MIT
"""Asks a NATS server with JetStream, by the text protocol of its clients. One connection for each question: the
server may have been killed since the last one."""

import base64
import json
import socket
import ssl

TIME_LIMIT_S = 2


class Unanswered(Exception):
    """The server is not there, has no leader, or does not answer in time."""


class Refused(Exception):
    """The server answers, and says why not."""


class Client:
    """Who asks, and how: `authentication` is what CONNECT says of it, `authority` the file of a certificate."""

    def __init__(self, port, authentication=None, authority=None, certificate=None):
        self.port, self.authentication = port, authentication or {}
        self.authority, self.certificate = authority, certificate

    def ask(self, subject, body=None):
        """The answer to a request of JetStream, "$JS.API." before its subject."""
        return self.publish(f'$JS.API.{subject}', json.dumps(body) if body else '')

    def publish(self, subject, body):
        """The answer to a message."""
        try:
            with socket.create_connection(('127.0.0.1', self.port), TIME_LIMIT_S) as plain:
                answer = json.loads(self.converse(plain, subject, body))
        except (OSError, ValueError) as error:
            raise Unanswered(f'{subject}: {error}') from None
        if 'error' in answer:
            raise Refused(f'{subject}: {answer["error"]}')
        return answer

    def converse(self, connection, subject, body):
        lines = connection.makefile('rb')
        self.expect(lines, b'INFO')
        if self.authority:
            context = ssl.create_default_context(cafile=self.authority)
            if self.certificate:
                context.load_cert_chain(*self.certificate)
            connection = context.wrap_socket(connection, server_hostname='localhost')
            connection.settimeout(TIME_LIMIT_S)
            lines = connection.makefile('rb')
        options = {'verbose': False, 'pedantic': False, 'headers': True, 'no_responders': True, **self.authentication}
        connection.sendall((f'CONNECT {json.dumps(options)}\r\nSUB inbox 1\r\n'
                            f'PUB {subject} inbox {len(body)}\r\n{body}\r\n').encode())
        answer = self.expect(lines, b'MSG')  # "no responders" comes as HMSG
        return lines.read(int(answer.split()[-1]))

    @staticmethod
    def expect(lines, operation):
        """Reads up to a line that begins so."""
        for line in lines:
            if line.startswith(operation):
                return line
            if line.startswith((b'-ERR', b'HMSG')):
                raise OSError(line.decode().strip())
        raise OSError('the server has closed the connection')


def make_stream(client, name, **settings):
    """Makes one like those of the bridge. The duplicate window is the shortest that a server takes."""
    client.ask(f'STREAM.CREATE.{name}', {
        'name': name, 'subjects': [f'mapring.{name}'], 'retention': 'limits', 'storage': 'file', 'discard': 'new',
        'max_consumers': -1, 'max_msgs': -1, 'max_bytes': -1, 'num_replicas': 1, **settings})


def stream_info(client, name):
    return client.ask(f'STREAM.INFO.{name}')


def empty_stream(client, name, last):
    """Deletes all messages before that number. The last message must stay: from it, the bridge knows where it was."""
    client.ask(f'STREAM.PURGE.{name}', {'seq': last})


def last_message(client, name):
    """The number and the headers of the last message of a stream; None if there is none."""
    last = stream_info(client, name)['state']['last_seq']
    if last == 0:
        return None
    headers = base64.b64decode(client.ask(f'STREAM.MSG.GET.{name}', {'seq': last})['message']['hdrs']).decode()
    return last, dict(line.split(': ', 1) for line in headers.splitlines()[1:] if ': ' in line)
