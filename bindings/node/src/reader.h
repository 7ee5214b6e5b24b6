/* SPDX-License-Identifier: MIT */
/* What a reader does without waiting. Results that are not failures are returned as numbers. */
#ifndef READER_H
#define READER_H

#include <node_api.h>

/* fetch(thing, limit): takes the records that are there, at most `limit`, and returns
 * [result, payloads, descriptions, names of the rings]. The payloads lie one after another in a
 * Buffer; lib/record.js knows the descriptions. With another result than 0 there are no payloads,
 * and one description if records were lost. */
napi_value reader_fetch(napi_env env, napi_callback_info info);

napi_value reader_release(napi_env env, napi_callback_info info); /* (thing) */
napi_value reader_arm(napi_env env, napi_callback_info info);     /* (thing) */
napi_value reader_seek(napi_env env, napi_callback_info info);    /* (thing, from, sequence) */
napi_value reader_stat(napi_env env, napi_callback_info info); /* (merge): [rings, ended, awaited] */

#endif
