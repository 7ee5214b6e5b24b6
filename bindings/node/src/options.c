/* SPDX-License-Identifier: MIT */
/* The fields of all options, by their names. */
#include "options.h"

#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum type { NUMBER, TRUTH, TEXT };

struct field {
    enum options_kind kind;
    const char *name;
    size_t offset, bytes;
    enum type type;
};

#define FIELD(kind, member, name, type)                                 \
    {                                                                   \
        kind, name, offsetof(struct options, member),                   \
            sizeof(((struct options *)NULL)->member), type              \
    }
#define RING(member, name, type)       FIELD(OPTIONS_RING, ring.member, name, type)
#define CONSUMER(member, name, type)   FIELD(OPTIONS_CONSUMER, consumer.member, name, type)
#define OBSERVER(member, name, type)   FIELD(OPTIONS_OBSERVER, observer.member, name, type)
#define MERGE(member, name, type)      FIELD(OPTIONS_MERGE, merge.member, name, type)
#define LOG_READER(member, name, type) FIELD(OPTIONS_LOG_READER, log_reader.member, name, type)

static const struct field fields[] = {
    RING(how, "how", NUMBER),
    RING(scope, "scope", NUMBER),
    RING(capacity_bytes, "capacityBytes", NUMBER),
    RING(slot_bytes, "slotBytes", NUMBER),
    RING(mode, "mode", NUMBER),
    RING(when_full, "whenFull", NUMBER),
    RING(sync, "sync", NUMBER),
    RING(sync_interval_ms, "syncIntervalMs", NUMBER),
    RING(prefault, "prefault", TRUTH),
    RING(huge, "huge", TRUTH),
    RING(on_numa_node, "onNumaNode", TRUTH),
    RING(numa_node, "numaNode", NUMBER),
    RING(trust_owner, "trustOwner", TRUTH),
    RING(dictionary_bytes, "dictionaryBytes", NUMBER),
    RING(content, "content", TEXT),
    RING(times, "times", TRUTH),
    RING(max_lag_attached_bytes, "maxLagAttachedBytes", NUMBER),
    RING(group, "group", TEXT),
    RING(origin, "origin", TEXT),
    RING(first_sequence, "firstSequence", NUMBER),

    CONSUMER(scope, "scope", NUMBER),
    CONSUMER(from, "from", NUMBER),
    CONSUMER(sequence, "sequence", NUMBER),
    CONSUMER(name, "name", TEXT),
    CONSUMER(durable, "durable", TRUTH),
    CONSUMER(max_lag_bytes, "maxLagBytes", NUMBER),
    CONSUMER(wake_bytes, "wakeBytes", NUMBER),
    CONSUMER(wake_delay_ns, "wakeDelayNs", NUMBER),
    CONSUMER(prefault, "prefault", TRUTH),
    CONSUMER(wait_producer, "waitProducer", TRUTH),
    CONSUMER(every_run, "everyRun", TRUTH),

    OBSERVER(scope, "scope", NUMBER),
    OBSERVER(from, "from", NUMBER),
    OBSERVER(after_lap, "afterLap", NUMBER),
    OBSERVER(prefault, "prefault", TRUTH),
    OBSERVER(wait_producer, "waitProducer", TRUTH),

    MERGE(scope, "scope", NUMBER),
    MERGE(from, "from", NUMBER),
    MERGE(after_lap, "afterLap", NUMBER),
    MERGE(rings_limit, "ringsLimit", NUMBER),
    MERGE(name, "name", TEXT),
    MERGE(max_lag_bytes, "maxLagBytes", NUMBER),
    MERGE(grace_ns, "graceNs", NUMBER),
    MERGE(durable, "durable", TRUTH),
    MERGE(prefault, "prefault", TRUTH),
    MERGE(wait_producer, "waitProducer", TRUTH),
    MERGE(observe, "observe", TRUTH),

    LOG_READER(scope, "scope", NUMBER),
    LOG_READER(from, "from", NUMBER),
    LOG_READER(after_lap, "afterLap", NUMBER),
    LOG_READER(level, "level", NUMBER),
    LOG_READER(name, "name", TEXT),
    LOG_READER(grace_ns, "graceNs", NUMBER),
    LOG_READER(durable, "durable", TRUTH),
    LOG_READER(observe, "observe", TRUTH),
    LOG_READER(wait_producer, "waitProducer", TRUTH),
};

static const struct field *find(enum options_kind kind, const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].kind == kind && strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

static bool refuse(napi_env env, const char *format, const char *name)
{
    char text[128];
    snprintf(text, sizeof text, format, name);
    napi_throw_range_error(env, "ERR_INVALID_ARG_VALUE", text);
    return false;
}

static bool set_number(napi_env env, napi_value value, const struct field *field, void *place)
{
    int64_t number;
    if (!value_number(env, value, &number))
        return false;
    if (field->bytes == sizeof(uint32_t)) {
        uint32_t word = (uint32_t)number;
        if (number < 0 || number > UINT32_MAX)
            return refuse(env, "the option '%s' is out of range", field->name);
        memcpy(place, &word, sizeof word);
    } else {
        memcpy(place, &number, sizeof number);
    }
    return true;
}

static bool set_text(napi_env env, napi_value value, struct options *options, void *place)
{
    char *text;
    if (!value_text(env, value, &text))
        return false;
    options->texts[options->texts_count++] = text;
    memcpy(place, &text, sizeof text);
    return true;
}

static bool set(napi_env env, napi_value value, const struct field *field, struct options *options)
{
    void *place = (char *)options + field->offset;
    if (field->type == NUMBER)
        return set_number(env, value, field, place);
    if (field->type == TEXT)
        return set_text(env, value, options, place);
    if (napi_get_value_bool(env, value, place) == napi_ok)
        return true;
    return refuse(env, "the option '%s' must be true or false", field->name);
}

static bool read_one(napi_env env, napi_value object, napi_value key, enum options_kind kind,
                     struct options *options)
{
    char *name;
    napi_value value;
    napi_valuetype type = napi_undefined;
    if (!value_text(env, key, &name))
        return false;
    const struct field *field = find(kind, name);
    bool done = field || refuse(env, "there is no option '%s'", name);
    free(name);
    if (!done)
        return false;
    napi_get_property(env, object, key, &value);
    napi_typeof(env, value, &type);
    return type == napi_undefined || set(env, value, field, options);
}

bool options_read(napi_env env, napi_value object, enum options_kind kind, struct options *options)
{
    napi_value keys, key;
    uint32_t count = 0;
    *options = (struct options){0};
    if (napi_get_property_names(env, object, &keys) != napi_ok)
        return value_throw_type(env, "options must be an object");
    napi_get_array_length(env, keys, &count);
    for (uint32_t i = 0; i < count; i++) {
        napi_get_element(env, keys, i, &key);
        if (!read_one(env, object, key, kind, options)) {
            options_free(options);
            return false;
        }
    }
    return true;
}

void options_free(struct options *options)
{
    for (unsigned i = 0; i < options->texts_count; i++)
        free(options->texts[i]);
    options->texts_count = 0;
}
