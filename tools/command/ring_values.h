/* SPDX-License-Identifier: MIT */
/* Strict parsing of the option values that describe rings, records and mappings. The functions
 * return what those of shared/values.h return. */
#ifndef TOOLS_RING_VALUES_H
#define TOOLS_RING_VALUES_H

const char *value_capacity(const char *text, void *value);  /* uint64_t, a valid capacity */
const char *value_slot(const char *text, void *value);      /* uint32_t, not 0 */
const char *value_mode(const char *text, void *value);      /* uint32_t, octal */
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
const char *value_time_form(const char *text, void *value); /* enum time_form; NULL is accepted */
const char *value_grep(const char *text, void *value);      /* const char *, not empty */
const char *value_encoding(const char *text, void *value);  /* enum text_encoding */

#endif
