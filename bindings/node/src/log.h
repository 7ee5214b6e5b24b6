/* SPDX-License-Identifier: MIT */
/* Lines of logs. Results that are not failures are returned as numbers. */
#ifndef LOG_H
#define LOG_H

#include <node_api.h>

/* fetchLines(thing, limit): takes the lines that are there, at most `limit`, and returns
 * [result, lines, loss, ring]. lib/log.js knows what a line is, as an array. With another result
 * than 0 there are no lines, but the name of the ring, and with MAPRING_LOST what lib/log.js knows as
 * a loss. */
napi_value log_fetch(napi_env env, napi_callback_info info);

napi_value log_get_level(napi_env env, napi_callback_info info); /* (name, scope) */
napi_value log_set_level(napi_env env, napi_callback_info info); /* (name, scope, level) */

#endif
