/* SPDX-License-Identifier: MIT */
/* Conversions between JavaScript and C. */
#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

napi_value value_throw_type(napi_env env, const char *message)
{
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message);
    return NULL;
}

bool value_number(napi_env env, napi_value value, int64_t *number)
{
    napi_valuetype type = napi_undefined;
    bool lossless = true;
    double decimal;
    napi_typeof(env, value, &type);
    if (type == napi_bigint) {
        napi_get_value_bigint_int64(env, value, number, &lossless);
    } else if (type == napi_number) {
        napi_get_value_double(env, value, &decimal);
        lossless = decimal >= -9007199254740991.0 && decimal <= 9007199254740991.0 &&
                   decimal == (double)(int64_t)decimal;
        *number = lossless ? (int64_t)decimal : 0;
    } else {
        value_throw_type(env, "expected a whole number or a BigInt");
        return false;
    }
    if (!lossless)
        napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "the number is not whole or out of range");
    return lossless;
}

bool value_text(napi_env env, napi_value value, char **text)
{
    size_t bytes = 0;
    *text = NULL;
    if (napi_get_value_string_utf8(env, value, NULL, 0, &bytes) != napi_ok) {
        value_throw_type(env, "expected a string");
        return false;
    }
    *text = malloc(bytes + 1);
    if (!*text || napi_get_value_string_utf8(env, value, *text, bytes + 1, &bytes) != napi_ok ||
        strlen(*text) != bytes) {
        value_throw_type(env, "the string must not contain a null character");
        free(*text);
        *text = NULL;
        return false;
    }
    return true;
}

bool value_bytes(napi_env env, napi_value value, const void **data, size_t *bytes)
{
    bool is_buffer = false;
    napi_is_buffer(env, value, &is_buffer); /* also of other views of bytes */
    if (is_buffer && napi_get_buffer_info(env, value, (void **)data, bytes) == napi_ok)
        return true;
    value_throw_type(env, "expected a string, a Buffer or a Uint8Array");
    return false;
}

napi_value value_of_int(napi_env env, int number)
{
    napi_value value = NULL;
    napi_create_int32(env, number, &value);
    return value;
}

static const char *const failure_codes[] = {
    [-MAPRING_ERROR_ARGUMENT] = "ARGUMENT",
    [-MAPRING_ERROR_NAME] = "NAME",
    [-MAPRING_ERROR_GEOMETRY] = "GEOMETRY",
    [-MAPRING_ERROR_GEOMETRY_DIFFERS] = "GEOMETRY_DIFFERS",
    [-MAPRING_ERROR_NOT_THERE] = "NOT_THERE",
    [-MAPRING_ERROR_EXISTS] = "EXISTS",
    [-MAPRING_ERROR_BEING_CREATED] = "BEING_CREATED",
    [-MAPRING_ERROR_WRONG_KIND] = "WRONG_KIND",
    [-MAPRING_ERROR_FOREIGN] = "FOREIGN",
    [-MAPRING_ERROR_DAMAGED] = "DAMAGED",
    [-MAPRING_ERROR_PERMISSION] = "PERMISSION",
    [-MAPRING_ERROR_NO_SPACE] = "NO_SPACE",
    [-MAPRING_ERROR_NO_MEMORY] = "NO_MEMORY",
    [-MAPRING_ERROR_PRODUCER_TAKEN] = "PRODUCER_TAKEN",
    [-MAPRING_ERROR_CONSUMERS_FULL] = "CONSUMERS_FULL",
    [-MAPRING_ERROR_RECORD_TOO_LARGE] = "RECORD_TOO_LARGE",
    [-MAPRING_ERROR_BUFFER_TOO_SMALL] = "BUFFER_TOO_SMALL",
    [-MAPRING_ERROR_NOTHING_HELD] = "NOTHING_HELD",
    [-MAPRING_ERROR_HELD] = "HELD",
    [-MAPRING_ERROR_FORKED] = "FORKED",
    [-MAPRING_ERROR_IN_USE] = "IN_USE",
    [-MAPRING_ERROR_SYSTEM] = "SYSTEM",
    [-MAPRING_ERROR_CONSUMER_TAKEN] = "CONSUMER_TAKEN",
    [-MAPRING_ERROR_POLICY] = "POLICY",
    [-MAPRING_ERROR_EVICTED] = "EVICTED",
};

static const char *const outcome_codes[] = {
    [MAPRING_NOTHING] = "NOTHING",
    [MAPRING_NO_ROOM] = "NO_ROOM",
    [MAPRING_TIMED_OUT] = "TIMED_OUT",
    [MAPRING_PRODUCER_CLOSED] = "PRODUCER_CLOSED",
    [MAPRING_PRODUCER_DIED] = "PRODUCER_DIED",
    [MAPRING_CONSUMER_GONE] = "CONSUMER_GONE",
    [MAPRING_LOST] = "LOST",
    [MAPRING_DROPPED] = "DROPPED",
    [MAPRING_REMOVED] = "REMOVED",
};

/* As in C, such as MAPRING_ERROR_NOT_THERE. */
static napi_value code_of(napi_env env, int result)
{
    char text[64];
    napi_value code = NULL;
    const int failures = sizeof failure_codes / sizeof *failure_codes;
    const int outcomes = sizeof outcome_codes / sizeof *outcome_codes;
    if (result < 0 && -result < failures)
        snprintf(text, sizeof text, "MAPRING_ERROR_%s", failure_codes[-result]);
    else if (result > 0 && result < outcomes)
        snprintf(text, sizeof text, "MAPRING_%s", outcome_codes[result]);
    else
        snprintf(text, sizeof text, "MAPRING_%d", result);
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &code);
    return code;
}

napi_value value_of_error(napi_env env, const struct mapring_error *error)
{
    napi_value text, ring, system, value = NULL;
    napi_create_string_utf8(env, error->text, NAPI_AUTO_LENGTH, &text);
    napi_create_string_utf8(env, error->name, NAPI_AUTO_LENGTH, &ring);
    napi_create_int64(env, error->system, &system);
    napi_create_error(env, code_of(env, error->code), text, &value);
    napi_set_named_property(env, value, "result", value_of_int(env, error->code));
    napi_set_named_property(env, value, "system", system);
    napi_set_named_property(env, value, "ring", ring);
    return value;
}

napi_value value_throw(napi_env env, int result)
{
    struct mapring_error error = *mapring_last_error();
    if (error.code != result) {
        error = (struct mapring_error){.code = result};
        snprintf(error.text, sizeof error.text, "%s", mapring_result_text(result));
    }
    napi_throw(env, value_of_error(env, &error));
    return NULL;
}
