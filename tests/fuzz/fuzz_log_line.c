/* SPDX-License-Identifier: MIT */
/*
 * A hostile line of a log is decoded, with a hostile dictionary, whose checksums are put right, since
 * chance finds none.
 *
 *     byte 0      the bits below
 *     bytes 1, 2  how long the payloads of the two entries are
 *     others      these payloads, and the line
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"
#include "log/packed.h"
#include "mapring/log.h"
#include "mapring/log_reader.h"
#include "ring/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* Otherwise, the second entry is a thread, the line begins with the numbers of both entries, which
 * are good, and all of them are there. */
enum { SECOND_IS_SITE = 1, HAS_NUMBERS = 2, FIRST_IS_DAMAGED = 4, IS_CUT = 8, IS_ANOTHER_KIND = 16 };

enum { CAPACITY = 65536, DICTIONARY = 65536, INPUT_MOST = 4096 };

static char path[] = "/tmp/mapring-log-XXXXXX.ring";
static int file;

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void remove_ring(void)
{
    unlink(path);
}

static void make_ring(void)
{
    const struct mapring_options options = {.content = MAPRING_LOG_CONTENT,
                                            .capacity_bytes = CAPACITY,
                                            .dictionary_bytes = DICTIONARY,
                                            .times = true};
    mapring_ring *ring;
    file = mkstemps(path, (int)strlen(".ring"));
    must(file >= 0);
    atexit(remove_ring);
    must(mapring_open(&ring, path, &options) == MAPRING_OK);
    mapring_close(ring);
}

/* ---- The dictionary ---- */

struct input {
    const uint8_t *at;
    size_t bytes;
};

static struct input take(struct input *input, size_t bytes)
{
    struct input taken = {input->at, bytes < input->bytes ? bytes : input->bytes};
    input->at += taken.bytes;
    input->bytes -= taken.bytes;
    return taken;
}

static unsigned take_byte(struct input *input)
{
    struct input byte = take(input, 1);
    return byte.bytes ? *byte.at : 0;
}

static uint64_t put_entry(unsigned char *to, uint32_t kind, struct input payload)
{
    const struct ring_entry entry = {.bytes = (uint32_t)payload.bytes,
                                     .kind = kind,
                                     .crc = entry_crc(kind, payload.at, payload.bytes)};
    memcpy(to, &entry, sizeof entry);
    memcpy(to + sizeof entry, payload.at, payload.bytes);
    return entry_span(payload.bytes);
}

static void write_at(uint64_t offset, const void *from, size_t bytes)
{
    must(pwrite(file, from, bytes, (off_t)offset) == (ssize_t)bytes);
}

/* Returns the number of the second entry. */
static uint32_t write_dictionary(unsigned bits, struct input first, struct input second)
{
    static unsigned char dictionary[INPUT_MOST];
    memset(dictionary, 0, sizeof dictionary);
    uint64_t behind_first =
        put_entry(dictionary, bits & IS_ANOTHER_KIND ? ENTRY_SITE + 1 : ENTRY_SITE, first);
    uint64_t used =
        behind_first + put_entry(dictionary + behind_first,
                                 bits & SECOND_IS_SITE ? ENTRY_SITE : ENTRY_THREAD, second);
    if (bits & FIRST_IS_DAMAGED)
        dictionary[offsetof(struct ring_entry, crc)] ^= 1;
    if (bits & IS_CUT)
        used -= 8;
    write_at(ring_file_bytes(CAPACITY, 0), dictionary, sizeof dictionary);
    write_at(offsetof(struct ring_header, dictionary_used), &used, sizeof used);
    return entry_number(behind_first);
}

/* ---- The line ---- */

static void check_text(const char *text)
{
    must(text != NULL);
    must(strlen(text) < INPUT_MOST);
}

static void check_value(const struct mapring_log_line *line, const struct mapring_log_value *value)
{
    must(value->type >= MAPRING_LOG_INTEGER && value->type <= MAPRING_LOG_TEXT);
    if (value->type == MAPRING_LOG_TEXT && value->is.text)
        must(value->is.text[value->bytes] == '\0');
    if (value->name)
        must(value->name >= line->format &&
             value->name + value->name_bytes < line->format + strlen(line->format));
}

static void check_line(int result, const struct mapring_log_line *line)
{
    must(result == MAPRING_OK || result == MAPRING_ERROR_DAMAGED);
    must((result == MAPRING_OK) == (line->level != MAPRING_LEVEL_UNSET));
    must(line->level < MAPRING_LEVEL_OFF);
    must(line->text[line->text_bytes] == '\0');
    check_text(line->format);
    check_text(line->file);
    check_text(line->function);
    check_text(line->program);
    check_text(line->thread_name);
    for (size_t i = 0; i < line->value_count; i++)
        check_value(line, &line->values[i]);
}

static void decode(mapring_log_decoder *decoder, const unsigned char *line, size_t bytes)
{
    /* As large as the line, so that the sanitizer sees what is read behind it. */
    void *copy = malloc(bytes ? bytes : 1);
    struct mapring_log_line first, second;
    must(copy != NULL);
    memcpy(copy, line, bytes);
    const struct mapring_record record = {.payload = copy, .bytes = bytes};
    int result = mapring_log_decode(decoder, &record, &first);
    check_line(result, &first);
    size_t text_bytes = first.text_bytes;
    must(mapring_log_decode(decoder, &record, &second) == result); /* by what it knows now */
    check_line(result, &second);
    must(second.text_bytes == text_bytes);
    free(copy);
}

static void read_sites(mapring_log_decoder *decoder)
{
    struct mapring_log_site site;
    unsigned count = 0;
    int result;
    while ((result = mapring_log_next_site(decoder, &site)) != MAPRING_NOTHING) {
        must(result == MAPRING_OK || result == MAPRING_ERROR_DAMAGED);
        must(++count <= 2);
        if (result == MAPRING_OK)
            check_text(site.format);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static unsigned char line[INPUT_MOST + LINE_BYTES];
    struct input input = {data, bytes < INPUT_MOST / 2 ? bytes : INPUT_MOST / 2};
    mapring_log_decoder *decoder;
    size_t head = 0;
    if (!file)
        make_ring();
    unsigned bits = take_byte(&input), first_bytes = take_byte(&input);
    unsigned second_bytes = take_byte(&input);
    struct input first = take(&input, first_bytes), second = take(&input, second_bytes);
    const uint32_t numbers[] = {1, write_dictionary(bits, first, second)};
    if (!(bits & HAS_NUMBERS)) {
        memcpy(line, numbers, sizeof numbers);
        head = sizeof numbers;
    }
    memcpy(line + head, input.at, input.bytes);
    must(mapring_log_decoder_open(&decoder, path, MAPRING_LOCAL) == MAPRING_OK);
    decode(decoder, line, head + input.bytes);
    read_sites(decoder);
    mapring_log_decoder_close(decoder);
    return 0;
}
