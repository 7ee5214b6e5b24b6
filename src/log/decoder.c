/* SPDX-License-Identifier: MIT */
/* Making lines of the records of one ring. A record is copied first, since its producer may
 * overwrite it, or change it, meanwhile. */
#include "log/decoder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "log/content.h"
#include "log/format.h"
#include "log/known.h"
#include "reader/dictionary.h"

/* Entries of a dictionary that do no harm take less. */
enum { KNOWN_BYTES_MOST = 1 << 26 };

struct mapring_log_decoder {
    mapring_dictionary *dictionary; /* NULL: there is no ring, only what was defined */
    char *name; /* as given by the caller, or NULL */
    struct known known;
    /* The record: */
    struct mapring_record record;
    struct space copy;
    size_t at; /* what has been read of the copy */
    int result;
    uint32_t site_number;
    const struct described_site *site; /* NULL: the line has none */
    const struct described_thread *thread;
    struct described_site inlined;
    struct values values;
    struct text text;
    /* Of the site that was returned last: */
    unsigned char types[VALUES_MOST];
};

/* ---- Opening ---- */

static mapring_log_decoder *new_decoder(const char *name)
{
    mapring_log_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        fail_memory(name, "a decoder");
    return decoder;
}

static int keep_name(mapring_log_decoder *decoder, const char *name)
{
    size_t bytes = strlen(name) + 1;
    decoder->name = malloc(bytes);
    if (!decoder->name)
        return fail_memory(name, "a decoder");
    memcpy(decoder->name, name, bytes);
    return MAPRING_OK;
}

int mapring_log_decoder_open(mapring_log_decoder **out, const char *ring, enum mapring_scope scope)
{
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, ring,
                    "the argument that receives the decoder is a null pointer");
    *out = NULL;
    mapring_log_decoder *decoder = new_decoder(ring);
    if (!decoder)
        return MAPRING_ERROR_NO_MEMORY;
    int result = mapring_dictionary_open(&decoder->dictionary, ring, scope);
    if (result == MAPRING_OK)
        result = log_check_content(dictionary_ring(decoder->dictionary));
    if (result == MAPRING_OK)
        result = keep_name(decoder, ring);
    if (result == MAPRING_OK)
        *out = decoder;
    else
        mapring_log_decoder_close(decoder);
    return result;
}

int mapring_log_decoder_new(mapring_log_decoder **out, const char *ring)
{
    if (!out || !ring)
        return fail(MAPRING_ERROR_ARGUMENT, ring, "%s is a null pointer",
                    out ? "the name of the ring" : "the argument that receives the decoder");
    *out = NULL;
    mapring_log_decoder *decoder = new_decoder(ring);
    if (!decoder)
        return MAPRING_ERROR_NO_MEMORY;
    int result = keep_name(decoder, ring);
    if (result == MAPRING_OK)
        *out = decoder;
    else
        mapring_log_decoder_close(decoder);
    return result;
}

int decoder_of(mapring_log_decoder **out, const struct ring *ring)
{
    *out = new_decoder(ring->name.text);
    if (!*out)
        return MAPRING_ERROR_NO_MEMORY;
    int result = dictionary_of(&(*out)->dictionary, ring);
    if (result != MAPRING_OK) {
        free(*out);
        *out = NULL;
    }
    return result;
}

void decoder_turn_to(mapring_log_decoder *decoder, const struct ring *ring)
{
    dictionary_turn_to(decoder->dictionary, ring);
}

void mapring_log_decoder_close(mapring_log_decoder *decoder)
{
    if (!decoder)
        return;
    mapring_dictionary_close(decoder->dictionary);
    known_forget(&decoder->known);
    free(decoder->copy.at);
    free(decoder->text.space.at);
    free(decoder->name);
    free(decoder);
}

/* ---- Entries ---- */

