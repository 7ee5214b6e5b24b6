/* SPDX-License-Identifier: MIT */
/*
 * mapring: reads the lines of logs, live or post mortem, as mapring_log_open() and the macros of
 * log.h have written them. What mapring.h says about results, waiting, threads and forked children
 * holds here, too.
 *
 * Formats, types and records may be damaged, or made to do harm. Each conversion is held against the
 * value that was packed, and never passed on as a format as it is. What does not fit is written as
 * %!d(its value), what is missing as %!d(MISSING), what is left over as %!(EXTRA its value); %n is
 * written as %!n. Nothing is read outside of the record. */
#ifndef MAPRING_LOG_READER_H
#define MAPRING_LOG_READER_H

#include <mapring/mapring.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mapring_log_type {
    MAPRING_LOG_INTEGER = 1, /* is.integer */
    MAPRING_LOG_NATURAL = 2, /* is.natural: unsigned */
    MAPRING_LOG_REAL = 3,    /* is.real; a long double is rounded to it, but not in the text */
    MAPRING_LOG_POINTER = 4, /* is.natural */
    MAPRING_LOG_TEXT = 5     /* is.text; NULL for a null pointer */
};

struct mapring_log_value {
    enum mapring_log_type type;
    bool cut;             /* the string was longer than what is kept */
    uint8_t reserved_bytes[3];
    const char *name;     /* as `name=%d` says, not terminated; NULL: it has none */
    size_t name_bytes;
    union {
        int64_t integer;
        uint64_t natural;
        double real;
        const char *text; /* terminated, after `bytes` bytes */
    } is;
    size_t bytes;
    uint64_t reserved[2];
};

/* Strings are terminated, and never NULL: empty if unknown. All are valid until the next call with
 * the same decoder or reader. */
struct mapring_log_line {
    uint32_t level; /* enum mapring_level of log.h */
    uint32_t line;
    uint64_t sequence;
    uint64_t time_ns, time_uncertainty_ns;
    const char *text; /* formatted */
    size_t text_bytes;
    const char *format, *file, *function;
    const struct mapring_log_value *values;
    size_t value_count;
    uint64_t process, thread; /* the system's numbers; 0: unknown */
    const char *program, *thread_name;
    const char *ring;       /* from which it is, as named by the caller */
    uint64_t lost_records;  /* with MAPRING_LOST: how many lines are missing here, */
    uint64_t lost_until_ns; /* and from time_ns until when they were written */
    uint64_t reserved[8];
};

/* ---- The lines of one ring, whichever way its records are read ---- */

struct mapring_log_decoder;
typedef struct mapring_log_decoder mapring_log_decoder;

/* Opens the dictionary of a log's ring, as mapring_dictionary_open(): also of a file or an image.
 * MAPRING_ERROR_WRONG_KIND if the ring is not a log's. On failure *decoder is NULL. */
MAPRING_API int mapring_log_decoder_open(mapring_log_decoder **decoder, const char *ring,
                                         enum mapring_scope scope);
MAPRING_API void mapring_log_decoder_close(mapring_log_decoder *decoder); /* NULL is accepted */

/* Makes a decoder for records of a log's ring that is not there, as they are carried or recorded.
 * `ring` is what line->ring and messages call it. mapring_log_decoder_define() gives it an entry of
 * that ring's dictionary, of which it keeps a copy: each before the first record that refers to it.
 * What is defined already stays as it is. MAPRING_ERROR_DAMAGED if no dictionary has an entry at that
 * offset. Neither blocks. */
MAPRING_API int mapring_log_decoder_new(mapring_log_decoder **decoder, const char *ring);
MAPRING_API int mapring_log_decoder_define(mapring_log_decoder *decoder,
                                           const struct mapring_entry *entry);

/* Makes a line of a record of that ring. MAPRING_ERROR_DAMAGED if it is not one: then line->text says
 * what could be made of it, level is MAPRING_LEVEL_UNSET, and the next record may be good. Does not
 * block. */
MAPRING_API int mapring_log_decode(mapring_log_decoder *decoder,
                                   const struct mapring_record *record,
                                   struct mapring_log_line *line);

struct mapring_log_site {
    uint32_t level, line;
    const char *format, *file, *function;
    const unsigned char *types; /* enum mapring_log_type of its values */
    size_t value_count;
    uint64_t offset; /* of its entry in the dictionary */
    uint64_t reserved[4];
};

/* Returns the next site of the dictionary, beginning with the first one; MAPRING_NOTHING if there is
 * none yet. Entries that are no sites are passed over. MAPRING_ERROR_DAMAGED for an entry that is a
 * damaged site; the next call goes on after it if that can be found. MAPRING_ERROR_ARGUMENT for a
 * decoder of mapring_log_decoder_new(). Does not block. */
MAPRING_API int mapring_log_next_site(mapring_log_decoder *decoder, struct mapring_log_site *site);

/* ---- All rings of a log, in the order of time ---- */

struct mapring_log_reader;
typedef struct mapring_log_reader mapring_log_reader;

struct mapring_log_reader_options {
    enum mapring_scope scope;
    enum mapring_from from;       /* any but MAPRING_AT_SEQUENCE, as in struct
                                     mapring_merge_options */
    enum mapring_from after_lap;  /* as there */
    uint32_t level;               /* only lines of at least that level; 0: all */
    const char *name;             /* of a consumer, for logs that do not overwrite, as there */
    int64_t grace_ns;             /* as there */
    bool durable, observe, wait_producer; /* as there */
    uint8_t reserved_bytes[5];
    uint64_t reserved[8];
};

/* Opens all rings of the log: NAME, NAME.1, and so on, also those that appear later. NULL options
 * are all zero. MAPRING_ERROR_NOT_THERE if there is no ring NAME, unless options.wait_producer. On
 * failure *reader is NULL. */
MAPRING_API int mapring_log_reader_open(mapring_log_reader **reader, const char *name,
                                        const struct mapring_log_reader_options *options);
MAPRING_API void mapring_log_reader_close(mapring_log_reader *reader); /* NULL is accepted */

/* Returns the next line of all rings, and releases the one before. MAPRING_NOTHING with a timeout of
 * 0 and MAPRING_TIMED_OUT if there is none. MAPRING_LOST, MAPRING_PRODUCER_CLOSED,
 * MAPRING_PRODUCER_DIED, MAPRING_REMOVED and failures are about the ring line->ring alone, and the
 * next call goes on; so is MAPRING_ERROR_DAMAGED, for a line as for mapring_log_decode(). */
MAPRING_API int mapring_log_reader_next(mapring_log_reader *reader, struct mapring_log_line *line,
                                        int64_t timeout_ns);

#ifdef __cplusplus
}
#endif

#endif
