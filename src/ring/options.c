/* SPDX-License-Identifier: MIT */
/* Checks the options for opening a ring, whether it exists or not. */
#include "ring/options.h"

#include <inttypes.h>
#include <string.h>

#include "error.h"
#include "platform.h"
#include "ring/geometry.h"

static int refuse(const char *name, const char *field, int value)
{
    return fail(MAPRING_ERROR_ARGUMENT, name, "invalid options.%s for ring '%s': %d", field, name,
                value);
}

static int check_geometry(const struct mapring_options *options, const char *name)
{
    if (options->capacity_bytes && !capacity_is_valid(options->capacity_bytes))
        return fail(MAPRING_ERROR_GEOMETRY, name,
                    "invalid capacity %" PRIu64 " for ring '%s': it must be a power of two from "
                    "64 KiB to 64 TiB",
                    options->capacity_bytes, name);
    if (options->slot_bytes && !slot_size_is_valid(options->slot_bytes))
        return fail(MAPRING_ERROR_GEOMETRY, name,
                    "invalid slot size %" PRIu32 " for ring '%s': it must be a power of two from 8 "
                    "to 256",
                    options->slot_bytes, name);
    return MAPRING_OK;
}

static int check_meaning(const struct mapring_options *options, const char *name)
{
    if (options->dictionary_bytes > DICTIONARY_MAX)
        return fail(MAPRING_ERROR_GEOMETRY, name,
                    "invalid dictionary of %" PRIu64
                    " bytes for ring '%s': it can have up to 1 GiB",
                    options->dictionary_bytes, name);
    if (!options->content)
        return MAPRING_OK;
    if (strlen(options->content) >= CONTENT_BYTES)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid content '%.80s' for ring '%s': it has %zu bytes; the limit is %d",
                    options->content, name, strlen(options->content), CONTENT_BYTES - 1);
    if (!text_is_valid(options->content, CONTENT_BYTES))
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid content for ring '%s': it must be UTF-8 without control characters",
                    name);
    return MAPRING_OK;
}

static int check_first_sequence(const struct mapring_options *options, const char *name)
{
    if (options->first_sequence && !options_origin(options))
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "options.first_sequence is only for a ring that repeats another one; give "
                    "options.origin for ring '%s' as well",
                    name);
    if (options->first_sequence > INT64_MAX)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid options.first_sequence for ring '%s': %" PRIu64
                    "; it must be below 2^63",
                    name, options->first_sequence);
    return MAPRING_OK;
}

static int check_origin(const char *origin, const struct mapring_options *options, const char *name)
{
    if (strlen(origin) >= ORIGIN_BYTES)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid origin '%.80s' for ring '%s': it has %zu bytes; the limit is %d",
                    origin, name, strlen(origin), ORIGIN_BYTES - 1);
    if (!text_is_valid(origin, ORIGIN_BYTES))
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid origin for ring '%s': it must be UTF-8 without control characters",
                    name);
    if (options->when_full == MAPRING_DROP)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "ring '%s' cannot repeat another one and drop records: choose a ring that "
                    "blocks or overwrites",
                    name);
    return MAPRING_OK;
}

static int check_max_lag(const struct mapring_options *options, const char *name)
{
    if (options->max_lag_attached_bytes && options->when_full != MAPRING_UNSPECIFIED &&
        options->when_full != MAPRING_BLOCK)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "options.max_lag_attached_bytes is only for a ring that blocks, but ring '%s' "
                    "is to drop or overwrite",
                    name);
    return MAPRING_OK;
}

static int check_sync(const struct mapring_options *options, const struct ring_name *name)
{
    if (options->sync < MAPRING_SYNC_NONE || options->sync > MAPRING_SYNC_INTERVAL)
        return refuse(name->text, "sync", (int)options->sync);
    if (options->sync != MAPRING_SYNC_NONE && !name->is_path)
        return fail(MAPRING_ERROR_ARGUMENT, name->text,
                    "ring '%s' has no file to write to a disk; give a path", name->text);
    if (options->sync == MAPRING_SYNC_INTERVAL && options->sync_interval_ms == 0)
        return refuse(name->text, "sync_interval_ms", 0);
    return MAPRING_OK;
}

static int check_group(const char *group, const struct ring_name *name)
{
    if (!name->is_path && !name->global)
        return fail(MAPRING_ERROR_ARGUMENT, name->text,
                    "ring '%s' in the local scope belongs to its user alone; to share it with the "
                    "group '%s', choose the global scope or a path",
                    name->text, group);
    return platform_check_group(name->text, group);
}

const char *options_origin(const struct mapring_options *options)
{
    return options->origin && options->origin[0] ? options->origin : NULL;
}

const char *options_group(const struct mapring_options *options)
{
    return options->group && options->group[0] ? options->group : NULL;
}

int options_check_reserved(const uint64_t *reserved, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (reserved[i] != 0)
            return fail(MAPRING_ERROR_ARGUMENT, name,
                        "options.reserved for ring '%s' is not 0: set the whole structure to 0 "
                        "before its fields, or compile for the library that is installed",
                        name);
    return MAPRING_OK;
}

int options_check(const struct mapring_options *options, const struct ring_name *name)
{
    if (options->how < MAPRING_CREATE_OR_ATTACH || options->how > MAPRING_ATTACH)
        return refuse(name->text, "how", (int)options->how);
    if (options->when_full && !policy_is_valid(options->when_full))
        return refuse(name->text, "when_full", (int)options->when_full);
    if (options->mode & ~0777u)
        return fail(MAPRING_ERROR_ARGUMENT, name->text,
                    "invalid mode 0%o for ring '%s': only the permission bits, 0777, can be set",
                    options->mode, name->text);
    int result = OPTIONS_CHECK_RESERVED(options, name->text);
    if (result == MAPRING_OK)
        result = check_geometry(options, name->text);
    if (result == MAPRING_OK)
        result = check_meaning(options, name->text);
    if (result == MAPRING_OK)
        result = check_first_sequence(options, name->text);
    if (result == MAPRING_OK && options_origin(options))
        result = check_origin(options->origin, options, name->text);
    if (result == MAPRING_OK)
        result = check_max_lag(options, name->text);
    if (result == MAPRING_OK)
        result = check_sync(options, name);
    if (result == MAPRING_OK && options->on_numa_node)
        result = platform_check_node(name->text, options->numa_node);
    if (result == MAPRING_OK && options_group(options))
        result = check_group(options->group, name);
    return result;
}
