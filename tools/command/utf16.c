/* SPDX-License-Identifier: MIT */
/* Converts a feed of UTF-16 to UTF-8 as it comes. */
#include "utf16.h"

#include <inttypes.h>
#include <string.h>

#include "shared/message.h"
#include "shared/text.h"

enum { UNIT = 2, REPLACEMENT = 0xfffd, MOST_GROWTH = 3 };

/* Returns how many bytes the byte order mark takes. */
static size_t take_mark(struct utf16 *utf16, const unsigned char *text)
{
    bool is_big = text[0] == 0xfe && text[1] == 0xff,
         is_little = text[0] == 0xff && text[1] == 0xfe;
    utf16->is_begun = true;
    if (is_big || is_little)
        utf16->is_big_endian = is_big;
    return is_big || is_little ? UNIT : 0;
}

/* Returns the character's length in bytes; 0: invalid or incomplete. */
static size_t decode(const struct utf16 *utf16, const unsigned char *text, size_t bytes,
                     uint32_t *character)
{
    unsigned char little_endian[2 * UNIT];
    size_t whole = bytes < sizeof little_endian ? bytes / UNIT * UNIT : sizeof little_endian;
    for (size_t at = 0; at < whole; at++)
        little_endian[at] = text[utf16->is_big_endian ? at ^ 1 : at];
    return text_decode_utf16(little_endian, whole, character);
}

static bool is_first_half(const struct utf16 *utf16, const unsigned char *unit)
{
    return (unit[utf16->is_big_endian ? 0 : 1] & 0xfc) == 0xd8;
}

/* Whether the character may go on with bytes that are still to come. */
static bool is_incomplete(const struct utf16 *utf16, const unsigned char *text, size_t bytes)
{
    return !utf16->is_at_end && (bytes < UNIT || (bytes < 2 * UNIT && is_first_half(utf16, text)));
}

/* Converts what is complete, and returns how many bytes of UTF-8 it has. */
static size_t convert(struct utf16 *utf16, size_t done, unsigned char *output)
{
    size_t written = 0;
    while (done < utf16->held && !is_incomplete(utf16, utf16->raw + done, utf16->held - done)) {
        uint32_t character = REPLACEMENT;
        size_t left = utf16->held - done;
        size_t length = decode(utf16, utf16->raw + done, left, &character);
        if (length == 0) {
            character = REPLACEMENT;
            length = left < UNIT ? left : UNIT;
            utf16->replaced++;
        }
        written += text_encode(character, output + written);
        done += length;
    }
    utf16->held -= done;
    memmove(utf16->raw, utf16->raw + done, utf16->held);
    return written;
}

static ptrdiff_t fill(struct utf16 *utf16, size_t bytes)
{
    size_t room = sizeof utf16->raw - utf16->held;
    ptrdiff_t got = utf16->from.read(utf16->from.context, utf16->raw + utf16->held,
                                     bytes < room ? bytes : room);
    utf16->is_at_end = got == FEED_END;
    utf16->held += got > 0 ? (size_t)got : 0;
    return got;
}

/* A unit of 2 bytes has up to 3 in UTF-8. */
static ptrdiff_t read_utf8(void *context, void *buffer, size_t bytes)
{
    struct utf16 *utf16 = context;
    while (!utf16->is_at_end || utf16->held > 0) {
        ptrdiff_t got = fill(utf16, bytes / MOST_GROWTH - 2 * UNIT);
        if (got < 0)
            return got;
        if (!utf16->is_begun && utf16->held < UNIT && !utf16->is_at_end)
            continue;
        bool may_have_mark = !utf16->is_begun && utf16->held >= UNIT;
        size_t written = convert(utf16, may_have_mark ? take_mark(utf16, utf16->raw) : 0, buffer);
        if (written > 0)
            return (ptrdiff_t)written;
    }
    return FEED_END;
}

struct feed utf16_feed(struct utf16 *utf16, enum input_encoding encoding, struct feed from)
{
    utf16->from = from;
    utf16->is_big_endian = encoding == INPUT_UTF_16BE;
    utf16->is_begun = utf16->is_at_end = false;
    utf16->held = 0;
    return (struct feed){read_utf8, utf16};
}

void utf16_skip_mark(struct utf16 *utf16, const unsigned char *mark)
{
    take_mark(utf16, mark);
}

void utf16_tell_replaced(const struct utf16 *utf16)
{
    if (utf16->replaced > 0)
        complain("replaced %" PRIu64 " 16-bit units that are not valid UTF-16 with U+FFFD",
                 utf16->replaced);
}

const char *value_input_encoding(const char *text, void *value)
{
    static const struct {
        const char *name;
        enum input_encoding encoding;
    } known[] = {{"utf-8", INPUT_UTF_8},
                 {"utf-16", INPUT_UTF_16LE},
                 {"utf-16le", INPUT_UTF_16LE},
                 {"utf-16be", INPUT_UTF_16BE}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(text, known[i].name) == 0) {
            *(enum input_encoding *)value = known[i].encoding;
            return NULL;
        }
    }
    return "utf-8, utf-16, utf-16le or utf-16be";
}
