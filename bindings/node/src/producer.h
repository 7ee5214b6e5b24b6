/* SPDX-License-Identifier: MIT */
/* What a producer does without waiting. Results that are not failures are returned as numbers. */
#ifndef PRODUCER_H
#define PRODUCER_H

#include <node_api.h>

napi_value producer_send(napi_env env, napi_callback_info info);       /* (thing, data, is_part) */
napi_value producer_send_batch(napi_env env, napi_callback_info info); /* (thing, array of data) */
napi_value producer_arm(napi_env env, napi_callback_info info);        /* (thing, bytes) */
napi_value producer_limit(napi_env env, napi_callback_info info);      /* (thing) */
napi_value producer_define(napi_env env, napi_callback_info info);     /* (thing, kind, data) */
napi_value producer_drain(napi_env env, napi_callback_info info);      /* (thing) */
napi_value producer_wait_consumers(napi_env env, napi_callback_info info); /* (thing, count) */

#endif
