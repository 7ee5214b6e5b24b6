/* SPDX-License-Identifier: MIT */
/* Conversion and validation of UTF-8 and UTF-16. */
#include "text.h"

size_t text_unit(enum text_encoding encoding)
{
    return encoding == TEXT_UTF_16 ? 2 : 1;
}

static bool is_surrogate(uint32_t unit)
{
    return unit >= 0xd800 && unit < 0xe000;
}

/* The length of a character by its first byte, and the bits of the character in that byte. */
static size_t decode_first(unsigned char first, uint32_t *character)
{
    size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *character = first & masks[length];
    return first < 0xf5 ? length : 0;
}

size_t text_decode(const unsigned char *text, size_t bytes, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    *character = 0;
    size_t length = bytes > 0 ? decode_first(text[0], character) : 0;
    if (length > bytes)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        *character = *character << 6 | (text[i] & 0x3f);
    }
    bool sound = *character >= least[length] && *character < 0x110000 && !is_surrogate(*character);
    return sound ? length : 0;
}

size_t text_encode(uint32_t character, unsigned char *output)
{
    if (character < 0x80) {
        output[0] = (unsigned char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; --i, character >>= 6)
        output[i] = (unsigned char)(0x80 | (character & 0x3f));
    output[0] = (unsigned char)((0xf00 >> length & 0xff) | character);
    return length;
}

static size_t put_unit(uint32_t unit, unsigned char *output)
{
    output[0] = (unsigned char)unit;
    output[1] = (unsigned char)(unit >> 8);
    return 2;
}

static size_t encode_utf16(uint32_t character, unsigned char *output)
{
    if (character < 0x10000)
        return put_unit(character, output);
    character -= 0x10000;
    put_unit(0xd800 | character >> 10, output);
    return 2 + put_unit(0xdc00 | (character & 0x3ff), output + 2);
}

static uint32_t get_unit(const unsigned char *text)
{
    return (uint32_t)text[0] | (uint32_t)text[1] << 8;
}

bool text_is_string(const unsigned char *text, size_t bytes)
{
    uint32_t character;
    for (size_t length; bytes > 0; text += length, bytes -= length) {
        length = text_decode(text, bytes, &character);
        if (length == 0 || character == 0)
            return false;
    }
    return true;
}

size_t text_decode_utf16(const unsigned char *text, size_t bytes, uint32_t *character)
{
    if (bytes < 2)
        return 0;
    *character = get_unit(text);
    if (!is_surrogate(*character))
        return 2;
    uint32_t second = bytes >= 4 ? get_unit(text + 2) : 0;
    if (*character >= 0xdc00 || second < 0xdc00 || second >= 0xe000)
        return 0;
    *character = 0x10000 + ((*character & 0x3ff) << 10 | (second & 0x3ff));
    return 4;
}

typedef size_t decoder(const unsigned char *text, size_t bytes, uint32_t *character);
typedef size_t encoder(uint32_t character, unsigned char *output);

static size_t convert(decoder *decode, encoder *encode, const unsigned char *text, size_t bytes,
                      unsigned char *output, size_t *wrong)
{
    size_t written = 0;
    for (size_t done = 0; done < bytes;) {
        uint32_t character = 0;
        size_t length = decode(text + done, bytes - done, &character);
        if (length == 0) {
            *wrong = done;
            return SIZE_MAX;
        }
        done += length;
        written += encode(character, output + written);
    }
    return written;
}

size_t text_from_utf8(enum text_encoding encoding, const unsigned char *text, size_t bytes,
                      unsigned char *output, size_t *wrong)
{
    encoder *encode = encoding == TEXT_UTF_16 ? encode_utf16 : text_encode;
    return convert(text_decode, encode, text, bytes, output, wrong);
}

size_t text_to_utf8(enum text_encoding encoding, const unsigned char *text, size_t bytes,
                    unsigned char *output, size_t *wrong)
{
    decoder *decode = encoding == TEXT_UTF_16 ? text_decode_utf16 : text_decode;
    return convert(decode, text_encode, text, bytes, output, wrong);
}
