# SPDX-License-Identifier: MIT
"""TLS with the certificates of a test authority for both sides, and each way in which a user can prove who he is. A
server of another authority is refused. The threads of one bridge all have the user that the environment names."""

import pathlib

from credentials import make_authority, make_certificate, make_nkey
from processes import Fault, Process


def play(place):
    for _ in place.rounds(1):
        for way in by_token, by_password, by_nkey:
            folder = place.new_folder()
            authorization, authentication, options = way(folder)
            authority = make_authority(folder)
            tls = tls_of_server(folder, authority)
            client = make_certificate(folder, 'client')
            options = [*options, '--tls-ca', authority, '--tls-cert', client[0], '--tls-key', client[1]]
            with place.server(tls + authorization, authority=authority, certificate=client,
                              authentication=authentication) as server:
                url = f'tls://localhost:{server.port}'
                check_stranger(place, folder, url, options)
                with place.lane(server, url=url, options=options) as lane:
                    lane.await_moment()
        carry_several_by_environment(place)


def carry_several_by_environment(place):
    authorization, authentication, _ = by_password(place.new_folder())
    with place.server(authorization, authentication=authentication) as server, place.rings(server) as rings:
        rings.environment |= {'MAPRING_NATS_USER': authentication['user'],
                              'MAPRING_NATS_PASSWORD': authentication['pass']}
        names = [f'app.{number}' for number in range(8)]
        for name in names:
            rings.create(name)
            rings.send(name, f'of {name}')
        out = rings.out(*names, '--create')
        for name in names:
            rings.await_stored(name)
        if authentication['pass'] in pathlib.Path(f'/proc/{out.popen.pid}/environ').read_text():
            raise Fault('everybody on this machine can read the password')
        out.interrupt()


def tls_of_server(folder, authority):
    certificate, key = make_certificate(folder, 'server')
    return f'tls {{ cert_file: "{certificate}", key_file: "{key}", ca_file: "{authority}", verify: true }}\n'


def by_token(folder):
    (folder / 'token').write_text('secret-token\n')
    return ('authorization { token: "secret-token" }', {'auth_token': 'secret-token'},
            ['--token-file', folder / 'token'])


def by_password(folder):
    (folder / 'user').write_text('somebody\nsecret-word\n')
    return ('authorization { users: [ { user: somebody, password: "secret-word" } ] }',
            {'user': 'somebody', 'pass': 'secret-word'}, ['--user-file', folder / 'user'])


def by_nkey(folder):
    seed, key = make_nkey(folder)
    return (f'authorization {{ users: [ {{ nkey: {key} }}, {{ user: test, password: "test" }} ] }}',
            {'user': 'test', 'pass': 'test'}, ['--nkey', seed])


def check_stranger(place, folder, url, options):
    """A bridge that trusts another authority only does not send."""
    stranger = make_authority(folder, 'stranger')
    options = [stranger if word == folder / 'authority.pem' else word for word in options]
    bridge = Process('stranger', [place.tools.mapring, 'bridge', 'in', 'ring', '--url', url, '--stream', 'S', *options],
                     folder, {'MAPRING_DIR': str(folder)})
    if bridge.wait() != 1 or 'certificate' not in bridge.said():
        raise Fault(f'a server of an unknown authority is not refused: {bridge.said()}')
    place.counts['refused'] += 1
