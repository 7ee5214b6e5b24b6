/* SPDX-License-Identifier: MIT */
/* A stream in the memory of this process, which stands in for a server: it does at once, and exactly
 * when a test wants it, what a real one does seldom. */
#ifndef MAPRING_TESTS_MEMORY_ENGINE_H
#define MAPRING_TESTS_MEMORY_ENGINE_H

#include "bridge/engine.h"

/* Empties the stream and forgets all that is below. */
void memory_reset(void);

void memory_publish(const struct engine_message *message); /* copies it */

/* What a server does with limits, and what it must not do. */
void memory_remove_first(uint64_t count);
void memory_lose(uint64_t number);

/* To change it in place. */
struct engine_message *memory_message(uint64_t number);
void memory_set_header(uint64_t number, const char *name, const char *value);

uint64_t memory_last(void);

/* For another process. */
void memory_save(const char *path);
void memory_load(const char *path);

/* The call of engine_next() after so many others fails with this result, and so does everything
 * else up to the next engine_connect(). */
void memory_fail_after(unsigned messages, enum engine_result result);

/* Calls that once, before the message of that number is delivered. */
void memory_before(uint64_t number, void (*call)(void));

unsigned memory_connections(void); /* since memory_reset() */

#endif
