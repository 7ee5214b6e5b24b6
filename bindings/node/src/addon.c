/* SPDX-License-Identifier: MIT */
/* What the addon exports to lib/, which makes of it what users see. */
#include "log.h"
#include "producer.h"
#include "reader.h"
#include "thing.h"
#include "value.h"
#include "work.h"

struct found {
    napi_env env;
    napi_value names;
    uint32_t count;
};

static bool add_found(const char *name, void *context)
{
    struct found *found = context;
    napi_value value;
    napi_create_string_utf8(found->env, name, NAPI_AUTO_LENGTH, &value);
    return napi_set_element(found->env, found->names, found->count++, value) == napi_ok;
}

static napi_value list(napi_env env, napi_callback_info info)
{
    napi_value argument;
    size_t count = 1;
    int64_t scope;
    struct found found = {.env = env};
    napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
    if (!value_number(env, argument, &scope))
        return NULL;
    napi_create_array(env, &found.names);
    int result = mapring_list((enum mapring_scope)scope, add_found, &found);
    return result == MAPRING_OK ? found.names : value_throw(env, result);
}

static napi_value version(napi_env env, napi_callback_info info)
{
    napi_value value = NULL;
    (void)info;
    napi_create_string_utf8(env, mapring_version(), NAPI_AUTO_LENGTH, &value);
    return value;
}

NAPI_MODULE_INIT()
{
    static const struct {
        const char *name;
        napi_callback function;
    } functions[] = {
        {"open", work_open},
        {"close", work_close},
        {"add", work_add},
        {"remove", work_remove},
        {"wait", thing_wait},
        {"unwait", thing_unwait},
        {"send", producer_send},
        {"sendBatch", producer_send_batch},
        {"armProducer", producer_arm},
        {"recordLimit", producer_limit},
        {"define", producer_define},
        {"drain", producer_drain},
        {"waitConsumers", producer_wait_consumers},
        {"fetch", reader_fetch},
        {"release", reader_release},
        {"armReader", reader_arm},
        {"seek", reader_seek},
        {"stat", reader_stat},
        {"fetchLines", log_fetch},
        {"getLevel", log_get_level},
        {"setLevel", log_set_level},
        {"list", list},
        {"version", version},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        napi_value function;
        if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function,
                                 NULL, &function) != napi_ok ||
            napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
            return NULL;
    }
    return exports;
}
