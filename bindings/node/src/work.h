/* SPDX-License-Identifier: MIT */
/* Calls of the library that may take long: a thread of node's pool makes them, for a promise. */
#ifndef WORK_H
#define WORK_H

#include <node_api.h>

napi_value work_open(napi_env env, napi_callback_info info);  /* (kind, name, options) */
napi_value work_close(napi_env env, napi_callback_info info); /* (thing) */
napi_value work_add(napi_env env, napi_callback_info info);   /* (merge, name): a result */
napi_value work_remove(napi_env env, napi_callback_info info); /* (name, scope, force) */

#endif
