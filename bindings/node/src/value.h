/* SPDX-License-Identifier: MIT */
/* Values of JavaScript in C, and failures of the library as errors of JavaScript. */
#ifndef VALUE_H
#define VALUE_H

#include <mapring/mapring.h>
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* These throw, and return false, if the value is of another kind. */
bool value_number(napi_env env, napi_value value, int64_t *number); /* a number or a BigInt */
bool value_text(napi_env env, napi_value value, char **text);       /* to be freed */
bool value_bytes(napi_env env, napi_value value, const void **data, size_t *bytes);

/* What is wrong with a call that has thrown is not the library's business. */
napi_value value_throw_type(napi_env env, const char *message);

napi_value value_of_int(napi_env env, int number);

/* An Error with the library's sentence, and code, result, system and ring. */
napi_value value_of_error(napi_env env, const struct mapring_error *error);
napi_value value_throw(napi_env env, int result); /* the last one of this thread; returns NULL */

#endif