static const char *ring_of(const mapring_log_decoder *decoder)
{
    return decoder->dictionary ? dictionary_ring(decoder->dictionary)->name.text : decoder->name;
}

/* Reads an entry; its kind is 0 if it is damaged, or not there yet. */
static int read_entry(mapring_log_decoder *decoder, uint32_t number, struct mapring_entry *entry)
{
    const struct mapring_error before = *mapring_last_error();
    int result = mapring_dictionary_at(decoder->dictionary, entry_offset(number), entry);
    if (result < 0 && result != MAPRING_ERROR_DAMAGED)
        return result;
    error_restore(&before);
    if (result != MAPRING_OK)
        *entry = (struct mapring_entry){0};
    return result == MAPRING_NOTHING ? MAPRING_NOTHING : MAPRING_OK;
}

/* NULL if it is not there yet, or after a failure. */
static const struct known_entry *look_up(mapring_log_decoder *decoder, uint32_t number)
{
    struct mapring_entry entry;
    const struct known_entry *known = known_find(&decoder->known, number);
    if (known || !decoder->dictionary)
        return known;
    int result = read_entry(decoder, number, &entry);
    if (result == MAPRING_OK)
        known = known_add(&decoder->known, number, entry.kind, entry.payload, entry.bytes);
    if (result == MAPRING_OK && !known)
        result = fail_memory(ring_of(decoder), "an entry of a dictionary");
    if (result < 0)
        decoder->result = result;
    return known;
}

static const struct described_site *find_site(mapring_log_decoder *decoder, uint32_t number)
{
    const struct known_entry *entry = look_up(decoder, number);
    return entry && entry->kind == ENTRY_SITE ? &entry->site : NULL;
}

/* Lines of a thread that is not known are good otherwise. */
static const struct described_thread *find_thread(mapring_log_decoder *decoder, uint32_t number)
{
    static const struct described_thread unknown = {0, 0, "", ""};
    const struct known_entry *entry = number ? look_up(decoder, number) : NULL;
    return entry && entry->kind == ENTRY_THREAD ? &entry->thread : &unknown;
}

/* ---- Records ---- */

static bool take_number(mapring_log_decoder *decoder, uint32_t *number)
{
    if (decoder->record.bytes - decoder->at < sizeof *number)
        return false;
    memcpy(number, decoder->copy.at + decoder->at, sizeof *number);
    decoder->at += sizeof *number;
    return true;
}

static const struct described_site *take_inlined(mapring_log_decoder *decoder)
{
    uint32_t bytes;
    if (!take_number(decoder, &bytes) || decoder->record.bytes - decoder->at < bytes ||
        !site_read(&decoder->inlined, decoder->copy.at + decoder->at, bytes))
        return NULL;
    decoder->at += bytes;
    return &decoder->inlined;
}

static int copy_record(mapring_log_decoder *decoder, const struct mapring_record *record)
{
    int result = space_grow(&decoder->copy, record->bytes + 1, ring_of(decoder), "a line");
    if (result != MAPRING_OK)
        return result;
    if (record->bytes)
        memcpy(decoder->copy.at, record->payload, record->bytes);
    decoder->record = *record;
    decoder->at = 0;
    return MAPRING_OK;
}

/* The numbers of the site and the thread. */
static bool read_head(mapring_log_decoder *decoder)
{
    uint32_t thread;
    if (!take_number(decoder, &decoder->site_number) || !take_number(decoder, &thread))
        return false;
    decoder->thread = find_thread(decoder, thread);
    decoder->site = decoder->site_number ? find_site(decoder, decoder->site_number)
                                         : take_inlined(decoder);
    return decoder->site;
}

