/* SPDX-License-Identifier: MIT */
/* The texts of results, and the last failure of each thread. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error_text.h"

static _Thread_local struct mapring_error last_error;
static _Thread_local int last_outcome; /* since that failure, and not asked for yet */

const char *mapring_result_text(int result)
{
    switch (result) {
    case MAPRING_OK: return "success";
    case MAPRING_NOTHING: return "nothing there";
    case MAPRING_NO_ROOM: return "no room";
    case MAPRING_TIMED_OUT: return "timed out";
    case MAPRING_PRODUCER_CLOSED: return "producer closed";
    case MAPRING_PRODUCER_DIED: return "producer died";
    case MAPRING_CONSUMER_GONE: return "consumer gone";
    case MAPRING_LOST: return "records lost";
    case MAPRING_DROPPED: return "record dropped";
    case MAPRING_REMOVED: return "ring removed";
    case MAPRING_ERROR_ARGUMENT: return "invalid argument";
    case MAPRING_ERROR_NAME: return "invalid ring name";
    case MAPRING_ERROR_GEOMETRY: return "invalid geometry";
    case MAPRING_ERROR_GEOMETRY_DIFFERS: return "ring exists with other properties";
    case MAPRING_ERROR_NOT_THERE: return "no such ring";
    case MAPRING_ERROR_EXISTS: return "ring already exists";
    case MAPRING_ERROR_BEING_CREATED: return "ring is still being created";
    case MAPRING_ERROR_WRONG_KIND: return "not a ring";
    case MAPRING_ERROR_FOREIGN: return "foreign ring layout";
    case MAPRING_ERROR_DAMAGED: return "ring is damaged";
    case MAPRING_ERROR_PERMISSION: return "permission denied";
    case MAPRING_ERROR_NO_SPACE: return "no space for the ring";
    case MAPRING_ERROR_NO_MEMORY: return "no memory or address space";
    case MAPRING_ERROR_PRODUCER_TAKEN: return "ring already has a producer";
    case MAPRING_ERROR_CONSUMERS_FULL: return "ring already has 32 consumers";
    case MAPRING_ERROR_RECORD_TOO_LARGE: return "record too large";
    case MAPRING_ERROR_BUFFER_TOO_SMALL: return "buffer too small";
    case MAPRING_ERROR_NOTHING_HELD: return "nothing reserved or held";
    case MAPRING_ERROR_HELD: return "still reserved or held";
    case MAPRING_ERROR_FORKED: return "handle belongs to the parent process";
    case MAPRING_ERROR_IN_USE: return "ring is in use";
    case MAPRING_ERROR_CONSUMER_TAKEN: return "consumer is already attached";
    case MAPRING_ERROR_POLICY: return "not possible with what the ring does when it is full, or with its origin";
    case MAPRING_ERROR_EVICTED: return "consumer was let go";
    case MAPRING_ERROR_SYSTEM: return "system failure";
    default: return "unknown result";
    }
}

/* A program that polls gets outcomes by the million, so their text is looked up only on request. */
const struct mapring_error *mapring_last_error(void)
{
    if (last_outcome != MAPRING_OK) {
        last_error = (struct mapring_error){.code = last_outcome};
        snprintf(last_error.text, sizeof last_error.text, "%s", mapring_result_text(last_outcome));
        last_outcome = MAPRING_OK;
    }
    return &last_error;
}

void error_restore(const struct mapring_error *error)
{
    last_error = *error;
    last_outcome = MAPRING_OK;
}

static void set_last_error(int code, long native, const char *ring, const char *format,
                           va_list arguments)
{
    last_outcome = MAPRING_OK;
    last_error.code = code;
    last_error.system = native;
    snprintf(last_error.name, sizeof last_error.name, "%s", ring ? ring : "");
    vsnprintf(last_error.text, sizeof last_error.text, format, arguments);
}

int fail(int code, const char *ring, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_last_error(code, 0, ring, format, arguments);
    va_end(arguments);
    return code;
}

int outcome(int result)
{
    if (result > MAPRING_OK)
        last_outcome = result;
    return result;
}

int fail_memory(const char *ring, const char *what)
{
    if (!ring)
        return fail(MAPRING_ERROR_NO_MEMORY, NULL, "cannot allocate memory for %s", what);
    return fail(MAPRING_ERROR_NO_MEMORY, ring, "cannot allocate memory for %s of ring '%s'", what,
                ring);
}

int fail_system(long native, const char *ring, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_last_error(platform_error_code(native), native, ring, format, arguments);
    va_end(arguments);

    char words[160];
    platform_error_text(native, words, sizeof words);
    size_t used = strlen(last_error.text);
    snprintf(last_error.text + used, sizeof last_error.text - used, ": %s", words);
    return last_error.code;
}
