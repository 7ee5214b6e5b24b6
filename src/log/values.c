/* SPDX-License-Identifier: MIT */
#include "log/values.h"

#include <string.h>

#include "log/long_double.h"

enum mapring_log_type values_type(unsigned char type)
{
    switch (type) {
    case MAPRING1_INT32:
    case MAPRING1_INT64:
        return MAPRING_LOG_INTEGER;
    case MAPRING1_UINT32:
    case MAPRING1_UINT64:
        return MAPRING_LOG_NATURAL;
    case MAPRING1_POINTER:
        return MAPRING_LOG_POINTER;
    case MAPRING1_TEXT:
        return MAPRING_LOG_TEXT;
    default:
        return MAPRING_LOG_REAL;
    }
}

/* Of a string, its length. */
static size_t fixed_bytes(unsigned char type)
{
    if (type == MAPRING1_LONG_DOUBLE)
        return LONG_DOUBLE_BYTES;
    return type == MAPRING1_INT32 || type == MAPRING1_UINT32 || type == MAPRING1_TEXT ? 4 : 8;
}

static void read_integer(struct mapring_log_value *value, const unsigned char *packed)
{
    int32_t integer;
    memcpy(&integer, packed, sizeof integer);
    if (value->type == MAPRING_LOG_INTEGER)
        value->is.integer = integer;
    else
        value->is.natural = (uint32_t)integer;
}

/* Returns the bytes of the string that follow the length; too many if it does not fit. */
static size_t read_text(struct mapring_log_value *value, unsigned char *packed, size_t rest)
{
    uint32_t length;
    memcpy(&length, packed, sizeof length);
    if (length == MAPRING1_NULL)
        return 0;
    value->bytes = length & ~MAPRING1_CUT;
    if (value->bytes > rest)
        return value->bytes;
    value->cut = length & MAPRING1_CUT;
    memmove(packed, packed + sizeof length, value->bytes);
    packed[value->bytes] = '\0';
    value->is.text = (const char *)packed;
    return value->bytes;
}

/* Returns the space of the value number `i`; more than there is if it does not fit. */
static size_t unpack(struct values *values, size_t i, enum long_double_kind kind,
                     unsigned char *packed, size_t bytes)
{
    struct mapring_log_value *value = &values->value[i];
    unsigned char type = values->types[i];
    size_t fixed = fixed_bytes(type);
    *value = (struct mapring_log_value){.type = values_type(type)};
    if (bytes < fixed)
        return fixed;
    if (type == MAPRING1_TEXT)
        return fixed + read_text(value, packed, bytes - fixed);
    if (type == MAPRING1_LONG_DOUBLE) {
        values->long_double[i] = long_double_read(packed, kind);
        value->is.real = (double)values->long_double[i];
    } else if (fixed == 4) {
        read_integer(value, packed);
    } else {
        memcpy(&value->is, packed, fixed);
    }
    return fixed;
}

bool values_unpack(struct values *values, const struct described_site *site, unsigned char *packed,
                   size_t bytes)
{
    values->types = site->types;
    for (values->count = 0; values->count < site->count; values->count++) {
        size_t taken = unpack(values, values->count, site->long_double, packed, bytes);
        if (taken > bytes)
            return false;
        packed += taken;
        bytes -= taken;
    }
    return bytes == 0;
}