uint32_t decoder_begin(mapring_log_decoder *decoder, const struct mapring_record *record)
{
    /* not covered: the dictionary is larger than those that logs have */
    if (decoder->dictionary && decoder->known.bytes > KNOWN_BYTES_MOST)
        known_forget(&decoder->known);
    decoder->site = NULL;
    decoder->site_number = 0;
    decoder->thread = find_thread(decoder, 0);
    decoder->text.bytes = 0;
    decoder->text.failed = false;
    decoder->values.count = 0;
    decoder->result = copy_record(decoder, record);
    return decoder->result == MAPRING_OK && read_head(decoder) ? decoder->site->level
                                                              : MAPRING_LEVEL_UNSET;
}

void line_begin(struct mapring_log_line *line, const struct mapring_record *record)
{
    *line = (struct mapring_log_line){
        .sequence = record->sequence,
        .time_ns = record->time_ns,
        .time_uncertainty_ns = record->time_uncertainty_ns,
        .text = "",
        .format = "",
        .file = "",
        .function = "",
        .program = "",
        .thread_name = "",
        .ring = "",
        .lost_records = record->lost_records,
        .lost_until_ns = record->lost_until_ns,
    };
}

static void set_site(struct mapring_log_line *line, const struct described_site *site)
{
    line->level = site->level;
    line->line = site->line;
    line->format = site->format;
    line->file = site->file;
    line->function = site->function;
}

static void set_thread(struct mapring_log_line *line, const struct described_thread *thread)
{
    line->process = thread->process;
    line->thread = thread->thread;
    line->program = thread->program;
    line->thread_name = thread->name;
}

/* A record without a site. */
static int refuse(mapring_log_decoder *decoder)
{
    struct text *text = &decoder->text;
    if (decoder->site_number)
        text_printf(text, "%%!(site %" PRIu32 ", which its dictionary does not have; %zu bytes)",
                    decoder->site_number, decoder->record.bytes);
    else
        text_printf(text, "%%!(not a line; %zu bytes)", decoder->record.bytes);
    return fail(MAPRING_ERROR_DAMAGED, ring_of(decoder),
                "record %" PRIu64 " of log '%s' is damaged: its site is not in the dictionary",
                decoder->record.sequence, ring_of(decoder));
}

static int refuse_values(const mapring_log_decoder *decoder)
{
    return fail(MAPRING_ERROR_DAMAGED, ring_of(decoder),
                "record %" PRIu64 " of log '%s' is damaged: it does not have the values that its "
                "site says (%s:%" PRIu32 ")",
                decoder->record.sequence, ring_of(decoder), decoder->site->file,
                decoder->site->line);
}

static int read_values(mapring_log_decoder *decoder, struct mapring_log_line *line)
{
    const struct described_site *site = decoder->site;
    bool fits = values_unpack(&decoder->values, site, decoder->copy.at + decoder->at,
                              decoder->record.bytes - decoder->at);
    set_site(line, site);
    format_line(&decoder->text, site->format, &decoder->values);
    line->values = decoder->values.value;
    line->value_count = decoder->values.count;
    return fits ? MAPRING_OK : refuse_values(decoder);
}

int decoder_finish(mapring_log_decoder *decoder, struct mapring_log_line *line)
{
    line_begin(line, &decoder->record);
    set_thread(line, decoder->thread);
    int result = decoder->result;
    if (result == MAPRING_OK)
        result = decoder->site ? read_values(decoder, line) : refuse(decoder);
    if (decoder->text.failed)
        result = MAPRING_ERROR_NO_MEMORY;
    if (result != MAPRING_OK)
        line->level = MAPRING_LEVEL_UNSET;
    if (decoder->text.bytes) {
        line->text = (const char *)decoder->text.space.at;
        line->text_bytes = decoder->text.bytes;
    }
    return result;
}

static int check(const mapring_log_decoder *decoder, const void *in, const void *out)
{
    if (!decoder)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the decoder is a null pointer");
    if (!in || !out)
        return fail(MAPRING_ERROR_ARGUMENT, decoder->name,
                    "an argument of the decoder of log '%s' is a null pointer", decoder->name);
    return decoder->dictionary ? dictionary_check(decoder->dictionary) : MAPRING_OK;
}

