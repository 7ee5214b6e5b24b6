/* SPDX-License-Identifier: MIT */
/* Sends formatted text. It is formatted where it will lie in the ring: at once if a record of usual
 * size has room for certain, and otherwise once its length is known, so that a ring that is full
 * waits for, or drops, no more than the text. */
#include <stdarg.h>
#include <stdio.h>

#include "error.h"
#include "producer/producer.h"
#include "producer/send.h"
#include "record.h"

enum { USUAL_BYTES = 256 /* with the terminator */ };

/* Returns the length of the text, negative if there can be none, and writes as much of it as has
 * room. */
MAPRING_PRINTF(3, 0)
static int format_text(char *place, size_t room, const char *format, va_list values)
{
    va_list copy;
    va_copy(copy, values);
    int length = vsnprintf(place, room, format, copy);
    va_end(copy);
    return length;
}

/* Whether a reservation succeeds without anything else: it is neither waited for nor dropped. */
static bool has_room(const mapring_producer *producer, size_t bytes)
{
    const struct mapring_producer_hot *hot = &producer->hot;
    uint64_t end =
        hot->position + record_span(&hot->ring, bytes) + ring_slot_bytes(&producer->ring);
    return !(hot->ring.slow & MAPRING_SLOW) && ahead(end, hot->limit) <= 0;
}

/* Sends the text if it has the usual size. Returns whether that is done; *length is set anyway. */
MAPRING_PRINTF(3, 0)
static bool send_usual(mapring_producer *producer, int *length, const char *format, va_list values)
{
    void *place = NULL;
    mapring_producer_reserve(producer, USUAL_BYTES, &place, 0);
    *length = format_text(place, USUAL_BYTES, format, values);
    /* not covered: vsnprintf() fails */
    if (*length >= 0 && *length < USUAL_BYTES)
        return mapring_producer_commit(producer, (size_t)*length) == MAPRING_OK;
    mapring_producer_abort(producer);
    return false;
}

MAPRING_PRINTF(4, 0)
static int send_measured(mapring_producer *producer, size_t length, int64_t timeout_ns,
                         const char *format, va_list values)
{
    void *place = NULL;
    int result = producer_reserve_for(producer, length + 1, length, &place, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    format_text(place, length + 1, format, values);
    return mapring_producer_commit(producer, length);
}

static int check(const mapring_producer *producer, const char *format)
{
    int result = producer_check_free(producer);
    if (result != MAPRING_OK || format)
        return result;
    return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                "the format of the text for ring '%s' is a null pointer", producer->ring.name.text);
}

int mapring_producer_vprintf(mapring_producer *producer, int64_t timeout_ns, const char *format,
                             va_list values)
{
    int length, result = check(producer, format);
    if (result != MAPRING_OK)
        return result;
    if (!has_room(producer, USUAL_BYTES))
        length = format_text(NULL, 0, format, values);
    else if (send_usual(producer, &length, format, values))
        return MAPRING_OK;
    if (length < 0)
        return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                    "the text for ring '%s' cannot be formatted as \"%.200s\"; check that its "
                    "characters are valid in the locale",
                    producer->ring.name.text, format);
    return send_measured(producer, (size_t)length, timeout_ns, format, values);
}

int mapring_producer_printf(mapring_producer *producer, int64_t timeout_ns, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int result = mapring_producer_vprintf(producer, timeout_ns, format, values);
    va_end(values);
    return result;
}
