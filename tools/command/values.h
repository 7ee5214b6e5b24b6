/* SPDX-License-Identifier: MIT */
/*
 * Strict parsing of option values: all of the text must be valid. Each function returns NULL, or
 * a description of what it accepts, such as "a size such as 4096, 64K, 1MiB or 2G".
 */
#ifndef TOOLS_VALUES_H
#define TOOLS_VALUES_H

const char *value_size(const char *text, void *value);      /* uint64_t, not 0; K, M, G, T */
const char *value_offset(const char *text, void *value);    /* uint64_t; K, M, G, T */
const char *value_capacity(const char *text, void *value);  /* uint64_t, a valid capacity */
const char *value_count(const char *text, void *value);     /* uint64_t, not 0 */
const char *value_slot(const char *text, void *value);      /* uint32_t, not 0 */
const char *value_consumers(const char *text, void *value); /* unsigned, 1 to 32 */
const char *value_mode(const char *text, void *value);      /* uint32_t, octal */
const char *value_seconds(const char *text, void *value);   /* int64_t in nanoseconds */
const char *value_text(const char *text, void *value);      /* const char * */
const char *value_scope(const char *text, void *value);     /* enum mapring_scope */
const char *value_from(const char *text, void *value);      /* struct mapring_consumer_options */
const char *value_after_lap(const char *text, void *value); /* enum mapring_from */
const char *value_sequence(const char *text, void *value);  /* uint64_t */
const char *value_consumer(const char *text, void *value);  /* const char *, consumer name */
const char *value_when_full(const char *text, void *value); /* enum mapring_when_full */
const char *value_sync(const char *text, void *value);      /* struct mapring_options */
const char *value_numa_node(const char *text, void *value); /* struct mapring_options */
const char *value_framing(const char *text, void *value);   /* enum framing_kind */
const char *value_too_long(const char *text, void *value);  /* enum too_long */
const char *value_encoding(const char *text, void *value);  /* enum text_encoding */

#endif
