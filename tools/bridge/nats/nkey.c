/* SPDX-License-Identifier: MIT */
/*
 * NKeys: base 32 of a kind (two bytes in a seed, one in a public key), the 32 bytes of an Ed25519
 * key, and a checksum of two bytes. libnats signs with a seed, but has to be told the public key;
 * OpenSSL, which it brings with it, knows it.
 */
#include "nkey.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "library.h"

enum {
    KEY_BYTES = 32,
    SEED_BYTES = 2 + KEY_BYTES + 2,
    PUBLIC_BYTES = 1 + KEY_BYTES + 2,
    KIND_SEED = 18 << 3,
    KIND_USER = 20 << 3,
    ED25519 = 1087 /* EVP_PKEY_ED25519 */
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static bool decode(const char *text, size_t length, unsigned char *bytes)
{
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < length; i++) {
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;
        if (!digit)
            return false;
        bits = bits << 5 | (uint32_t)(digit - digits);
        held += 5;
        if (held >= 8)
            *bytes++ = (unsigned char)(bits >> (held -= 8));
    }
    return true;
}

static void encode(const unsigned char *bytes, size_t count, char *text)
{
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < count; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 5;)
            *text++ = digits[bits >> (held -= 5) & 31];
    }
    *text = '\0';
}

/* CRC-16/XMODEM. */
static uint16_t checksum(const unsigned char *bytes, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum ^= (unsigned)bytes[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 0x8000 ? sum << 1 ^ 0x1021 : sum << 1;
    }
    return (uint16_t)sum;
}

static bool public_part(const unsigned char *secret, unsigned char *key)
{
    void *(*from_secret)(int, void *, const unsigned char *, size_t);
    int (*to_public)(const void *, unsigned char *, size_t *);
    void (*release)(void *);
    if (!library_find("EVP_PKEY_new_raw_private_key", &from_secret) ||
        !library_find("EVP_PKEY_get_raw_public_key", &to_public) ||
        !library_find("EVP_PKEY_free", &release))
        return false;
    size_t bytes = KEY_BYTES;
    void *pair = from_secret(ED25519, NULL, secret, KEY_BYTES);
    bool got = pair && to_public(pair, key, &bytes) == 1 && bytes == KEY_BYTES;
    release(pair);
    return got;
}

bool nkey_public(const char *seed, char key[NKEY_PUBLIC_LENGTH + 1])
{
    unsigned char secret[SEED_BYTES + 1], plain[PUBLIC_BYTES] = {KIND_USER};
    bool valid = strlen(seed) == NKEY_SEED_LENGTH && decode(seed, NKEY_SEED_LENGTH, secret) &&
                 (secret[0] & 0xf8) == KIND_SEED &&
                 ((secret[0] & 7) << 5 | (secret[1] & 0xf8) >> 3) == KIND_USER &&
                 checksum(secret, SEED_BYTES - 2) ==
                     (secret[SEED_BYTES - 2] | secret[SEED_BYTES - 1] << 8) &&
                 public_part(secret + 2, plain + 1);
    explicit_bzero(secret, sizeof secret);
    uint16_t sum = checksum(plain, PUBLIC_BYTES - 2);
    plain[PUBLIC_BYTES - 2] = (unsigned char)sum;
    plain[PUBLIC_BYTES - 1] = (unsigned char)(sum >> 8);
    encode(plain, PUBLIC_BYTES, key);
    return valid;
}