int mapring_log_decode(mapring_log_decoder *decoder, const struct mapring_record *record,
                       struct mapring_log_line *line)
{
    int result = check(decoder, record, line);
    if (result != MAPRING_OK)
        return result;
    decoder_begin(decoder, record);
    result = decoder_finish(decoder, line);
    line->ring = decoder->name;
    return result;
}

/* ---- Entries that are given to it ---- */

static int check_entry(const mapring_log_decoder *decoder, const struct mapring_entry *entry)
{
    int result = check(decoder, entry, entry);
    if (result != MAPRING_OK)
        return result;
    if (decoder->dictionary)
        return fail(MAPRING_ERROR_ARGUMENT, decoder->name,
                    "the decoder of log '%s' reads its dictionary: entries are given to one of "
                    "mapring_log_decoder_new()",
                    decoder->name);
    if (entry->offset % 8 != 0 || entry->offset > entry_offset(UINT32_MAX))
        return fail(MAPRING_ERROR_DAMAGED, decoder->name,
                    "no dictionary has an entry at offset %" PRIu64 ", as for log '%s'",
                    entry->offset, decoder->name);
    return MAPRING_OK;
}

int mapring_log_decoder_define(mapring_log_decoder *decoder, const struct mapring_entry *entry)
{
    int result = check_entry(decoder, entry);
    if (result != MAPRING_OK)
        return result;
    uint32_t number = entry_number(entry->offset);
    if (!known_find(&decoder->known, number) &&
        !known_add(&decoder->known, number, entry->kind, entry->payload, entry->bytes))
        return fail_memory(decoder->name, "an entry of a dictionary");
    return MAPRING_OK;
}

/* ---- Sites ---- */

static void hand_out(mapring_log_decoder *decoder, const struct described_site *found,
                     uint64_t offset, struct mapring_log_site *site)
{
    for (size_t i = 0; i < found->count; i++)
        decoder->types[i] = (unsigned char)values_type(found->types[i]);
    *site = (struct mapring_log_site){.level = found->level,
                                      .line = found->line,
                                      .format = found->format,
                                      .file = found->file,
                                      .function = found->function,
                                      .types = decoder->types,
                                      .value_count = found->count,
                                      .offset = offset};
}

static int next_entry_of_site(mapring_log_decoder *decoder, struct mapring_entry *entry)
{
    int result;
    do
        result = mapring_dictionary_next(decoder->dictionary, entry);
    while (result == MAPRING_OK && entry->kind != ENTRY_SITE);
    if (result == MAPRING_ERROR_DAMAGED) {
        struct mapring_error error = *mapring_last_error();
        dictionary_skip(decoder->dictionary);
        error_restore(&error);
    }
    return result;
}

static int check_sites(const mapring_log_decoder *decoder, const struct mapring_log_site *site)
{
    int result = check(decoder, site, site);
    if (result != MAPRING_OK || decoder->dictionary)
        return result;
    return fail(MAPRING_ERROR_ARGUMENT, decoder->name,
                "the decoder of log '%s' has no dictionary whose sites could be listed",
                decoder->name);
}

int mapring_log_next_site(mapring_log_decoder *decoder, struct mapring_log_site *site)
{
    struct mapring_entry entry;
    struct described_site found;
    int result = check_sites(decoder, site);
    if (result == MAPRING_OK)
        result = next_entry_of_site(decoder, &entry);
    if (result != MAPRING_OK)
        return result;
    if (!site_read(&found, entry.payload, entry.bytes))
        return fail(MAPRING_ERROR_DAMAGED, decoder->name,
                    "log '%s' is damaged: there is no valid site at offset %" PRIu64
                    " of its dictionary",
                    decoder->name, entry.offset);
    hand_out(decoder, &found, entry.offset, site);
    return MAPRING_OK;
}
