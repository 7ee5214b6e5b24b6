# SPDX-License-Identifier: MIT
"""What servers and clients prove themselves with, made by openssl: certificates of a test authority, and NKeys."""

import base64
import subprocess

AUTHORITY = 'authority'
EXTENSIONS = 'subjectAltName = DNS:localhost, IP:127.0.0.1\nextendedKeyUsage = serverAuth, clientAuth\n'
# What an NKey begins with: that it is a seed, and that it is a user's.
SEED, USER = 18 << 3, 20 << 3


def openssl(folder, *arguments, **options):
    return subprocess.run(['openssl', *map(str, arguments)], cwd=folder, check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options).stdout


def make_authority(folder, name=AUTHORITY):
    """NAME.pem and NAME.key; the path of the certificate."""
    openssl(folder, 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', 2,
            '-subj', f'/CN=test {name}', '-keyout', f'{name}.key', '-out', f'{name}.pem')
    return folder / f'{name}.pem'


def make_certificate(folder, name, authority=AUTHORITY):
    """Of this machine, signed by the authority; the paths of the certificate and the key."""
    openssl(folder, 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
            '-subj', f'/CN={name}', '-keyout', f'{name}.key', '-out', f'{name}.request')
    (folder / 'extensions').write_text(EXTENSIONS)
    openssl(folder, 'x509', '-req', '-in', f'{name}.request', '-CA', f'{authority}.pem', '-CAkey', f'{authority}.key',
            '-CAcreateserial', '-days', 2, '-extfile', 'extensions', '-out', f'{name}.pem')
    return folder / f'{name}.pem', folder / f'{name}.key'


def checksum(data):
    """CRC-16 as in XMODEM."""
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ (0x1021 if value & 0x8000 else 0)) & 0xffff
    return value.to_bytes(2, 'little')


def nkey(prefix, key):
    data = bytes(prefix) + key
    return base64.b32encode(data + checksum(data)).decode().rstrip('=')


def make_nkey(folder):
    """A file with a user's seed, and the public key that belongs to it."""
    openssl(folder, 'genpkey', '-algorithm', 'ed25519', '-outform', 'DER', '-out', 'nkey.der')
    private = (folder / 'nkey.der').read_bytes()[-32:]
    public = openssl(folder, 'pkey', '-inform', 'DER', '-in', 'nkey.der', '-pubout', '-outform', 'DER')[-32:]
    seed = folder / 'user.nk'
    seed.touch(0o600)
    seed.write_text(nkey([SEED | USER >> 5, (USER & 31) << 3], private) + '\n')
    return seed, nkey([USER], public)
