/* SPDX-License-Identifier: MIT */
/* mapring dictionary: writes what the producers of a ring have defined. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/json.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/plain.h"
#include "shared/text.h"

static struct {
    enum mapring_scope scope;
    bool json;
} settings;

static const struct option_row options[] = {
    OPTION_SCOPE(&settings.scope),
    OPTION_JSON(&settings.json),
    {NULL, NULL, NULL, NULL, NULL},
};

/* Returns the payload with a terminator if it is UTF-8 without NUL, and in hexadecimal otherwise.
 * NULL: there is not enough memory. */
static char *payload_text(const struct mapring_entry *entry, bool *is_text)
{
    const unsigned char *payload = entry->payload;
    char *text = malloc(2 * entry->bytes + 1);
    uint32_t character = 1;
    size_t length, at = 0;
    while (at < entry->bytes && character != 0 &&
           (length = text_decode(payload + at, entry->bytes - at, &character)) > 0)
        at += length;
    *is_text = at == entry->bytes && character != 0;
    if (!text)
        return NULL;
    text[0] = '\0';
    for (size_t i = 0; !*is_text && i < entry->bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", payload[i]);
    if (*is_text && entry->bytes > 0) {
        memcpy(text, payload, entry->bytes);
        text[entry->bytes] = '\0';
    }
    return text;
}

static void print_json(const struct mapring_entry *entry, const char *text, bool is_text)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_number("offset", entry->offset);
    json_number("kind", entry->kind);
    json_number("bytes", entry->bytes);
    json_text(is_text ? "payload" : "hex", text);
    json_end();
}

static void print_line(const struct mapring_entry *entry, const char *text, bool is_text)
{
    printf("%10" PRIu64 " %10" PRIu32 " %8zu  %s", entry->offset, entry->kind, entry->bytes,
           is_text ? "" : "hex ");
    plain_print(stdout, text);
    putchar('\n');
}

static int print_entry(const struct mapring_entry *entry)
{
    bool is_text;
    char *text = payload_text(entry, &is_text);
    if (!text) {
        complain("not enough memory for the entry at offset %" PRIu64, entry->offset);
        return EXIT_FAILED;
    }
    (settings.json ? print_json : print_line)(entry, text, is_text);
    free(text);
    return EXIT_DONE;
}

static int run(int count, char **arguments)
{
    (void)count;
    mapring_dictionary *dictionary;
    struct mapring_entry entry;
    int status = EXIT_DONE;
    int result = mapring_dictionary_open(&dictionary, arguments[0], settings.scope);
    if (result != MAPRING_OK)
        return ring_failure();
    while (status == EXIT_DONE && os_interrupted() == 0 && !ferror(stdout) &&
           (result = mapring_dictionary_next(dictionary, &entry)) == MAPRING_OK)
        status = print_entry(&entry);
    if (result < 0)
        status = ring_failure();
    mapring_dictionary_close(dictionary);
    return status == EXIT_DONE ? os_interrupted() : status;
}

const struct command command_dictionary = {
    .name = "dictionary",
    .full_name = "mapring dictionary",
    .arguments = "NAME|FILE [OPTION...]",
    .summary = "write what the producers of a ring have defined",
    .help =
        "Writes the entries of a ring's dictionary, one per line: the offset in the dictionary, "
        "the kind, the length in bytes, and the payload. It reads what 'mapring dump' reads, "
        "and modifies nothing.",
    .options = options,
    .example = "mapring dictionary ./flight.ring --json",
    .end = "Exit status: 0 done, even if there are no entries; 1 failed, or the dictionary is "
           "damaged (everything before that place is written); 2 wrong usage; 128+N ended by "
           "signal N.",
    .least = 1,
    .most = 1,
    .run = run,
};
