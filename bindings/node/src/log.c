/* SPDX-License-Identifier: MIT */
/* Lines become arrays at once, since what they point to stays until the next call only. */
#include "log.h"

#include "thing.h"
#include "value.h"

#include <mapring/log.h>
#include <mapring/log_reader.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH_LIMIT = 1024 };

static napi_value text_of(napi_env env, const char *text, size_t bytes)
{
    napi_value value = NULL;
    napi_create_string_utf8(env, text, bytes, &value);
    return value;
}

static napi_value big(napi_env env, uint64_t number)
{
    napi_value value = NULL;
    napi_create_bigint_uint64(env, number, &value);
    return value;
}

static napi_value decimal(napi_env env, double number)
{
    napi_value value = NULL;
    napi_create_double(env, number, &value);
    return value;
}

static napi_value null_value(napi_env env)
{
    napi_value value = NULL;
    napi_get_null(env, &value);
    return value;
}

/* A number if it is exact, otherwise a BigInt. */
static napi_value whole(napi_env env, uint64_t number)
{
    return number < UINT64_C(1) << 53 ? decimal(env, (double)number) : big(env, number);
}

static napi_value integer(napi_env env, int64_t number)
{
    const int64_t limit = INT64_C(1) << 53;
    napi_value value = NULL;
    if (number > -limit && number < limit)
        return decimal(env, (double)number);
    napi_create_bigint_int64(env, number, &value);
    return value;
}

static napi_value value_of(napi_env env, const struct mapring_log_value *value)
{
    switch (value->type) {
    case MAPRING_LOG_INTEGER: return integer(env, value->is.integer);
    case MAPRING_LOG_REAL: return decimal(env, value->is.real);
    case MAPRING_LOG_TEXT:
        return value->is.text ? text_of(env, value->is.text, value->bytes) : null_value(env);
    case MAPRING_LOG_NATURAL:
    case MAPRING_LOG_POINTER: break;
    }
    return whole(env, value->is.natural);
}

static napi_value values_of(napi_env env, const struct mapring_log_line *line)
{
    napi_value array;
    napi_create_array_with_length(env, line->value_count, &array);
    for (uint32_t i = 0; i < line->value_count; i++)
        napi_set_element(env, array, i, value_of(env, &line->values[i]));
    return array;
}

/* null where a value has no name. */
static napi_value names_of(napi_env env, const struct mapring_log_line *line)
{
    napi_value array;
    napi_create_array_with_length(env, line->value_count, &array);
    for (uint32_t i = 0; i < line->value_count; i++) {
        const struct mapring_log_value *value = &line->values[i];
        napi_set_element(env, array, i,
                         value->name ? text_of(env, value->name, value->name_bytes)
                                     : null_value(env));
    }
    return array;
}

static napi_value cut_of(napi_env env, const struct mapring_log_line *line)
{
    napi_value value = NULL;
    bool is_cut = false;
    for (size_t i = 0; i < line->value_count; i++)
        is_cut = is_cut || line->values[i].cut;
    napi_get_boolean(env, is_cut, &value);
    return value;
}

static napi_value line_of(napi_env env, const struct mapring_log_line *line)
{
    const napi_value parts[] = {
        decimal(env, line->level),
        big(env, line->time_ns),
        big(env, line->time_uncertainty_ns),
        text_of(env, line->text, line->text_bytes),
        values_of(env, line),
        names_of(env, line),
        cut_of(env, line),
        text_of(env, line->format, NAPI_AUTO_LENGTH),
        text_of(env, line->file, NAPI_AUTO_LENGTH),
        decimal(env, line->line),
        text_of(env, line->function, NAPI_AUTO_LENGTH),
        whole(env, line->process),
        whole(env, line->thread),
        text_of(env, line->thread_name, NAPI_AUTO_LENGTH),
        text_of(env, line->program, NAPI_AUTO_LENGTH),
        text_of(env, line->ring, NAPI_AUTO_LENGTH),
        big(env, line->sequence),
    };
    const uint32_t count = sizeof parts / sizeof *parts;
    napi_value array;
    napi_create_array_with_length(env, count, &array);
    for (uint32_t i = 0; i < count; i++)
        napi_set_element(env, array, i, parts[i]);
    return array;
}

static void keep_pending(struct thing *thing, int result, const struct mapring_log_line *line)
{
    thing->pending = result;
    if (result != MAPRING_NOTHING)
        thing->pending_error = *mapring_last_error();
    thing->pending_record = (struct mapring_record){
        .sequence = line->sequence,
        .lost_records = line->lost_records,
        .time_ns = line->time_ns,
        .lost_until_ns = line->lost_until_ns,
    };
    snprintf(thing->pending_ring, sizeof thing->pending_ring, "%s", line->ring ? line->ring : "");
}

/* Takes one line, also of a record that is none, or keeps what the library said instead. */
static bool take(napi_env env, struct thing *thing, napi_value lines, uint32_t at)
{
    struct mapring_log_line line = {0};
    napi_handle_scope scope;
    int result = mapring_log_reader_next(thing->object, &line, 0);
    if (result != MAPRING_OK && !(result == MAPRING_ERROR_DAMAGED && line.text_bytes > 0)) {
        keep_pending(thing, result, &line);
        return false;
    }
    napi_open_handle_scope(env, &scope);
    napi_set_element(env, lines, at, line_of(env, &line));
    napi_close_handle_scope(env, scope);
    return true;
}

static napi_value loss_of(napi_env env, const struct mapring_record *record)
{
    napi_value array;
    napi_create_array_with_length(env, 4, &array);
    napi_set_element(env, array, 0, big(env, record->sequence));
    napi_set_element(env, array, 1, big(env, record->lost_records));
    napi_set_element(env, array, 2, big(env, record->time_ns));
    napi_set_element(env, array, 3, big(env, record->lost_until_ns));
    return array;
}

/* What the library said after the last line, once. */
static napi_value tell_pending(napi_env env, struct thing *thing, napi_value answer)
{
    int result = thing->pending;
    thing->pending = MAPRING_OK;
    if (result < 0) {
        napi_throw(env, value_of_error(env, &thing->pending_error));
        return NULL;
    }
    napi_set_element(env, answer, 0, value_of_int(env, result));
    napi_set_element(env, answer, 2, loss_of(env, &thing->pending_record));
    napi_set_element(env, answer, 3, text_of(env, thing->pending_ring, NAPI_AUTO_LENGTH));
    return answer;
}

napi_value log_fetch(napi_env env, napi_callback_info info)
{
    napi_value arguments[2], answer, lines;
    size_t count = 2;
    int64_t limit;
    uint32_t taken = 0;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    struct thing *thing = thing_of(env, arguments[0]);
    if (!thing || !value_number(env, arguments[1], &limit))
        return NULL;
    if (limit < 1 || limit > BATCH_LIMIT)
        return value_throw(env, MAPRING_ERROR_ARGUMENT);
    napi_create_array(env, &answer);
    napi_create_array(env, &lines);
    while (!thing->pending && taken < limit && take(env, thing, lines, taken))
        taken++;
    if (taken == 0)
        return tell_pending(env, thing, answer);
    if (thing->pending == MAPRING_NOTHING)
        thing->pending = MAPRING_OK;
    napi_set_element(env, answer, 0, value_of_int(env, MAPRING_OK));
    napi_set_element(env, answer, 1, lines);
    return answer;
}

napi_value log_get_level(napi_env env, napi_callback_info info)
{
    napi_value arguments[2];
    size_t count = 2;
    char *name;
    int64_t scope;
    enum mapring_level level;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    if (!value_number(env, arguments[1], &scope) || !value_text(env, arguments[0], &name))
        return NULL;
    int result = mapring_level_get(name, (enum mapring_scope)scope, &level);
    free(name);
    return result == MAPRING_OK ? value_of_int(env, (int)level) : value_throw(env, result);
}

napi_value log_set_level(napi_env env, napi_callback_info info)
{
    napi_value arguments[3];
    size_t count = 3;
    char *name;
    int64_t scope, level;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    if (!value_number(env, arguments[1], &scope) || !value_number(env, arguments[2], &level) ||
        !value_text(env, arguments[0], &name))
        return NULL;
    int result = mapring_level_set(name, (enum mapring_scope)scope, (enum mapring_level)level);
    free(name);
    return result == MAPRING_OK ? value_of_int(env, result) : value_throw(env, result);
}
